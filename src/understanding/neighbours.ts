/*
 * The phrases that are nearest to what was typed: those that share the rarest words, stems and concepts with it. The
 * linear model knows what words mean in general; neighbours know what just these words meant together.
 */
import { extractMarks, type Features } from './features.ts';
import type { Phrase } from './phrases.ts';
import { placeOf } from './sorted.ts';
import { INTENTS } from './types.ts';

/** Phrases, filed under their marks. */
export interface Files {
  /** Hashes of the marks, ascending. */
  marks: Uint32Array;
  /** Where the phrases of each mark end in `phrases`. */
  ends: Uint32Array;
  /** Numbers of phrases, mark after mark. */
  phrases: Uint32Array;
  /** How long each phrase is as a vector of its marks. */
  lengths: Float32Array;
  /** The intent of each phrase, as its place in `INTENTS`. */
  intents: Uint8Array;
}

/** Marks of more phrases than this say nothing about any of them. */
export const COMMON = 1_500;
/** How many neighbours are asked. */
const NEIGHBOURS = 15;
/** How near a neighbour must be: 1 is the same phrase. */
const NEAR = 0.15;
/** Who is twice as near counts 2 to this power as much. */
const POWER = 5;
/** Every intent has so much to itself: neighbours that are far away change nothing. */
const DOUBT = 0.01;

/** Files phrases. @param folded the words of each in their sound form */
export function filePhrases(phrases: readonly Phrase[], folded: readonly (readonly string[])[]): Files {
  const marked = folded.map(extractMarks);
  const filed = new Map<number, number[]>();
  marked.forEach(({ ids }, phrase) => {
    for (const id of ids) {
      const list = filed.get(id);
      if (list === undefined) filed.set(id, [phrase]);
      else list.push(phrase);
    }
  });
  const countOf = (id: number) => filed.get(id)?.length ?? 0;
  const marks = Uint32Array.from([...filed.keys()].filter((id) => countOf(id) <= COMMON)).sort();
  let end = 0;
  const ends = marks.map((id) => {
    end += countOf(id);
    return end;
  });
  return {
    marks,
    ends,
    phrases: Uint32Array.from([...marks].flatMap((id) => filed.get(id) ?? [])),
    lengths: Float32Array.from(marked, ({ ids, values }) =>
      lengthOf(
        values,
        Array.from(ids, (id) => rarity(countOf(id), phrases.length)),
      ),
    ),
    intents: Uint8Array.from(phrases, ({ intent }) => INTENTS.indexOf(intent)),
  };
}

/** Finds neighbours among filed phrases. */
export class Neighbours {
  readonly #files: Files;
  /** How near each phrase is to what is asked about; between questions nothing but zeros. */
  readonly #nearness: Float32Array;
  /** Numbers of the phrases that are not at zero, from the front. */
  readonly #touched: Uint32Array;

  constructor(files: Files) {
    this.#files = files;
    this.#nearness = new Float32Array(files.lengths.length);
    this.#touched = new Uint32Array(files.lengths.length);
  }

  /**
   * How likely each intent is by the neighbours' word, in the order of `INTENTS`.
   *
   * @param words in their sound form
   */
  ask(words: readonly string[]): Float32Array {
    const said = new Float32Array(INTENTS.length).fill(DOUBT);
    for (const [phrase, nearness] of this.#nearest(extractMarks(words))) {
      const intent = this.#files.intents[phrase] ?? 0;
      said[intent] = (said[intent] ?? 0) + nearness ** POWER;
    }
    const all = said.reduce((a, b) => a + b, 0);
    return said.map((weight) => weight / all);
  }

  #nearest({ ids, values }: Features): [phrase: number, nearness: number][] {
    const { marks, ends, phrases, lengths } = this.#files;
    const nearness = this.#nearness;
    const rows = Array.from(ids, (id) => placeOf(marks, id));
    const startOf = (row: number) => (row <= 0 ? 0 : (ends[row - 1] ?? 0));
    const rarities = rows.map((row) => rarity(row < 0 ? 0 : (ends[row] ?? 0) - startOf(row), lengths.length));
    const length = lengthOf(values, rarities);
    const touched = this.#touched;
    let count = 0;
    for (const [i, row] of rows.entries()) {
      if (row < 0) continue;
      const part = ((values[i] ?? 0) * (rarities[i] ?? 0)) ** 2 / length;
      const end = ends[row] ?? 0;
      for (let at = startOf(row); at < end; at++) {
        const phrase = phrases[at] ?? 0;
        const before = nearness[phrase] ?? 0;
        if (before === 0) touched[count++] = phrase;
        nearness[phrase] = before + part;
      }
    }
    const near: [number, number][] = [];
    for (let n = 0; n < count; n++) {
      const phrase = touched[n] ?? 0;
      const found = (nearness[phrase] ?? 0) / (lengths[phrase] ?? 1);
      if (found >= NEAR) near.push([phrase, found]);
      nearness[phrase] = 0;
    }
    return near.sort(([p, a], [q, b]) => b - a || p - q).slice(0, NEIGHBOURS);
  }
}

/** How much a mark tells: the fewer phrases have it, the more. */
function rarity(count: number, all: number): number {
  return Math.log((all + 1) / (count + 0.5));
}

function lengthOf(values: Float32Array, rarities: readonly number[]): number {
  let sum = 0;
  values.forEach((value, i) => {
    sum += (value * (rarities[i] ?? 0)) ** 2;
  });
  return Math.sqrt(sum) || 1;
}
