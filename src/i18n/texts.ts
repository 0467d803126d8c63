import { createInstance, type i18n as I18n, type Resource } from 'i18next';
import type { Texts } from '../engine/types.ts';
import type { Problem } from '../errors.ts';
import { LANGS, type Lang } from '../message.ts';
import { BASE, type Entry, type Locale, listNeeded, localeFile, readLocale, splitKey } from './locale.ts';
import { pluralCategory, pluralRules } from './plurals.ts';
import { compileTemplate, type Params } from './template.ts';
import { makeCyrillic } from './uz-cyrillic-locale.ts';

/** What `loadTexts` may be told. */
export interface TextOptions {
  /** Languages to load; default: all we speak. */
  langs?: readonly Lang[];
  /** Level of a missing text; default `error`. Whatever it is, a person then reads the English. */
  missing?: Problem['level'];
}

/**
 * Reads `locales/` under the project's folder. Namespaces are the files of the base language; `uz-Cyrl` is made from
 * `uz` by rule, and its own files, if any, win.
 *
 * @returns texts that are safe to use only when no problem has level `error`
 * @throws {RangeError} when a language has no plural rules
 */
export function loadTexts(root: string, options: TextOptions = {}): { texts: Texts; problems: Problem[] } {
  const langs = options.langs ?? LANGS;
  for (const lang of langs) pluralRules(lang);
  const problems: Problem[] = [];
  const locales = readLocales(root, langs, problems);
  const base = locales.get(BASE);
  if (base === undefined) return { texts: makeTexts(locales), problems };
  for (const lang of langs) {
    const locale = locales.get(lang);
    if (locale !== undefined && lang !== BASE)
      reportMissing(locale, base, options.missing ?? 'error', problems);
  }
  return { texts: makeTexts(locales), problems };
}

/** All languages by code, `uz-Cyrl` made from `uz`; the base is always among them if it exists. */
export function readLocales(root: string, langs: readonly Lang[], problems: Problem[]): Map<Lang, Locale> {
  const locales = new Map<Lang, Locale>();
  const wanted = new Set<Lang>([BASE, ...langs]);
  if (wanted.has('uz-Cyrl')) wanted.add('uz');
  for (const lang of wanted) {
    const locale = readLocale(root, lang, problems);
    if (locale !== undefined) {
      locales.set(lang, locale);
    } else if (lang !== 'uz-Cyrl') {
      const hint = lang === BASE ? 'restore it from the repository' : `copy locales/${BASE} and translate it`;
      problems.push({
        file: `locales/${lang}`,
        rule: 'missing-locale',
        message: 'is not there',
        hint,
        level: 'error',
      });
    }
  }
  const latin = locales.get('uz');
  if (wanted.has('uz-Cyrl') && latin !== undefined) {
    locales.set('uz-Cyrl', makeCyrillic(root, latin, locales.get('uz-Cyrl'), locales.get(BASE)));
  }
  return locales;
}

function reportMissing(locale: Locale, base: Locale, level: Problem['level'], problems: Problem[]): void {
  // A key of the Cyrillic that is missing is missing in the Latin too, and reported there.
  if (locale.lang === 'uz-Cyrl') return;
  for (const [key, from] of listNeeded(base.entries, locale.lang)) {
    if (locale.entries.has(key)) continue;
    const { namespace } = splitKey(key);
    const hint = `translate ${from} of locales/${BASE}`;
    const file = localeFile(locale.lang, namespace);
    problems.push({ file, rule: 'missing-key', message: `no text for ${key}`, hint, level });
  }
}

/** One language, ready to answer: strings by key, compiled on first use. */
interface Shelf {
  entries: ReadonlyMap<string, Entry>;
  /** Keys that can be asked for: those of the entries, and `found` where there is `found_other`. */
  keys: ReadonlySet<string>;
  plain: Map<string, string>;
  compiled: Map<string, (params: Params | undefined) => string>;
}

/** Texts over locales that were read before. Keys nobody translated come in the base language. */
export function makeTexts(locales: ReadonlyMap<Lang, Locale>): Texts {
  const i18n = startI18next(locales);
  const shelves = new Map<Lang, Shelf>();
  for (const lang of LANGS) {
    const entries = locales.get(lang)?.entries ?? new Map<string, Entry>();
    shelves.set(lang, makeShelf(entries));
  }
  const shelfOf = (lang: Lang): Shelf => shelves.get(lang) ?? makeShelf(new Map());
  const baseShelf = shelfOf(BASE);
  const exists = (key: string, shelf: Shelf): boolean => shelf.keys.has(key) || baseShelf.keys.has(key);

  const compile = (lang: Lang, shelf: Shelf, key: string, params: Params | undefined) => {
    const context = params?.context;
    // An unknown context is no context: values from outside must not fill the memory.
    const variant = context !== undefined && exists(`${key}_${context}`, shelf) ? String(context) : undefined;
    const count = typeof params?.count === 'number' ? params.count : undefined;
    const form = count === undefined ? '' : count === 0 ? 'zero' : pluralCategory(lang, count);
    const slot = `${key}|${form}|${variant ?? ''}`;
    const known = shelf.compiled.get(slot);
    if (known !== undefined) return known;
    const made = compileTemplate(resolve(i18n, lang, key, count, variant));
    if (exists(key, shelf)) shelf.compiled.set(slot, made);
    return made;
  };
  return {
    t(lang, key, params) {
      const shelf = shelfOf(lang);
      if (params !== undefined) return compile(lang, shelf, key, params)(params);
      const known = shelf.plain.get(key);
      if (known !== undefined) return known;
      const text = compile(lang, shelf, key, undefined)(undefined);
      if (exists(key, shelf)) shelf.plain.set(key, text);
      return text;
    },
    has: (lang, key) => shelfOf(lang).keys.has(key),
    list(lang, key) {
      const entry = shelfOf(lang).entries.get(key) ?? baseShelf.entries.get(key);
      return Array.isArray(entry) ? entry : [];
    },
  };
}

function makeShelf(entries: ReadonlyMap<string, Entry>): Shelf {
  const keys = new Set(entries.keys());
  for (const key of entries.keys()) if (key.endsWith('_other')) keys.add(key.slice(0, -'_other'.length));
  return { entries, keys, plain: new Map(), compiled: new Map() };
}

function resolve(
  i18n: I18n,
  lang: Lang,
  key: string,
  count: number | undefined,
  context: string | undefined,
): string {
  const text: unknown = i18n.t(key, {
    lng: lang,
    skipInterpolation: true,
    ...(count === undefined ? {} : { count }),
    ...(context === undefined ? {} : { context }),
    defaultValue: key,
  });
  return typeof text === 'string' ? text : key;
}

/** i18next decides forms, variants and fallbacks; nothing is escaped, our output is plain text. */
function startI18next(locales: ReadonlyMap<Lang, Locale>): I18n {
  const resources: Resource = {};
  const namespaces = new Set<string>(['common']);
  for (const [lang, { trees }] of locales) {
    resources[lang] = Object.fromEntries(trees);
    for (const namespace of trees.keys()) namespaces.add(namespace);
  }
  const instance = createInstance();
  // `initAsync: false` finishes before it returns: all resources are here, there is nothing to wait for.
  void instance.init({
    resources,
    ns: [...namespaces],
    defaultNS: 'common',
    lng: BASE,
    fallbackLng: BASE,
    load: 'currentOnly',
    initAsync: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  instance.services.pluralResolver.getRule = (code: string) => pluralRules(code);
  return instance;
}
