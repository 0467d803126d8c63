import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { systemIds } from '../../src/clock.ts';
import { findTampered, readReleases } from '../../src/store/releases.ts';
import { openStore } from '../../src/store/sqlite.ts';
import type { Count } from '../../src/usage/event.ts';
import { hashRelease } from '../../src/usage/release.ts';
import { releaseWeek } from '../../src/usage/weekly.ts';
import { projectTables, seededNoise } from '../usage/support.ts';
import { filesWith } from './scan.ts';
import {
  echo,
  HOUR,
  handleAll,
  message,
  openWorld,
  readCounters,
  TestClock,
  tempDir,
  type World,
} from './support.ts';

const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const TABLES = projectTables();
/** Monday, at noon. */
const START = Date.parse('2026-11-02T12:00:00Z');
const [FIRST, SECOND, THIRD] = ['2026-11-02', '2026-11-09', '2026-11-16'];

function open(): World {
  return openWorld(tempDir(), new TestClock(START));
}

function make(week: string, noise = seededNoise(week)) {
  return (counts: readonly Count[]) =>
    releaseWeek(week, counts, { country: 'KZ', tables: TABLES, draw: noise }).release;
}

/** So many people come by, and read about one flow. */
async function visits({ store, clock }: World, people: number, flow = 'rights'): Promise<void> {
  const users = Array.from({ length: people }, (_, i) => `${flow}-${i}`);
  await store.accept(users.map((user) => message(user, 'x')));
  handleAll(store, clock.now(), (t) =>
    echo(t, [
      { type: 'count', event: { name: 'visit', channel: 'telegram', lang: 'ru' } },
      { type: 'count', event: { name: 'flow-started', flow, country: 'KZ' } },
    ]),
  );
}

function releaseAll({ store, clock }: World): void {
  for (const week of store.releases.due(clock.now())) store.releases.freeze(week, make(week));
}

describe('which weeks', () => {
  test('none before the first is over; then each from Monday 00:00 UTC on, in order, none twice', () => {
    const world = open();
    expect(world.store.releases.due(world.clock.now())).toEqual([]);
    world.clock.pass(WEEK - 12 * HOUR - 1);
    expect(world.store.releases.due(world.clock.now())).toEqual([]);
    world.clock.pass(1);
    expect(world.store.releases.due(world.clock.now())).toEqual([FIRST]);
    releaseAll(world);
    expect(world.store.releases.due(world.clock.now())).toEqual([]);
    world.restart();
    expect(world.store.releases.due(world.clock.now())).toEqual([]);
  });

  test('after weeks without a process all that ended, those without anything counted too', async () => {
    const world = open();
    await visits(world, 30);
    world.store.close();
    world.clock.pass(3 * WEEK);
    world.restart();
    expect(world.store.releases.due(world.clock.now())).toEqual([FIRST, SECOND, THIRD]);
    releaseAll(world);
    const [first, ...others] = world.store.releases.list();
    const total = (body: string) => JSON.parse(body).tables[0].total;
    expect(total(first!.body)).toBeGreaterThanOrEqual(20);
    for (const { body } of others) expect(JSON.parse(body).tables).toHaveLength(TABLES.length);
  });

  test('a clock that was years behind at the first start does not make thousands', () => {
    const world = openWorld(tempDir(), new TestClock(0));
    world.clock.pass(START);
    const due = world.store.releases.due(world.clock.now());
    expect([due.length, due.at(-1)]).toEqual([60, '2026-10-26']);
  });
});

