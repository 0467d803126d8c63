import { expect, test } from 'vitest';
import { findNarrowed } from '../../src/usage/attack.ts';
import { protect } from '../../src/usage/protect.ts';
import type { ReleasedTable, TableSpec } from '../../src/usage/release.ts';
import { findOut } from './attacker.ts';
import { sixSteps } from './six-steps.ts';
import { fixed, seededNoise, seededNumbers, specOf } from './support.ts';

const WIDTH = 9;
const SUMS: TableSpec['sums'][] = ['both', 'both', 'rows', 'columns'];

interface Case {
  counts: number[][];
  spec: TableSpec;
  noise: number[];
}

/** What a table can be made of, from nearly nothing to everything just at a threshold. */
const KINDS: ((number: (limit: number) => number) => number)[] = [
  (number) => number(14),
  (number) => (number(3) === 0 ? number(10) : 14 + number(80)),
  (number) => 8 + number(9),
  (number) => (number(4) === 0 ? 14 + number(4) : number(2)),
  (number) => [0, 0, 9, 13, 14, 17, 18, 400][number(8)]!,
];

function anyCase(seed: string): Case {
  const number = seededNumbers(seed);
  const [rows, columns] = [1 + number(5), 1 + number(5)];
  const kind = KINDS[number(KINDS.length)]!;
  // Some rows and columns in which next to nothing happens, as of a language few speak.
  const quiet = [number(rows + 1), number(columns + 1)];
  const counts = Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (__, c) => (r === quiet[0] || c === quiet[1] ? number(3) : kind(number))),
  );
  const draw = seededNoise(seed);
  const noise = counts.flat().map(() => (number(4) === 0 ? number(9) - 4 : draw()));
  return { counts, spec: specOf(rows, columns, SUMS[number(SUMS.length)]), noise };
}

/** Two blocks of hidden cells and one between them: the sums of one block say what that one is. */
function bridge(seed: string): Case {
  const number = seededNumbers(seed);
  const counts = Array.from({ length: 4 }, (_, r) =>
    Array.from({ length: 4 }, (__, c) => {
      const inBlock = r < 2 === c < 2;
      return inBlock || (r === 0 && c === 2) ? number(12) : 20 + number(30);
    }),
  );
  const draw = seededNoise(seed);
  return { counts, spec: specOf(4, 4), noise: counts.flat().map(draw) };
}

const CASES: [string, number, (seed: string) => Case][] = [
  ['any', 2_000, anyCase],
  ['bridges', 200, bridge],
];

function smallest(table: ReleasedTable): number {
  return Math.min(Number.POSITIVE_INFINITY, ...findOut(table).map(({ width }) => width));
}

test.each(CASES)(
  'everything published narrows no hidden number to less than nine: %s',
  (name, rounds, make) => {
    let hidden = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { counts, spec, noise } = make(`${name} ${round}`);
      const table = protect(counts, spec, fixed(...noise));
      const found = findOut(table);
      hidden += found.length;
      const narrow = found.filter(({ width }) => width < WIDTH);
      expect(narrow, `${name} ${round}: ${JSON.stringify({ counts, noise, table })}`).toEqual([]);
    }
    expect(hidden).toBeGreaterThan(rounds);
  },
);

test('the release without its last step is narrowed often, and we see it where the linear program does', () => {
  let narrowed = 0;
  for (let round = 0; round < 400; round += 1) {
    const { counts, spec, noise } = (round % 4 === 0 ? bridge : anyCase)(`plain ${round}`);
    const table = sixSteps(counts, spec, fixed(...noise));
    const narrow = smallest(table) < WIDTH;
    expect(findNarrowed(table) !== undefined, `${round}: ${JSON.stringify(table)}`).toBe(narrow);
    if (narrow) narrowed += 1;
  }
  expect(narrowed).toBeGreaterThan(60);
});

test('where the described steps narrow nothing, the release is what they give; elsewhere it shows less', () => {
  let [same, less] = [0, 0];
  for (let round = 0; round < 1_000; round += 1) {
    const { counts, spec, noise } = anyCase(`same ${round}`);
    const table = protect(counts, spec, fixed(...noise));
    const plain = sixSteps(counts, spec, fixed(...noise));
    const sums = [
      ...(plain.rowSums ?? []),
      ...(plain.columnSums ?? []),
      ...(spec.sums === 'both' ? [plain.total] : []),
    ];
    if (!sums.includes(null) && smallest(plain) >= WIDTH) {
      expect(table).toEqual(plain);
      same += 1;
    } else if (shownIn(table) < shownIn(plain)) less += 1;
    // Whatever is shown is the sum of what it is a sum of.
    const z = counts.map((line, r) => line.map((n, c) => n + noise[r * line.length + c]!));
    const all = sixSteps(z, spec, () => 0);
    for (const [r, value] of (table.rowSums ?? []).entries())
      if (value !== null) expect(value).toBe(all.rowSums?.[r]);
    for (const [c, value] of (table.columnSums ?? []).entries())
      if (value !== null) expect(value).toBe(all.columnSums?.[c]);
    if (table.total !== null) expect(table.total).toBe(all.total);
  }
  expect(same).toBeGreaterThan(50);
  expect(less).toBeGreaterThan(100);
});

function shownIn({ cells, rowSums = [], columnSums = [], total }: ReleasedTable): number {
  return [...cells.flat(), ...rowSums, ...columnSums, total].filter((value) => value !== null).length;
}
