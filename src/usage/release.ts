import { createHash } from 'node:crypto';
import type { UsageEvent } from './event.ts';

/** Version of what is published; in the header of every export. */
export const RELEASE_FORMAT = 1;

/** One table of counters that is published: its whole domain, declared before anything is counted. */
export interface TableSpec {
  name: UsageEvent['name'];
  /** Values of the first dimension, in order. */
  rows: readonly string[];
  /** Values of the second dimension; `['']` for a table of one dimension. */
  columns: readonly string[];
  /** Whether sums over a dimension mean something. `rows`: a sum per row (over its columns). */
  sums: 'both' | 'rows' | 'columns' | 'none';
}

/** A table as it is published. `null`: hidden, fewer than may be shown or needed to hide another. */
export interface ReleasedTable {
  name: UsageEvent['name'];
  rows: readonly string[];
  columns: readonly string[];
  /** `cells[row][column]`, rounded to 5. */
  cells: readonly (readonly (number | null)[])[];
  /** Sums of z over a row; absent when the table has none. */
  rowSums?: readonly (number | null)[];
  columnSums?: readonly (number | null)[];
  total: number | null;
}

/** What is published of one week: made once, never again. */
export interface Release {
  format: typeof RELEASE_FORMAT;
  /** Its Monday (UTC), `2026-11-16`. */
  week: string;
  /** Country of the deployment, `KZ`. */
  country: string;
  /** Of made-up people, by `hamroh demo`: nothing in it is real. Absent for any other. */
  simulated?: true;
  tables: readonly ReleasedTable[];
}

/** A release as it is kept: the exact bytes, and a hash that chains it to the one before. */
export interface FrozenRelease {
  week: string;
  /** JSON of a {@link Release}. */
  body: string;
  /** SHA-256 in hex over the hash before it (empty for the first), a line feed, and `body`. */
  hash: string;
}

/** Whether any of these is of made-up people: whatever is made from them has to say so. */
export function isDemo(releases: readonly Pick<Release, 'simulated'>[]): boolean {
  return releases.some(({ simulated }) => simulated === true);
}

/** See {@link FrozenRelease.hash}. */
export function hashRelease(before: string, body: string): string {
  return createHash('sha256').update(`${before}\n${body}`).digest('hex');
}