describe('one week', () => {
  test('is kept as it was made, and what was counted goes, from the files too', async () => {
    const world = open();
    await visits(world, 40, 'zz-removed-since');
    world.clock.pass(WEEK);
    await visits(world, 15);
    const trace = Buffer.from('zz-removed-since');
    expect(filesWith(world.dir, trace)).not.toEqual([]);
    const frozen = world.store.releases.freeze(FIRST, make(FIRST));
    expect(readReleases(world.dir)).toEqual([frozen]);
    expect(JSON.stringify(JSON.parse(frozen.body))).toBe(frozen.body);
    expect(frozen.hash).toBe(hashRelease('', frozen.body));
    expect(new Set(readCounters(world.dir).map((c) => c.week))).toEqual(new Set([SECOND]));
    expect(filesWith(world.dir, trace)).toEqual([]);
  });

  test('has counters that belong to no table left out, and only their number is known', async () => {
    const world = open();
    await visits(world, 40, 'zz-removed-since');
    const counts = readCounters(world.dir);
    const { release, dropped } = releaseWeek(FIRST, counts, { country: 'KZ', tables: TABLES, draw: () => 0 });
    expect(dropped).toBe(1);
    expect(JSON.stringify(release)).not.toContain('zz-removed');
    expect(release.tables[0]).toMatchObject({ name: 'visit', total: 40 });
  });

  test('is never released twice, nor one before it', async () => {
    const world = open();
    await visits(world, 30);
    world.clock.pass(2 * WEEK);
    releaseAll(world);
    const before = world.store.releases.list();
    for (const week of ['2026-10-26', FIRST, SECOND])
      expect(() => world.store.releases.freeze(week, make(week))).toThrow();
    expect(world.store.releases.list()).toEqual(before);
  });

  test('counted into after its release, by a clock that went back, is not kept', async () => {
    const world = open();
    world.clock.pass(WEEK);
    releaseAll(world);
    world.clock.pass(-DAY);
    await visits(world, 3);
    expect(readCounters(world.dir)).not.toEqual([]);
    world.store.sweep(world.clock.now());
    expect(readCounters(world.dir)).toEqual([]);
  });
});

describe('a failure in the middle', () => {
  test('leaves everything as it was', async () => {
    const world = open();
    await visits(world, 30);
    const before = readCounters(world.dir);
    world.clock.pass(WEEK);
    const broken = () => {
      throw new Error('no noise');
    };
    expect(() => world.store.releases.freeze(FIRST, broken)).toThrow('no noise');
    expect(readReleases(world.dir)).toEqual([]);
    expect(readCounters(world.dir)).toEqual(before);
    expect(world.store.releases.due(world.clock.now())).toEqual([FIRST]);
  });

  test('also when the last of it fails', async () => {
    const world = open();
    await visits(world, 30);
    world.clock.pass(WEEK);
    const db = new Database(join(world.dir, 'hamroh.db'));
    db.exec("CREATE TRIGGER no BEFORE DELETE ON counter BEGIN SELECT RAISE(ABORT, 'no'); END");
    expect(() => world.store.releases.freeze(FIRST, make(FIRST))).toThrow();
    expect(readReleases(world.dir)).toEqual([]);
    db.exec('DROP TRIGGER no');
    db.close();
    expect(world.store.releases.freeze(FIRST, make(FIRST)).week).toBe(FIRST);
  });

  test('a process that ends at any moment has released the week with one noise, or not at all', async () => {
    const world = open();
    await visits(world, 30);
    world.clock.pass(WEEK);
    // What lies on the disk at this moment is what a killed process leaves.
    const image = (name: string) => {
      const to = join(tempDir(), name);
      cpSync(world.dir, to, { recursive: true });
      return to;
    };
    let during = '';
    const frozen = world.store.releases.freeze(FIRST, (counts) => {
      const release = make(FIRST)(counts);
      during = image('during');
      return release;
    });
    const after = image('after');
    for (const [dir, kept] of [
      [during, []],
      [after, [frozen]],
    ] as const) {
      const store = openStore({ dir, clock: world.clock, ids: systemIds });
      expect(store.releases.list()).toEqual(kept);
      expect(store.releases.due(world.clock.now())).toEqual(kept.length === 0 ? [FIRST] : []);
      expect(readCounters(dir).length > 0).toBe(kept.length === 0);
      store.close();
    }
  });
});

