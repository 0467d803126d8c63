/*
 * A linear model: every feature has a weight for every label, a phrase's weights are added up, and the sums become
 * probabilities. Labels come in groups that are judged apart: intents, the details of each intent, languages.
 */
import type { Features } from './features.ts';

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
  /** What a weight of 1 stands for, for each label. */
  scales: Float32Array;
}

/** How likely each label of a group is for a phrase; they add up to 1. */
export type Likelihoods = ReadonlyMap<string, number>;

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
    const { rows, scales } = this.#weights;
    const sums = new Float32Array(this.#width);
    let known = 0;
    let all = 0;
    ids.forEach((id, i) => {
      const value = values[i] ?? 0;
      all += value;
      const row = this.#rowOf(id);
      if (row < 0) return;
      known += value;
      const start = row * this.#width;
      for (let label = 0; label < sums.length; label++) {
        sums[label] = (sums[label] ?? 0) + value * (rows[start + label] ?? 0);
      }
    });
    for (let label = 0; label < sums.length; label++) sums[label] = (sums[label] ?? 0) * (scales[label] ?? 0);
    return { sums, known: all === 0 ? 0 : known / all };
  }

  /** How likely each label of a group is. */
  judge(sums: Float32Array, group: string): Likelihoods {
    const span = this.#spans.get(group);
    if (span === undefined) return new Map();
    const own = sums.slice(span.from, span.from + span.labels.length);
    const top = Math.max(...own);
    const parts = Array.from(own, (sum) => Math.exp(sum - top));
    const total = parts.reduce((a, b) => a + b, 0);
    return new Map(span.labels.map((label, i) => [label, (parts[i] ?? 0) / total]));
  }

  #rowOf(id: number): number {
    const { features } = this.#weights;
    let [low, high] = [0, features.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((features[middle] ?? 0) < id) low = middle + 1;
      else high = middle;
    }
    return features[low] === id ? low : -1;
  }
}
