import { createHash } from 'node:crypto';
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Problem } from '../errors.ts';

/** Where something stands in a file: keys and indexes from the top. */
export type Path = readonly (string | number)[];

/** A YAML file read into plain data, with the way back from a path to its line. */
export interface Source {
  /** Path from the project's folder. */
  file: string;
  data: unknown;
  /** 1-based line of the key at this path, or of the nearest thing above it. */
  lineOf(path: Path): number;
}

/** YAML 1.2 text → data; the problems are syntax errors and repeated keys, and then there is no source. */
export function parseSource(
  file: string,
  text: string,
): { source: Source; problems: [] } | { problems: Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error): Problem => {
      const repeated = error.code === 'DUPLICATE_KEY';
      return {
        file,
        line: Math.max(1, lines.linePos(error.pos[0]).line),
        rule: repeated ? 'duplicate' : 'yaml',
        message: repeated ? 'this key stands twice in the same place' : `not valid YAML: ${error.message}`,
        hint: repeated
          ? 'rename or remove one of the two'
          : 'check the indentation, quotes and brackets here',
        level: 'error',
      };
    });
    return { problems };
  }
  const source: Source = { file, data: document.toJS(), lineOf: (path) => locate(document, lines, path) };
  return { source, problems: [] };
}

/** The same for the same meaning: comments, spaces and the order of keys do not change it. */
export function hashSource(data: unknown): string {
  return createHash('sha256').update(canonical(data)).digest('hex').slice(0, 12);
}

function canonical(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(canonical).join(',')}]`;
  if (data === null || typeof data !== 'object') return JSON.stringify(data) ?? 'null';
  const entries = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`).join(',')}}`;
}

function locate(document: Document, lines: LineCounter, path: Path): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
      if (pair === undefined) break;
      offset = startOf(pair.key) ?? offset;
      next = pair.value;
    } else if (isSeq(node)) {
      next = node.items[Number(part)];
      offset = startOf(next) ?? offset;
    }
    if (next === undefined || next === null) break;
    node = next;
  }
  return Math.max(1, lines.linePos(offset).line);
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