describe('the chain', () => {
  function three(): World {
    const world = open();
    world.clock.pass(3 * WEEK);
    releaseAll(world);
    return world;
  }

  test('holds, and says which week is not as it was', () => {
    const list = three().store.releases.list();
    expect(findTampered(list)).toBeUndefined();
    expect(findTampered([])).toBeUndefined();
    const [a, b, c] = [list[0]!, list[1]!, list[2]!];
    const more = { ...b, body: b.body.replace('null', '25') };
    expect(more.body).not.toBe(b.body);
    expect(findTampered([a, more, c])).toBe(SECOND);
    // Whoever mends its hash too breaks the next one.
    expect(findTampered([a, { ...more, hash: hashRelease(a.hash, more.body) }, c])).toBe(THIRD);
    expect(findTampered([a, c])).toBe(THIRD);
    expect(findTampered([b, c])).toBe(SECOND);
    expect(findTampered([{ ...b, week: FIRST, hash: hashRelease('', b.body) }])).toBe(FIRST);
  });

  test('what is read from the files beside the process is the same', () => {
    const world = three();
    expect(readReleases(world.dir)).toEqual(world.store.releases.list());
    expect(readReleases(tempDir())).toEqual([]);
    const dir = tempDir();
    writeFileSync(join(dir, 'hamroh.db'), 'this is not a database, it is a text of more than sixteen bytes');
    expect(() => readReleases(dir)).toThrow(expect.objectContaining({ code: 'STORE_UNREADABLE' }));
  });
});

test('one person more or less changes the release of that week and of no other', async () => {
  const bodies = await Promise.all(
    [false, true].map(async (here) => {
      const world = open();
      for (let week = 0; week < 3; week += 1) {
        await visits(world, 40);
        if (here && week === 1) await visits(world, 1, 'find-testing');
        world.clock.pass(WEEK);
        releaseAll(world);
      }
      return world.store.releases.list().map((r) => r.body);
    }),
  );
  const [without, with_] = [bodies[0]!, bodies[1]!];
  expect([with_[0], with_[2]]).toEqual([without[0], without[2]]);
  // The noise is the same in both, so that the one person can be seen here at all.
  const sum = (body: string) => releasedSum(body, 'sent') + releasedSum(body, 'visit');
  expect(sum(with_[1]!)).toBeGreaterThanOrEqual(sum(without[1]!));
});

function releasedSum(body: string, name: string): number {
  const table = JSON.parse(body).tables.find((t: { name: string }) => t.name === name);
  return table.cells.flat().reduce((all: number, cell: number | null) => all + (cell ?? 0), 0);
}

test('a release holds declared names and multiples of five, and so nothing that comes from anybody', async () => {
  const world = open();
  await visits(world, 60);
  world.clock.pass(WEEK);
  releaseAll(world);
  const five = z.number().int().min(15).multipleOf(5).nullable();
  const tables = TABLES.map(({ name, rows, columns }) =>
    z.strictObject({
      name: z.literal(name),
      rows: z.tuple([z.literal(rows[0]!)], z.enum(rows as [string])),
      columns: z.tuple([z.literal(columns[0]!)], z.enum(columns as [string])),
      cells: z.array(z.array(five).length(columns.length)).length(rows.length),
      rowSums: z.array(five).length(rows.length).optional(),
      columnSums: z.array(five).length(columns.length).optional(),
      total: five,
    }),
  );
  const shape = z.strictObject({
    format: z.literal(1),
    week: z.literal(FIRST),
    country: z.literal('KZ'),
    tables: z.tuple(tables as [(typeof tables)[number]]),
  });
  const [frozen] = world.store.releases.list();
  shape.parse(JSON.parse(frozen!.body));
  expect(() => shape.parse(JSON.parse(frozen!.body.replace('"KZ"', '"KZ","who":"a-1"')))).toThrow();
});
