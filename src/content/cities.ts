import MiniSearch from 'minisearch';
import { cityKeys } from './city-name.ts';
import type { City } from './types.ts';

/** Words of a sentence that are looked at. */
const MAX_WORDS = 24;
/** Longer than this it is a story, not the name of a place: only exact names count in it. */
const MAX_WORDS_GUESSED = 6;
/** A city's name has at most this many words. */
const MAX_NAME_WORDS = 3;
/** Shorter words have too many neighbours to be guessed: "menu", "help" and "test" must stay what they are. */
const MIN_GUESSED = 5;
/** "in Tashkent", "I am in Bishkek" as people write it: Тошкентда, Бишкектемин, Алматыда, Ташкенте, Dushanbega … */
const ENDINGS = /^(.{3,}?)(?:[dt][aeo](?:n|gi)?(?:m[aei]n|miz)?|[gk][aeo]|n[iy]|ning|[aeiu])$/;

/** A city, the names it is known by, and aliases. */
export interface NamedCity {
  city: City;
  aliases: readonly string[];
}

/** Finds cities by what people call them, in any script, with the usual endings and slips of the finger. */
export class CityFinder {
  readonly #exact = new Map<string, City>();
  readonly #fuzzy: MiniSearch<{ id: string; name: string }>;

  constructor(cities: readonly NamedCity[]) {
    const names: { id: string; name: string }[] = [];
    for (const { city, aliases } of cities) {
      for (const name of [...Object.values(city.names), ...aliases].flatMap(withoutTajikKeys)) {
        const whole = cityKeys(name, MAX_NAME_WORDS).join('');
        if (whole === '' || this.#exact.has(whole)) continue;
        this.#exact.set(whole, city);
        names.push({ id: whole, name: whole });
      }
    }
    this.#fuzzy = new MiniSearch({
      fields: ['name'],
      tokenize: (text) => [text],
      processTerm: (term) => term,
      searchOptions: { fuzzy: (term) => (term.length >= 8 ? 2 : 1), prefix: false },
    });
    this.#fuzzy.addAll(names);
  }

  /** The city named in a text: exactly, else with an ending, else with a typo. The first one named wins. */
  find(text: string, guess = true): City | undefined {
    const words = cityKeys(text, MAX_WORDS);
    const spans = listSpans(words);
    for (const span of spans) {
      const city = this.#exact.get(span);
      if (city !== undefined) return city;
    }
    for (const span of spans) {
      const city = this.#exact.get(ENDINGS.exec(span)?.[1] ?? '');
      if (city !== undefined) return city;
    }
    return !guess || words.length > MAX_WORDS_GUESSED ? undefined : this.#guess(spans);
  }

  #guess(spans: readonly string[]): City | undefined {
    for (const span of spans) {
      if (span.length < MIN_GUESSED) continue;
      const [best] = this.#fuzzy.search(span, { filter: (found) => String(found.id)[0] === span[0] });
      if (best !== undefined) return this.#exact.get(String(best.id));
    }
    return undefined;
  }
}

/** Runs of one to three words, longer ones first, so that "Усть Каменогорск" is one name. */
function listSpans(words: readonly string[]): string[] {
  const spans: string[] = [];
  for (let size = Math.min(MAX_NAME_WORDS, words.length); size >= 1; size--) {
    for (let at = 0; at + size <= words.length; at++) spans.push(words.slice(at, at + size).join(''));
  }
  return spans;
}

/** A Russian keyboard has no ҷ: people write ч for it as often as ж. */
function withoutTajikKeys(name: string): string[] {
  return /ҷ/i.test(name) ? [name, name.replace(/ҷ/g, 'ч').replace(/Ҷ/g, 'Ч')] : [name];
}
