import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Command } from 'commander';
import { beforeAll, expect, it } from 'vitest';
import { addStatsCommands } from '../../src/cli/stats.ts';
import type { FrozenRelease } from '../../src/usage/release.ts';
import { openWorld, tempDir } from '../store/support.ts';
import { get, ROOT } from './office.ts';
import { season } from './stats-fixture.ts';
import { officeOver, reader } from './stats-office.ts';

let weeks: FrozenRelease[] = [];
beforeAll(() => {
  weeks = season({ weeks: 2, visits: 900 });
});

/** A data folder that Hamroh has made, with these weeks released in it. */
function folderWith(releases: readonly FrozenRelease[]): string {
  const { dir } = openWorld();
  const db = new Database(join(dir, 'hamroh.db'));
  const insert = db.prepare('INSERT INTO release (week, body, hash) VALUES (@week, @body, @hash)');
  for (const release of releases) insert.run(release);
  db.close();
  return dir;
}

/** `hamroh stats …` on a data folder. */
async function run(dir: string, ...words: string[]): Promise<Buffer> {
  const printed: Buffer[] = [];
  const stdout = { write: (text: string | Uint8Array) => printed.push(Buffer.from(text)), isTTY: true };
  const program = new Command('hamroh').exitOverride().configureOutput({ writeErr: () => undefined });
  addStatsCommands(program, ROOT, { stdout, env: { HAMROH_DATA_DIR: dir } });
  await program.parseAsync(['stats', ...words], { from: 'user' });
  return Buffer.concat(printed);
}

it('lists the released weeks, beside a running Hamroh, and says when one was changed', async () => {
  const listed = (await run(folderWith(weeks), 'list')).toString();
  const { total } = JSON.parse(weeks[1]?.body ?? '').tables[0];
  expect(listed).toContain(`2026-W46  from 2026-11-09  about ${total} visits\n`);
  expect(listed).toMatch(/Released weeks: 2\. All are as they were made\.\n$/);
  expect((await run(folderWith([]), 'list')).toString()).toContain('No week is released yet.');
  const changed = weeks.map((one) => ({ ...one, body: one.body.replace('"KZ"', '"KG"') }));
  const dir = folderWith(changed);
  for (const words of [['list'], ['export', '--format', 'csv']])
    await expect(run(dir, ...words)).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
});

it('exports the very bytes that the console gives', async () => {
  const dir = folderWith(weeks);
  const office = officeOver(weeks);
  const cookie = office.staff.sessions.open(reader(office).id);
  for (const format of ['csv', 'json', 'xlsx']) {
    for (const period of ['all', '2026-11']) {
      const path = `/console/stats/export.${format}?period=${period}&lang=kk`;
      const shown = Buffer.from(await (await get(office, path, cookie)).arrayBuffer());
      const file = join(tempDir(), `figures.${format}`);
      await run(dir, 'export', '--format', format, '--period', period, '--lang', 'kk', '--out', file);
      expect([format, period, readFileSync(file).equals(shown)]).toEqual([format, period, true]);
    }
  }
  expect((await run(dir, 'export', '--format', 'json')).toString()).toContain(weeks[0]?.hash);
});

it('says what is wrong with a period, a file, a terminal', async () => {
  const dir = folderWith(weeks);
  const fails = async (...words: string[]) => expect(run(dir, 'export', ...words)).rejects;
  await (await fails('--format', 'csv', '--period', '2031-01')).toMatchObject({
    code: 'CONFIG_INVALID',
    hint: expect.stringContaining('hamroh stats list'),
  });
  await (await fails('--format', 'xlsx')).toMatchObject({ hint: expect.stringContaining('--out') });
  const folder = join(tempDir(), 'folder');
  mkdirSync(folder);
  await (await fails('--format', 'csv', '--out', folder)).toMatchObject({ code: 'CONFIG_INVALID' });
  await (await fails('--format', 'pdf')).toMatchObject({ code: 'commander.invalidArgument' });
});
