import type { Lang, Place } from '../message.ts';

/** How far a statement may go: `high` states, `medium` says "as far as is known", `low` is never shown. */
export type Confidence = 'high' | 'medium' | 'low';

/** Where a fact comes from, for the short line under a text and for "sources". */
export interface SourceRef {
  /** `locales/<lang>/sources.json` key of the short name, e.g. `kz-health-code`. */
  source: string;
  /** Full title as the source prints it. */
  title: string;
  /** Month of the source, `2026-02`; absent when it carries no date. */
  month?: string;
  /** Day we last looked, `2026-11-22`. */
  checkedOn: string;
  /** Past this day the text is shown with "this may have changed". */
  reviewAfter: string;
  /** Never a link to a code repository. */
  link?: string;
}

/** A medical or legal statement. Its sentence in each language is `claims:<id>`. */
export interface Claim extends SourceRef {
  id: string;
  country: string;
  topic: string;
  /** The statement as the facts have it, in English; people read `claims:<id>` instead. */
  statement: string;
  appliesTo: string[];
  confidence: Confidence;
  caveat?: string;
}

/** `ready`: shown with "call first". `unconfirmed`: shown under that heading. `placeholder`: exists, address unknown. `hidden`: never shown. */
export type SiteStatus = 'ready' | 'unconfirmed' | 'placeholder' | 'hidden';

/** A place to test or be treated. Its name in each language is `places:sites.<id>`. */
export interface Site extends SourceRef {
  id: string;
  country: string;
  city?: string;
  kind: string;
  services: string[];
  status: SiteStatus;
  /** International form, e.g. `+7 727 246 53 36`. */
  phones: string[];
  /** Street address in Latin and in Cyrillic letters. */
  address?: { latin: string; cyrillic: string };
  hours?: string;
  url?: string;
  point?: { lat: number; lon: number };
}

/** A line, organisation or office to turn to. Its name is `places:contacts.<id>`. */
export interface Contact extends SourceRef {
  id: string;
  country: string;
  kind: 'emergency' | 'crisis_line' | 'hotline' | 'ngo' | 'network' | 'international' | 'state';
  topics: string[];
  phones: string[];
  url?: string;
  city?: string;
  /** Street address in Latin and in Cyrillic letters. */
  address?: { latin: string; cyrillic: string };
  hours?: string;
  /** Languages spoken, where known. */
  languages: Lang[];
  status: SiteStatus;
}

/** A city a person can name. Its names live in the gazetteer, in every language. */
export interface City {
  id: string;
  country: string;
  lat: number;
  lon: number;
  names: Record<Lang, string>;
}

/** What a search for places found. */
export interface SiteSearch {
  /** Ids, best first: confirmed before unconfirmed, then nearest first. */
  sites: string[];
  /** A centre exists in this city or region but its address is not confirmed. */
  placeholder: boolean;
  /** The first site is in another city than the one asked for. */
  elsewhere: boolean;
}

/** The row of a decision table that matched. */
export interface Decision {
  /** `<table>.<row id>`, e.g. `art.kz-labour`; its text is `eligibility:<table>.<row id>`. */
  outcome: string;
  /** Claims it rests on. */
  claims: string[];
  /** What to do, in order of effort: keys of `eligibility:steps.<id>`, with the contacts or sites for each. */
  steps: DecisionStep[];
}

export interface DecisionStep {
  id: string;
  claims: string[];
  contacts: string[];
  sites: string[];
}

/** Read-only content, pure and in memory. All ids it returns exist. */
export interface ContentLookup {
  countries(): readonly string[];
  /** Citizenships a person can name, with `other` and `none` at the end. */
  citizenships(): readonly string[];
  claim(id: string): Claim | undefined;
  site(id: string): Site | undefined;
  contact(id: string): Contact | undefined;
  city(id: string): City | undefined;
  /** Cities of a country that have something to show, biggest service first. */
  cities(country: string): readonly City[];
  /** The claims of a page for a country, in order: `page('deport', 'KZ')`; [] when nothing is known. */
  page(page: string, country: string): readonly Claim[];
  /** A city by its name in any script or language; typos are forgiven unless `guess` is false. */
  findCity(text: string, guess?: boolean): City | undefined;
  /** The city nearest to a point, within 150 km. */
  nearestCity(lat: number, lon: number): City | undefined;
  sitesNear(
    where: { city: string } | { lat: number; lon: number } | { country: string },
    service: string,
    limit: number,
  ): SiteSearch;
  /** Whom to call in a country about a topic, best first: shown kinds only, confirmed before unconfirmed. */
  contactsFor(country: string, topic: string, lang: Lang, limit: number): readonly Contact[];
  /** The number that never waits: crisis line and ambulance of a country. */
  emergency(country: string, topic: 'pep' | 'crisis' | 'violence' | 'police'): readonly Contact[];
  decide(table: string, vars: Record<string, string | number | string[]>): Decision | undefined;
  /** What people asked for and we have nothing about: topics of `gaps.yaml` whose words stand in a text, none twice. */
  gapsIn(text: string): readonly string[];
  /** All topics of `gaps.yaml`, in order. */
  gapTopics(): readonly string[];
  /** What a topic of `gaps.yaml` is called. */
  gapLabel(topic: string, lang: 'en' | 'ru' | 'kk'): string | undefined;
  placeOf(site: Site, name: string, lang: Lang): Place | undefined;
}
