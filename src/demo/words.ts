import { readContent } from '../content/load.ts';
import type { Lang } from '../message.ts';
import { loadPhrases, type Phrase } from '../understanding/phrases.ts';
import type { Intent } from '../understanding/types.ts';
import type { Chance } from './chance.ts';

/** Some things are asked for far more often than others: topics of `gaps.yaml`; all the rest 1. */
const WANTED: Readonly<Record<string, number>> = {
  ...{ job: 12, documents: 12, citizenship: 5, housing: 3, money: 3, doctor: 3 },
  ...{ hepatitis: 9, 'mental-health': 6, tuberculosis: 4, contraception: 4, teeth: 3 },
};

/** A topic we have nothing about, and its words as people of each language write them. */
export interface Gap {
  id: string;
  words: Readonly<Partial<Record<Lang, readonly string[]>>>;
}

/** What the demo's people type. */
export class Words {
  readonly #phrases = new Map<string, string[]>();
  readonly #gaps: readonly Gap[];

  constructor(phrases: readonly Phrase[], gaps: readonly Gap[]) {
    for (const { lang, intent, text } of phrases) {
      const key = `${lang} ${intent}`;
      const known = this.#phrases.get(key);
      if (known === undefined) this.#phrases.set(key, [text]);
      else known.push(text);
    }
    this.#gaps = gaps;
  }

  /** A phrase of a language about something; `none`: about nothing of ours. */
  about(intent: Intent, lang: Lang, chance: Chance): string | undefined {
    return chance.pick(this.#phrases.get(`${lang} ${intent}`) ?? []);
  }

  /** A word for something we have nothing about. */
  gap(lang: Lang, chance: Chance): string | undefined {
    const gap = chance.weighted(this.#gaps, ({ id }) => WANTED[id] ?? 1);
    const words = gap?.words[lang === 'uz-Cyrl' ? 'uz' : lang];
    // `шприц*` stands for every word that begins so.
    return chance.pick(words ?? [])?.replace('*', '');
  }
}

/** The project's own phrases and gaps: some seconds of work. @param root the project's folder */
export function loadWords(root: string): Words {
  const { data } = readContent(root);
  return new Words(
    loadPhrases(root).phrases,
    data.gaps.map(({ record }) => record),
  );
}
