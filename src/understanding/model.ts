/*
 * A linear model: every feature has a weight for every label, a phrase's weights are added up, and the sums become
 * probabilities. How long a phrase is does not matter: its features are taken as a vector of length 1. Labels come in
 * groups that are judged apart: intents, the details of each intent, languages.
 */
import type { Features } from './features.ts';
import { placeOf } from './sorted.ts';

/** Labels of which exactly one holds. */
export interface Group {
  name: string;
  labels: readonly string[];
}

/** What is learnt: weights as whole numbers, a row of every group's labels for each known feature. */
export interface Weights {
  groups: readonly Group[];
  /** Hashes of the known features, ascending. */
  features: Uint32Array;
  /** `features.length` rows of as many numbers as there are labels in all groups. */
  rows: Int8Array;
  /** How much each known feature tells: the rarer, the more. */
  rarities: Float32Array;
  /** What a weight of 1 stands for, for each label. */
  scales: Float32Array;
  /** What every phrase has to begin with, for each label. */
  biases: Float32Array;
}

/** From sums to probabilities: how much surer the higher of two sums is. */
const SHARPNESS = 2.5;

/** How likely each label of a group is for a phrase; they add up to 1. */
export type Likelihoods = ReadonlyMap<string, number>;

/** The same direction, as a vector of length 1. */
export function unitOf(values: Float32Array): Float32Array {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)) || 1;
  return values.map((value) => value / length);
}

/** Weights made ready for reading. */
export class Model {
  readonly #weights: Weights;
  readonly #width: number;
  readonly #spans = new Map<string, { labels: readonly string[]; from: number }>();
  constructor(weights: Weights) {
    this.#weights = weights;
    let from = 0;
    for (const { name, labels } of weights.groups) {
      this.#spans.set(name, { labels, from });
      from += labels.length;
    }
    this.#width = from;
  }

  /** Sums of weights for every label, to be given to {@link judge}; and which share of the phrase is known at all. */
  weigh({ ids, values }: Features): { sums: Float32Array; known: number } {
    const { features, rows, rarities, scales, biases } = this.#weights;
    // One more than the row; 0 is a feature that nobody has learnt.
    const found = ids.map((id) => placeOf(features, id) + 1);
    const unit = unitOf(values.map((value, i) => value * (rarities[(found[i] ?? 0) - 1] ?? 0)));
    const width = this.#width;
    const sums = new Float32Array(width);
    let known = 0;
    let all = 0;
    for (let i = 0; i < found.length; i++) {
      const [row, value] = [(found[i] ?? 0) - 1, unit[i] ?? 0];
      all += values[i] ?? 0;
      if (row < 0) continue;
      known += values[i] ?? 0;
      for (let label = 0, at = row * width; label < width; label++, at++)
        sums[label] = (sums[label] ?? 0) + value * (rows[at] ?? 0);
    }
    for (let label = 0; label < width; label++)
      sums[label] = (sums[label] ?? 0) * (scales[label] ?? 0) + (biases[label] ?? 0);
    return { sums, known: all === 0 ? 0 : known / all };
  }

  /** How likely each label of a group is. */
  judge(sums: Float32Array, group: string): Likelihoods {
    const span = this.#spans.get(group);
    if (span === undefined) return new Map();
    const own = sums.slice(span.from, span.from + span.labels.length);
    const top = Math.max(...own);
    const parts = Array.from(own, (sum) => Math.exp(SHARPNESS * (sum - top)));
    const total = parts.reduce((a, b) => a + b, 0);
    return new Map(span.labels.map((label, i) => [label, (parts[i] ?? 0) / total]));
  }
}
