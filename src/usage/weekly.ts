import type { Count } from './event.ts';
import type { Draw } from './noise.ts';
import { protect } from './protect.ts';
import { RELEASE_FORMAT, type Release, type ReleasedTable, type TableSpec } from './release.ts';

/** What a release is made by. */
export interface ReleaseRules {
  /** Country of the deployment, `KZ`. */
  country: string;
  tables: readonly TableSpec[];
  draw: Draw;
}

/**
 * The release of a week, out of its counters.
 *
 * @param week its Monday, `2026-11-16`
 * @returns the release, and how many counters belong to no table (of a flow removed since, say) and were left out
 */
export function releaseWeek(
  week: string,
  counts: readonly Count[],
  { country, tables, draw }: ReleaseRules,
): { release: Release; dropped: number } {
  const known = new Map(counts.map(({ name, a, b, n }) => [[name, a, b].join('\0'), n]));
  const released = tables.map((spec) => {
    const matrix = spec.rows.map((row) =>
      spec.columns.map((column) => {
        const key = [spec.name, row, column].join('\0');
        const n = known.get(key) ?? 0;
        known.delete(key);
        return n;
      }),
    );
    return protect(matrix, spec, draw);
  });
  const release: Release = { format: RELEASE_FORMAT, week, country, tables: withoutLoneSenders(released) };
  return { release, dropped: known.size };
}

/** One person can be sent any number of messages: their channel shows how many only where it shows how many came. */
function withoutLoneSenders(tables: readonly ReleasedTable[]): ReleasedTable[] {
  const visits = tables.find(({ name }) => name === 'visit');
  return tables.map((table) => {
    if (table.name !== 'sent') return table;
    const cells = table.cells.map((line, at) => {
      const row = visits?.rows.indexOf(table.rows[at] ?? '') ?? -1;
      const came = visits?.rowSums?.[row] ?? null;
      return came === null ? line.map(() => null) : line;
    });
    return { ...table, cells };
  });
}
