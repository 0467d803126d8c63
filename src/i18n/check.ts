import type { Problem } from '../errors.ts';
import { LANGS, type Lang } from '../message.ts';
import { hashText, readAccepted } from './accept.ts';
import { checkEntry, type EntryContext, type KeyReport } from './check-entry.ts';
import { checkMeta, readSame } from './check-files.ts';
import { checkKeywords } from './check-keywords.ts';
import {
  at,
  BASE,
  type Locale,
  listNeeded,
  listPlurals,
  listTexts,
  localeFile,
  splitKey,
  splitPlural,
} from './locale.ts';
import { pluralCategories } from './plurals.ts';
import { readLocales } from './texts.ts';
import { checkCyrillic } from './uz-cyrillic.ts';
import { readLatinNames } from './uz-cyrillic-locale.ts';

/** What `checkLocales` may be told. */
export interface LocaleCheckOptions {
  /** Languages that are shipped; default: all we speak. */
  langs?: readonly Lang[];
  /** Longest label of a choice on the tightest channel, in characters as a person sees them; default 34. */
  labelLimit?: number;
}

/**
 * Whether every language says everything, in the right forms, short enough, from the present base text.
 * `locales/README.md` lists the rules for translators.
 */
export function checkLocales(root: string, options: LocaleCheckOptions = {}): Problem[] {
  const langs = options.langs ?? LANGS;
  const problems: Problem[] = [];
  const locales = readLocales(root, langs, problems);
  const base = locales.get(BASE);
  if (base === undefined) return problems;
  const report: KeyReport = (locale, key, rule, message, hint, level = 'error') => {
    const { namespace, path } = splitKey(key);
    // What is made by rule is mended where it comes from.
    const lang = locale.lang === 'uz-Cyrl' ? 'uz' : locale.lang;
    problems.push({
      ...at(root, localeFile(lang, namespace), path),
      rule,
      message: `${key}: ${message}`,
      hint,
      level,
    });
  };
  const context: EntryContext = {
    base,
    same: readSame(root, problems),
    labelLimit: options.labelLimit ?? 34,
    report,
  };
  for (const locale of locales.values()) {
    for (const [key, entry] of locale.entries) checkEntry(locale, key, entry, context);
    if (locale.lang === 'uz-Cyrl') {
      checkLeftovers(locale, base, readLatinNames(root), report);
      continue;
    }
    checkMeta(root, locale, problems);
    if (locale.lang === BASE) continue;
    checkKeys(locale, base, report, problems);
    checkStale(root, locale, base, report, problems);
  }
  checkKeywords(locales, report);
  return problems;
}

/** Rules `missing-key`, `extra-key`, `plural`. */
function checkKeys(locale: Locale, base: Locale, report: KeyReport, problems: Problem[]): void {
  const needed = listNeeded(base.entries, locale.lang);
  const plurals = listPlurals(base.entries);
  const categories = pluralCategories(locale.lang).join(', ');
  for (const [key, from] of needed) {
    if (locale.entries.has(key)) continue;
    const file = localeFile(locale.lang, splitKey(key).namespace);
    const plural = splitPlural(key, plurals);
    const rule = plural === undefined ? 'missing-key' : 'plural';
    const hint =
      plural === undefined
        ? `translate it from locales/${BASE}`
        : `${locale.lang} needs the forms ${categories}`;
    problems.push({ file, rule, message: `no text for ${key} (from ${from})`, hint, level: 'error' });
  }
  for (const key of locale.entries.keys()) {
    if (needed.has(key)) continue;
    if (splitPlural(key, plurals) === undefined) {
      report(locale, key, 'extra-key', `is not in locales/${BASE}`, 'remove it, or correct its name');
    } else {
      report(locale, key, 'plural', `${locale.lang} has no such form`, `keep the forms ${categories}`);
    }
  }
}

/** Rule `stale`: a text whose base has changed since it was translated. */
function checkStale(
  root: string,
  locale: Locale,
  base: Locale,
  report: KeyReport,
  problems: Problem[],
): void {
  const accepted = readAccepted(root, locale.lang, problems);
  if (accepted === undefined) {
    const file = `locales/${locale.lang}/.source.json`;
    const hint = `read the translation through, then run: hamroh locales accept ${locale.lang}`;
    problems.push({
      file,
      rule: 'stale',
      message: 'nobody said which English texts this was made from',
      hint,
      level: 'error',
    });
    return;
  }
  for (const [key, from] of listNeeded(base.entries, locale.lang)) {
    const text = base.entries.get(from);
    if (text === undefined || !locale.entries.has(key) || accepted.get(key) === hashText(text)) continue;
    const what = accepted.has(key)
      ? 'the English text has changed since'
      : 'was never accepted as a translation';
    report(locale, key, 'stale', what, `look at it again, then run: hamroh locales accept ${locale.lang}`);
  }
}

/** Rule `latin-left`: letters the rules could not turn into Cyrillic. */
function checkLeftovers(locale: Locale, base: Locale, names: readonly string[], report: KeyReport): void {
  for (const [key, entry] of locale.entries) {
    if (entry === base.entries.get(key)) continue;
    const left = listTexts(entry).flatMap((text) => checkCyrillic(text, names));
    if (left.length === 0) continue;
    const words = [...new Set(left)].join(', ');
    report(
      locale,
      key,
      'latin-left',
      `in Cyrillic, Latin letters are left in: ${words}`,
      'spell it in Uzbek, or add the word to locales/latin.json',
    );
  }
}
