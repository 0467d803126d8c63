import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import readXlsxFile from 'read-excel-file/node';
import { expect, onTestFinished, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { systemIds } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { type DemoOptions, makeDemo } from '../../src/demo/demo.ts';
import { makeFolder } from '../../src/demo/folder.ts';
import { Words } from '../../src/demo/words.ts';
import { findTampered, readReleases } from '../../src/store/releases.ts';
import { invitePath } from '../../src/store/staff-invites.ts';
import { Archive } from '../../src/usage/archive.ts';
import { exportFigures } from '../../src/usage/export.ts';
import { selectReleases } from '../../src/usage/selection.ts';
import { Sheet } from '../../src/usage/sheet.ts';
import { get, openOffice } from '../console/office.ts';
import { TestClock, tempDir } from '../store/support.ts';
import { Visitor } from '../support/visitor.ts';
import { ROOT, world } from '../support/world.ts';

const WORDS = new Words(
  [
    { text: 'где сдать тест', lang: 'ru', intent: 'testing' },
    { text: 'таблетки заканчиваются', lang: 'ru', intent: 'art' },
    { text: 'меня могут депортировать', lang: 'ru', intent: 'rights' },
    { text: 'порвался презерватив', lang: 'ru', intent: 'pep' },
    { text: 'какая завтра погода', lang: 'ru', intent: 'none' },
  ],
  [{ id: 'job', words: { ru: ['вакансии'] } }],
);
/** A Tuesday: two whole weeks and a day. */
const CLOCK = new TestClock(Date.parse('2026-11-17T09:00:00Z'));
const XLSX = { id: 'xlsx', type: '' } as const;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

function demo(more: Partial<DemoOptions> = {}) {
  const { dir } = makeFolder(join(tempDir(), 'demo'));
  const made = makeDemo({
    ...{ root: ROOT, config: readConfig({}), dir, people: 300, weeks: 3, seed: 1, lang: 'en' },
    ...{ env: world, words: WORDS, clock: CLOCK, ids: systemIds },
    signal: new AbortController().signal,
    progress: () => undefined,
    ...more,
  });
  return { dir, made };
}

test('the program runs on the folder: accounts by their links, a queue with people in it, figures of made-up people', async () => {
  const { dir, made } = demo();
  const { figures, links } = await made;
  expect(figures.visits).toBeGreaterThanOrEqual(300);
  expect(figures.turns).toBeGreaterThan(1_000);
  expect(figures).toMatchObject({ weeks: 2 });
  expect(figures.held).toBeGreaterThanOrEqual(2);
  expect(figures.waiting).toBeGreaterThanOrEqual(5);

  const frozen = readReleases(dir);
  expect(findTampered(frozen)).toBeUndefined();
  const releases = new Archive().open(frozen);
  expect(releases.map(({ simulated }) => simulated)).toEqual([true, true]);
  const sheet = new Sheet(releases);
  expect(sheet.total('visit').n).toBeGreaterThan(100);
  expect(sheet.row('flow-started', 'find-testing').n).toBeGreaterThan(30);
  expect(sheet.column('visit', 'uz').n).toBeGreaterThan(20);

  const config = readConfig({ PORT: '0', HAMROH_DATA_DIR: dir });
  const app = await createApp({ root: ROOT, config, clock: CLOCK, ids: systemIds, log: SILENT });
  onTestFinished(() => app.stop());
  const { url = '', invitation } = await app.start();
  expect(invitation).toBeUndefined();
  const path = (role: string) => invitePath(links.find((link) => link.role === role)?.token ?? '');
  const operator = new Visitor(url, CLOCK.now());
  expect(await operator.get('/console/sign-in')).toContain('Demo data');
  await operator.setUp(path('operator'));
  const queue = await operator.get('/console/queue');
  expect(queue).toContain('Demo data');
  expect(queue.match(/action="\/console\/chat\/\w{6}\/claim"/g)?.length).toBe(figures.waiting);
  // Two are with colleagues, and stay there.
  expect(queue).toContain('(demo)');

  const coordinator = new Visitor(url, CLOCK.now());
  await coordinator.setUp(path('coordinator'));
  const page = await coordinator.get('/console/stats');
  expect(page).toContain('Demo data');
  expect(page).toMatch(/about \d+ visits/);
  expect(await coordinator.get('/console/stats/export.json?period=all')).toContain('"simulated": true');
  const csv = await coordinator.get('/console/stats/export.csv?period=all');
  expect(csv.split('\r\n')[0]).toMatch(/,simulated$/);
  const selection = selectReleases(frozen, 'all');
  if (selection === undefined) throw new Error('nothing is released');
  const parts = {
    sources: () => world,
    lang: 'en' as const,
    selection,
    releases: frozen,
    archive: new Archive(),
  };
  const [first] = await readXlsxFile(Buffer.from(await exportFigures(XLSX, parts)));
  expect(JSON.stringify(first)).toContain('Demo data');
});

test('the same seed makes the same people do the same, another one others', async () => {
  const run = async (seed: number) => (await demo({ seed, people: 40, weeks: 1 }).made).figures;
  const first = await run(1);
  expect(first.asked).toBeGreaterThan(0);
  expect(await run(1)).toEqual(first);
  expect(await run(2)).not.toEqual(first);
});

test('what is stopped in the middle says so, and can be opened by nobody as a whole one', async () => {
  const stop = new AbortController();
  const { dir, made } = demo({
    signal: stop.signal,
    progress: ({ visits }) => {
      if (visits > 20) stop.abort();
    },
  });
  await expect(made).rejects.toThrow('aborted');
  expect(readFileSync(join(dir, 'SIMULATED.txt'), 'utf8')).toContain('not complete');
  expect(readReleases(dir).length).toBeLessThan(2);
});

test('a console over real people says nothing of a demo', async () => {
  const page = await (await get(openOffice(), '/console/sign-in')).text();
  expect(page).not.toContain('Demo data');
  const shown = await (await get(openOffice({ simulated: true }), '/console/sign-in')).text();
  expect(shown).toContain('Demo data');
});
