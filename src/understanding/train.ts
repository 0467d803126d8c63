/*
 * Teaches the linear model: one support vector machine for each label, which holds its phrases apart from all others
 * with as much room as it can. It is solved in the dual, phrase by phrase, in an order that is the same every time
 * (Hsieh, Chang, Lin, Keerthi and Sundararajan, "A dual coordinate descent method for large-scale linear SVM", 2008,
 * algorithms 1 and 3 with the squared hinge loss).
 */
import type { Features } from './features.ts';
import { type Group, unitOf, type Weights } from './model.ts';

/** A phrase to learn from. */
export interface Example {
  features: Features;
  /** Group → label that holds; groups that do not matter for this phrase are absent. */
  labels: Readonly<Record<string, string>>;
}

/** What decides what is learnt from the same phrases; a file with other settings is another one. */
export const SETTINGS = {
  /** What a phrase on the wrong side costs, against the size of the weights. */
  cost: 3,
  /** Rounds at the most; most labels need fewer. */
  rounds: 60,
  /** A round in which no phrase asks for more than this is the last. */
  enough: 0.2,
  /** Features of a single phrase say nothing about others, and are two thirds of all. */
  fewestPhrases: 2,
  /** Rare features tell more than common ones, to this power. */
  rarityPower: 3,
  seed: 20_261_122,
} as const;

const WIDEST = 127;
/** So little that no step is worth taking. */
const NOTHING = 1e-9;

