import type { Lang } from '../message.ts';

/** Plural categories of CLDR, as they stand at the end of a key: `found_one`, `found_few`, … */
export const CATEGORIES = ['zero', 'one', 'two', 'few', 'many', 'other'] as const;
export type Category = (typeof CATEGORIES)[number];

/**
 * ICU has no rules for Tajik and then silently takes those of the server's own language. Tajik counts as Uzbek does:
 * one, and everything else; the noun stays in the singular after a number.
 */
const BORROWED: Readonly<Record<string, string>> = { tg: 'uz' };

const made = new Map<string, Intl.PluralRules>();

/**
 * The plural rules of a language, the same whatever `LC_ALL` says.
 *
 * @throws {RangeError} when ICU does not know the language and no rules are named for it here
 */
export function pluralRules(lang: string): Intl.PluralRules {
  const known = made.get(lang);
  if (known !== undefined) return known;
  const code = BORROWED[lang] ?? lang;
  if (Intl.PluralRules.supportedLocalesOf([code]).length === 0) {
    throw new RangeError(
      `no plural rules for "${lang}": name a language that counts like it in src/i18n/plurals.ts`,
    );
  }
  const rules = new Intl.PluralRules(code);
  made.set(lang, rules);
  return rules;
}

/** Which form of a text goes with this number: 21 → `one` in Russian, `other` in English. */
export function pluralCategory(lang: Lang, count: number): Category {
  return pluralRules(lang).select(count);
}

/** The forms a text with a number needs in this language, in the order of {@link CATEGORIES}. */
export function pluralCategories(lang: Lang): Category[] {
  const needed = new Set<string>(pluralRules(lang).resolvedOptions().pluralCategories);
  return CATEGORIES.filter((category) => needed.has(category));
}
