import { LANGS, type Lang, type Place } from '../message.ts';
import { CityFinder } from './cities.ts';
import { findContacts, findEmergency, type RankedContact } from './contacts.ts';
import type { ContentData } from './data.ts';
import { decide, isReachable } from './decide.ts';
import { GapFinder } from './gaps.ts';
import { PlaceIndex } from './places.ts';
import type { ClaimRecord, ContactRecord, SiteRecord } from './schema.ts';
import type { City, Claim, ContentLookup, Site, SourceRef } from './types.ts';

/** Languages whose readers read an address in Latin letters. */
const LATIN: ReadonlySet<Lang> = new Set(['en', 'uz']);

/** Everything the engine asks of the content, in memory and pure. Ids that do not exist are never returned. */
export function createLookup(data: ContentData): ContentLookup {
  const claims = byId(data.claims.map((e) => toClaim(e.record)));
  const sites = byId(data.sites.map((e) => toSite(e.record)));
  const contacts = byId(data.contacts.map((e) => toContact(e.record)));
  const cities = byId(data.cities.map((e) => toCity(e.record)));
  const finder = new CityFinder(
    data.cities.map((e) => ({ city: toCity(e.record), aliases: e.record.aliases ?? [] })),
  );
  const places = new PlaceIndex(
    data.cities.map((e) => ({ city: toCity(e.record), region: e.record.region })),
    data.sites.map((e) => ({ site: toSite(e.record), region: e.record.region })),
  );
  const gaps = new GapFinder(data.gaps.map((e) => e.record));
  const labels = new Map(data.gaps.map((e) => [e.record.id, e.record.label]));
  const ranked = [...contacts.values()];
  const served = listServed(data.countries, [...cities.values()], [...sites.values()]);
  const lookup: ContentLookup = {
    countries: () => data.countries,
    citizenships: () => data.citizenships,
    claim: (id) => claims.get(id),
    site: (id) => sites.get(id),
    contact: (id) => contacts.get(id),
    city: (id) => cities.get(id),
    cities: (country) => served.get(country) ?? [],
    page: (page, country) => {
      const lists = Object.hasOwn(data.pages, page) ? data.pages[page] : undefined;
      return (lists?.[country] ?? lists?.ALL ?? []).flatMap((id) => claims.get(id) ?? []);
    },
    gapsIn: (text) => gaps.find(text),
    gapTopics: () => gaps.topics,
    gapLabel: (topic, lang) => labels.get(topic)?.[lang],
    findCity: (text, guess) => finder.find(text, guess),
    nearestCity: (lat, lon) => places.nearestCity(lat, lon),
    sitesNear: (where, service, limit) => places.sitesNear(where, service, limit),
    contactsFor: (country, topic, lang, limit) => findContacts(ranked, country, topic, lang, limit),
    emergency: (country, topic) => findEmergency(ranked, country, topic),
    decide: (name, vars) => {
      const table = data.tables.get(name)?.record;
      return table === undefined ? undefined : decide(name, table, vars, lookup);
    },
    placeOf: toPlace,
  };
  return lookup;
}

function byId<T extends { id: string }>(records: readonly T[]): Map<string, T> {
  return new Map(records.map((record) => [record.id, Object.freeze(record)]));
}

/** Cities with something to show, most places first, then as the gazetteer lists them. */
function listServed(
  countries: readonly string[],
  cities: readonly City[],
  sites: readonly Site[],
): Map<string, City[]> {
  const count = (city: City) => sites.filter((s) => s.city === city.id && isReachable(s)).length;
  return new Map(
    countries.map((country) => {
      const own = cities.filter((c) => c.country === country).map((city) => ({ city, sites: count(city) }));
      return [
        country,
        own
          .filter((c) => c.sites > 0)
          .sort((a, b) => b.sites - a.sites)
          .map((c) => c.city),
      ];
    }),
  );
}

function toSource(record: ClaimRecord | SiteRecord | ContactRecord): SourceRef {
  return {
    source: record.source,
    title: record.source_title,
    checkedOn: record.checked_on,
    reviewAfter: record.review_after,
    ...(record.source_date === null ? {} : { month: record.source_date }),
    ...(record.link === null ? {} : { link: record.link }),
  };
}

function toClaim(r: ClaimRecord): Claim {
  return {
    ...toSource(r),
    id: r.id,
    country: r.country,
    topic: r.topic,
    statement: r.statement,
    appliesTo: r.applies_to,
    confidence: r.confidence,
    ...(r.caveat === undefined ? {} : { caveat: r.caveat }),
  };
}

/** What sites and contacts have in common. */
function toReach(r: SiteRecord | ContactRecord) {
  return {
    ...toSource(r),
    id: r.id,
    country: r.country,
    status: r.status,
    phones: r.phones,
    ...(r.city === undefined ? {} : { city: r.city }),
    ...(r.address === undefined ? {} : { address: r.address }),
    ...(r.hours === undefined ? {} : { hours: r.hours }),
    ...(r.url === undefined ? {} : { url: r.url }),
  };
}

function toSite(r: SiteRecord): Site {
  const point = r.point === undefined ? {} : { point: r.point };
  return { ...toReach(r), kind: r.kind, services: r.services, ...point };
}

function toContact(r: ContactRecord): RankedContact {
  const languages = LANGS.filter((lang) => r.languages.includes(lang));
  return { ...toReach(r), kind: r.kind, topics: r.topics, languages, emergency: r.emergency ?? {} };
}

function toCity(r: ContentData['cities'][number]['record']): City {
  return { id: r.id, country: r.country, lat: r.lat, lon: r.lon, names: r.names };
}

/** A point to open on a map, only where the place's own position is known: the middle of a city would mislead. */
function toPlace(site: Site, name: string, lang: Lang): Place | undefined {
  if (site.point === undefined || !isReachable(site)) return undefined;
  const address = (LATIN.has(lang) ? site.address?.latin : site.address?.cyrillic) ?? '';
  return { name, address, lat: site.point.lat, lon: site.point.lon };
}
