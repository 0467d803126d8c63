import { type Answers, findRow, fits, readAnswers } from './eligibility.ts';
import type { TableRecord } from './schema.ts';
import type { Claim, Contact, Decision, DecisionStep, Site, SiteSearch } from './types.ts';

/** What a decision needs to know about the rest of the content. */
export interface Reach {
  claim(id: string): Claim | undefined;
  contact(id: string): Contact | undefined;
  site(id: string): Site | undefined;
  sitesNear(where: { city: string } | { country: string }, service: string, limit: number): SiteSearch;
  city(id: string): { country: string } | undefined;
}

/** Places offered by a step that names a service. */
const NEAREST = 2;

type Step = TableRecord['steps'][string];

/**
 * The row that fits, with its steps resolved for this person: nearest places, contacts that can be shown.
 *
 * @param vars also reads `city`, where it is known, to offer the nearest places
 * @returns undefined when an answer is missing or unknown to the table
 */
export function decide(
  name: string,
  table: TableRecord,
  vars: Record<string, string | number | string[]>,
  reach: Reach,
): Decision | undefined {
  const answers = readAnswers(table, vars);
  const row = answers === undefined ? undefined : findRow(table, answers);
  if (answers === undefined || row === undefined) return undefined;
  const city = typeof vars.city === 'string' ? vars.city : undefined;
  const steps = [...listSteps(table, row, answers, city, reach)];
  return { outcome: `${name}.${row.id}`, claims: row.claims, steps };
}

/** The steps of a row for a person with these answers, one after the other as they are asked for. */
export function* listSteps(
  table: TableRecord,
  row: TableRecord['rows'][number],
  answers: Answers,
  city: string | undefined,
  reach: Reach,
): Generator<DecisionStep> {
  const country = answers.country ?? '';
  const about = new Set(['ALL', country, answers.citizenship ?? '']);
  const told = new Set<string>();
  for (const id of row.steps) {
    const step = table.steps[id];
    if (step === undefined || !fits(step.when, answers)) continue;
    const resolved = resolve(id, step, { country, about, city }, reach);
    if (resolved === undefined) continue;
    // A number stands once, at the first step that names it: a list of the same numbers is not read.
    const contacts = resolved.contacts.filter((contact) => !told.has(contact));
    for (const contact of contacts) told.add(contact);
    // "Turn to an organisation" without one is no step, unless a fact stands behind its words.
    const empty = contacts.length + resolved.sites.length === 0 && resolved.contacts.length > 0;
    if (!empty || resolved.claims.length > 0) yield { ...resolved, contacts };
  }
}

/** Whether a contact or a place gives a person something to act on. */
export function isReachable(entry: Contact | Site): boolean {
  const shown = entry.status === 'ready' || entry.status === 'unconfirmed';
  return shown && (entry.phones.length > 0 || entry.url !== undefined || entry.address !== undefined);
}

/** Where a person is, and the countries whose facts are about them. */
interface Whereabouts {
  country: string;
  city: string | undefined;
  about: ReadonlySet<string>;
}

function resolve(
  id: string,
  step: Step,
  { country, city, about }: Whereabouts,
  reach: Reach,
): DecisionStep | undefined {
  const contacts = [...step.here, ...step.contacts].filter((contact) => {
    const found = reach.contact(contact);
    if (found === undefined || !isReachable(found)) return false;
    return step.contacts.includes(contact) || found.country === country;
  });
  const sites = step.sites.filter((site) => {
    const found = reach.site(site);
    return found !== undefined && isReachable(found);
  });
  if (step.sites_service !== undefined) {
    const here = city !== undefined && reach.city(city)?.country === country ? { city } : { country };
    sites.push(...reach.sitesNear(here, step.sites_service, NEAREST).sites);
  }
  const names =
    step.contacts.length + step.here.length + step.sites.length > 0 || step.sites_service !== undefined;
  if (names && contacts.length + sites.length === 0) return undefined;
  const claims = step.claims.filter((claim) => about.has(reach.claim(claim)?.country ?? ''));
  return { id, claims, contacts, sites };
}
