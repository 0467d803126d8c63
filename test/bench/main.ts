import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { step } from '../../src/engine/step.ts';
import type { Input } from '../../src/message.ts';
import { world } from '../support/world.ts';
import { benchChannels } from './channels.ts';
import { benchCounting } from './counting.ts';
import { benchDashboard } from './dashboard.ts';
import { benchDesk } from './desk.ts';
import { benchFloor } from './floor.ts';
import { type Cost, measure, perCoreSecond, perSecond, quantile, table, thousands } from './measure.ts';
import { benchMessages } from './messages.ts';
import { type BenchStep, standInStep } from './standin.ts';
import { benchSteps } from './steps.ts';
import { StoreBench } from './store.ts';
import { benchUnderstanding } from './understanding.ts';

/** A conversation for any flows: numbers and words that always work. */
const INPUTS: Input[] = ['/start', '1', '1', '2', '1', 'menu', '2', '1', '1', '0', 'menu', '3', '1'].map(
  (text) => ({
    kind: 'text',
    text,
  }),
);
const CONTACTS = [1, 1_000, 100_000];

interface Floors {
  each: Cost;
  hundred: Cost;
}

function speedRow(name: string, cost: Cost, floors: Floors): string[] {
  const ratio = (floor: Cost) => (perSecond(cost) / perSecond(floor)).toFixed(2);
  return [
    name,
    thousands(perSecond(cost)),
    thousands(perCoreSecond(cost)),
    ((cost.cpuMs / cost.turns) * 1_000).toFixed(0),
    ratio(floors.each),
    ratio(floors.hundred),
  ];
}

const ms = (n: number) => n.toFixed(2);

/** Measures the store under one engine and prints what it found. */
export async function benchStore(options: { name: string; step: BenchStep; turns: number }): Promise<void> {
  const { name, step, turns } = options;
  const dir = mkdtempSync(join(tmpdir(), 'hamroh-bench-'));
  const lines: string[] = [];
  try {
    const floors = { each: await benchFloor(dir, 1, 5_000), hundred: await benchFloor(dir, 100, 100_000) };
    const speed = [
      speedRow('bare select + upsert, commit per turn', floors.each, floors),
      speedRow('bare select + upsert, commit per 100', floors.hundred, floors),
    ];
    for (const contacts of CONTACTS) {
      const at = join(dir, `store-${contacts}`);
      const bench = new StoreBench({ dir: at, step, inputs: INPUTS });
      await bench.seed(contacts);
      await bench.throughput(contacts, Math.min(turns, 5_000));
      bench.drain();
      speed.push(
        speedRow(
          `whole turn, ${thousands(contacts)} contacts`,
          await bench.throughput(contacts, turns),
          floors,
        ),
      );
      bench.drain();
      if (contacts === 1_000) lines.push(...(await loneRows(bench)));
      if (contacts === 100_000) lines.push(memoryRow());
      await bench.close();
      if (contacts === 100_000) lines.push(await startRow(at, step));
    }
    console.log(`\n${name}\n`);
    console.log(table(['', 'turns/s', 'per core s', 'cpu µs', '÷ per turn', '÷ per 100'], speed));
    console.log(`\n${lines.join('\n')}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function loneRows(bench: StoreBench): Promise<string[]> {
  const known = await bench.lone(1_000, (i) => i % 1_000);
  const strangers = await bench.lone(300, (i) => 1_000_000 + i);
  const long = await bench.lone(1_100, () => 2_000_000);
  const early = long.slice(5, 105);
  const late = long.slice(1_000, 1_100);
  const times = (t: number[]) => `p50 ${ms(quantile(t, 0.5))} ms, p99 ${ms(quantile(t, 0.99))} ms`;
  return [
    `a lone turn, accept → committed answer: ${times(known)}`,
    `a lone turn of a stranger (a new key):  ${times(strangers)}`,
    `turns 5–105 of one conversation: p50 ${ms(quantile(early, 0.5))} ms; turns 1000–1100: p50 ${ms(quantile(late, 0.5))} ms ` +
      `(${(quantile(late, 0.5) / quantile(early, 0.5)).toFixed(2)} ×)`,
  ];
}

function memoryRow(): string {
  const { rss, heapUsed } = process.memoryUsage();
  return `memory with 100 000 contacts: ${thousands(rss / 2 ** 20)} MiB in all, heap ${thousands(heapUsed / 2 ** 20)} MiB`;
}

async function startRow(dir: string, step: BenchStep): Promise<string> {
  let bench: StoreBench | undefined;
  const cost = await measure(1, async () => {
    bench = new StoreBench({ dir, step, inputs: INPUTS });
  });
  await bench?.close();
  return `start with 100 000 stored sessions: ${thousands(cost.ms)} ms (processor ${thousands(cost.cpuMs)} ms)`;
}

benchSteps();
benchUnderstanding();
benchMessages();
await benchChannels();
await benchDesk();
await benchDashboard();
await benchCounting(INPUTS);
const { values } = parseArgs({ options: { turns: { type: 'string', default: '40000' } } });
const turns = Number(values.turns);
await benchStore({ name: 'The store, with a stand-in step', step: standInStep, turns });
await benchStore({
  name: 'The whole bot: engine, flows and store',
  step: (...args) => step(world, ...args),
  turns,
});
