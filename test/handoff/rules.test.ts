import { expect, test } from 'vitest';
import { deskRules } from '../../src/handoff/rules.ts';
import type { Team } from '../../src/handoff/teams.ts';

const MINUTE = 60_000;

/** A team that opens at a minute, and is there from then on. */
function team(id: string, opensAt: number | undefined, claimWithin: number): Team {
  const hours: Team['hours'] = {
    isOpen: (now) => opensAt !== undefined && now >= opensAt * MINUTE,
    next: () =>
      opensAt === undefined ? undefined : { at: opensAt * MINUTE, days: 0, weekday: 1, time: '09:00' },
  };
  const names = { ru: id, kk: id, en: id };
  return { id, names, hours, claimWithin, languages: ['ru'], countries: ['ALL'], topics: ['general'] };
}

const texts = { uz: 'uz', 'uz-Cyrl': 'уз', tg: 'tg', ky: 'ky', kk: 'kk', ru: 'ru', en: 'en' };
const titles = { ru: 'r', kk: 'k', en: 'e' };
const rules = deskRules([team('never', undefined, 1), team('late', 20, 5), team('early', 10, 15)], {
  replies: [{ id: 'hello', topics: ['all'], titles, meaning: titles, texts }],
  reviewed: new Set(),
});

test('a team is there or opens, and takes so long at most', () => {
  expect(rules.shift('early', 0)).toEqual({ open: false, opensAt: 10 * MINUTE, claimWithin: 15 * MINUTE });
  expect(rules.shift('early', 10 * MINUTE)).toEqual({ open: true, claimWithin: 15 * MINUTE });
  expect(rules.shift('never', 0)).toEqual({ open: false, claimWithin: MINUTE });
  expect(rules.shift('nobody', 0)).toBeUndefined();
});

test('of any team it is the one that is there, or will be first', () => {
  expect(rules.shift(null, 0)).toEqual(rules.shift('early', 0));
  expect(rules.shift(null, 15 * MINUTE)).toEqual(rules.shift('early', 15 * MINUTE));
  expect(deskRules([], { replies: [], reviewed: new Set() }).shift(null, 0)).toBeUndefined();
});

test("a canned reply in the person's language", () => {
  expect(rules.canned('hello', 'uz-Cyrl')).toBe('уз');
  expect(rules.canned('bye', 'ru')).toBeUndefined();
});
