/** Ascending numbers. */
type Sorted = Uint32Array | Float64Array;

/** The first place with a number that is not below `wanted`; the length when all are. */
export function firstFrom(sorted: Sorted, wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first place of a number, or -1. */
export function placeOf(sorted: Sorted, wanted: number): number {
  const place = firstFrom(sorted, wanted);
  return sorted[place] === wanted ? place : -1;
}
