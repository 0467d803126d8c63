import { z } from 'zod';
import type { Problem } from '../errors.ts';
import type { Lang } from '../message.ts';
import { hashText, printAccepted, readAccepted, readPair, sourceFile, writeAll } from './accept.ts';
import {
  BASE,
  type Entry,
  type Locale,
  listNeeded,
  listTexts,
  localeFile,
  splitKey,
  type Tree,
} from './locale.ts';
import { listPlaceholders } from './template.ts';

/** Widest line the formatter leaves on one line. */
const LINE_WIDTH = 140;

const entrySchema = z.union([z.string(), z.array(z.string())]);
const lineSchema = z.looseObject({ key: z.string(), en: entrySchema });

/**
 * One language for translators: JSON Lines, one text a line, with its key, its status (`new`, `changed`, `ok`), the
 * English and the present translation (`""` or `[]` when there is none).
 *
 * @throws {AppError} LOCALE_INVALID when the base or the language is broken
 */
export function exportLocale(root: string, lang: Lang): string {
  const { base, locale } = readPair(root, lang);
  const accepted = readAccepted(root, lang, []) ?? new Map<string, string>();
  const lines: string[] = [];
  for (const [key, from] of listNeeded(base.entries, lang)) {
    const text = base.entries.get(from);
    if (text === undefined) continue;
    const own = locale.entries.get(key);
    const status = own === undefined ? 'new' : accepted.get(key) === hashText(text) ? 'ok' : 'changed';
    lines.push(
      JSON.stringify({ key, status, [BASE]: text, [lang]: own ?? (typeof text === 'string' ? '' : []) }),
    );
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Takes back what {@link exportLocale} gave out, in whole or in part. Empty translations change nothing. Each text
 * taken counts as translated from the English on its own line, so a base text that changed meanwhile shows as stale.
 *
 * @returns how many texts changed, and the problems with their lines; with any problem nothing is written
 * @throws {AppError} LOCALE_INVALID when the base or the language is broken
 */
export function importLocale(
  root: string,
  lang: Lang,
  text: string,
): { changed: number; problems: Problem[] } {
  const { base, locale } = readPair(root, lang);
  const problems: Problem[] = [];
  const needed = listNeeded(base.entries, lang);
  const accepted = new Map(readAccepted(root, lang, problems) ?? []);
  const taken = new Map<string, Entry>();
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.trim() === '') continue;
    const refuse = (message: string, hint: string) => {
      problems.push({ file: 'import', line: index + 1, rule: 'import', message, hint, level: 'error' });
    };
    const read = readLine(raw, lang, base, needed, refuse);
    if (read === undefined) continue;
    if (taken.has(read.key)) refuse(`${read.key} stands here a second time`, 'keep one of the two lines');
    taken.set(read.key, read.own);
    accepted.set(read.key, hashText(read.from));
  }
  if (problems.length > 0) return { changed: 0, problems };
  const entries = new Map(locale.entries);
  let changed = 0;
  for (const [key, own] of taken) {
    if (JSON.stringify(entries.get(key)) !== JSON.stringify(own)) changed++;
    entries.set(key, own);
  }
  const files = printLocale({ ...locale, entries }, needed.keys());
  files.set(sourceFile(lang), printAccepted(accepted));
  writeAll(root, files);
  return { changed, problems };
}

interface Line {
  key: string;
  from: Entry;
  own: Entry;
}

function readLine(
  raw: string,
  lang: Lang,
  base: Locale,
  needed: ReadonlyMap<string, string>,
  refuse: (message: string, hint: string) => void,
): Line | undefined {
  let data: unknown;
  try {
    data = JSON.parse(raw);
  } catch (error) {
    refuse(
      `not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
      'look for a missing quote or comma',
    );
    return undefined;
  }
  const parsed = lineSchema.safeParse(data);
  const own = entrySchema.safeParse(parsed.success ? parsed.data[lang] : undefined);
  if (!parsed.success || !own.success) {
    refuse('is not a line of an export', `expected {"key": "…", "${BASE}": "…", "${lang}": "…"}`);
    return undefined;
  }
  const key = parsed.data.key;
  const from = parsed.data.en;
  const now = base.entries.get(needed.get(key) ?? '');
  if (now === undefined) {
    refuse(`there is no text "${key}"`, 'it was removed or renamed meanwhile: remove the line');
    return undefined;
  }
  if (typeof now !== typeof own.data) {
    refuse(`${key} must be ${typeof now === 'string' ? 'one text' : 'a list of texts'}`, `as in ${BASE}`);
    return undefined;
  }
  const filled = listTexts(own.data).filter((one) => one.trim() !== '');
  if (filled.length === 0) return undefined;
  const expected = listPlaceholders(listTexts(from).join(' ')).filter((name) => name !== 'count');
  const given = listPlaceholders(filled.join(' ')).filter((name) => name !== 'count');
  if (expected.join() !== given.join()) {
    const names = expected.map((name) => `{{${name}}}`).join(', ') || 'none';
    refuse(`${key} has other placeholders than the English`, `expected ${names}`);
    return undefined;
  }
  return { key, from, own: typeof own.data === 'string' ? own.data : filled };
}

/** The files of a language: keys in the order of the base, its own extra ones after them. */
function printLocale(locale: Locale, order: Iterable<string>): Map<string, string> {
  const trees = new Map<string, Tree>();
  const keys = new Set([...[...order].filter((key) => locale.entries.has(key)), ...locale.entries.keys()]);
  for (const key of keys) {
    const { namespace, path } = splitKey(key);
    const tree = trees.get(namespace) ?? {};
    trees.set(namespace, tree);
    const entry = locale.entries.get(key);
    if (entry !== undefined) setPath(tree, path, typeof entry === 'string' ? entry : [...entry]);
  }
  const files = new Map<string, string>();
  for (const [namespace, tree] of trees) {
    const meta = namespace === 'common' && locale.meta !== undefined ? { _meta: locale.meta } : {};
    files.set(localeFile(locale.lang, namespace), `${printJson({ ...meta, ...tree }, '', 0)}\n`);
  }
  return files;
}

function setPath(tree: Tree, path: readonly string[], value: string | string[]): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    tree[first] = value;
    return;
  }
  const below = tree[first];
  const next: Tree = typeof below === 'object' && !Array.isArray(below) ? below : {};
  tree[first] = next;
  setPath(next, rest, value);
}

/** JSON as the project's formatter leaves it: objects open, lists on one line where they fit. */
function printJson(value: unknown, indent: string, before: number): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    if (before + line.length < LINE_WIDTH) return line;
    return `[\n${value.map((item) => inner + JSON.stringify(item)).join(',\n')}\n${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const lines = Object.entries(value).map(([key, item]) => {
    const head = `${inner}${JSON.stringify(key)}: `;
    return head + printJson(item, inner, head.length);
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
}
