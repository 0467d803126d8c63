import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { isoDate, systemIds } from '../../src/clock.ts';
import { findMigrations } from '../../src/store/db.ts';
import { readReleases } from '../../src/store/releases.ts';
import { openStore } from '../../src/store/sqlite.ts';
import { Staff } from '../../src/store/staff.ts';
import { type FrozenRelease, hashRelease } from '../../src/usage/release.ts';
import { createConsole } from '../../src/web/console/console.ts';
import { COOKIE } from '../../src/web/console/guard.ts';
import { STATS_FILES, statsPages } from '../../src/web/console/stats/stats.tsx';
import { seat } from '../console/desk.ts';
import { season } from '../console/stats-fixture.ts';
import { TestClock } from '../store/support.ts';
import { world } from '../support/world.ts';
import { measure, quantile, table } from './measure.ts';

const WEEK_MS = 7 * 86_400_000;
const WEEKS = 156;
/** Made in full; the others repeat them under other dates. */
const MADE = 6;
const ASKED = 20;
const PATHS = [
  '/console/stats',
  '/console/stats?period=2026-11',
  '/console/stats?period=2026-Q3',
  '/console/stats/export.csv?period=2026-W46',
  '/console/stats/export.csv',
  '/console/stats/export.xlsx',
  '/console/stats/export.json',
];

/** The coordinators' page and its exports over three years of released weeks, out of a real database. */
export async function benchDashboard(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'hamroh-bench-'));
  const clock = new TestClock(Date.parse('2026-11-16T08:00:00Z'));
  const migrations = findMigrations();
  openStore({ dir, clock, ids: systemIds }).close();
  fill(dir);
  const staff = new Staff({ dir, migrations, secret: systemIds.bytes(64), clock, ids: systemIds });
  try {
    const releases = () => readReleases(dir);
    const pages = statsPages({ ...world, clock, releases });
    const app = createConsole({ staff, texts: world.texts, scripts: STATS_FILES, pages });
    const me = seat({ dir, clock, staff, restart: () => undefined }, 'Coordinator', 'coordinator');
    const cookie = `${COOKIE}=${staff.sessions.open(me.id)}`;
    const rows: string[][] = [];
    for (const path of PATHS) {
      const times: number[] = [];
      let bytes = 0;
      const ask = async () => {
        const begun = performance.now();
        const answer = await app.request(`http://localhost${path}`, {
          headers: { cookie, 'accept-encoding': 'gzip' },
        });
        bytes = (await answer.arrayBuffer()).byteLength;
        times.push(performance.now() - begun);
        if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
      };
      await ask();
      const cost = await measure(ASKED, async () => {
        for (let i = 0; i < ASKED; i += 1) await ask();
      });
      const [first = 0, ...others] = times;
      const cells = [first, quantile(others, 0.5), quantile(others, 1), cost.cpuMs / ASKED];
      rows.push([path, ...cells.map((ms) => ms.toFixed(0)), (bytes / 1024).toFixed(0)]);
    }
    console.log(`\nFigures of ${WEEKS} released weeks\n`);
    console.log(table(['', 'first, ms', 'p50, ms', 'longest, ms', 'cpu, ms', 'kB'], rows));
  } finally {
    staff.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Puts releases into a database that Hamroh has made. */
function fill(dir: string): void {
  const made = season({ weeks: MADE, visits: 1_200 });
  const db = new Database(join(dir, 'hamroh.db'));
  const insert = db.prepare<FrozenRelease>(
    'INSERT INTO release (week, body, hash) VALUES (@week, @body, @hash)',
  );
  let hash = '';
  for (let at = WEEKS - 1; at >= 0; at -= 1) {
    const week = isoDate(Date.parse('2026-11-09') - at * WEEK_MS);
    const body = JSON.stringify({ ...JSON.parse(made[at % MADE]?.body ?? ''), week });
    hash = hashRelease(hash, body);
    insert.run({ week, body, hash });
  }
  db.close();
}
