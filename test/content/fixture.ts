import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';

/** A day on which nothing of the fixture is stale. */
export const TODAY = '2026-11-22';

const provenance = {
  source: 'code',
  source_title: 'Code',
  read_at: 'https://example.org/code',
  link: 'https://example.org/code',
  source_date: '2026-02',
  checked_on: '2026-11-22',
  review_after: '2027-05-22',
  confidence: 'high',
};

type Json = Record<string, unknown>;

export function claim(id: string, more: Json = {}): Json {
  return {
    id,
    country: 'KZ',
    topic: 'art',
    applies_to: ['all'],
    statement: 'It is so.',
    ...provenance,
    ...more,
  };
}

export function site(id: string, more: Json = {}): Json {
  const reach = { phones: ['+7 727 246 53 36'], publish_ready: true, city: 'almaty' };
  const kind = { name: 'Centre', kind: 'aids_centre', status: 'ready', services: ['test', 'art'] };
  return { id, country: 'KZ', ...kind, ...reach, ...provenance, ...more };
}

export function contact(id: string, more: Json = {}): Json {
  const reach = { phones: ['112'], publish_ready: true, languages: ['ru'] };
  const kind = { name: 'Line', kind: 'ngo', status: 'ready', topics: ['art'] };
  return { id, country: 'KZ', ...kind, ...reach, ...provenance, ...more };
}

export function city(id: string, more: Json = {}): Json {
  const names = Object.fromEntries(['uz', 'uz-Cyrl', 'tg', 'ky', 'kk', 'ru', 'en'].map((lang) => [lang, id]));
  return { id, country: 'KZ', lat: 43.2, lon: 76.9, names, ...more };
}

export function gap(id: string, words: Json = {}): Json {
  const own = Object.fromEntries(['en', 'ru', 'kk', 'ky', 'uz', 'tg'].map((lang) => [lang, [`${id}*`]]));
  return { id, label: { en: id, ru: id, kk: id }, words: { ...own, ...words } };
}

export function row(id: string, when: unknown, more: Json = {}): Json {
  return { id, when, claims: ['c1'], steps: ['ask'], ...more };
}

const table = {
  variables: { country: ['KZ'], citizenship: ['KZ', 'other'], status: ['citizen', 'work'] },
  rows: [row('own', { status: 'citizen' }), row('rest', { country: 'KZ' })],
  steps: { ask: { contacts: ['n1'] } },
};

/** A small project whose content has no problem; every test breaks one thing in it. */
export const SOUND = {
  'db/content/countries.yaml': { countries: ['KZ'], citizenships: ['KZ', 'other'] },
  'db/content/sources.yaml': [{ id: 'code', title: 'Code' }],
  'db/content/cities.yaml': [city('almaty')],
  'db/content/claims/kz.yaml': [claim('c1')],
  'db/content/sites/kz.yaml': [site('s1')],
  'db/content/contacts/kz.yaml': [contact('n1')],
  'db/content/gaps.yaml': [gap('food')],
  'db/content/pages.yaml': { deport: { KZ: ['c1'] } },
  'db/content/eligibility/art.yaml': table,
  'locales/en/claims.json': { c1: 'It is so.' },
  'locales/en/sources.json': { code: 'Code' },
  'locales/en/places.json': {
    countries: { KZ: 'Kazakhstan' },
    citizenships: { KZ: 'Kazakhstan', other: 'Another' },
    sites: { s1: 'Centre' },
    contacts: { n1: 'Line' },
  },
  'locales/en/eligibility.json': { art: { own: 'Yes.', rest: 'Ask.' }, steps: { ask: 'Ask.' } },
} satisfies Record<string, unknown>;

export { table as TABLE };

/**
 * Writes the sound project with some files replaced into a new folder; a string is written as it is.
 *
 * @returns the folder and a function that removes it
 */
export function writeProject(changes: Partial<Record<string, unknown>> = {}): {
  root: string;
  remove(): void;
} {
  const root = mkdtempSync(join(tmpdir(), 'hamroh-content-'));
  for (const [name, value] of Object.entries({ ...SOUND, ...changes })) {
    if (value === undefined) continue;
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    const json = name.endsWith('.json');
    writeFileSync(file, typeof value === 'string' ? value : json ? JSON.stringify(value) : stringify(value));
  }
  return { root, remove: () => rmSync(root, { recursive: true }) };
}
