import { expect, test } from 'vitest';
import { Chance } from '../../src/demo/chance.ts';
import { personOf } from '../../src/demo/people.ts';
import { Words } from '../../src/demo/words.ts';
import { isCampaign, nextSlot, planVisits, spanOf } from '../../src/demo/year.ts';
import { world } from '../support/world.ts';

const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;
const NOW = Date.parse('2026-11-22T10:30:00Z');
const FIVE_HOURS = 5 * 60 * MINUTE;
const ALMATY = () => FIVE_HOURS;
const YEAR = spanOf(52, NOW, ALMATY);

test('a year is 52 whole weeks, and the current one is the last of them', () => {
  expect(new Date(YEAR.start).toISOString()).toBe('2025-11-24T00:00:00.000Z');
  expect(YEAR.end).toBe(NOW);
  // On a Monday the current week is the one that begins.
  expect(new Date(spanOf(1, Date.parse('2026-11-23T00:00:00Z'), ALMATY).start).toISOString()).toBe(
    '2026-11-23T00:00:00.000Z',
  );
});

test('people come within the year, in order: more and more, by day, and most in the week of the campaign', () => {
  const visits = planVisits(YEAR, 8_000, new Chance(1));
  expect(new Set(visits.map(({ person }) => person)).size).toBe(8_000);
  expect(visits.length).toBeGreaterThan(8_000);
  expect(visits.every(({ minute }, i) => minute >= (visits[i - 1]?.minute ?? 0))).toBe(true);
  expect((visits[0]?.minute ?? 0) * MINUTE).toBeGreaterThanOrEqual(YEAR.start);
  expect((visits.at(-1)?.minute ?? 0) * MINUTE).toBeLessThan(NOW);
  const weeks = Array.from({ length: 52 }, () => 0);
  const hours = Array.from({ length: 24 }, () => 0);
  for (const { minute } of visits) {
    const week = Math.floor((minute * MINUTE - YEAR.start) / WEEK);
    const hour = new Date(minute * MINUTE + FIVE_HOURS).getUTCHours();
    weeks[week] = (weeks[week] ?? 0) + 1;
    hours[hour] = (hours[hour] ?? 0) + 1;
  }
  const [first = 0, campaign = 0, after = 0] = weeks;
  expect(isCampaign(YEAR.start + WEEK)).toBe(true);
  expect(campaign).toBeGreaterThan(1.4 * Math.max(first, after));
  // New Year.
  expect(weeks[5]).toBeLessThan(0.8 * after);
  expect(weeks[50]).toBeGreaterThan(1.5 * first);
  expect(hours[21]).toBeGreaterThan(3 * (hours[4] ?? 0));
});

test('who goes on late hurries, so that few are counted on two days', () => {
  const at = (time: string) => Date.parse(`2026-11-22T${time}:00Z`) / MINUTE;
  expect(nextSlot(at('10:00'))).toBe(at('10:30'));
  expect(nextSlot(at('10:07'))).toBe(at('10:30'));
  expect(nextSlot(at('21:05'))).toBe(at('21:10'));
  expect(nextSlot(at('23:50'))).toBe(at('23:50') + 10);
});

test('the same seed gives the same people, another one others; they speak what people there speak', () => {
  const season = { progress: 0.5, campaign: false, late: false };
  const people = (seed: number) =>
    Array.from({ length: 1_000 }, (_, i) =>
      personOf(seed, i, season, { home: 'KZ', content: world.content }),
    );
  const some = people(1);
  expect(people(1)).toEqual(some);
  expect(people(2)).not.toEqual(some);
  const share = (wanted: (person: ReturnType<typeof personOf>) => boolean) =>
    some.filter(wanted).length / 1_000;
  expect(share(({ lang }) => lang === 'uz')).toBeCloseTo(0.3, 1);
  expect(share(({ country }) => country === 'KZ')).toBeCloseTo(0.64, 1);
  expect(share(({ citizenship, lang }) => lang === 'tg' && citizenship === 'TJ')).toBeGreaterThan(0.1);
});

test('chance keeps to its weights', () => {
  const chance = new Chance(7);
  const drawn = Array.from({ length: 4_000 }, () => chance.oneOf({ a: 3, b: 1, never: 0 }));
  expect(drawn.filter((name) => name === 'a').length / 4_000).toBeCloseTo(0.75, 1);
  expect(drawn).not.toContain('never');
  expect(chance.weighted([], () => 1)).toBeUndefined();
  expect(chance.pick([])).toBeUndefined();
  const waits = Array.from({ length: 4_001 }, () => chance.around(6, 0.7)).sort((a, b) => a - b);
  expect(waits[2_000]).toBeCloseTo(6, 0);
  expect(waits[0]).toBeGreaterThan(0);
});

test('people write phrases of their language, and words for what we have nothing about', () => {
  const words = new Words(
    [
      { text: 'where can i test', lang: 'en', intent: 'testing' },
      { text: 'гепатит', lang: 'ru', intent: 'none' },
    ],
    [{ id: 'job', words: { en: ['vacanc*'], uz: ['ish'] } }],
  );
  const chance = new Chance(1);
  expect(words.about('testing', 'en', chance)).toBe('where can i test');
  expect(words.about('testing', 'ru', chance)).toBeUndefined();
  expect(words.gap('en', chance)).toBe('vacanc');
  expect(words.gap('uz-Cyrl', chance)).toBe('ish');
  expect(words.gap('tg', chance)).toBeUndefined();
});
