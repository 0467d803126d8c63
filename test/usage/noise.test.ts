import { expect, test } from 'vitest';
import { systemIds } from '../../src/clock.ts';
import { createNoise } from '../../src/usage/noise.ts';
import { seededNoise } from './support.ts';

const DRAWS = 100_000;
const E = Math.exp(-1);
/** Of two-sided geometric noise with ε = 1. */
const expected = (k: number) => ((1 - E) / (1 + E)) * E ** Math.abs(k);

test('the noise is two-sided geometric with ε = 1, and no other', () => {
  const draw = seededNoise('noise');
  const seen = new Map<number, number>();
  for (let i = 0; i < DRAWS; i += 1) {
    const k = draw();
    seen.set(k, (seen.get(k) ?? 0) + 1);
  }
  for (let k = -6; k <= 6; k += 1) {
    const spread = Math.sqrt(DRAWS * expected(k) * (1 - expected(k)));
    expect(Math.abs((seen.get(k) ?? 0) - DRAWS * expected(k)) / spread, `${k}`).toBeLessThan(4);
  }
  // e for every step: half of ε would show 1.65 here, twice of it 7.4.
  expect((seen.get(1) ?? 0) / (seen.get(2) ?? 0)).toBeCloseTo(Math.E, 0);
  expect(
    Object.is(
      [...seen.keys()].find((k) => k === 0),
      -0,
    ),
  ).toBe(false);
});

test('it comes from the bytes it is given and from nowhere else, and is whole', () => {
  const [one, same, other] = ['a', 'a', 'b'].map((seed) => {
    const draw = seededNoise(seed);
    return Array.from({ length: 200 }, draw);
  });
  expect(one).toEqual(same);
  expect(one).not.toEqual(other);
  const real = createNoise((length) => systemIds.bytes(length));
  for (let i = 0; i < 1_000; i += 1) expect(Number.isInteger(real())).toBe(true);
});
