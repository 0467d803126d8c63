/** Draws one whole number of noise. */
export type Draw = () => number;

const CHUNK_BYTES = 4_096;
const WORD_BYTES = 4;
const WORDS = 2 ** 32;

/**
 * Two-sided geometric noise with ε = 1: k comes with a probability in proportion to e^−|k|. The draws are exact: coins
 * with whole-number odds are thrown, and no floating-point number is ever compared, whose last digits could say what
 * was added (Canonne, Kamath, Steinke: The Discrete Gaussian, 2020).
 *
 * @param bytes random bytes, so many at a time
 */
export function createNoise(bytes: (length: number) => Buffer): Draw {
  const below = uniform(bytes);
  /** Heads with a probability of exactly 1 ÷ e: the first of the throws 1 ÷ 1, 1 ÷ 2, 1 ÷ 3 … that fails has an odd number. */
  const oneInE = (): boolean => {
    let throws = 1;
    while (below(throws) === 0) throws += 1;
    return throws % 2 === 1;
  };
  return () => {
    for (;;) {
      let size = 0;
      while (oneInE()) size += 1;
      const negative = below(2) === 0;
      // There is one zero only.
      if (!(negative && size === 0)) return negative ? -size : size;
    }
  };
}

/** Whole numbers from 0 to below a limit, all with the same probability. */
function uniform(bytes: (length: number) => Buffer): (limit: number) => number {
  let pool: Buffer = Buffer.alloc(0);
  let used = 0;
  const word = (): number => {
    if (used + WORD_BYTES > pool.length) {
      pool = bytes(CHUNK_BYTES);
      used = 0;
    }
    used += WORD_BYTES;
    return pool.readUInt32BE(used - WORD_BYTES);
  };
  return (limit) => {
    const even = WORDS - (WORDS % limit);
    for (;;) {
      const value = word();
      if (value < even) return value % limit;
    }
  };
}
