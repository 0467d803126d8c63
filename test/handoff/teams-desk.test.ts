import { afterAll, describe, expect, it } from 'vitest';
import { desk, expectedWait } from '../../src/handoff/desk.ts';
import { loadTeams } from '../../src/handoff/teams.ts';
import type { Lang } from '../../src/message.ts';
import { deskProject, holidays, TEAMS, TODAY, team } from './fixture.ts';

const SHIFTS = {
  holidays: [holidays()],
  teams: [
    team('day', { holidays: 'KZ' }),
    team('tajik', { languages: ['tg', 'ru', 'uz'], hours: 'Mo-Fr 10:00-16:00' }),
    team('art', { topics: ['art', 'pep'], hours: 'We 10:00-12:00', telegram_group: -1001 }),
    team('night', { topics: ['pep', 'crisis'], hours: 'Mo-Su 20:00-02:00', countries: ['ALL'] }),
    team('closed', { topics: ['lawyer'], hours: '2024 Mo 10:00-12:00' }),
    team('bishkek', { countries: ['KG'], time_zone: 'Asia/Bishkek', languages: ['ky'] }),
  ],
};

describe('the desk', () => {
  const { root, remove } = deskProject({ [TEAMS]: SHIFTS });
  const loaded = loadTeams(root, TODAY);
  afterAll(remove);
  const ask = (when: string, topic: string, lang: Lang = 'ru', country = 'KZ') =>
    desk(loaded.teams, Date.parse(`${when}+05:00`), { topic, lang, country });

  it('loads what the file says', () => {
    expect(loaded.problems.filter((p) => p.level === 'error')).toEqual([]);
    expect(loaded.teams.map((t) => t.id)).toEqual(['day', 'tajik', 'art', 'night', 'closed', 'bishkek']);
    expect(loaded.teams[2]).toMatchObject({ claimWithin: 15, telegramGroup: -1001, topics: ['art', 'pep'] });
    expect(loaded.teams[0]).not.toHaveProperty('telegramGroup');
  });

  it('nobody sits there without a team for the country', () => {
    expect(ask('2026-11-23T10:00', 'general', 'ru', 'TR')).toBeUndefined();
    expect(
      desk([], Date.parse('2026-11-23T10:00Z'), { topic: 'pep', lang: 'ru', country: 'KZ' }),
    ).toBeUndefined();
  });

  it('says who is there, or when somebody is', () => {
    expect(ask('2026-11-23T09:00', 'general')).toEqual({ team: 'day', open: true });
    // Sunday, and Friday evening.
    expect(ask('2026-11-22T12:00', 'general')).toEqual({
      team: 'day',
      open: false,
      opens: { days: 1, weekday: 1, time: '09:00' },
    });
    expect(ask('2026-11-27T18:00', 'general')).toEqual({
      team: 'day',
      open: false,
      opens: { days: 3, weekday: 1, time: '09:00' },
    });
    expect(ask('2026-11-23T08:59', 'general')).toEqual({
      team: 'day',
      open: false,
      opens: { days: 0, weekday: 1, time: '09:00' },
    });
  });

  it('passes over a holiday', () => {
    expect(ask('2026-12-15T18:00', 'general', 'kk')).toMatchObject({ opens: { days: 2, weekday: 4 } });
  });

  it('prefers the topic, then the language, then who is there', () => {
    expect(ask('2026-11-23T11:00', 'art')).toMatchObject({ team: 'art', open: false });
    expect(ask('2026-11-23T11:00', 'general', 'tg')).toMatchObject({ team: 'tajik', open: true });
    expect(ask('2026-11-23T17:00', 'general', 'uz-Cyrl')).toMatchObject({ team: 'tajik', open: false });
    expect(ask('2026-11-23T17:00', 'general', 'ru')).toMatchObject({ team: 'day', open: true });
    // Nobody names this topic: the general ones take it. Nobody speaks English: the first that is there.
    expect(ask('2026-11-23T11:00', 'testing', 'en')).toMatchObject({ team: 'day', open: true });
  });

  it('in urgent matters whoever is there comes first', () => {
    expect(ask('2026-11-23T11:00', 'pep')).toMatchObject({ team: 'day', open: true });
    expect(ask('2026-11-25T11:00', 'pep')).toMatchObject({ team: 'art', open: true });
    expect(ask('2026-11-24T01:30', 'pep')).toMatchObject({ team: 'night', open: true });
    // All closed: of those that name it, the one that opens first.
    expect(ask('2026-11-23T19:00', 'pep')).toEqual({
      team: 'night',
      open: false,
      opens: { days: 0, weekday: 1, time: '20:00' },
    });
    expect(ask('2026-11-24T01:30', 'crisis', 'en', 'TR')).toMatchObject({ team: 'night', open: true });
  });

  it('says that it does not open', () => {
    expect(ask('2026-11-23T11:00', 'lawyer')).toEqual({ team: 'closed', open: false });
  });

  it('goes by the clock of the team', () => {
    // Bishkek is an hour ahead of Almaty.
    expect(ask('2026-11-23T08:00', 'general', 'ky', 'KG')).toEqual({ team: 'bishkek', open: true });
  });
});

describe('the expected wait', () => {
  const minutes = (...list: number[]) => list.map((m) => m * 60_000);

  it('is unknown as long as few have waited', () => {
    expect(expectedWait(minutes(1, 2, 3, 4))).toBeUndefined();
    expect(expectedWait([])).toBeUndefined();
  });

  it('is the median, rounded up to five minutes', () => {
    expect(expectedWait(minutes(30, 1, 6, 2, 90))).toBe(10);
    expect(expectedWait(minutes(5, 5, 5, 5, 5))).toBe(5);
    expect(expectedWait(minutes(1, 2, 10, 12, 40, 50))).toBe(15);
    expect(expectedWait(minutes(0, 0, 0, 0, 0))).toBe(5);
    expect(expectedWait(minutes(21, 21, 21, 21, 500))).toBe(25);
  });

  it('leaves its samples as they are', () => {
    const waits = minutes(9, 1, 5, 7, 3);
    expectedWait(waits);
    expect(waits).toEqual(minutes(9, 1, 5, 7, 3));
  });
});
