/*
 * Teaches the linear model by gradient descent: phrase by phrase, in an order that is the same every time. A feature's
 * steps get smaller the more it has learnt (Adagrad), so that a rare word learns as fast as a common one.
 */
import type { Features } from './features.ts';
import type { Group, Weights } from './model.ts';

/** A phrase to learn from. */
export interface Example {
  features: Features;
  /** Group → label that holds; groups that do not matter for this phrase are absent. */
  labels: Readonly<Record<string, string>>;
}

const ROUNDS = 6;
const STEP = 0.5;
/** How far from certain even a phrase that was learnt stays: labels can be wrong. */
const SMOOTHING = 0.02;
/** Square of an error that is not worth a step: half of all phrases after the first rounds. */
const SMALL = 0.001;
/** Features of a single phrase say nothing about others, and are two thirds of all. */
const FEWEST_PHRASES = 2;
const WIDEST = 127;
const USUAL_RARITY = 1.2;

/** The same examples in the same order always give the same weights. */
export function trainWeights(groups: readonly Group[], examples: readonly Example[]): Weights {
  const counts = new Map<number, number>();
  for (const { features } of examples) {
    for (const id of features.ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const known = [...counts.keys()].filter((id) => (counts.get(id) ?? 0) >= FEWEST_PHRASES);
  const features = Uint32Array.from(known).sort();
  const rarities = Float32Array.from(features, (id) => rarity(counts.get(id) ?? 1, examples.length));
  const rowOf = new Map(Array.from(features, (id, row) => [id, row]));
  const inputs = examples.map((example) => inputOf(example.features, rowOf, rarities));
  const learnt = groups.map((group) => {
    const learner = new Learner(group.labels.length, features.length);
    examples.forEach(({ labels }, i) => {
      const right = group.labels.indexOf(labels[group.name] ?? '\n');
      const input = inputs[i];
      if (right >= 0 && input !== undefined) learner.lessons.push({ ...input, right });
    });
    for (let round = 0; round < ROUNDS; round++) learner.round();
    return learner.weights;
  });
  return { groups, features, ...quantise(groups, learnt, rarities) };
}

/** Rare features tell more than common ones; about 1 for most. */
function rarity(count: number, all: number): number {
  return Math.sqrt(Math.log((all + 1) / count) / Math.log(all + 1)) * USUAL_RARITY;
}

/** The known features of a phrase, by row. */
interface Input {
  rows: Int32Array;
  values: Float32Array;
}

function inputOf(
  { ids, values }: Features,
  rowOf: ReadonlyMap<number, number>,
  rarities: Float32Array,
): Input {
  const known = Array.from(ids.keys()).filter((i) => rowOf.has(ids[i] ?? -1));
  const rows = Int32Array.from(known, (i) => rowOf.get(ids[i] ?? -1) ?? 0);
  return {
    rows,
    values: Float32Array.from(known, (i, n) => (values[i] ?? 0) * (rarities[rows[n] ?? 0] ?? 0)),
  };
}

/** Learns one group of labels. */
class Learner {
  readonly lessons: (Input & { right: number })[] = [];
  /** A row of labels for each feature. */
  readonly weights: Float32Array;
  /** How much each feature has learnt. */
  readonly #seen: Float32Array;
  readonly #width: number;
  readonly #errors: Float32Array;
  #random = 20_261_122;

  constructor(labels: number, features: number) {
    this.#width = labels;
    this.#errors = new Float32Array(labels);
    this.weights = new Float32Array(features * labels);
    this.#seen = new Float32Array(features).fill(0.01);
  }

  /** Every lesson once, in a new order. */
  round(): void {
    const order = this.lessons;
    for (let i = order.length - 1; i > 0; i--) {
      const j = this.#draw(i + 1);
      const [a, b] = [order[i], order[j]];
      if (a !== undefined && b !== undefined) [order[i], order[j]] = [b, a];
    }
    for (const { rows, values, right } of order) this.#learn(rows, values, right);
  }

  #learn(rows: Int32Array, values: Float32Array, right: number): void {
    const [errors, weights, seen, width] = [this.#errors, this.weights, this.#seen, this.#width];
    errors.fill(0);
    for (let i = 0; i < rows.length; i++) {
      const start = (rows[i] ?? 0) * width;
      const value = values[i] ?? 0;
      for (let l = 0; l < width; l++) errors[l] = (errors[l] ?? 0) + value * (weights[start + l] ?? 0);
    }
    const square = toErrors(errors, right);
    if (square < SMALL) return;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0;
      const value = values[i] ?? 0;
      const learnt = (seen[row] ?? 0) + square * value * value;
      seen[row] = learnt;
      const step = (STEP * value) / Math.sqrt(learnt);
      const start = row * width;
      for (let l = 0; l < width; l++)
        weights[start + l] = (weights[start + l] ?? 0) - step * (errors[l] ?? 0);
    }
  }

  /** A whole number below `n`, from a fixed sequence: nothing here is left to chance. */
  #draw(n: number): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#random / 2 ** 32) * n);
  }
}

/**
 * Sums of weights → how far each label's probability is from what it should be.
 *
 * @returns the sum of the squares of that
 */
function toErrors(sums: Float32Array, right: number): number {
  const top = Math.max(...sums);
  let total = 0;
  for (let l = 0; l < sums.length; l++) {
    const part = Math.exp((sums[l] ?? 0) - top);
    sums[l] = part;
    total += part;
  }
  const wrong = SMOOTHING / Math.max(1, sums.length - 1);
  let squares = 0;
  for (let l = 0; l < sums.length; l++) {
    const error = (sums[l] ?? 0) / total - (l === right ? 1 - SMOOTHING : wrong);
    sums[l] = error;
    squares += error * error;
  }
  return squares;
}

/** One byte a weight: the least sure ones are noise anyhow. Readers need not know how rare a feature is. */
function quantise(
  groups: readonly Group[],
  learnt: readonly Float32Array[],
  rarities: Float32Array,
): Pick<Weights, 'rows' | 'scales'> {
  const widths = groups.map(({ labels }) => labels.length);
  const width = widths.reduce((a, b) => a + b, 0);
  const rows = new Int8Array(rarities.length * width);
  const scales = new Float32Array(width);
  let from = 0;
  learnt.forEach((weights, group) => {
    const own = widths[group] ?? 0;
    const scaled = weights.map((weight, i) => weight * (rarities[Math.floor(i / own)] ?? 0));
    const scale = scaled.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) / WIDEST || 1;
    scales.fill(scale, from, from + own);
    scaled.forEach((weight, i) => {
      rows[Math.floor(i / own) * width + from + (i % own)] = Math.round(weight / scale);
    });
    from += own;
  });
  return { rows, scales };
}
