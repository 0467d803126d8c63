import { z } from 'zod';
import { LANGS } from '../message.ts';

/*
 * The shape of the files under db/content/. What each field means to an editor stands in db/content/README.md.
 * Fields that end in `_as_printed` keep what the source prints; people see the field without the ending.
 */

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'an id: a–z, 0–9 and "-"');
const country = z.string().regex(/^([A-Z]{2}|ALL)$/, 'two capital letters, e.g. KZ, or ALL');
const day = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a day, e.g. 2026-11-22');
const month = z
  .string()
  .regex(/^\d{4}(-(0[1-9]|1[0-2]))?$/, 'a month or a year in quotes, e.g. 2026-02 or "2024"');
const text = z.string().min(1);
const url = z.string().regex(/^https?:\/\/\S+$/, 'a link that begins with http:// or https://');

const provenance = {
  source: id,
  source_title: text,
  read_at: text.nullable(),
  link: url.nullable(),
  legal_reference: text.optional(),
  source_date: month.nullable(),
  source_date_note: text.optional(),
  checked_on: day,
  review_after: day,
  confidence: z.enum(['high', 'medium', 'low']),
  caveat: text.optional(),
  notes: text.optional(),
  also: z.array(text).optional(),
};

const claim = z.strictObject({
  id,
  country,
  topic: id.or(z.string().regex(/^[a-z_]+$/)),
  applies_to: z.array(text),
  statement: text,
  ...provenance,
});

const status = z.enum(['ready', 'unconfirmed', 'placeholder', 'hidden']);
const address = z.strictObject({ latin: text, cyrillic: text });

const reach = {
  city: id.optional(),
  address: address.optional(),
  address_as_printed: text.optional(),
  phones: z.array(text),
  phones_as_printed: z.array(text).optional(),
  url: url.optional(),
  hours: text.optional(),
  hours_as_printed: text.optional(),
  foreigners: z.enum(['yes', 'no', 'unknown']).optional(),
  publish_ready: z.boolean(),
};

const site = z.strictObject({
  id,
  country,
  name: text,
  kind: z.enum(['aids_centre', 'clinic', 'ngo', 'self_test']),
  status,
  ...reach,
  region: text.optional(),
  email: text.optional(),
  point: z.strictObject({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) }).optional(),
  services: z.array(id.or(z.string().regex(/^[a-z_]+$/))),
  services_as_printed: z.array(text).optional(),
  ...provenance,
});

/** Topics a number that never waits can be about. */
export const EMERGENCY_TOPICS = ['pep', 'crisis', 'violence', 'police'] as const;

const contact = z.strictObject({
  id,
  country,
  name: text,
  kind: z.enum(['emergency', 'crisis_line', 'hotline', 'ngo', 'network', 'international', 'state']),
  status,
  ...reach,
  topics: z.array(id),
  topics_as_printed: z.array(text).optional(),
  emergency: z.partialRecord(z.enum(EMERGENCY_TOPICS), z.number().int().min(1).max(9)).optional(),
  messengers: z.array(text).optional(),
  channels: z.array(text).optional(),
  languages: z.array(text),
  ...provenance,
});

const city = z.strictObject({
  id,
  country,
  region: text.optional(),
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
  names: z.strictObject(
    Object.fromEntries(LANGS.map((l) => [l, text])) as Record<(typeof LANGS)[number], typeof text>,
  ),
  aliases: z.array(text).optional(),
});

const value = z.string().regex(/^[A-Za-z][A-Za-z-]*$/, 'an answer, e.g. KZ or no-papers');
const match = z.record(id, value.or(z.array(value).min(1)));
const when = match.or(z.array(match).min(1));
const ids = z.array(id);

const table = z.strictObject({
  variables: z.record(id, z.array(value).min(1)),
  rows: z
    .array(z.strictObject({ id, when, unclear: z.boolean().default(false), claims: ids, steps: ids.min(1) }))
    .min(1),
  steps: z.record(
    id,
    z.strictObject({
      when: when.optional(),
      claims: ids.default([]),
      contacts: ids.default([]),
      here: ids.default([]),
      sites: ids.default([]),
      sites_service: id.optional(),
    }),
  ),
});

const words = z.array(text).min(1);
const gap = z.strictObject({
  id,
  label: z.strictObject({ en: text, ru: text, kk: text }),
  words: z.strictObject({ en: words, ru: words, kk: words, ky: words, uz: words, tg: words }),
});

/** One schema per kind of file. */
export const SCHEMAS = {
  claims: z.array(claim),
  sites: z.array(site),
  contacts: z.array(contact),
  sources: z.array(z.strictObject({ id, title: text })),
  cities: z.array(city),
  countries: z.strictObject({ countries: z.array(country).min(1), citizenships: z.array(value).min(1) }),
  pages: z.record(id, z.record(country, ids.min(1))),
  gaps: z.array(gap),
  table,
} as const;

export type ClaimRecord = z.infer<typeof claim>;
export type SiteRecord = z.infer<typeof site>;
export type ContactRecord = z.infer<typeof contact>;
export type CityRecord = z.infer<typeof city>;
export type TableRecord = z.infer<typeof table>;
export type GapRecord = z.infer<typeof gap>;
export type When = z.infer<typeof when>;
export type Pages = z.infer<typeof SCHEMAS.pages>;
export type EmergencyTopic = (typeof EMERGENCY_TOPICS)[number];
