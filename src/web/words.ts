import type { Lang } from '../message.ts';

/** Keys of `locales/<lang>/web.json`: everything the page says by itself. No key takes a placeholder. */
export const WEB_KEYS = [
  'language',
  'clear',
  'more',
  'menu',
  'back',
  'human',
  'help',
  'hide',
  'forget',
  'quick',
  'chat',
  'you',
  'field',
  'send',
  'writing',
  'offline',
  'retry',
  'slow',
  'full',
  'refused',
  'cut',
  'no_answer',
  'check',
  'location',
  'location_sent',
  'location_failed',
  'map',
  'start',
  'not_found',
  'broken',
  'to_chat',
  'staff',
  'staff_where',
  'staff_up',
  'staff_connecting',
  'staff_down',
  'staff_telegram',
  'staff_whatsapp',
] as const;

export type WebKey = (typeof WEB_KEYS)[number];

/** The page's own words in one language. */
export type Words = Readonly<Record<WebKey, string>>;

/** Gives the `web` namespace of a language; missing texts already replaced by the fallback language's. */
export type Chrome = (lang: Lang) => Readonly<Record<string, string>>;

/**
 * Picks and checks the page's words, so that a missing one is found at start and not by a reader.
 * @returns the words, and the keys that are missing or empty
 */
export function pickWords(chrome: Readonly<Record<string, string>>): { words: Words; missing: WebKey[] } {
  const entries = WEB_KEYS.map((key): [WebKey, string] => [key, chrome[key] ?? '']);
  return {
    words: Object.fromEntries(entries) as Record<WebKey, string>,
    missing: WEB_KEYS.filter((key) => !chrome[key]),
  };
}

/** The words that the page's script shows or replaces when the language changes. */
export function scriptWords(words: Words): Partial<Words> {
  const server: readonly string[] = [
    'no_answer',
    'check',
    'not_found',
    'broken',
    'to_chat',
  ] satisfies WebKey[];
  const kept = Object.entries(words).filter(([key]) => !key.startsWith('staff') && !server.includes(key));
  return Object.fromEntries(kept);
}

/** The neutral name: on the page, in its title, in history and notifications. */
export const NAME = 'Hamroh';

/** The header's buttons, as commands the engine knows in every language. */
export const MENU_KEYS = [
  'menu',
  'back',
  'human',
  'help',
  'hide',
  'forget',
] as const satisfies readonly WebKey[];
