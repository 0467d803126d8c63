/**
 * Random numbers that a seed decides and nothing else: the same seeds give the same people. Fast, and for nothing that
 * has to be secret.
 */
export class Chance {
  #state = 0x9e3779b9;

  /** @param seeds whole numbers; each way of combining them is a stream of its own */
  constructor(...seeds: readonly number[]) {
    for (const seed of seeds) this.#state = mix(this.#state ^ (seed | 0)) + 0x9e3779b9;
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    return mix(this.#state) / 2 ** 32;
  }

  /** A whole number from 0 to below a limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  happens(odds: number): boolean {
    return this.next() < odds;
  }

  /** One of a list; undefined of an empty one. */
  pick<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }

  /** One of a list, by weights that need not add up to anything; undefined when there is none above 0. */
  weighted<T>(list: readonly T[], weightOf: (item: T) => number): T | undefined {
    const weights = list.map((item) => Math.max(0, weightOf(item)));
    let left = this.next() * weights.reduce((sum, weight) => sum + weight, 0);
    return list.find((_, i) => {
      const weight = weights[i] ?? 0;
      left -= weight;
      return weight > 0 && left < 0;
    });
  }

  /** One of the names of a table of weights. */
  oneOf<T extends string>(weights: Readonly<Record<T, number>>): T {
    const names = Object.keys(weights) as T[];
    const found = this.weighted(names, (name) => weights[name]);
    if (found === undefined) throw new Error('a table without weights');
    return found;
  }

  /** Around a median, with a long end upwards: how long people take for something. */
  around(median: number, spread: number): number {
    // Box and Muller; 1 − next() is never 0.
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return median * Math.exp(spread * normal);
  }
}

/** Spreads the bits of a 32-bit number (the last part of mulberry32). @returns 0 to 2³² − 1 */
function mix(n: number): number {
  let t = Math.imul(n ^ (n >>> 15), n | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return (t ^ (t >>> 14)) >>> 0;
}
