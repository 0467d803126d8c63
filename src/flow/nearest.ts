/** Longest word compared; ids are shorter, and the work stays bounded. */
const MAX_COMPARED = 40;

/** The candidate a mistyped word most likely means, or undefined when none is near: "wher" → "where". */
export function findNearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = countEdits(word.slice(0, MAX_COMPARED), candidate.slice(0, MAX_COMPARED));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `did you mean "where"?`, or what there is to choose from. */
export function suggest(word: string, candidates: Iterable<string>): string {
  const all = [...candidates];
  const near = findNearest(word, all);
  if (near !== undefined) return `did you mean "${near}"?`;
  if (all.length === 0) return 'there is none yet';
  return `expected one of: ${all.slice(0, 12).join(', ')}${all.length > 12 ? ', …' : ''}`;
}

/** Edits between two words: one added, dropped, changed or swapped letter each counts 1. */
function countEdits(a: string, b: string): number {
  let older: number[] = [];
  let before = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (before[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (older[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    older = before;
    before = row;
  }
  return before[b.length] ?? 0;
}
