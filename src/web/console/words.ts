import type { Texts } from '../../engine/types.ts';
import { CONSOLE_LANGS, type ConsoleLang } from '../../store/staff-types.ts';
import type { ConsoleRequest } from './pages.ts';

/** Each language's own name. */
export const LANG_NAMES: Readonly<Record<ConsoleLang, string>> = {
  ru: 'Русский',
  kk: 'Қазақша',
  en: 'English',
};

/** The language of the console for a browser's `Accept-Language`, by its order; Russian when it asks for none of ours. */
export function preferredConsoleLang(header: string | undefined): ConsoleLang {
  for (const part of (header ?? '').split(',').slice(0, 20)) {
    const tag = part.split(';')[0]?.trim().toLowerCase().split('-')[0];
    const lang = CONSOLE_LANGS.find((known) => known === tag);
    if (lang !== undefined) return lang;
  }
  return 'ru';
}

/** Texts of the namespace `console` in one language. A key that does not exist is reported and shown as it is. */
export function wordsIn(
  texts: Texts,
  lang: ConsoleLang,
  report?: (error: unknown) => void,
): ConsoleRequest['t'] {
  return (key, params) => {
    const full = `console:${key}`;
    if (!texts.has(lang, full)) report?.(new Error(`no text ${full}`));
    return texts.t(lang, full, params);
  };
}