/** The same examples in the same order always give the same weights. */
export function trainWeights(groups: readonly Group[], examples: readonly Example[]): Weights {
  const counts = new Map<number, number>();
  for (const { features } of examples) {
    for (const id of features.ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const known = [...counts.keys()].filter((id) => (counts.get(id) ?? 0) >= SETTINGS.fewestPhrases);
  const features = Uint32Array.from(known).sort();
  const rarities = Float32Array.from(features, (id) => rarity(counts.get(id) ?? 1, examples.length));
  const rowOf = new Map(Array.from(features, (id, row) => [id, row]));
  const inputs = examples.map((example) => inputOf(example.features, rowOf, rarities));
  const learnt = groups.map(({ name, labels }) => {
    const said = examples.map((example) => example.labels[name]);
    const lessons = lessonsOf(inputs.filter((_, i) => said[i] !== undefined));
    const right = said.filter((label) => label !== undefined);
    return labels.map((label) => separate(lessons, right, label, features.length));
  });
  return { groups, features, rarities, ...quantise(learnt) };
}

function rarity(count: number, all: number): number {
  return Math.sqrt(Math.log((all + 1) / count) / Math.log(all + 1)) ** SETTINGS.rarityPower;
}

/** The known features of a phrase, by row, as a vector of length 1. */
interface Input {
  rows: Int32Array;
  values: Float32Array;
}

/** Phrases one after the other: those of lesson `i` are at `ends[i - 1]` to `ends[i]`. */
interface Lessons extends Input {
  ends: Int32Array;
}

function lessonsOf(inputs: readonly Input[]): Lessons {
  let end = 0;
  const ends = Int32Array.from(inputs, ({ rows }) => (end += rows.length));
  const lessons: Lessons = { rows: new Int32Array(end), values: new Float32Array(end), ends };
  inputs.forEach((input, i) => {
    lessons.rows.set(input.rows, ends[i - 1] ?? 0);
    lessons.values.set(input.values, ends[i - 1] ?? 0);
  });
  return lessons;
}

function inputOf(
  { ids, values }: Features,
  rowOf: ReadonlyMap<number, number>,
  rarities: Float32Array,
): Input {
  const known = Array.from(ids.keys()).filter((i) => rowOf.has(ids[i] ?? -1));
  const rows = Int32Array.from(known, (i) => rowOf.get(ids[i] ?? -1) ?? 0);
  const weighed = Float32Array.from(known, (i, n) => (values[i] ?? 0) * (rarities[rows[n] ?? 0] ?? 0));
  return { rows, values: unitOf(weighed) };
}

/** A weight for each feature, and what every phrase has to begin with. */
interface Plane {
  weights: Float32Array;
  bias: number;
}

/** The plane with a label's lessons on its positive side, and all others on the negative one. */
function separate(lessons: Lessons, said: readonly string[], label: string, features: number): Plane {
  const plane: Plane = { weights: new Float32Array(features), bias: 0 };
  const slack = 1 / (2 * SETTINGS.cost);
  const side = Int8Array.from(said, (one) => (one === label ? 1 : -1));
  const held = new Float64Array(said.length);
  const active = Int32Array.from(said.keys());
  const draw = sequence();
  let count = active.length;
  // Who asks for less than the most that anybody asked for in the round before is left out of the next ones.
  let most = Number.POSITIVE_INFINITY;
  for (let round = 0; round < SETTINGS.rounds; round++) {
    let [above, below] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let n = 0; n < count; n++) {
      swap(active, n, n + draw(count - n));
      const i = active[n] ?? 0;
      const hold = held[i] ?? 0;
      const y = side[i] ?? 1;
      const gradient = y * heightOf(lessons, i, plane) - 1 + slack * hold;
      if (hold === 0 && gradient > most) {
        count--;
        swap(active, n, count);
        n--;
        continue;
      }
      const asked = hold === 0 ? Math.min(gradient, 0) : gradient;
      above = Math.max(above, asked);
      below = Math.min(below, asked);
      if (Math.abs(asked) < NOTHING) continue;
      // The vector is of length 1 and the bias counts as one more feature.
      const now = Math.max(hold - gradient / (2 + slack), 0);
      held[i] = now;
      push(plane, lessons, i, (now - hold) * y);
    }
    if (above - below > SETTINGS.enough) most = above > 0 ? above : Number.POSITIVE_INFINITY;
    else if (count === active.length) break;
    else {
      // Those who were left out are asked once more.
      count = active.length;
      most = Number.POSITIVE_INFINITY;
    }
  }
  return plane;
}

function heightOf({ rows, values, ends }: Lessons, lesson: number, { weights, bias }: Plane): number {
  const end = ends[lesson] ?? 0;
  let sum = bias;
  for (let at = ends[lesson - 1] ?? 0; at < end; at++)
    sum += (values[at] ?? 0) * (weights[rows[at] ?? 0] ?? 0);
  return sum;
}

function push(plane: Plane, { rows, values, ends }: Lessons, lesson: number, by: number): void {
  const { weights } = plane;
  const end = ends[lesson] ?? 0;
  for (let at = ends[lesson - 1] ?? 0; at < end; at++) {
    const row = rows[at] ?? 0;
    weights[row] = (weights[row] ?? 0) + by * (values[at] ?? 0);
  }
  plane.bias += by;
}

function swap(list: Int32Array, i: number, j: number): void {
  const kept = list[i] ?? 0;
  list[i] = list[j] ?? 0;
  list[j] = kept;
}

/** Whole numbers below `n`, in a fixed sequence: nothing here is left to chance. */
function sequence(): (n: number) => number {
  let state: number = SETTINGS.seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** One byte a weight: the least sure ones are noise anyhow. */
function quantise(learnt: readonly (readonly Plane[])[]): Pick<Weights, 'rows' | 'scales' | 'biases'> {
  const planes = learnt.flat();
  const width = planes.length;
  const rows = new Int8Array((planes[0]?.weights.length ?? 0) * width);
  const scales = new Float32Array(width);
  planes.forEach(({ weights }, label) => {
    const scale = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) / WIDEST || 1;
    scales[label] = scale;
    weights.forEach((weight, row) => {
      rows[row * width + label] = Math.round(weight / scale);
    });
  });
  return { rows, scales, biases: Float32Array.from(planes, ({ bias }) => bias) };
}
