import { expect, test, vi } from 'vitest';
import type { Effect } from '../../src/engine/types.ts';
import { AppError } from '../../src/errors.ts';
import type { Log } from '../../src/log-port.ts';
import { type MakeRelease, Releases } from '../../src/runtime/releases.ts';
import { Retention } from '../../src/runtime/retention.ts';
import type { TableSpec } from '../../src/usage/release.ts';
import { releaseWeek } from '../../src/usage/weekly.ts';
import {
  echo,
  HOUR,
  handleAll,
  message,
  openWorld,
  readCounters,
  TestClock,
  tempDir,
} from '../store/support.ts';

const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const MONDAY = Date.parse('2026-11-02T12:00:00Z');
const GAPS: TableSpec = { name: 'gap', rows: ['food'], columns: [''], sums: 'columns' };

const GAP: Effect = { type: 'count', event: { name: 'gap', topic: 'food' } };

/** A bot that so many people asked for food, and its weekly job. */
async function bot(people: number, make?: MakeRelease) {
  const world = openWorld(tempDir(), new TestClock(MONDAY));
  await world.store.accept(Array.from({ length: people }, (_, i) => message(`u${i}`, 'x')));
  handleAll(world.store, world.clock.now(), (t) => echo(t, [GAP]));
  const lines: string[] = [];
  const write =
    (level: string): Log['info'] =>
    (event, fields) =>
      lines.push(`${level} ${event} ${JSON.stringify(fields)}`);
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error') };
  const rules = { country: 'KZ', tables: [GAPS], draw: () => 0 };
  const job = () =>
    new Releases({
      store: world.store,
      make: make ?? ((week, counts) => releaseWeek(week, counts, rules)),
      clock: world.clock,
      log,
    });
  return { ...world, lines, job, sweep: () => new Retention({ ...world, log }).sweep() };
}

test('a start releases what ended meanwhile, oldest first; the log has no figure of what was counted', async () => {
  const { store, clock, dir, lines, job } = await bot(40);
  clock.pass(2 * WEEK);
  const releases = job();
  releases.start();
  releases.stop();
  expect(store.releases.list().map((r) => r.week)).toEqual(['2026-11-02', '2026-11-09']);
  expect(store.releases.list().map((r) => JSON.parse(r.body).tables[0].total)).toEqual([40, null]);
  expect(readCounters(dir)).toEqual([]);
  // What the bot said is in no table here. That is all that is written down.
  expect(lines).toEqual(['info releases.frozen {"count":1}', 'info releases.frozen {"count":0}']);
});

test('a running process releases a week when it is over, without anybody asking', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const { store, clock, job } = await bot(40);
    const releases = job();
    releases.start();
    expect(store.releases.list()).toEqual([]);
    clock.pass(WEEK);
    vi.advanceTimersByTime(5 * 60_000);
    expect(store.releases.list().map((r) => r.week)).toEqual(['2026-11-02']);
    releases.stop();
    clock.pass(WEEK);
    vi.advanceTimersByTime(HOUR);
    expect(store.releases.list()).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

test('while a release fails it is tried again, and the raw counters live for eight days after their week all the same', async () => {
  let broken = true;
  const { store, clock, dir, lines, job, sweep } = await bot(40, (week, counts) => {
    if (broken) throw new AppError('STORE_FULL', 'no room', { hint: 'make some' });
    return releaseWeek(week, counts, { country: 'KZ', tables: [GAPS], draw: () => 0 });
  });
  clock.pass(WEEK);
  const releases = job();
  for (let day = 0; day < 8; day += 1) {
    releases.look();
    sweep();
    expect(readCounters(dir).map((c) => c.n)).toEqual([40, 40]);
    expect(store.releases.list()).toEqual([]);
    clock.pass(DAY);
  }
  expect(new Set(lines)).toContain('error releases.failed {"code":"STORE_FULL"}');
  sweep();
  expect(readCounters(dir)).toEqual([]);
  broken = false;
  releases.look();
  // Released as a week in which nothing was counted: that something failed is nobody's business.
  expect(store.releases.list().map((r) => JSON.parse(r.body).tables[0].total)).toEqual([null, null]);
});
