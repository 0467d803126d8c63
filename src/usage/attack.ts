import { Network } from './network.ts';
import type { ReleasedTable } from './release.ts';

/** A hidden number, and the interval it was narrowed to is too small. `table`: nothing fits, which says as much. */
export type Narrowed =
  | { what: 'cell'; row: number; column: number }
  | { what: 'row'; row: number }
  | { what: 'column'; column: number }
  | { what: 'table' };

/** No hidden number may be narrowed to less than this: hiding alone says that it is 0 to 9 or so. */
export const WIDTH = 9;
/** The network counts in halves, so that 2.5 is whole. */
const HALVES = 2;
/** Published numbers are rounded to 5. */
const OFF = 2.5;
/** What a sum that was hidden for itself can be at most; see `protect.ts`. */
const SUM = 19;

type Interval = [low: number, high: number];
type Line = readonly (number | null)[];

/**
 * What somebody works out who has all that is published of a table and knows how it was made: every shown number lies
 * within 2.5 of what is shown, sums are sums, nothing hidden is negative, and what was hidden for the sake of another
 * number is not larger than what is still shown next to it. Over these rules the smallest and the largest value of each
 * hidden number is found; they are a flow through rows and columns.
 *
 * @returns the first hidden number that is narrowed to less than {@link WIDTH}; sums before cells
 */
export function findNarrowed(table: ReleasedTable): Narrowed | undefined {
  return attack(table, () => true);
}

/** Whether this one number is narrowed. A number that is shown is not. */
export function isNarrowed(table: ReleasedTable, { what, ...where }: Narrowed): boolean {
  const at = JSON.stringify(where);
  return (
    attack(table, ({ what: kind, ...place }) => kind === what && JSON.stringify(place) === at) !== undefined
  );
}

function attack(table: ReleasedTable, wanted: (place: Narrowed) => boolean): Narrowed | undefined {
  // Without sums nothing can be subtracted from anything.
  if (table.rowSums === undefined && table.columnSums === undefined) return undefined;
  const known = new Known(table, true);
  if (known.network.settle()) return known.firstNarrow(wanted);
  // A number was hidden for its true size, and its noise is larger than that: then the upper ends do not hold.
  const loose = new Known(table, false);
  return loose.network.settle() ? loose.firstNarrow(wanted) : { what: 'table' };
}

/** The published table as a network: from a source through rows, then columns, to a sink, and back with the total. */
class Known {
  readonly network = new Network();
  readonly #hidden: [edge: number, place: Narrowed][] = [];
  readonly #table: ReleasedTable;
  readonly #bounded: boolean;

  constructor(table: ReleasedTable, bounded: boolean) {
    this.#table = table;
    this.#bounded = bounded;
    const [source, sink] = [this.network.node(), this.network.node()];
    const rows = table.rows.map(() => this.network.node());
    const columns = table.columns.map(() => this.network.node());
    const { rowSums, columnSums, cells } = table;
    rows.forEach((node, row) => {
      this.#add(
        source,
        node,
        this.#sum(rowSums, row),
        rowSums?.[row] === null ? { what: 'row', row } : undefined,
      );
    });
    columns.forEach((node, column) => {
      const place: Narrowed | undefined =
        columnSums?.[column] === null ? { what: 'column', column } : undefined;
      this.#add(node, sink, this.#sum(columnSums, column), place);
    });
    this.#add(sink, source, table.total === null ? [0, Number.POSITIVE_INFINITY] : around(table.total));
    cells.forEach((line, row) => {
      line.forEach((value, column) => {
        const [from, to] = [rows[row], columns[column]];
        if (from === undefined || to === undefined) return;
        const place: Narrowed | undefined = value === null ? { what: 'cell', row, column } : undefined;
        this.#add(from, to, value === null ? [0, this.#most(row, column)] : around(value), place);
      });
    });
  }

  /** After the network has settled. */
  firstNarrow(wanted: (place: Narrowed) => boolean): Narrowed | undefined {
    for (const [edge, place] of this.#hidden)
      if (wanted(place) && this.network.width(edge, WIDTH * HALVES) < WIDTH * HALVES) return place;
    return undefined;
  }

  #add(from: number, to: number, [low, high]: Interval, hidden?: Narrowed): void {
    const edge = this.network.edge(from, to, low * HALVES, high * HALVES);
    if (hidden !== undefined) this.#hidden.push([edge, hidden]);
  }

  #sum(sums: Line | undefined, at: number): Interval {
    const sum = sums?.[at];
    if (sum === undefined) return [0, Number.POSITIVE_INFINITY];
    if (sum !== null) return around(sum);
    const shown = smallest([...(this.#table.rowSums ?? []), ...(this.#table.columnSums ?? [])]);
    return [0, this.#bounded ? Math.max(SUM, shown + OFF) : Number.POSITIVE_INFINITY];
  }

  /** The largest a hidden cell can be: smaller than what is shown beside it, if that is what it was hidden for. */
  #most(row: number, column: number): number {
    if (!this.#bounded) return Number.POSITIVE_INFINITY;
    const { cells, rowSums, columnSums } = this.#table;
    const lines: Line[] = [];
    if (rowSums !== undefined) lines.push(cells[row] ?? []);
    if (columnSums !== undefined) lines.push(cells.map((line) => line[column] ?? null));
    // What was hidden for itself is smaller than anything that is shown.
    return Math.max(...lines.map((line) => smallest(line) + OFF));
  }
}

function around(value: number): Interval {
  return [value - OFF, value + OFF];
}

/** Infinity where nothing is shown. */
function smallest(line: Line): number {
  return Math.min(Number.POSITIVE_INFINITY, ...line.filter((value) => value !== null));
}
