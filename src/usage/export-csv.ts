import { setImmediate as pause } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import { periodOf } from './calendar.ts';
import { isDemo, RELEASE_FORMAT, type Release, type ReleasedTable } from './release.ts';

const COLUMNS = [
  'format',
  'country',
  'week',
  'monday',
  'table',
  'kind',
  'row',
  'column',
  'value',
  'hidden',
] as const;
/** One more column, where the people are made up. */
const SIMULATED = 'simulated';

/** One published number. */
type Row = readonly (string | number)[];

/**
 * Releases as CSV, in portions between which other work goes on (a week takes 10 ms), one line for each published number: `kind` is `cell`, `row` (sum of a row), `column` or `total`;
 * what is hidden has no value and 1 under `hidden`. UTF-8 with a byte order mark, for Excel; a text that a spreadsheet
 * would run as a formula begins with an apostrophe.
 */
export async function csvOf(releases: readonly Release[]): Promise<string> {
  const options = { escape_formulas: true, record_delimiter: 'windows' } as const;
  const marked = isDemo(releases);
  let csv = stringify([marked ? [...COLUMNS, SIMULATED] : COLUMNS], { ...options, bom: true });
  for (const release of releases) {
    csv += stringify(
      release.tables.flatMap((table) =>
        linesOf(release, table).map((row) => (marked ? [...row, release.simulated ? 1 : 0] : row)),
      ),
      options,
    );
    await pause();
  }
  return csv;
}

function linesOf({ week, country }: Release, table: ReleasedTable): Row[] {
  const line = (kind: string, row: string, column: string, value: number | null): Row => [
    RELEASE_FORMAT,
    country,
    periodOf(week, 'week').id,
    week,
    table.name,
    kind,
    row,
    column,
    value ?? '',
    value === null ? 1 : 0,
  ];
  return [
    ...table.rows.flatMap((row, r) =>
      table.columns.map((column, c) => line('cell', row, column, table.cells[r]?.[c] ?? null)),
    ),
    ...(table.rowSums ?? []).map((sum, r) => line('row', table.rows[r] ?? '', '', sum)),
    ...(table.columnSums ?? []).map((sum, c) => line('column', '', table.columns[c] ?? '', sum)),
    // Without sums there is no total either.
    ...(table.rowSums === undefined && table.columnSums === undefined
      ? []
      : [line('total', '', '', table.total)]),
  ];
}
