import { describe, expect, it } from 'vitest';
import { type Group, Model, type Weights } from '../../src/understanding/model.ts';
import { type Example, SETTINGS, trainWeights } from '../../src/understanding/train.ts';

const GROUPS: readonly Group[] = [{ name: 'side', labels: ['left', 'right'] }];

const features = (...ids: number[]) => ({
  ids: Uint32Array.from(ids),
  values: new Float32Array(ids.length).fill(1),
});
const example = (label: string | undefined, ...ids: number[]): Example => ({
  features: features(...ids),
  labels: label === undefined ? {} : { side: label },
});

/** The weight of a feature for a label. */
function weightOf({ features: known, rows, scales }: Weights, id: number, label: number): number {
  return (rows[known.indexOf(id) * scales.length + label] ?? 0) * (scales[label] ?? 0);
}

/** Numbers of a sequence that looks like chance and is the same each time, 0..1. */
function chance(): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

describe('support vector machines', () => {
  it('give the weights that can be reckoned by hand', () => {
    const weights = trainWeights(GROUPS, [
      ...[example('left', 1), example('left', 1)],
      ...[example('right', 2), example('right', 2)],
    ]);
    // For weights u and -u and no bias, u² + 4C(1 - u)² is least at 4C / (1 + 4C).
    const u = (4 * SETTINGS.cost) / (1 + 4 * SETTINGS.cost);
    expect(weightOf(weights, 1, 0)).toBeCloseTo(u, 1);
    expect(weightOf(weights, 2, 0)).toBeCloseTo(-u, 1);
    expect(weightOf(weights, 1, 1)).toBeCloseTo(-u, 1);
    expect(weights.biases[0]).toBeCloseTo(0, 1);
  });

  it('leave no better weights near them', () => {
    const draw = chance();
    const examples = Array.from({ length: 200 }, (): Example => {
      const ids = Array.from({ length: 12 }, (_, id) => id).filter(() => draw() < 0.4);
      const label = ids.filter((id) => id < 6).length + draw() * 2 > ids.length / 2 + 1 ? 'left' : 'right';
      return example(label, ...(ids.length === 0 ? [0] : ids));
    });
    const weights = trainWeights(GROUPS, examples);
    const found = Array.from(weights.features, (id) => weightOf(weights, id, 0));
    const bias = weights.biases[0] ?? 0;
    const model = new Model(weights);
    const unit = examples.map(({ features: { ids } }) => {
      const values = Array.from(ids, (id) => weights.rarities[weights.features.indexOf(id)] ?? 0);
      const length = Math.hypot(...values);
      return new Map(Array.from(ids, (id, i) => [weights.features.indexOf(id), (values[i] ?? 0) / length]));
    });
    const cost = (plane: readonly number[], b: number) => {
      const size = plane.reduce((sum, w) => sum + w * w, b * b) / 2;
      const losses = unit.map((vector, i) => {
        const height = [...vector].reduce((sum, [row, value]) => sum + value * (plane[row] ?? 0), b);
        return Math.max(0, 1 - height * (examples[i]?.labels.side === 'left' ? 1 : -1)) ** 2;
      });
      return size + SETTINGS.cost * losses.reduce((a, loss) => a + loss, 0);
    };
    const least = cost(found, bias);
    for (let i = 0; i < 300; i++) {
      const other = found.map((w) => w + (draw() - 0.5) * 0.3);
      expect(cost(other, bias + (draw() - 0.5) * 0.3)).toBeGreaterThan(least * 0.999);
    }
    expect(least).toBeLessThan(
      cost(
        found.map(() => 0),
        0,
      ) * 0.8,
    );
    const right = examples.filter(({ features: one, labels }) => {
      const likely = model.judge(model.weigh(one).sums, 'side');
      return (likely.get('left') ?? 0) > 0.5 === (labels.side === 'left');
    });
    expect(right.length).toBeGreaterThan(160);
  });

  it('are the same for the same examples, and know no feature of a single phrase', () => {
    const examples = [example('left', 1, 3), example('left', 1), example('right', 2), example('right', 2, 4)];
    const [one, two] = [trainWeights(GROUPS, examples), trainWeights(GROUPS, examples)];
    expect(two).toEqual(one);
    expect([...one.features]).toEqual([1, 2]);
  });

  it('leave out phrases to which a group does not matter', () => {
    const weights = trainWeights(GROUPS, [
      ...[example('left', 1), example('left', 1), example('right', 2), example('right', 2)],
      ...[example(undefined, 3), example(undefined, 3)],
    ]);
    expect(weightOf(weights, 3, 0)).toBe(0);
  });

  it('take a phrase in the same way however long it is', () => {
    const weights = trainWeights(GROUPS, [
      ...[example('left', 1), example('left', 1), example('right', 2), example('right', 2)],
    ]);
    const model = new Model(weights);
    const [one] = model.weigh(features(1)).sums;
    const [twice] = model.weigh({ ids: Uint32Array.of(1), values: Float32Array.of(2) }).sums;
    expect(twice).toBeCloseTo(one ?? 0, 6);
    expect(model.weigh(features(1, 9)).known).toBe(0.5);
  });
});
