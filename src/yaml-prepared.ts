/*
 * Reading YAML is the longest part of a start, and it is nearly always the same YAML. The build reads it once and keeps
 * the data; whoever has changed a file since then has it read again. Data never stands for another text than its own.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

/** Beside the compiled program. */
const FILE = 'dist/yaml.json';

/** Data by the digest of the text it was read from. */
type Prepared = ReadonlyMap<string, unknown>;

/**
 * Keeps what was read from these texts, under a project's folder, whole or not at all. What JSON would not give back
 * as it is (`.inf`, say) is left out.
 *
 * @returns how many were kept
 */
export function writePrepared(root: string, read: Iterable<[text: string, data: unknown]>): number {
  const kept = [...read].filter(([, data]) => isDeepStrictEqual(JSON.parse(JSON.stringify(data)), data));
  const path = join(root, FILE);
  mkdirSync(dirname(path), { recursive: true });
  const half = `${path}.new`;
  writeFileSync(half, JSON.stringify(kept.map(([text, data]) => [digestOf(text), data])));
  renameSync(half, path);
  return kept.length;
}

/** What was kept under a project's folder; nothing when there is no such file, or a broken one. */
export function readPrepared(root: string): (text: string) => { data: unknown } | undefined {
  const prepared = readFile(join(root, FILE));
  return (text) => {
    const digest = digestOf(text);
    return prepared.has(digest) ? { data: prepared.get(digest) } : undefined;
  };
}

function readFile(path: string): Prepared {
  if (!existsSync(path)) return new Map();
  try {
    return new Map(JSON.parse(readFileSync(path, 'utf8')) as [string, unknown][]);
  } catch {
    // Cut off, or not ours: every file is read from its text.
    return new Map();
  }
}

/** 64 hexadecimal digits. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
