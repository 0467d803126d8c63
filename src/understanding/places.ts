import { cityKeys } from '../content/city-name.ts';
import type { ContentLookup } from '../content/types.ts';
import type { Texts } from '../engine/types.ts';
import { LANGS } from '../message.ts';
import type { PlacesSaid } from './types.ts';

/** Words of a text that are looked at. */
const MAX_WORDS = 60;
/** A stem is not shortened below this; names that are shorter (РФ, РК) count only as they are. */
const MIN_STEM = 4;

/** Before the name of a country or a city, as keys: из, с, аз, from · в, дар, in. */
const FROM: ReadonlySet<string> = new Set(['iz', 's', 'so', 'az', 'from']);
const IN: ReadonlySet<string> = new Set(['v', 'vo', 'dar', 'in']);
/** "В Казахстан" is where somebody goes, "в Казахстане" where they are. */
const WITH_CASE: ReadonlySet<string> = new Set(['v', 'vo']);
const GOING = /^(?:i?u)?$/;
/** Names of cities that are first of all other words: Oral (оральный), Shu (this), Qarshi (against), Esik (issiq, door), Kant (sugar), Chust (чист). */
const OTHER_WORDS: ReadonlySet<string> = new Set(['oral', 'shu', 'qarshi', 'esik', 'kant', 'chust']);
/** гражданин, fuqarosi, шаҳрванди, жараны, азаматы, citizen, паспорт: next to the name, on either side. */
const CITIZEN = /^(?:grajd|fukaro|shahrvand|jaran|azamat|sitizen|citizen|pasport|pasaport)/;
/** What may follow the stem of a name: nothing, a vowel or two, or an ending that says where from or where. */
const PLAIN_ENDING = /^[aeiou]{0,3}i?$/;
/** Of "Өзбекстаннан" only -ан is left: a doubled letter is one in a key. */
const FROM_ENDING = /^[aeiou]{0,2}(?:[dtn]?[aeo]n|lik)(?:m[aeiu]n|miz|biz)?$/;
const IN_ENDING = /^[aeiou]{0,2}[dt][aeo](?:m[aeiu]n|miz|biz)?$/;
/** The same on any word: "Тошкентданман" is not where somebody looks for a place, "Шымкентте" is. */
const FROM_WORD = /^.{4,}[dtn][aeo]n(?:m[aeiu]n|miz|biz)?$/;

const IN_WORD = /^(.{3,})([dt])[aeo](?:m[aeiu]n|miz|biz)?$/;

interface Name {
  stem: string;
  id: string;
}

/**
 * Finds where people say they are and where they are from: "I am from Uzbekistan", "Қазақстандамын", "аз Тоҷикистон".
 * A country named without a word or an ending that says which of the two it is, is left alone: nothing is guessed that
 * could send somebody to another country's law.
 */
export function createPlaces(content: ContentLookup, texts: Texts): (text: string) => PlacesSaid {
  const stays = namesOf(texts, content.countries(), 'countries');
  const citizenships = namesOf(
    texts,
    content.citizenships().filter((id) => id.length === 2),
    'citizenships',
  );
  return (text) => {
    const words = text.split(/\s+/, MAX_WORDS).map(keyOf);
    const left: string[] = [];
    let country: string | undefined;
    let citizenship: string | undefined;
    let city: string | undefined;
    words.forEach((word, at) => {
      const before = words[at - 1] ?? '';
      const from = FROM.has(before) || FROM_WORD.test(word);
      if (!from && word !== '') left.push(word);
      const nearest = [before === 'of' ? words[at - 2] : before, words[at + 1]];
      const citizen = nearest.some((other) => other !== undefined && CITIZEN.test(other));
      const home = nameIn(word, citizenships);
      const stay = nameIn(word, stays);
      const inside = IN.has(before) || IN_ENDING.test((stay ?? home)?.ending ?? 'x');
      const going = WITH_CASE.has(before) && stay?.stem && GOING.test(stay.ending);
      if (stay !== undefined && inside && !going) country ??= stay.id;
      if (home !== undefined && !inside && (citizen || FROM.has(before) || FROM_ENDING.test(home.ending)))
        citizenship ??= home.id;
      if (home === undefined && stay === undefined) {
        const stem = word.slice(0, -1);
        const cases = IN.has(before) ? [word, stem, `${stem}a`] : withoutEnding(word);
        city ??= cases.flatMap((name) => content.findCity(name, false)?.id ?? [])[0];
      }
    });
    // No guessing at typos: most words of a sentence are not names.
    const named = content.findCity(left.join(' '), false)?.id;
    if (named !== undefined && !OTHER_WORDS.has(named)) city ??= named;
    return {
      ...(city === undefined ? {} : { city }),
      ...(country === undefined ? {} : { country }),
      ...(citizenship === undefined ? {} : { citizenship }),
    };
  };
}

/** A word as a key in which "yosh" (young, tear) is not Osh. */
function keyOf(word: string): string {
  // "үш" is three, not Ўш.
  if (/^үш/iu.test(word)) return '';
  const key = cityKeys(word, 1)[0] ?? '';
  return /^(?:yo|йо|ё)/iu.test(word) ? `j${key}` : key;
}

/** "Шымкентте" may be шымкен and те, or шымкент and те: a doubled letter is one in a key. */
function withoutEnding(word: string): string[] {
  const [, base, letter] = IN_WORD.exec(word) ?? [];
  return base === undefined ? [] : [base, `${base}${letter}`];
}

/** The names of countries in every language, and what else people call them; the longest first. */
function namesOf(texts: Texts, ids: readonly string[], kind: 'countries' | 'citizenships'): Name[] {
  const names = new Map<string, string>();
  for (const id of ids) {
    for (const lang of LANGS) {
      for (const name of [texts.t(lang, `places:${kind}.${id}`), ...texts.list(lang, `places:words.${id}`)]) {
        const [word, ...more] = cityKeys(name, 2);
        if (word !== undefined && more.length === 0) names.set(stemOf(word), id);
      }
    }
  }
  return [...names].map(([stem, id]) => ({ stem, id })).sort((a, b) => b.stem.length - a.stem.length);
}

/** Without the vowels at the end that other cases change: rosia → rosi, turkia → turk. */
function stemOf(word: string): string {
  let end = word.length;
  while (end > MIN_STEM && /[aeiu]/.test(word[end - 1] ?? '')) end -= 1;
  return word.slice(0, end);
}

/** The country whose name this word is, and what is behind its stem; a short name has no stem and no endings. */
function nameIn(
  word: string,
  names: readonly Name[],
): { id: string; ending: string; stem: boolean } | undefined {
  for (const { stem, id } of names) {
    if (!word.startsWith(stem)) continue;
    const ending = word.slice(stem.length);
    if (stem.length < MIN_STEM && ending !== '') continue;
    if ([PLAIN_ENDING, FROM_ENDING, IN_ENDING].some((known) => known.test(ending)))
      return { id, ending, stem: stem.length >= MIN_STEM };
  }
  return undefined;
}
