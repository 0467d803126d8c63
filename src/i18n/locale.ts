import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { Problem } from '../errors.ts';
import type { Lang } from '../message.ts';
import { CATEGORIES, pluralCategories } from './plurals.ts';

/** A text, or a list of words or phrases. */
export type Entry = string | readonly string[];

/** The JSON of a locale file. */
export type Tree = { [key: string]: Tree | string | string[] };

/** One language as its files have it: nothing filled in from elsewhere. */
export interface Locale {
  lang: Lang;
  /** Trees by namespace, without `_meta`. */
  trees: Map<string, Tree>;
  /** By `<namespace>:<path>`. */
  entries: Map<string, Entry>;
  /** `_meta` of common.json, unchecked. */
  meta: unknown;
}

/** The language that all others are translated from. */
export const BASE: Lang = 'en';

/** Texts that only staff read, and the languages staff read: nobody translates them into others. */
const STAFF_NAMESPACE = 'console:';
const STAFF_LANGS: readonly Lang[] = ['en', 'ru', 'kk'];

/** `locales/ru/rights.json` */
export function localeFile(lang: string, namespace: string): string {
  return `locales/${lang}/${namespace}.json`;
}

/**
 * Reads `locales/<lang>/*.json` under the project's folder. Broken files are reported and left out.
 *
 * @returns undefined when the language has no folder
 */
export function readLocale(root: string, lang: Lang, problems: Problem[]): Locale | undefined {
  const folder = join(root, 'locales', lang);
  if (!existsSync(folder)) return undefined;
  const locale: Locale = { lang, trees: new Map(), entries: new Map(), meta: undefined };
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  for (const name of names.sort()) {
    const namespace = name.slice(0, -'.json'.length);
    const file = localeFile(lang, namespace);
    const data = parseJson(file, readFileSync(join(root, file), 'utf8'), problems);
    if (data === undefined) continue;
    const { _meta: meta, ...tree } = data as Tree;
    if (namespace === 'common') locale.meta = meta;
    locale.trees.set(namespace, tree);
    addEntries(locale.entries, namespace, tree, (path, message, hint) => {
      problems.push({ ...at(root, file, path), rule: 'value', message, hint, level: 'error' });
    });
  }
  return locale;
}

/** `<namespace>:<path>` of every text below a tree. */
export function addEntries(
  entries: Map<string, Entry>,
  namespace: string,
  tree: Tree,
  refuse: (path: string[], message: string, hint: string) => void,
  path: string[] = [],
): void {
  for (const [key, value] of Object.entries(tree)) {
    const here = [...path, key];
    if (/[.:]/.test(key)) {
      refuse(here, `the key "${key}" has "." or ":" in it`, 'these separate keys: choose another name');
    } else if (
      typeof value === 'string' ||
      (Array.isArray(value) && value.every((v) => typeof v === 'string'))
    ) {
      entries.set(`${namespace}:${here.join('.')}`, value);
    } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      addEntries(entries, namespace, value, refuse, here);
    } else {
      refuse(here, `"${here.join('.')}" is not a text`, 'expected a text in quotes, or a list of texts');
    }
  }
}

interface Positions {
  text: string;
  document: Document;
  lines: LineCounter;
}

const positions = new Map<string, Positions>();

/** File and line of a path in a JSON file, for messages; slow, so only used when there is something to say. */
export function at(root: string, file: string, path: readonly string[]): { file: string; line?: number } {
  const full = join(root, file);
  if (!existsSync(full)) return { file };
  const text = readFileSync(full, 'utf8');
  let known = positions.get(full);
  if (known?.text !== text) {
    const lines = new LineCounter();
    // JSON is YAML, and this parser keeps positions.
    known = { text, document: parseDocument(text, { lineCounter: lines }), lines };
    positions.set(full, known);
  }
  const node = known.document.getIn(path, true);
  const offset = isNode(node) ? node.range?.[0] : undefined;
  return offset === undefined ? { file } : { file, line: known.lines.linePos(offset).line };
}

/** `common:found_few` → `['common', 'found_few']`; the path is split at its dots. */
export function splitKey(key: string): { namespace: string; path: string[] } {
  const colon = key.indexOf(':');
  return { namespace: key.slice(0, colon), path: key.slice(colon + 1).split('.') };
}

/** A text in several forms by number: `common:found` for `common:found_one` and `common:found_other`. */
export function listPlurals(base: ReadonlyMap<string, Entry>): Set<string> {
  const stems = new Set<string>();
  for (const key of base.keys()) {
    const stem = key.endsWith('_other') ? key.slice(0, -'_other'.length) : undefined;
    if (stem !== undefined && base.has(`${stem}_one`)) stems.add(stem);
  }
  return stems;
}

/** The stem and category of a key that is a form of a plural text. */
export function splitPlural(
  key: string,
  plurals: ReadonlySet<string>,
): { stem: string; category: string } | undefined {
  const bar = key.lastIndexOf('_');
  const stem = key.slice(0, bar);
  const category = key.slice(bar + 1);
  return bar > 0 && plurals.has(stem) && CATEGORIES.some((c) => c === category)
    ? { stem, category }
    : undefined;
}

/**
 * The keys a language needs, in the order of the base, each with the base key it is translated from: the same keys,
 * and for plural texts one for each category of the language. Texts for staff only where staff read the language.
 */
export function listNeeded(base: ReadonlyMap<string, Entry>, lang: Lang): Map<string, string> {
  const plurals = listPlurals(base);
  const needed = new Map<string, string>();
  for (const key of base.keys()) {
    if (key.startsWith(STAFF_NAMESPACE) && !STAFF_LANGS.includes(lang)) continue;
    const plural = splitPlural(key, plurals);
    if (plural === undefined) {
      needed.set(key, key);
      continue;
    }
    for (const category of pluralCategories(lang)) {
      const own = `${plural.stem}_${category}`;
      needed.set(own, base.has(own) ? own : `${plural.stem}_other`);
    }
  }
  return needed;
}

/** The texts of an entry, one or several. */
export function listTexts(entry: Entry): readonly string[] {
  return typeof entry === 'string' ? [entry] : entry;
}

/** The JSON of a file, or undefined with a problem; undefined without one when there is no such file. */
export function readJsonFile(root: string, file: string, problems: Problem[]): unknown {
  if (!existsSync(join(root, file))) return undefined;
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8'));
  } catch (error) {
    const message = `not valid JSON: ${error instanceof Error ? error.message : String(error)}`;
    problems.push({ file, rule: 'json', message, hint: 'restore it from the repository', level: 'error' });
    return undefined;
  }
}

function parseJson(file: string, text: string, problems: Problem[]): object | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    const message = `not valid JSON: ${error instanceof Error ? error.message : String(error)}`;
    const offset = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
    const line = text.slice(0, offset).split('\n').length;
    const hint = 'look for a missing comma or quote on this line or the one above';
    problems.push({ file, line, rule: 'json', message, hint, level: 'error' });
    return undefined;
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data;
  problems.push({
    file,
    rule: 'json',
    message: 'is not an object',
    hint: 'expected { "key": "text", … }',
    level: 'error',
  });
  return undefined;
}
