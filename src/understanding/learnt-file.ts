/*
 * What was learnt, as a file. Learning takes seconds, so the build does it once; whoever starts from source and has
 * changed a phrase since then learns again. A file never stands for other phrases than those it was made from.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LANGS } from '../message.ts';
import { CARE } from './concepts-care.ts';
import { LIFE } from './concepts-life.ts';
import { extractFeatures, extractMarks } from './features.ts';
import { foldWords } from './folding.ts';
import { FAMILIAR, type Learnt } from './learn.ts';
import type { Group } from './model.ts';
import { COMMON } from './neighbours.ts';
import { NOISE } from './noise.ts';
import { type Meaning, PhraseBook } from './phrase-book.ts';
import { phraseFile } from './phrases.ts';
import { type KnownWord, Spelling } from './spelling.ts';
import { SETTINGS } from './train.ts';

/** Beside the compiled program. */
const FILE = 'dist/understanding.bin';

/** Words that show how phrases are folded and taken apart; another way of it means other weights. */
const PROBE =
  'Салом! Менга yordam керак: йўқ, ni4ego, ёрдам, ҷавоб, презерватив порвался 3 кун олдин, what is қазақша';

/** Everything but long rows of numbers, which follow it: see {@link SIZES}. */
interface Header {
  digest: string;
  groups: readonly Group[];
  scales: number[];
  biases: number[];
  meanings: readonly Meaning[];
  words: readonly KnownWord[];
  /** How many numbers there are in each row. */
  counts: number[];
}

/**
 * What stands for the phrases under a project's folder and for the way they are read.
 *
 * @returns 64 hexadecimal digits
 */
export function digestOf(root: string): string {
  const digest = createHash('sha256');
  for (const lang of LANGS) {
    const file = join(root, phraseFile(lang));
    digest.update(`${lang}\n`).update(existsSync(file) ? readFileSync(file) : '');
  }
  const words = foldWords(PROBE);
  digest.update(words.join(' ')).update(CARE).update(LIFE).update(NOISE.join('\n'));
  digest.update(JSON.stringify({ ...SETTINGS, FAMILIAR, COMMON }));
  for (const { ids, values } of [extractFeatures(words, (stem) => stem % 2 === 0), extractMarks(words)])
    digest.update(ids).update(values);
  return digest.digest('hex');
}

/** Writes what was learnt from the phrases with this digest under the project's folder, whole or not at all. */
export function writeLearnt(
  root: string,
  digest: string,
  { weights, stems, spelling, book, files }: Learnt,
): void {
  const rows = [
    ...[book.hashes, spelling.forms, weights.features, Uint32Array.from(stems)],
    ...[files.marks, files.ends, files.phrases, files.lengths, weights.rarities],
    ...[book.codes, weights.rows, files.intents],
  ];
  const header: Header = {
    digest,
    groups: weights.groups,
    scales: Array.from(weights.scales),
    biases: Array.from(weights.biases),
    meanings: book.meanings,
    words: spelling.words,
    counts: rows.map(({ length }) => length),
  };
  const json = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(4);
  start.writeUInt32LE(json.length);
  const path = join(root, FILE);
  mkdirSync(dirname(path), { recursive: true });
  const half = `${path}.new`;
  const parts = rows.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  writeFileSync(half, Buffer.concat([start, json, ...parts]));
  renameSync(half, path);
}

/** What was written for exactly this digest, or undefined: no file, another one's, or a broken one. */
export function readLearnt(root: string, digest: string): Learnt | undefined {
  const path = join(root, FILE);
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  if (bytes.length < 4) return undefined;
  const from = 4 + bytes.readUInt32LE();
  const header = parseHeader(bytes.toString('utf8', 4, from));
  if (header?.digest !== digest) return undefined;
  const ends = endsOf(header, from);
  if (bytes.length !== ends.at(-1)) return undefined;
  // A copy of each row: rows of numbers must begin at a multiple of their size.
  const row = (n: number) =>
    bytes.buffer.slice(bytes.byteOffset + (ends[n] ?? 0), bytes.byteOffset + (ends[n + 1] ?? 0));
  return {
    weights: {
      groups: header.groups,
      features: new Uint32Array(row(2)),
      rarities: new Float32Array(row(8)),
      rows: new Int8Array(row(10)),
      scales: Float32Array.from(header.scales),
      biases: Float32Array.from(header.biases),
    },
    stems: new Set(new Uint32Array(row(3))),
    spelling: new Spelling(header.words, new Float64Array(row(1))),
    book: new PhraseBook(new Float64Array(row(0)), new Uint16Array(row(9)), header.meanings),
    files: {
      marks: new Uint32Array(row(4)),
      ends: new Uint32Array(row(5)),
      phrases: new Uint32Array(row(6)),
      lengths: new Float32Array(row(7)),
      intents: new Uint8Array(row(11)),
    },
  };
}

/** Bytes of one number in each row, in the order in which {@link writeLearnt} writes them. */
const SIZES = [8, 8, 4, 4, 4, 4, 4, 4, 4, 2, 1, 1];

/** Where the rows begin and end in the file. */
function endsOf({ counts }: Header, from: number): number[] {
  let end = from;
  return [from, ...SIZES.map((size, n) => (end += size * (counts[n] ?? 0)))];
}

function parseHeader(json: string): Header | undefined {
  try {
    return JSON.parse(json) as Header;
  } catch {
    // Cut off while it was written, or not ours: learnt anew.
    return undefined;
  }
}
