import type { Draw } from '../../src/usage/noise.ts';
import type { ReleasedTable, TableSpec } from '../../src/usage/release.ts';

/**
 * The release of a table as it is described, step by step and nothing more: a second way to the same numbers. It lacks
 * what keeps hidden numbers from being worked out, so it shows more than may be shown.
 */
export function sixSteps(counts: readonly (readonly number[])[], spec: TableSpec, draw: Draw): ReleasedTable {
  const z = counts.map((line) => line.map((n) => n + draw()));
  const shown = counts.map((line, r) => line.map((n, c) => n >= 10 && z[r]![c]! >= 14));
  const perRow = spec.sums === 'both' || spec.sums === 'rows';
  const perColumn = spec.sums === 'both' || spec.sums === 'columns';
  const rows = spec.rows.map((_, r) => spec.columns.map((__, c) => [r, c] as const));
  const columns = spec.columns.map((_, c) => spec.rows.map((__, r) => [r, c] as const));
  const lines = [...(perRow ? rows : []), ...(perColumn ? columns : [])];
  for (let again = true; again; ) {
    again = false;
    for (const line of lines) {
      if (line.filter(([r, c]) => !shown[r]![c]!).length !== 1) continue;
      const least = line.filter(([r, c]) => shown[r]![c]!).sort(([r, c], [s, d]) => z[r]![c]! - z[s]![d]!)[0];
      if (least === undefined) continue;
      shown[least[0]]![least[1]] = false;
      again = true;
    }
  }
  const sum = (line: readonly (readonly [number, number])[]) => {
    const total = line.reduce((all, [r, c]) => all + z[r]![c]!, 0);
    return total >= 20 ? five(total) : null;
  };
  const whole = spec.sums === 'both' || (perColumn && columns.length === 1) || (perRow && rows.length === 1);
  return {
    name: spec.name,
    rows: spec.rows,
    columns: spec.columns,
    cells: z.map((line, r) => line.map((value, c) => (shown[r]![c] ? five(value) : null))),
    ...(perRow ? { rowSums: rows.map(sum) } : {}),
    ...(perColumn ? { columnSums: columns.map(sum) } : {}),
    total: whole ? sum(rows.flat()) : null,
  };
}

function five(n: number): number {
  return 5 * Math.round(n / 5);
}
