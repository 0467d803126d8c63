import { expect, test } from 'vitest';
import type { Count } from '../../src/usage/event.ts';
import type { TableSpec } from '../../src/usage/release.ts';
import { releaseWeek } from '../../src/usage/weekly.ts';
import { seededNoise } from './support.ts';

const VISIT: TableSpec = { name: 'visit', rows: ['telegram', 'web'], columns: ['ru', 'uz'], sums: 'both' };
const SENT: TableSpec = { name: 'sent', rows: ['telegram', 'web'], columns: [''], sums: 'none' };
const visit = (a: string, b: string, n: number): Count => ({ name: 'visit', a, b, n });
const sent = (a: string, n: number): Count => ({ name: 'sent', a, b: '', n });

function release(counts: Count[], tables = [VISIT, SENT]) {
  return releaseWeek('2026-11-16', counts, { country: 'KZ', tables, draw: () => 0 });
}

test('counters find their place whatever their order, and the rest is zeros', () => {
  const counts = [
    sent('web', 90),
    visit('web', 'uz', 30),
    visit('telegram', 'ru', 40),
    visit('web', 'ru', 60),
  ];
  const { release: made, dropped } = release(counts);
  expect(dropped).toBe(0);
  expect(made).toMatchObject({ format: 1, week: '2026-11-16', country: 'KZ' });
  expect(made.tables[0]).toMatchObject({ rowSums: [40, 90], columnSums: [100, 30], total: 130 });
  expect(release([...counts].reverse())).toEqual(release(counts));
});

test('one person who is sent a lot does not make a channel visible', () => {
  const few = [visit('telegram', 'ru', 100), visit('web', 'ru', 15), sent('telegram', 900), sent('web', 700)];
  const [visits, messages] = release(few).release.tables;
  expect(visits?.rowSums).toEqual([100, null]);
  expect(messages?.cells).toEqual([[900], [null]]);
  expect(release(few, [SENT]).release.tables[0]?.cells).toEqual([[null], [null]]);
});

test('counters without a place are left out and counted as such', () => {
  const { release: made, dropped } = release([
    visit('fax', 'ru', 500),
    visit('web', 'la', 500),
    sent('web', 40),
  ]);
  expect(dropped).toBe(2);
  expect(JSON.stringify(made)).not.toMatch(/fax|la"|500/);
});

test('every cell of every table has its own noise, drawn once', () => {
  let draws = 0;
  const noise = seededNoise('weekly');
  const draw = () => {
    draws += 1;
    return noise();
  };
  releaseWeek('2026-11-16', [], { country: 'KZ', tables: [VISIT, SENT], draw });
  expect(draws).toBe(6);
});
