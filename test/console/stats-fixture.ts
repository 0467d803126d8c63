import { isoDate } from '../../src/clock.ts';
import type { Count } from '../../src/usage/event.ts';
import { createNoise } from '../../src/usage/noise.ts';
import {
  type FrozenRelease,
  hashRelease,
  RELEASE_FORMAT,
  type Release,
  type ReleasedTable,
  type TableSpec,
} from '../../src/usage/release.ts';
import { declareTables } from '../../src/usage/tables.ts';
import { releaseWeek } from '../../src/usage/weekly.ts';
import { world } from '../support/world.ts';

const WEEK_MS = 7 * 86_400_000;

/** A made-up season: released weeks as the store would give them. */
export interface Season {
  /** How many weeks, ending with `last`. */
  weeks: number;
  /** Monday of the newest. Default 2026-11-09. */
  last?: string;
  /** Visits of a week, about. */
  visits: number;
  seed?: number;
}

/** Numbers from 0 to 1, the same for the same seed. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const TABLES: readonly TableSpec[] = declareTables(world);

/** Counters of a week become a release behind those before it. */
export function freeze(
  before: readonly FrozenRelease[],
  week: string,
  counts: readonly Count[],
  random: () => number,
): FrozenRelease {
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
  const rules = { country: 'KZ', tables: TABLES, draw: createNoise(bytes) };
  const body = JSON.stringify(releaseWeek(week, counts, rules).release);
  return { week, body, hash: hashRelease(before.at(-1)?.hash ?? '', body) };
}

export function season({ weeks, last = '2026-11-09', visits, seed = 7 }: Season): FrozenRelease[] {
  const random = chance(seed);
  const releases: FrozenRelease[] = [];
  for (let at = weeks - 1; at >= 0; at -= 1) {
    const week = isoDate(Date.parse(last) - at * WEEK_MS);
    const year = (Date.parse(week) / WEEK_MS) % 52;
    const size = visits * (1 + 0.25 * Math.sin((year / 52) * 2 * Math.PI)) * (1 - at / (weeks * 2.5));
    releases.push(freeze(releases, week, countsOf(size, at, random), random));
  }
  return releases;
}

/** Shares of a hundred. */
const LANGS = { tg: 30, uz: 24, 'uz-Cyrl': 6, ru: 22, ky: 11, kk: 5, en: 2 };
const CHANNELS = { telegram: 55, whatsapp: 33, web: 12 };
const FLOWS: Record<string, number> = {
  'find-testing': 46,
  'art-access': 17,
  rights: 14,
  handoff: 4,
  emergency: 3,
  prevention: 7,
  basics: 6,
  pregnancy: 2,
  privacy: 2,
  help: 1,
};
const COUNTRIES = { KZ: 62, RU: 25, UZ: 5, KG: 5, TJ: 2, TR: 1 };
const TOPICS = { general: 8, testing: 9, art: 12, lawyer: 6, pep: 2, crisis: 1 };
const ENDS = { closed: 70, 'nobody-came': 8, silence: 9, withdrawn: 13 };
const WAITS = { 1: 14, 2: 16, 5: 22, 10: 20, 15: 10, 30: 8, 60: 5, 120: 3, 240: 1, 1440: 1 };

/** What might be counted in a week of so many visits. @param age in weeks: the newest differs from the one before */
function countsOf(visits: number, age: number, random: () => number): Count[] {
  const counts: Count[] = [];
  const put = (name: Count['name'], a: string, b: string, mean: number) => {
    const n = draw(mean, random);
    if (n > 0) counts.push({ name, a, b, n });
    return n;
  };
  const cross = (name: Count['name'], rows: object, columns: object, mean: number) => {
    for (const [a, x] of Object.entries(rows))
      for (const [b, y] of Object.entries(columns)) put(name, a, b, (mean * x * y) / 1e4);
  };
  // More people than before write in Kyrgyz, in the newest week.
  cross('visit', CHANNELS, { ...LANGS, ky: age === 0 ? 20 : LANGS.ky }, visits);
  for (let day = 1; day <= 7; day += 1) {
    for (let hour = 0; hour < 24; hour += 1) {
      const evening = Math.exp(-((hour - 20) ** 2) / 12) + 0.6 * Math.exp(-((hour - 12) ** 2) / 10) + 0.03;
      put('hour', String(day), String(hour).padStart(2, '0'), (visits / 50) * evening * (day > 5 ? 1.4 : 1));
    }
  }
  cross('flow-started', FLOWS, COUNTRIES, visits * 1.05);
  cross('flow-ended', { helped: 30, 'not-helped': 6, contacts: 4, told: 5 }, LANGS, visits);
  cross('not-understood', FLOWS, LANGS, visits * 0.25);
  for (const [flow, share] of Object.entries(FLOWS)) {
    const started = (visits * share) / 100;
    steps(put, flow, started, age);
    put('useful', flow, 'helped', started * 0.3);
    put('useful', flow, 'not', started * 0.06);
  }
  for (const [topic, share] of Object.entries(TOPICS)) put('person-asked', topic, '', (visits * share) / 700);
  cross('talk', TOPICS, ENDS, visits * 0.08);
  for (const [limit, share] of Object.entries(WAITS)) put('wait', limit, '', (visits * share) / 2400);
  world.content.gapTopics().forEach((topic, at) => {
    put('gap', topic, '', (visits * 0.03) / (1 + at / 2));
  });
  for (const [channel, share] of Object.entries(CHANNELS)) put('sent', channel, '', visits * share * 0.07);
  return counts;
}

type Put = (name: Count['name'], a: string, b: string, mean: number) => number;

/** People going through a flow, and leaving it on the way. */
function steps(put: Put, flow: string, started: number, age: number): void {
  let there = started;
  for (const step of world.flows.get(flow)?.steps.values() ?? []) {
    if (!step.waits) continue;
    const asks = step.kind === 'ask';
    const hard = flow === 'art-access' && step.id === 'status' ? (age === 0 ? 0.45 : 0.2) : asks ? 0.12 : 0.5;
    const row = `${flow}.${step.id}`;
    put('step', row, 'reached', there);
    put('step', row, 'expired', there * hard * 0.7);
    put('step', row, 'menu', there * hard * 0.25);
    put('step', row, 'stopped', there * hard * 0.05);
    there *= asks ? 1 - hard : 0.7;
  }
}

/** A whole number near the mean, as counts of people are. */
function draw(mean: number, random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
}

/** A release of a few tables, as they are written here. */
export function releaseOf(
  week: string,
  tables: readonly (Partial<ReleasedTable> & Pick<ReleasedTable, 'name' | 'cells'>)[],
): Release {
  return {
    format: RELEASE_FORMAT,
    week,
    country: 'KZ',
    tables: tables.map((table) => ({
      rows: table.cells.map((_, at) => String(at)),
      columns: [''],
      total: null,
      ...table,
    })),
  };
}

/** Releases as they are kept, each chained to the one before. */
export function chain(releases: readonly Release[]): FrozenRelease[] {
  const frozen: FrozenRelease[] = [];
  for (const release of releases) {
    const body = JSON.stringify(release);
    frozen.push({ week: release.week, body, hash: hashRelease(frozen.at(-1)?.hash ?? '', body) });
  }
  return frozen;
}
