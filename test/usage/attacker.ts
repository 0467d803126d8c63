import { type Constraint, type Model, solve } from 'yalps';
import type { ReleasedTable } from '../../src/usage/release.ts';

/** A hidden number, and between which ends it must lie. */
export interface Found {
  place: string;
  width: number;
}

type Line = readonly (number | null)[];

const OFF = 2.5;
const ROUNDING_ERRORS = 1e-6;

/**
 * A linear program over everything that is published of a table: what it says about each hidden number. Shown numbers
 * are within 2.5; nothing is negative; and, for who knows how tables are made, a hidden cell is no larger than
 * a shown one in its summed lines, and a hidden sum below 20 or smaller than a shown one.
 */
export function findOut(table: ReleasedTable): Found[] {
  return solveAll(table, true) ?? solveAll(table, false) ?? [{ place: 'table', width: 0 }];
}

/** undefined: these rules cannot all hold. */
function solveAll(table: ReleasedTable, bounded: boolean): Found[] | undefined {
  const { constraints, variables } = modelOf(table, bounded);
  const found: Found[] = [];
  for (const [place, hides] of hiddenIn(table)) {
    const model = (direction: 'maximize' | 'minimize'): Model => ({
      direction,
      objective: 'aim',
      constraints,
      variables: variables.map(([name, parts]): [string, [string, number][]] => [
        name,
        hides(name) ? [...parts, ['aim', 1]] : parts,
      ]),
    });
    const [high, low] = [solve(model('maximize')), solve(model('minimize'))];
    if (low.status === 'infeasible') return undefined;
    if (low.status !== 'optimal' || !['optimal', 'unbounded'].includes(high.status))
      throw new Error(`LP: ${low.status}, ${high.status}`);
    found.push({ place, width: high.result - low.result + ROUNDING_ERRORS });
  }
  return found;
}

function hiddenIn(table: ReleasedTable): [place: string, hides: (variable: string) => boolean][] {
  const { cells, rowSums, columnSums } = table;
  const hidden: [string, (variable: string) => boolean][] = [];
  cells.forEach((line, r) => {
    line.forEach((value, c) => {
      if (value === null) hidden.push([`cell ${r} ${c}`, (v) => v === `${r},${c}`]);
    });
  });
  rowSums?.forEach((value, r) => {
    if (value === null) hidden.push([`row ${r}`, (v) => v.startsWith(`${r},`)]);
  });
  columnSums?.forEach((value, c) => {
    if (value === null) hidden.push([`column ${c}`, (v) => v.endsWith(`,${c}`)]);
  });
  return hidden;
}

/** One variable a cell: its own value, or for a shown one how far it lies above the lowest it can be. */
function modelOf({ cells, rowSums, columnSums, total }: ReleasedTable, bounded: boolean) {
  const constraints = new Map<string, Constraint>();
  const variables: [string, [string, number][]][] = [];
  const known = new Map<string, number>();
  const add = (key: string, n: number) => known.set(key, (known.get(key) ?? 0) + n);
  cells.forEach((line, r) => {
    line.forEach((value, c) => {
      const keys = [`row ${r}`, `column ${c}`, 'total', `cell ${r} ${c}`];
      variables.push([`${r},${c}`, keys.map((key) => [key, 1])]);
      if (value !== null) for (const key of keys.slice(0, 3)) add(key, value - OFF);
      const lines = [
        rowSums === undefined ? [] : [line],
        columnSums === undefined ? [] : [cells.map((l) => l[c]!)],
      ];
      const most = Math.max(...lines.flat().map((l) => least(l) + OFF));
      if (value !== null) constraints.set(`cell ${r} ${c}`, { max: 2 * OFF });
      else if (bounded && most < Number.POSITIVE_INFINITY) constraints.set(`cell ${r} ${c}`, { max: most });
    });
  });
  const all = [...(rowSums ?? []), ...(columnSums ?? [])];
  const sum = (key: string, value: number | null | undefined) => {
    const rest = known.get(key) ?? 0;
    const most = Math.max(19, least(all) + OFF);
    if (typeof value === 'number') constraints.set(key, { min: value - OFF - rest, max: value + OFF - rest });
    else if (value === null && bounded && most < Number.POSITIVE_INFINITY)
      constraints.set(key, { max: most - rest });
  };
  rowSums?.forEach((value, r) => {
    sum(`row ${r}`, value);
  });
  columnSums?.forEach((value, c) => {
    sum(`column ${c}`, value);
  });
  if (total !== null) sum('total', total);
  return { constraints, variables };
}

function least(line: Line): number {
  return Math.min(...line.filter((value) => value !== null), Number.POSITIVE_INFINITY);
}
