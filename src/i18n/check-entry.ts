import type { Problem } from '../errors.ts';
import type { Lang } from '../message.ts';
import type { Same } from './check-files.ts';
import { BASE, type Entry, type Locale, listNeeded, listTexts } from './locale.ts';
import { dropPlaceholders, listPlaceholders } from './template.ts';

/** Labels longer than this are hard to read on a small phone. */
const COMFORTABLE_LABEL = 24;
const LABEL = /^[^:]+:(?:[^:]*\.)?choices\.[^.]+$|^common:nav\./;
const CYRILLIC: ReadonlySet<Lang> = new Set(['ru', 'kk', 'ky', 'tg']);
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Adds a problem about a key of a locale. */
export type KeyReport = (
  locale: Locale,
  key: string,
  rule: string,
  message: string,
  hint: string,
  level?: Problem['level'],
) => void;

/** What every check of a key needs. */
export interface EntryContext {
  base: Locale;
  same: Same;
  labelLimit: number;
  report: KeyReport;
}

/** Rules about a single text: `empty`, `label-long`, `placeholders`, `same-text`, `mixed-script`, `kind`. */
export function checkEntry(locale: Locale, key: string, entry: Entry, context: EntryContext): void {
  const { report } = context;
  if (listTexts(entry).some((text) => text.trim() === '')) {
    report(locale, key, 'empty', 'is empty', 'write a text, or remove the key');
  }
  checkLabel(locale, key, entry, context);
  checkScript(locale, key, entry, report);
  const from = locale.lang === BASE ? undefined : baseOf(context.base, locale.lang).get(key);
  const base = from === undefined ? undefined : context.base.entries.get(from);
  if (base === undefined) return;
  if (typeof base !== typeof entry) {
    const is = typeof base === 'string' ? 'one text' : 'a list of texts';
    report(locale, key, 'kind', `is not ${is} as in ${BASE}`, `expected ${is}`);
    return;
  }
  if (locale.lang === 'uz-Cyrl') return;
  checkPlaceholders(locale, key, entry, base, report);
  checkSame(locale, key, entry, base, context);
}

const neededOf = new WeakMap<Locale, Map<Lang, Map<string, string>>>();

/** Key of a language → key of the base it is translated from; worked out once per language. */
function baseOf(base: Locale, lang: Lang): Map<string, string> {
  const known = neededOf.get(base) ?? new Map<Lang, Map<string, string>>();
  neededOf.set(base, known);
  const needed = known.get(lang) ?? listNeeded(base.entries, lang);
  known.set(lang, needed);
  return needed;
}

function checkLabel(locale: Locale, key: string, entry: Entry, { labelLimit, report }: EntryContext): void {
  if (typeof entry !== 'string' || !LABEL.test(key)) return;
  const length = Array.from(graphemes.segment(entry)).length;
  if (length > labelLimit) {
    report(
      locale,
      key,
      'label-long',
      `"${entry}" has ${length} characters`,
      `at most ${labelLimit} fit on a button`,
    );
  } else if (length > COMFORTABLE_LABEL) {
    const hint = `${COMFORTABLE_LABEL} or fewer read well on a small phone`;
    report(locale, key, 'label-long', `"${entry}" has ${length} characters`, hint, 'warning');
  }
}

function checkPlaceholders(locale: Locale, key: string, entry: Entry, base: Entry, report: KeyReport): void {
  const own = listPlaceholders(listTexts(entry).join(' '));
  const expected = listPlaceholders(listTexts(base).join(' '));
  // "one place" need not say {{count}}; its other forms must.
  const free = /_(?:zero|one|two)$/.test(key) ? 'count' : undefined;
  const wrong = [
    ...expected
      .filter((name) => !own.includes(name) && name !== free)
      .map((name) => `{{${name}}} is missing`),
    ...own
      .filter((name) => !expected.includes(name) && name !== free)
      .map((name) => `{{${name}}} is not in ${BASE}`),
  ];
  if (wrong.length === 0) return;
  const names = expected.map((name) => `{{${name}}}`).join(', ');
  report(
    locale,
    key,
    'placeholders',
    wrong.join(', '),
    names === '' ? 'expected none' : `expected ${names}, unchanged`,
  );
}

function checkSame(
  locale: Locale,
  key: string,
  entry: Entry,
  base: Entry,
  { same, report }: EntryContext,
): void {
  const own = listTexts(entry);
  const texts = listTexts(base);
  const identical = own.length === texts.length && own.every((text, i) => text.trim() === texts[i]?.trim());
  const hasWords = own.some((text) => /\p{L}/u.test(dropPlaceholders(text)));
  if (!identical || !hasWords || same.allows(key, own)) return;
  report(locale, key, 'same-text', 'is the English text', 'translate it, or list it in locales/same.json');
}

/** A Latin letter in a Cyrillic word looks right and matches nothing that people type. */
function checkScript(locale: Locale, key: string, entry: Entry, report: KeyReport): void {
  if (locale.lang === 'uz-Cyrl') return;
  for (const text of listTexts(entry)) {
    for (const [word] of dropPlaceholders(text).matchAll(/[\p{L}\p{M}]+/gu)) {
      if (!/\p{Script=Latin}/u.test(word) || !/\p{Script=Cyrillic}/u.test(word)) continue;
      const strange = CYRILLIC.has(locale.lang) ? /\p{Script=Latin}/gu : /\p{Script=Cyrillic}/gu;
      const letters = [...new Set(word.match(strange))].map(
        (l) => `${l} (U+${l.codePointAt(0)?.toString(16).padStart(4, '0')})`,
      );
      report(
        locale,
        key,
        'mixed-script',
        `"${word}" mixes Latin and Cyrillic letters: ${letters.join(', ')}`,
        'type the word again in one script',
      );
    }
  }
}
