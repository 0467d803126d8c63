import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { systemIds } from '../../src/clock.ts';
import { step } from '../../src/engine/step.ts';
import type { Effect } from '../../src/engine/types.ts';
import type { Input } from '../../src/message.ts';
import { openStore } from '../../src/store/sqlite.ts';
import { createNoise } from '../../src/usage/noise.ts';
import { declareTables } from '../../src/usage/tables.ts';
import { releaseWeek } from '../../src/usage/weekly.ts';
import { world } from '../support/world.ts';
import { quantile, table, thousands } from './measure.ts';
import { StoreBench } from './store.ts';

const CONTACTS = 2_000;
const TURNS = 3_000;
const ROUNDS = 21;
const EVENTS = 1_000_000;

/** A bot whose turns are counted, or not: messages of ours always are. */
function benchOf(dir: string, inputs: readonly Input[], counted: boolean): StoreBench {
  const keep = (effect: Effect) => counted || effect.type !== 'count';
  return new StoreBench({
    dir: join(dir, String(counted)),
    step: (...args) => {
      const result = step(world, ...args);
      return { ...result, effects: result.effects.filter(keep) };
    },
    inputs,
  });
}

/** Processor time of a turn with and without counting, by turns in the same run. */
async function benchTurns(dir: string, inputs: readonly Input[]): Promise<string[][]> {
  const benches = [benchOf(dir, inputs, false), benchOf(dir, inputs, true)] as const;
  const costs: [number[], number[]] = [[], []];
  for (const bench of benches) await bench.seed(CONTACTS);
  for (let round = 0; round < ROUNDS; round += 1) {
    // In turns which of the two goes first: a machine that is shared is never the same twice.
    for (const at of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const cost = await benches[at].throughput(CONTACTS, TURNS);
      costs[at].push((cost.cpuMs / cost.turns) * 1_000);
      benches[at].drain();
    }
  }
  for (const bench of benches) await bench.close();
  const ratios = costs[1].map((cost, round) => cost / (costs[0][round] ?? Number.NaN));
  const [without, with_, ratio] = [costs[0], costs[1], ratios].map((values) => quantile(values, 0.5));
  return [
    ['a turn, not counted', `${without?.toFixed(1)} µs`],
    ['a turn, counted', `${with_?.toFixed(1)} µs`],
    [`÷, median of ${ROUNDS} rounds`, `${ratio?.toFixed(3)}`],
  ];
}

/** The release of a week with so many events, from its counters to the truncated log. */
function benchRelease(dir: string): string[][] {
  const week = '2026-11-16';
  const clock = { now: () => Date.parse(week) };
  const store = openStore({ dir: join(dir, 'week'), clock, ids: systemIds });
  const tables = declareTables(world);
  const db = new Database(join(dir, 'week', 'hamroh.db'));
  const cells = tables.flatMap(({ name, rows, columns }) =>
    rows.flatMap((row) => columns.map((column) => [name, row, column] as const)),
  );
  const add = db.prepare('INSERT INTO counter (week, name, a, b, n) VALUES (?, ?, ?, ?, ?)');
  // Few counters hold most events, as in life.
  const weights = cells.map((_, i) => 1 / (1 + ((i * 7_919) % cells.length)));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  db.transaction(() => {
    for (const [i, cell] of cells.entries())
      add.run(week, ...cell, Math.round(((weights[i] ?? 0) / whole) * EVENTS));
  })();
  db.close();
  const rules = { country: 'KZ', tables, draw: createNoise((length) => systemIds.bytes(length)) };
  const start = performance.now();
  const { body } = store.releases.freeze(week, (counts) => releaseWeek(week, counts, rules).release);
  const took = performance.now() - start;
  store.close();
  return [
    [
      `a week of ${thousands(EVENTS)} events in ${thousands(cells.length)} counters`,
      `${took.toFixed(0)} ms, ${thousands(body.length / 1024)} KiB`,
    ],
  ];
}

/** Prints what counting adds to a turn, and how long a release takes. */
export async function benchCounting(inputs: readonly Input[]): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'hamroh-counting-'));
  try {
    const turns = await benchTurns(dir, inputs);
    console.log(`\nStatistics\n\n${table(['', ''], [...turns, ...benchRelease(dir)])}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
