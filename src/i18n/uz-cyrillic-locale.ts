import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../errors.ts';
import { addEntries, type Locale, type Tree } from './locale.ts';
import { cyrillicWith } from './uz-cyrillic.ts';

/** Words of our own that stay Latin in Cyrillic texts: `["AFEW", …]`. */
const NAMES_FILE = 'locales/latin.json';

/**
 * The Cyrillic locale: every text of the Latin one by rule, then whatever `locales/uz-Cyrl/` says by hand. A text that
 * is the base text unchanged (a name in English) keeps its letters.
 *
 * @throws {AppError} LOCALE_INVALID when `locales/latin.json` is not a list of words
 */
export function makeCyrillic(
  root: string,
  latin: Locale,
  own: Locale | undefined,
  base: Locale | undefined,
): Locale {
  const convert = cyrillicWith(readLatinNames(root));
  const trees = new Map<string, Tree>();
  for (const [namespace, tree] of latin.trees) {
    trees.set(namespace, convertTree(tree, base?.trees.get(namespace), convert));
  }
  for (const [namespace, tree] of own?.trees ?? []) {
    trees.set(namespace, mergeTrees(trees.get(namespace) ?? {}, tree));
  }
  const entries: Locale['entries'] = new Map();
  // Wrong values were reported when the Latin files were read.
  for (const [namespace, tree] of trees) addEntries(entries, namespace, tree, () => undefined);
  return { lang: 'uz-Cyrl', trees, entries, meta: own?.meta ?? latin.meta };
}

/**
 * The words of `locales/latin.json`, [] when there is no such file.
 *
 * @throws {AppError} LOCALE_INVALID when it is not a list of words
 */
export function readLatinNames(root: string): string[] {
  const path = join(root, NAMES_FILE);
  if (!existsSync(path)) return [];
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new AppError('LOCALE_INVALID', `${NAMES_FILE} is not valid JSON`, {
      hint: 'expected ["word", …]',
      cause,
    });
  }
  if (Array.isArray(data) && data.every((word): word is string => typeof word === 'string' && word !== ''))
    return data;
  throw new AppError('LOCALE_INVALID', `${NAMES_FILE} is not a list of words`, {
    hint: 'expected ["word", …]',
  });
}

function convertTree(tree: Tree, base: Tree | undefined, convert: (text: string) => string): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => {
      const from = base?.[key];
      if (typeof value === 'string') return [key, value === from ? value : convert(value)];
      if (Array.isArray(value)) {
        // A list with something else than texts in it was reported when it was read.
        return [key, value.map((text) => (typeof text === 'string' ? convert(text) : text))];
      }
      return [key, isTree(value) ? convertTree(value, isTree(from) ? from : undefined, convert) : value];
    }),
  );
}

function mergeTrees(under: Tree, over: Tree): Tree {
  const merged: Tree = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isTree(value) && isTree(below) ? mergeTrees(below, value) : value;
  }
  return merged;
}

function isTree(value: Tree[string] | undefined): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
