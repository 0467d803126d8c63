import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { isoDate, mondayOf } from '../clock.ts';
import type { Count } from '../usage/event.ts';
import { type FrozenRelease, hashRelease, type Release } from '../usage/release.ts';
import { type Context, checkpoint, transact } from './context.ts';
import { guarded, storeError } from './db.ts';
import type { StoreReleases } from './port.ts';

const WEEK_MS = 7 * 86_400_000;
/** Weeks without counters are released late at most so many: a clock that was years off must not fill the table. */
const MOST_WEEKS = 60;
const ALL = 'SELECT week, body, hash FROM release ORDER BY week';

/** The weeks that were released, and the one transaction that releases a week. */
export class Releases implements StoreReleases {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** At the start: notes the week from which on there are releases. */
  load(): void {
    const week = mondayOf(this.#ctx.clock.now());
    this.#ctx.db.prepare('INSERT OR IGNORE INTO counting_since (id, week) VALUES (1, ?)').run(week);
  }

  due(now: number): string[] {
    return guarded(() => {
      const end = Date.parse(mondayOf(now));
      const last = this.#last();
      const since = last === undefined ? this.#since(now) : Date.parse(last.week) + WEEK_MS;
      const weeks: string[] = [];
      for (let at = Math.max(since, end - MOST_WEEKS * WEEK_MS); at < end; at += WEEK_MS)
        weeks.push(isoDate(at));
      return weeks;
    });
  }

  freeze(week: string, make: (counts: readonly Count[]) => Release): FrozenRelease {
    const frozen = guarded(() => transact(this.#ctx, () => this.#freeze(week, make)));
    // What was counted is deleted; older copies of it are still in the log.
    guarded(() => checkpoint(this.#ctx));
    return frozen;
  }

  list(): FrozenRelease[] {
    return guarded(() => this.#ctx.db.prepare<[], FrozenRelease>(ALL).all());
  }

  #freeze(week: string, make: (counts: readonly Count[]) => Release): FrozenRelease {
    const { db } = this.#ctx;
    const last = this.#last();
    if (last !== undefined && last.week >= week) throw new Error('a week cannot be released twice');
    const counts = db.prepare<[string], Count>('SELECT name, a, b, n FROM counter WHERE week = ?').all(week);
    const body = JSON.stringify(make(counts));
    const frozen = { week, body, hash: hashRelease(last?.hash ?? '', body) };
    db.prepare('INSERT INTO release (week, body, hash) VALUES (?, ?, ?)').run(week, body, frozen.hash);
    db.prepare('DELETE FROM counter WHERE week <= ?').run(week);
    return frozen;
  }

  #last(): Pick<FrozenRelease, 'week' | 'hash'> | undefined {
    return this.#ctx.db
      .prepare<[], Pick<FrozenRelease, 'week' | 'hash'>>(
        'SELECT week, hash FROM release ORDER BY week DESC LIMIT 1',
      )
      .get();
  }

  #since(now: number): number {
    const week = this.#ctx.db.prepare<[], string>('SELECT week FROM counting_since').pluck().get();
    return Date.parse(week ?? mondayOf(now));
  }
}

/**
 * Reads the releases of a data folder, also while Hamroh runs on it: for commands beside the process. Read-only, and
 * without the keys.
 *
 * @returns in the order of their weeks; [] when there is none yet
 * @throws AppError STORE_UNREADABLE
 */
export function readReleases(dir: string): FrozenRelease[] {
  const file = join(dir, 'hamroh.db');
  if (!existsSync(file)) return [];
  try {
    const db = new Database(file, { readonly: true });
    try {
      const made = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'release'").get();
      return made === undefined ? [] : db.prepare<[], FrozenRelease>(ALL).all();
    } finally {
      db.close();
    }
  } catch (cause) {
    throw storeError(cause, 'The releases cannot be read.');
  }
}

/**
 * Compares releases with their hashes, each of which says that those before it are as they were.
 *
 * @param releases all there are, in the order of their weeks
 * @returns the first week that is not what was released; undefined when all are
 */
export function findTampered(releases: readonly FrozenRelease[]): string | undefined {
  let before = '';
  for (const { week, body, hash } of releases) {
    if (hashRelease(before, body) !== hash || weekIn(body) !== week) return week;
    before = hash;
  }
  return undefined;
}

function weekIn(body: string): unknown {
  const release: unknown = JSON.parse(body);
  return typeof release === 'object' && release !== null ? Reflect.get(release, 'week') : undefined;
}
