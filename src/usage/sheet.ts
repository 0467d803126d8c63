import type { UsageEvent } from './event.ts';
import type { Release, ReleasedTable } from './release.ts';

type Name = UsageEvent['name'];

/** What may be said of a number over several weeks. */
export interface Shown {
  /** Sum of the weeks in which it was shown. 0: in none of them. */
  n: number;
  /** In how many weeks it was hidden; more happened than `n` says when there are any. */
  hidden: number;
}

/** Nothing to say. */
export const UNKNOWN: Shown = Object.freeze({ n: 0, hidden: 1 });

/** Some released weeks as one: sums of what is shown in them, never of more. */
export class Sheet {
  /** How many weeks there are. */
  readonly weeks: number;
  readonly #tables = new Map<Name, ReleasedTable[]>();

  constructor(releases: readonly Release[]) {
    this.weeks = releases.length;
    for (const table of releases.flatMap((release) => release.tables)) {
      const found = this.#tables.get(table.name);
      if (found === undefined) this.#tables.set(table.name, [table]);
      else found.push(table);
    }
  }

  /** The first dimension of a table, in order; a value that only some weeks know is among them. */
  rows(name: Name): string[] {
    return [...new Set(this.#of(name).flatMap(({ rows }) => rows))];
  }

  /** The second one. */
  columns(name: Name): string[] {
    return [...new Set(this.#of(name).flatMap(({ columns }) => columns))];
  }

  cell(name: Name, row: string, column = ''): Shown {
    return this.#sum(name, ({ rows, columns, cells }) => {
      const [r, c] = [rows.indexOf(row), columns.indexOf(column)];
      return r < 0 || c < 0 ? undefined : cells[r]?.[c];
    });
  }

  /** Sum over a row: the released one; without one, of what the row shows. */
  row(name: Name, row: string): Shown {
    return this.#margin(
      name,
      (table) => [table.rowSums, table.rows.indexOf(row)],
      () => this.columns(name).map((column) => this.cell(name, row, column)),
    );
  }

  /** Sum over a column, likewise. */
  column(name: Name, column: string): Shown {
    return this.#margin(
      name,
      (table) => [table.columnSums, table.columns.indexOf(column)],
      () => this.rows(name).map((row) => this.cell(name, row, column)),
    );
  }

  total(name: Name): Shown {
    return this.#sum(name, ({ total }) => total);
  }

  /** How many counters stand behind the sum of a table: each has its own noise. */
  size(name: Name, per: 'table' | 'row' | 'column'): number {
    const [rows, columns] = [this.rows(name).length, this.columns(name).length];
    return per === 'table' ? rows * columns : per === 'row' ? columns : rows;
  }

  /** Whether sums over rows, or over columns, are released in every week. */
  hasSums(name: Name, of: 'rows' | 'columns'): boolean {
    const tables = this.#of(name);
    const sums = (table: ReleasedTable) => (of === 'rows' ? table.rowSums : table.columnSums);
    return tables.length > 0 && tables.every((table) => sums(table) !== undefined);
  }

  #of(name: Name): readonly ReleasedTable[] {
    return this.#tables.get(name) ?? [];
  }

  #margin(
    name: Name,
    where: (table: ReleasedTable) => [sums: readonly (number | null)[] | undefined, at: number],
    cells: () => Shown[],
  ): Shown {
    if (this.#of(name).some((table) => where(table)[0] === undefined)) return add(cells());
    return this.#sum(name, (table) => {
      const [sums, at] = where(table);
      return at < 0 ? undefined : sums?.[at];
    });
  }

  /** @param pick undefined: the week has no such cell */
  #sum(name: Name, pick: (table: ReleasedTable) => number | null | undefined): Shown {
    let [n, hidden] = [0, 0];
    let found = false;
    for (const table of this.#of(name)) {
      const value = pick(table);
      if (value === undefined) continue;
      found = true;
      if (value === null) hidden += 1;
      else n += value;
    }
    return found ? { n, hidden } : UNKNOWN;
  }
}

/** Adds up what is shown. */
export function add(parts: readonly Shown[]): Shown {
  return parts.reduce((sum, part) => ({ n: sum.n + part.n, hidden: sum.hidden + part.hidden }), {
    n: 0,
    hidden: 0,
  });
}
