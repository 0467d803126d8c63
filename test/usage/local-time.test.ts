import { expect, test } from 'vitest';
import { systemIds } from '../../src/clock.ts';
import { releaseMaker } from '../../src/statistics.ts';
import { clockOffsetOf } from '../../src/usage/local-time.ts';
import { projectWorld } from './support.ts';

const HOUR = 3_600_000;
const at = (day: string) => Date.parse(`${day}T12:00:00Z`);

test('the clocks of a country, with its summer time; UTC where none is known', () => {
  const hours = (country: string, day: string) => clockOffsetOf(country)(at(day)) / HOUR;
  expect(['KZ', 'KG', 'UZ', 'TJ', 'RU', 'TR'].map((c) => hours(c, '2026-11-22'))).toEqual([5, 6, 5, 5, 3, 3]);
  expect([hours('PL', '2026-11-22'), hours('PL', '2026-07-01')]).toEqual([1, 2]);
  expect([hours('XX', '2026-11-22'), hours('', '2026-11-22')]).toEqual([0, 0]);
});

test('the same clock follows the hour in which it is changed', () => {
  const offset = clockOffsetOf('PL');
  const change = Date.parse('2026-03-29T01:00:00Z');
  expect([offset(change - 1), offset(change), offset(change - 1)]).toEqual([HOUR, 2 * HOUR, HOUR]);
});

test('every country we answer for has clocks', () => {
  const world = projectWorld();
  for (const country of world.content.countries())
    expect(clockOffsetOf(country)(at('2026-11-22')), country).not.toBe(0);
});

test('a deployment publishes its channels and its country', () => {
  const telegram = { token: 'x', apiRoot: 'x' };
  const dataDir = '/nowhere';
  const rows = (config: Omit<Parameters<typeof releaseMaker>[1], 'dataDir'>) => {
    const { release } = releaseMaker(projectWorld(), { dataDir, ...config }, systemIds)('2026-11-16', []);
    return [release.country, ...release.tables[0]!.rows];
  };
  expect(rows({})).toEqual(['KZ', 'web']);
  expect(rows({ telegram })).toEqual(['KZ', 'telegram', 'web']);
});
