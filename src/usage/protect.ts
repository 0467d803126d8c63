import { findNarrowed, isNarrowed, type Narrowed } from './attack.ts';
import type { Draw } from './noise.ts';
import type { ReleasedTable, TableSpec } from './release.ts';

/** Below so many nothing is shown, whatever the noise says. */
const FLOOR = 10;
/** A cell is shown from so many up, with its noise … */
const CELLS_FROM = 14;
/** … and a sum of cells from so many up. */
const SUMS_FROM = 20;
const BASE = 5;

/**
 * What may be published of a table. One number of noise is drawn for each cell, once; from here on everything is worked
 * out from the counts with their noise, and only the floor looks at the counts themselves:
 *
 * 1. a cell is hidden below 10, or below 14 with its noise;
 * 2. a sum is shown from 20 up; one that is hidden hides what it is the sum of;
 * 3. a summed line with exactly one hidden cell hides its smallest shown one;
 * 4. as long as the published numbers would narrow a hidden one to less than 9, the smallest number shown beside it is
 *    hidden as well;
 * 5. what is left is rounded to 5.
 *
 * @param counts `[row][column]` as in the spec, zeros included
 * @param draw two-sided geometric noise
 */
export function protect(counts: readonly (readonly number[])[], spec: TableSpec, draw: Draw): ReleasedTable {
  const grid = new Grid(counts, spec, draw);
  for (;;) {
    grid.close();
    const table = grid.publish();
    const narrowed = findNarrowed(table);
    if (narrowed === undefined || !grid.hideBeside(narrowed)) return table;
  }
}

/** A number with its noise, and whether it is shown. */
interface Entry {
  z: number;
  shown: boolean;
}

/** A row or a column whose sum means something. */
interface Line {
  cells: readonly Entry[];
  sum: Entry;
}

/** A table in the making. */
class Grid {
  readonly #spec: TableSpec;
  readonly #cells: readonly Entry[][];
  /** None where sums over the dimension mean nothing. */
  readonly #rows: readonly Line[];
  readonly #columns: readonly Line[];
  /** Absent where a sum of all means nothing. */
  readonly #total?: Entry;

  constructor(counts: readonly (readonly number[])[], spec: TableSpec, draw: Draw) {
    this.#spec = spec;
    const { rows, columns, sums } = spec;
    this.#cells = rows.map((_, row) =>
      columns.map((__, column) => entryOf(counts[row]?.[column] ?? 0, draw)),
    );
    const down = columns.map((_, column) => this.#cells.flatMap((line) => line[column] ?? []));
    this.#rows = sums === 'both' || sums === 'rows' ? this.#cells.map(lineOf) : [];
    this.#columns = sums === 'both' || sums === 'columns' ? down.map(lineOf) : [];
    // Of one line alone the sum is the sum of all.
    const [only, ...more] = sums === 'rows' ? this.#rows : sums === 'columns' ? this.#columns : [];
    if (sums === 'both') this.#total = sumOf(this.#cells.flat());
    else if (only !== undefined && more.length === 0) this.#total = only.sum;
  }

  /** Hides what the hidden sums and the rule of the single hidden cell ask for, until nothing changes. */
  close(): void {
    const lines = [...this.#rows, ...this.#columns];
    for (let changed = true; changed; ) {
      changed = this.#total?.shown === false && hideAll(lines.map(({ sum }) => sum));
      for (const line of lines) changed = closeLine(line) || changed;
    }
  }

  /**
   * Hides one more number, so that another is not narrowed down: the first that helps of those around it.
   * @returns false when nothing is shown any more: what that says, hiding itself says
   */
  hideBeside(place: Narrowed): boolean {
    const around = this.#around(place).filter(({ shown }) => shown);
    const helps = around.find((entry) => {
      entry.shown = false;
      const still = isNarrowed(this.publish(), place);
      entry.shown = true;
      return !still;
    });
    return hideAll([helps ?? around[0] ?? this.#total ?? []].flat());
  }

  publish(): ReleasedTable {
    const { name, rows, columns } = this.#spec;
    return {
      name,
      rows,
      columns,
      cells: this.#cells.map((line) => line.map(rounded)),
      ...(this.#rows.length === 0 ? {} : { rowSums: this.#rows.map(({ sum }) => rounded(sum)) }),
      ...(this.#columns.length === 0 ? {} : { columnSums: this.#columns.map(({ sum }) => rounded(sum)) }),
      total: this.#total === undefined ? null : rounded(this.#total),
    };
  }

  /**
   * What a number could be worked out from, the smaller loss first: a sum takes with it what it is the sum of, and what a
   * row is about (a topic, a channel) says more than its column (a language, a country).
   */
  #around(place: Narrowed): Entry[] {
    const ofRows = smallest(this.#rows.map(({ sum }) => sum));
    const ofColumns = smallest(this.#columns.map(({ sum }) => sum));
    if (place.what === 'row') return ofRows;
    if (place.what === 'column') return ofColumns;
    if (place.what === 'table') return [...ofColumns, ...ofRows];
    const [row, column] = [this.#rows[place.row], this.#columns[place.column]];
    const beside = [row, column].flatMap((line) => smallest(line?.cells ?? []));
    const own = (line: Line | undefined) => (line === undefined ? [] : [line.sum]);
    return [...bySize(beside), ...own(column), ...ofColumns, ...own(row), ...ofRows];
  }
}

function entryOf(n: number, draw: Draw): Entry {
  const z = n + draw();
  return { z, shown: n >= FLOOR && z >= CELLS_FROM };
}

function sumOf(cells: readonly Entry[]): Entry {
  const z = cells.reduce((sum, cell) => sum + cell.z, 0);
  return { z, shown: z >= SUMS_FROM };
}

function lineOf(cells: readonly Entry[]): Line {
  return { cells, sum: sumOf(cells) };
}

/** @returns whether something was hidden */
function closeLine({ cells, sum }: Line): boolean {
  if (!sum.shown) return hideAll(cells);
  // One hidden cell alone could be worked out from the sum and the others.
  return cells.filter(({ shown }) => !shown).length === 1 && hideAll(smallest(cells));
}

function hideAll(entries: readonly Entry[]): boolean {
  const shown = entries.filter((entry) => entry.shown);
  for (const entry of shown) entry.shown = false;
  return shown.length > 0;
}

/** The smallest that is shown; none when all are hidden. */
function smallest(entries: readonly Entry[]): Entry[] {
  return bySize(entries.filter(({ shown }) => shown)).slice(0, 1);
}

function bySize(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => a.z - b.z);
}

function rounded({ z, shown }: Entry): number | null {
  return shown ? Math.round(z / BASE) * BASE : null;
}
