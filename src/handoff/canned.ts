import { z } from 'zod';
import type { Problem } from '../errors.ts';
import { toCyrillic } from '../i18n/uz-cyrillic.ts';
import { readLatinNames } from '../i18n/uz-cyrillic-locale.ts';
import type { Lang } from '../message.ts';
import { checkReply } from './check-canned.ts';
import { calendarDay, type Read, readDeskFile, reporter } from './read.ts';
import { SPOKEN, type StaffLang } from './teams.ts';

/** The topic of a reply that fits any. */
export const ANY_TOPIC = 'all';

/** A reply written once, for an operator who sends it and a person who gets it. */
export interface CannedReply {
  id: string;
  /** Topics it is for, `all` for any. */
  topics: readonly string[];
  /** What the operator picks it by. */
  titles: Record<StaffLang, string>;
  /** What it says, for an operator who does not read the person's language. */
  meaning: Record<StaffLang, string>;
  /** What the person gets. */
  texts: Record<Lang, string>;
}

/** The canned replies of an organisation. */
export interface Canned {
  replies: readonly CannedReply[];
  /** Languages whose texts a speaker who knows the subject has read. */
  reviewed: ReadonlySet<Lang>;
}

/** A reply as it is offered in a chat. */
export interface OfferedReply extends Omit<CannedReply, 'texts'> {
  /** In the person's language. */
  text: string;
  /** Nobody has reviewed this language yet. */
  drafted: boolean;
}

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'an id: a–z, 0–9 and "-"');
const words = z.string().trim().min(1, 'some words');
const review = z.strictObject({
  drafted_by: words,
  reviewed_by: words.nullable(),
  reviewed_on: calendarDay().nullable(),
});
const perLanguage = <T extends z.ZodType>(value: T) =>
  z.strictObject({ uz: value, tg: value, ky: value, kk: value, ru: value, en: value });

const cannedFile = z.strictObject({
  _meta: perLanguage(review),
  replies: z.array(
    z.strictObject({
      id,
      topics: z.array(id).min(1, 'at least one topic, or all'),
      title: z.strictObject({ ru: words, kk: words, en: words }),
      text: perLanguage(words).extend({ 'uz-Cyrl': words.optional() }),
    }),
  ),
});

/** `db/content/canned.yaml` as it stands there. */
export type CannedFile = z.infer<typeof cannedFile>;

/**
 * Reads and proves `db/content/canned.yaml` under the project's folder. Without the file there is no reply.
 *
 * @returns the replies, every problem with file and line, and the file itself for further checks. With any problem of level
 *   `error` the replies are not to be used.
 * @throws AppError LOCALE_INVALID when `locales/latin.json` is broken
 */
export function loadCanned(root: string): { canned: Canned; problems: Problem[]; read?: Read<CannedFile> } {
  const { read, problems } = readDeskFile(root, 'canned', cannedFile);
  if (read === undefined) return { canned: { replies: [], reviewed: new Set() }, problems };
  const { data, source } = read;
  const report = reporter(source, problems);
  const names = readLatinNames(root);
  const seen = new Set<string>();
  const replies = data.replies.map((record, i): CannedReply => {
    const at = ['replies', i];
    if (seen.has(record.id))
      report(at, 'duplicate-id', `the reply "${record.id}" stands twice`, 'rename one of them');
    seen.add(record.id);
    const cyrillic = record.text['uz-Cyrl'] ?? toCyrillic(record.text.uz, names);
    const texts = { ...record.text, 'uz-Cyrl': cyrillic };
    checkReply(record.id, texts, names, (path, ...rest) => report([...at, ...path], ...rest));
    const { ru, kk, en } = texts;
    return { id: record.id, topics: record.topics, titles: record.title, meaning: { ru, kk, en }, texts };
  });
  const reviewed = new Set<Lang>(SPOKEN.filter((lang) => data._meta[lang].reviewed_by !== null));
  if (reviewed.has('uz')) reviewed.add('uz-Cyrl');
  for (const lang of SPOKEN) {
    const { reviewed_by, reviewed_on } = data._meta[lang];
    if ((reviewed_by === null) !== (reviewed_on === null))
      report(
        ['_meta', lang],
        'meta',
        `${lang}: half filled in`,
        'reviewed_by and reviewed_on belong together',
      );
  }
  return { canned: { replies, reviewed }, problems, read };
}

/**
 * The replies as an operator sees them in a chat with a person of this language, in the order of the file.
 *
 * @param topic leaves out those for other topics; absent: all of them
 */
export function cannedFor(canned: Canned, lang: Lang, topic?: string): OfferedReply[] {
  return canned.replies
    .filter(({ topics }) => topic === undefined || topics.includes(ANY_TOPIC) || topics.includes(topic))
    .map(({ texts, ...reply }) => ({ ...reply, text: texts[lang], drafted: !canned.reviewed.has(lang) }));
}
