import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkContent } from '../../src/content/check.ts';
import type { Problem } from '../../src/errors.ts';
import { writeProject } from '../content/fixture.ts';

/** A Sunday. */
export const TODAY = '2026-11-22';
export const TEAMS = 'db/content/teams.yaml';
export const CANNED = 'db/content/canned.yaml';

type Json = Record<string, unknown>;

/** Conversations that hand over for a few topics, written both ways. */
const flow = {
  steps: {
    a: {
      choices: [
        { id: 'human', handoff: 'art' },
        { id: 'urgent', handoff: 'pep' },
      ],
    },
    b: { handoff: { topic: 'lawyer' } },
  },
};

export function team(id: string, more: Json = {}): Json {
  return {
    id,
    names: { ru: id, kk: id, en: id },
    time_zone: 'Asia/Almaty',
    hours: 'Mo-Fr 09:00-18:00',
    holidays: 'none',
    languages: ['ru', 'kk'],
    countries: ['KZ'],
    topics: ['general'],
    claim_within: 15,
    ...more,
  };
}

export function holidays(more: Json = {}): Json {
  const days = [{ day: '2026-12-16', name: 'Holiday' }];
  const source = { source: 'code', source_title: 'Calendar', read_at: null, checked_on: '2026-11-22' };
  return { country: 'KZ', year: 2026, ...source, days, ...more };
}

const review = { drafted_by: 'Somebody', reviewed_by: null, reviewed_on: null };
export const META = { uz: review, tg: review, ky: review, kk: review, ru: review, en: review };

/** @param text of single languages, instead of the sound ones */
export function reply(id: string, text: Json = {}, more: Json = {}): Json {
  const sound = {
    uz: 'Salom.',
    tg: 'Ассалом.',
    ky: 'Саламатсызбы.',
    kk: 'Сәлем.',
    ru: 'Привет.',
    en: 'Hello.',
  };
  const title = { ru: 'Привет', kk: 'Сәлем', en: 'Hello' };
  return { id, topics: ['all'], title, text: { ...sound, ...text }, ...more };
}

/** A small project whose desk has no problem, with some of its files replaced. */
export function deskProject(changes: Partial<Record<string, unknown>> = {}): ReturnType<typeof writeProject> {
  return writeProject({
    'flows/talk.yaml': flow,
    [TEAMS]: {
      holidays: [holidays(), holidays({ year: 2027, days: [{ day: '2027-01-01', name: 'New Year' }] })],
      teams: [team('day', { holidays: 'KZ' })],
    },
    [CANNED]: { _meta: META, replies: [reply('hello')] },
    ...changes,
  });
}

/** What `hamroh content check` says about it, with the text of the line each problem points to. */
export function check(
  changes: Partial<Record<string, unknown>>,
  today = TODAY,
): (Problem & { at: string | undefined })[] {
  const { root, remove } = deskProject(changes);
  try {
    return checkContent(root, today).map((p) => {
      const lines = p.line === undefined ? [] : readFileSync(join(root, p.file), 'utf8').split('\n');
      return { ...p, at: lines[(p.line ?? 0) - 1] };
    });
  } finally {
    remove();
  }
}
