/*
 * What a phrase is made of, as the model sees it: pieces of words, words, neighbours, concepts, and how much of it is
 * unfamiliar. Each of them is a number (a hash), so that no list of people's words is needed to read them.
 */
import { conceptsOf } from './concepts.ts';

/** Parts of a phrase: hashes, each with how much it counts. */
export interface Features {
  ids: Uint32Array;
  values: Float32Array;
}

/** Letters in a piece of a word; the ends of the word count as letters. */
const SHORTEST_PIECE = 3;
const LONGEST_PIECE = 4;
/** Nobody types longer words; what comes after is not looked at. */
const LONGEST_WORD = 40;
/** Letters of a word that tell whether it was ever seen; the rest is endings. */
const STEM = 6;

/** How much each kind of part counts in all, however many of it there are. */
const WEIGHT = {
  piece: 1,
  word: 0.7,
  pair: 0.5,
  beginnings: 0.5,
  skeleton: 0.5,
  concept: 0.7,
  concepts: 0.5,
  news: 0.6,
} as const;
type Kind = keyof typeof WEIGHT;
const KINDS = Object.keys(WEIGHT) as Kind[];
const SEED = Object.fromEntries([...KINDS, 'stem'].map((kind, i) => [kind, i + 1])) as Record<
  Kind | 'stem',
  number
>;

const MARK_SEED = 99;
/** What counts much counts a little less: one part of a phrase must not drown the others. */
const EVEN = 0.7;
/** Letters of a word's beginning that are enough beside its neighbour. */
const BEGINNING = 4;

/** Consonants that are mixed up in typing and in hearing are one: b/p, d/t, g/k, z/s, v/f, and ж ч ш. */
const SAME: Readonly<Record<string, string>> = { j: 'c', w: 'c', b: 'p', d: 't', g: 'k', z: 's', v: 'f' };

/** The beginnings of a phrase's words as hashes, each once: what a phrase adds to the words that are familiar. */
export function stemsOf(words: readonly string[]): Set<number> {
  return new Set(words.map(stemOf));
}

/**
 * Takes a phrase apart.
 *
 * @param words in their sound form, see `foldWords`
 * @param isFamiliar whether other phrases have a word with this beginning, see {@link stemsOf}
 */
export function extractFeatures(words: readonly string[], isFamiliar: (stem: number) => boolean): Features {
  const found = new Map<number, number>();
  const byKind = collect(words, isFamiliar);
  for (const kind of KINDS) {
    const ids = byKind[kind];
    const value = WEIGHT[kind] / Math.sqrt(ids.length);
    for (const id of ids) found.set(id, (found.get(id) ?? 0) + value);
  }
  const values = Float32Array.from(found.values(), (value) => value ** EVEN);
  return { ids: Uint32Array.from(found.keys()), values };
}

/** How much each kind of mark counts. */
const MARK = { word: 1, beginning: 1, skeleton: 0.7, pair: 0.8, concept: 0.8 } as const;

/**
 * The marks by which a phrase is found again: its words, their beginnings and consonants, neighbouring beginnings, and
 * concepts. They are fewer than its features, since each leads to a list of phrases.
 *
 * @param words in their sound form
 */
export function extractMarks(words: readonly string[]): Features {
  const found = new Map<number, number>();
  const add = (kind: keyof typeof MARK, text: string) => {
    const id = hash(`${kind} ${text}`, MARK_SEED);
    found.set(id, (found.get(id) ?? 0) + MARK[kind]);
  };
  let before = '';
  for (const long of words) {
    const word = long.slice(0, LONGEST_WORD);
    add('word', word);
    add('beginning', word.slice(0, 5));
    add('skeleton', skeleton(word));
    if (before !== '') add('pair', `${before.slice(0, BEGINNING)} ${word.slice(0, BEGINNING)}`);
    for (const concept of conceptsOf(word)) add('concept', String(concept));
    before = word;
  }
  return { ids: Uint32Array.from(found.keys()), values: Float32Array.from(found.values()) };
}

function collect(words: readonly string[], isFamiliar: (stem: number) => boolean): Record<Kind, number[]> {
  const by: Record<Kind, number[]> = {
    ...{ piece: [], word: [], pair: [], beginnings: [], skeleton: [] },
    ...{ concept: [], concepts: [], news: [] },
  };
  const meant = new Set<number>();
  let unfamiliar = 0;
  let unknown = 0;
  let before = '^';
  for (const long of words) {
    const word = long.slice(0, LONGEST_WORD);
    addPieces(`^${word}$`, by.piece);
    by.word.push(hash(word, SEED.word));
    by.pair.push(hash(`${before} ${word}`, SEED.pair));
    by.beginnings.push(hash(`${before.slice(0, BEGINNING)} ${word.slice(0, BEGINNING)}`, SEED.beginnings));
    before = word;
    const bones = skeleton(word);
    if (bones.length > 1) by.skeleton.push(hash(bones, SEED.skeleton));
    const concepts = conceptsOf(word);
    for (const concept of concepts) meant.add(concept);
    if (isFamiliar(stemOf(word))) continue;
    unfamiliar++;
    if (concepts.length === 0) unknown++;
  }
  by.pair.push(hash(`${before} $`, SEED.pair));
  const ids = [...meant].sort((a, b) => a - b);
  for (const [i, one] of ids.entries()) {
    by.concept.push(hash(String(one), SEED.concept));
    for (const other of ids.slice(i + 1)) by.concepts.push(hash(`${one} ${other}`, SEED.concepts));
  }
  by.news = newsOf(words.length, unfamiliar, unknown).map((fact) => hash(fact, SEED.news));
  return by;
}

/** How much is new: a phrase of words that nobody was heard to say is rarely one of ours. */
function newsOf(words: number, unfamiliar: number, unknown: number): string[] {
  const quarters = (count: number) => Math.round((4 * count) / Math.max(1, words));
  return [
    `unfamiliar ${Math.min(unfamiliar, 3)}`,
    `unfamiliar quarters ${quarters(unfamiliar)}`,
    `unknown ${Math.min(unknown, 3)}`,
    `unknown quarters ${quarters(unknown)}`,
    `words ${Math.min(words, 8)}`,
  ];
}

function addPieces(ends: string, pieces: number[]): void {
  for (let length = SHORTEST_PIECE; length <= LONGEST_PIECE; length++) {
    for (let at = 0; at + length <= ends.length; at++) pieces.push(hash(ends, SEED.piece, at, at + length));
  }
}

/** The beginning of a word, as a hash: endings do not make another word of it. */
export function stemOf(word: string): number {
  return hash(word, SEED.stem, 0, Math.min(STEM, word.length));
}

/** The consonants of a word: vowels are what typing on a phone and other spellings change most. */
function skeleton(word: string): string {
  let bones = '';
  for (const letter of word) {
    if ('aeiou'.includes(letter)) continue;
    const bone = SAME[letter] ?? letter;
    if (!bones.endsWith(bone)) bones += bone;
  }
  return bones;
}

/** FNV-1a over UTF-16 units with a final mix, so that near strings are far apart. */
function hash(text: string, seed: number, from = 0, to = text.length): number {
  let h = 2166136261 ^ Math.imul(seed, 0x9e3779b1);
  for (let i = from; i < to; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}
