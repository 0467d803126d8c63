import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError, formatProblem, type Problem } from '../errors.ts';
import type { Lang } from '../message.ts';
import { BASE, type Entry, type Locale, listNeeded, readJsonFile, readLocale } from './locale.ts';

/** First 8 hex digits of SHA-256 of a base text. */
export function hashText(entry: Entry): string {
  return createHash('sha256')
    .update(typeof entry === 'string' ? entry : JSON.stringify(entry))
    .digest('hex')
    .slice(0, 8);
}

/** Where it is kept which base texts a language was translated from. */
export function sourceFile(lang: Lang): string {
  return `locales/${lang}/.source.json`;
}

/** Key → hash of the base text it was translated from; undefined when nothing was ever accepted. */
export function readAccepted(root: string, lang: Lang, problems: Problem[]): Map<string, string> | undefined {
  const data = readJsonFile(root, sourceFile(lang), problems);
  return typeof data === 'object' && data !== null ? new Map(Object.entries(data)) : undefined;
}

/**
 * Says that a language's texts are translations of the present base texts: writes `locales/<lang>/.source.json`.
 *
 * @returns how many texts were new or changed since the last time
 * @throws {AppError} LOCALE_INVALID when the language or the base cannot be read, or is not translated at all
 */
export function acceptLocale(root: string, lang: Lang): { accepted: number } {
  const { base, locale } = readPair(root, lang);
  const problems: Problem[] = [];
  const before = readAccepted(root, lang, problems) ?? new Map<string, string>();
  const after = new Map<string, string>();
  for (const [key, from] of listNeeded(base.entries, lang)) {
    const text = base.entries.get(from);
    if (text !== undefined && locale.entries.has(key)) after.set(key, hashText(text));
  }
  writeAll(root, new Map([[sourceFile(lang), printAccepted(after)]]));
  return { accepted: [...after].filter(([key, hash]) => before.get(key) !== hash).length };
}

/** The text of `.source.json`. */
export function printAccepted(accepted: ReadonlyMap<string, string>): string {
  const sorted = [...accepted].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

/**
 * Writes files as a whole: all are written beside their places first, then put there.
 *
 * @param files text by path from the project's folder
 */
export function writeAll(root: string, files: ReadonlyMap<string, string>): void {
  for (const [file, text] of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, `${file}.new`), text);
  }
  for (const file of files.keys()) renameSync(join(root, `${file}.new`), join(root, file));
}

/**
 * The base and one translated language.
 *
 * @throws {AppError} LOCALE_INVALID when one of them cannot be read, or the language is not a translated one
 */
export function readPair(root: string, lang: Lang): { base: Locale; locale: Locale } {
  if (lang === BASE || lang === 'uz-Cyrl') {
    const hint =
      lang === BASE ? 'all others are translated from it' : 'it is made from uz by rule: translate uz';
    throw new AppError('LOCALE_INVALID', `"${lang}" is not a translation`, { hint });
  }
  const problems: Problem[] = [];
  const base = readLocale(root, BASE, problems);
  const locale = readLocale(root, lang, problems);
  if (base === undefined)
    throw new AppError('LOCALE_INVALID', `locales/${BASE} is not there`, {
      hint: 'restore it from the repository',
    });
  const broken = problems[0];
  if (broken !== undefined)
    throw new AppError('LOCALE_INVALID', formatProblem(broken), { hint: broken.hint ?? 'mend it first' });
  return { base, locale: locale ?? { lang, trees: new Map(), entries: new Map(), meta: undefined } };
}
