import type { Claim, Contact, Site, SourceRef } from '../content/types.ts';
import type { Lang } from '../message.ts';
import { langOf, type Run } from './run.ts';
import type { Texts } from './types.ts';

/** Languages written in Latin letters read an address in them; the others in Cyrillic. */
const LATIN: ReadonlySet<Lang> = new Set(['en', 'uz']);

/** A place as a person reads it: name, address, numbers each on its own line, what to know before going. */
export function siteCard(
  run: Run,
  site: Site,
  claims: readonly Claim[],
): { text: string; sources: SourceRef[] } {
  const lang = langOf(run);
  const { texts } = run.env;
  const lines = [siteName(texts, lang, site)];
  const address = addressOf(site, lang);
  if (address !== undefined) lines.push(address);
  lines.push(...site.phones);
  lines.push(...hoursOf(texts, lang, site));
  if (site.phones.length === 0 && site.url !== undefined) lines.push(site.url);
  lines.push(
    [...claims.map((c) => shortClaim(texts, lang, c)), callFirst(texts, lang, site)].join(' ').trim(),
  );
  if (site.status === 'unconfirmed') lines.unshift(texts.t(lang, 'common:place.unconfirmed'));
  return { text: lines.filter((l) => l !== '').join('\n'), sources: [site, ...claims] };
}

/** A claim in the few words that fit on a card, where translators wrote such; else its sentence. */
function shortClaim(texts: Texts, lang: Lang, claim: Claim): string {
  const short = `claims:${claim.id}_card`;
  return texts.t(lang, texts.has(lang, short) ? short : `claims:${claim.id}`);
}

function callFirst(texts: Texts, lang: Lang, site: Site): string {
  return site.phones.length > 0 ? texts.t(lang, 'common:place.call_first') : '';
}

export function siteName(texts: Texts, lang: Lang, site: Site): string {
  return texts.t(lang, `places:sites.${site.id}`);
}

export function addressOf(site: Pick<Site, 'address'>, lang: Lang): string | undefined {
  return LATIN.has(lang) ? site.address?.latin : site.address?.cyrillic;
}

/** Whom to call: the name, then each number on its own line so that a thumb finds it; else the link. */
export function contactCard(texts: Texts, lang: Lang, contact: Contact): string {
  const name = texts.t(lang, `places:contacts.${contact.id}`);
  const mark = markOf(texts, lang, contact);
  const address = addressOf(contact, lang);
  return [
    `${name}${mark}`,
    ...(address === undefined ? [] : [address]),
    // "Ambulance 103" says its number already.
    ...reachOf(contact).filter((r) => !name.split(' ').includes(r)),
    ...hoursOf(texts, lang, contact),
  ].join('\n');
}

/** A place named among next steps: its name, and how to reach it. */
export function siteLine(texts: Texts, lang: Lang, site: Site): string {
  const address = addressOf(site, lang);
  return [siteName(texts, lang, site), ...(address === undefined ? [] : [address]), ...reachOf(site)].join(
    '\n',
  );
}

function markOf(texts: Texts, lang: Lang, { status }: Pick<Site, 'status'>): string {
  return status === 'unconfirmed' ? ` (${texts.t(lang, 'common:contact.unconfirmed')})` : '';
}

function reachOf({ phones, url }: { phones: string[]; url?: string }): string[] {
  if (phones.length > 0) return phones;
  return url === undefined ? [] : [url];
}

/** Hours in digits stand in the fact; hours that need words stand in the locale. */
function hoursOf(texts: Texts, lang: Lang, { id, hours }: { id: string; hours?: string }): string[] {
  const worded = `places:hours.${id}`;
  const text = texts.has(lang, worded) ? texts.t(lang, worded) : hours;
  return text === undefined ? [] : [texts.t(lang, 'common:place.hours', { hours: text })];
}
