import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Claim, ContentLookup } from '../../src/content/types.ts';
import { checkFlows } from '../../src/flow/check.ts';
import type { CheckInput, Limits } from '../../src/flow/check-input.ts';
import { loadFlows } from '../../src/flow/load.ts';
import { loadTexts } from '../../src/i18n/texts.ts';

export const FIXTURES = join(import.meta.dirname, 'fixtures');

/** The fault-free project with one fixture's files laid over it, in a folder of its own. */
export function layOver(rule: string): string {
  const root = mkdtempSync(join(tmpdir(), `hamroh-flow-${rule}-`));
  cpSync(join(FIXTURES, 'good'), root, { recursive: true });
  if (!existsSync(join(FIXTURES, rule))) throw new Error(`no fixture folder "${rule}"`);
  cpSync(join(FIXTURES, rule), root, { recursive: true });
  return root;
}

const SOURCE = { source: 'test', title: 'Test', checkedOn: '2026-11-01', confidence: 'high' as const };

function claim(id: string, reviewAfter: string): Claim {
  return { ...SOURCE, id, country: 'KZ', topic: 'test', statement: id, appliesTo: [], reviewAfter };
}

const CLAIMS = new Map([
  ['fresh', claim('fresh', '2027-11-01')],
  ['here', claim('here', '2027-11-01')],
  ['old', claim('old', '2026-01-01')],
]);
const PAGES: Record<string, string> = { facts: 'fresh', card: 'here' };
const CONTACT = {
  ...SOURCE,
  id: 'line',
  country: 'KZ',
  kind: 'hotline' as const,
  topics: ['general'],
  phones: [],
  languages: [],
  status: 'ready' as const,
  reviewAfter: '2027-11-01',
};

/** As much content as the fixtures name: two countries, three claims, one site, one contact. */
export const content: ContentLookup = {
  countries: () => ['KZ', 'KG'],
  citizenships: () => ['KZ', 'UZ', 'other'],
  claim: (id) => CLAIMS.get(id),
  site: () => undefined,
  contact: () => undefined,
  city: () => undefined,
  cities: () => [],
  page: (page, country) =>
    [CLAIMS.get(country === 'KZ' ? (PAGES[page] ?? '') : '')].filter((c) => c !== undefined),
  findCity: () => undefined,
  gapsIn: () => [],
  gapTopics: () => [],
  gapLabel: () => undefined,
  nearestCity: () => undefined,
  sitesNear: (_where, service) => ({
    sites: service === 'test' ? ['one'] : [],
    placeholder: false,
    elsewhere: false,
  }),
  contactsFor: (_country, topic) => (topic === 'general' ? [CONTACT] : []),
  emergency: () => [CONTACT],
  decide: () => undefined,
  placeOf: () => undefined,
};

/** A channel with buttons that holds no more than this. */
const MENU: Limits['menus'][number] = { max: 12, labelLimit: 40, dataLimit: 64, spills: true };
const LIMITS: Limits = { textLimit: 4096, menus: [MENU] };

/** Loads a project and checks it; the problems of loading come first, and with errors there nothing is checked. */
export function checkProject(root: string, change: Partial<CheckInput> = {}) {
  const { flows, problems } = loadFlows(root);
  const { texts } = loadTexts(root, { langs: ['en', 'ru'] });
  if (problems.some((p) => p.level === 'error')) return problems;
  const checked = checkFlows({
    flows,
    content,
    texts,
    langs: ['en', 'ru'],
    today: '2026-11-22',
    channels: new Map([['telegram', LIMITS]]),
    tables: new Map([['art', { variables: ['papers'], rows: ['yes'], steps: ['go'] }]]),
    builtIn: ['menu', 'handoff'],
    ...change,
  });
  return [...problems, ...checked];
}

export { LIMITS, MENU };
