import { createCipheriv, createHash } from 'node:crypto';
import { loadContent } from '../../src/content/load.ts';
import { loadFlows } from '../../src/flow/load.ts';
import { projectRoot } from '../../src/paths.ts';
import { createNoise, type Draw } from '../../src/usage/noise.ts';
import type { TableSpec } from '../../src/usage/release.ts';
import { declareTables, type TableWorld } from '../../src/usage/tables.ts';

/** Bytes that look random and are the same for the same seed. */
export function seededBytes(seed: string): (length: number) => Buffer {
  const key = createHash('sha256').update(seed).digest();
  const stream = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return (length) => stream.update(Buffer.alloc(length));
}

export function seededNoise(seed: string): Draw {
  return createNoise(seededBytes(seed));
}

/** Numbers from 0 to below `limit`. */
export function seededNumbers(seed: string): (limit: number) => number {
  const bytes = seededBytes(seed);
  return (limit) => bytes(4).readUInt32BE(0) % limit;
}

/** The noise of one table, written down: row by row, then none. */
export function fixed(...noise: number[]): Draw {
  return () => noise.shift() ?? 0;
}

export function specOf(
  rows: number,
  columns: number,
  sums: TableSpec['sums'] = 'both',
  name: TableSpec['name'] = 'visit',
): TableSpec {
  const names = (n: number, letter: string) => Array.from({ length: n }, (_, i) => `${letter}${i}`);
  return { name, rows: names(rows, 'r'), columns: names(columns, 'c'), sums };
}

/** The project's own flows and facts, for a deployment in Kazakhstan. */
export function projectWorld(): TableWorld {
  const root = projectRoot();
  return { flows: loadFlows(root).flows, content: loadContent(root).content, country: 'KZ' };
}

export function projectTables(): TableSpec[] {
  return declareTables(projectWorld());
}
