import { describe, expect, test } from 'vitest';
import type { Draw } from '../../src/usage/noise.ts';
import { protect } from '../../src/usage/protect.ts';
import type { ReleasedTable } from '../../src/usage/release.ts';
import { seededNoise, specOf } from './support.ts';

const TRIALS = 10_000;
/**
 * The bound that is promised of one count: what is published is at most e times as likely with it as without it, but for
 * a chance of e⁻⁴ ÷ (1 + e⁻¹) = 1.34 %: that of ten being shown at all, which nine never are.
 */
const FACTOR = Math.E;
const CHANCE = Math.exp(-4) / (1 + Math.exp(-1));

type Mechanism = (n: number, draw: Draw) => string;

/** A cell that nobody else fills: somebody writes until it holds `n`. */
const alone: Mechanism = (n, draw) => JSON.stringify(protect([[n]], specOf(1, 1, 'none'), draw).cells);
/** Which cells are hidden for its sake is a hint as well. */
const inTable: Mechanism = (n, draw) => {
  const counts = [
    [n, 60, 40],
    [30, 80, 25],
  ];
  return pattern(protect(counts, specOf(2, 3), draw));
};
/** A total, over cells that are hidden. */
const inTotal: Mechanism = (n, draw) => String(protect([[n], [9], [3]], specOf(3, 1, 'columns'), draw).total);
/** What one would do without noise. */
const plain: Mechanism = (n) => (n < 10 ? 'hidden' : String(5 * Math.round(n / 5)));

function pattern({ cells, rowSums = [], columnSums = [] }: ReleasedTable): string {
  return [...cells.flat(), ...rowSums, ...columnSums].map((value) => (value === null ? '.' : '#')).join('');
}

const samples = new Map<string, Map<string, number>>();

/** How often each outcome came in 10,000 trials. */
function sample(mechanism: Mechanism, n: number): Map<string, number> {
  const key = `${mechanism} ${n}`;
  const known = samples.get(key);
  if (known !== undefined) return known;
  const draw = seededNoise(`sybil ${n}`);
  const seen = new Map<string, number>();
  for (let trial = 0; trial < TRIALS; trial += 1) {
    const what = mechanism(n, draw);
    seen.set(what, (seen.get(what) ?? 0) + 1 / TRIALS);
  }
  samples.set(key, seen);
  return seen;
}

/** How much likelier the best-chosen outcomes are with `p` than a factor times as likely as with `q`. */
function beyond(p: Map<string, number>, q: Map<string, number>, factor: number): { by: number; off: number } {
  const chosen = [...p].filter(([what, chance]) => chance > factor * (q.get(what) ?? 0));
  const [inP, inQ] = [sum(chosen.map(([, c]) => c)), sum(chosen.map(([what]) => q.get(what) ?? 0))];
  // Three standard deviations of what so many trials are off.
  const off = 3 * Math.sqrt((inP * (1 - inP) + factor ** 2 * inQ * (1 - inQ)) / TRIALS);
  return { by: inP - factor * inQ, off };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

/** Whether one count shows more than is promised. */
function isBroken(mechanism: Mechanism, n: number): boolean {
  const [less, more] = [sample(mechanism, n), sample(mechanism, n + 1)];
  return [beyond(more, less, FACTOR), beyond(less, more, FACTOR)].some(({ by, off }) => by - off > CHANCE);
}

/** Numbers around everything that decides, and far from it. */
const CASES: [string, Mechanism, number[]][] = [
  ['a cell', alone, [0, 8, 9, 10, 11, 12, 13, 14, 17, 19, 20, 50]],
  ['what a cell hides beside it', inTable, [9]],
  ['a total', inTotal, [9, 13]],
];

describe.each(CASES)('one count more or less, in %s', (_, mechanism, numbers) => {
  test.each(numbers)('%i or one more cannot be told apart better than promised', (n) => {
    expect(isBroken(mechanism, n)).toBe(false);
  });
});

test('whoever writes nine times learns next to nothing about a tenth', () => {
  const { by, off } = beyond(sample(alone, 10), sample(alone, 9), 1);
  expect(by).toBeGreaterThan(0);
  expect(by - off).toBeLessThan(CHANCE);
  expect(off).toBeLessThan(0.005);
});

test('without noise they would know, and with half of it they would know more: the same measure says so', () => {
  expect(beyond(sample(plain, 10), sample(plain, 9), 1).by).toBeCloseTo(1, 5);
  expect(isBroken(plain, 9)).toBe(true);
  expect(isBroken((n, draw) => alone(n, () => Math.trunc(draw() / 2)), 13)).toBe(true);
});
