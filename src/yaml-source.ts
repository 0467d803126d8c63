import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Problem } from './errors.ts';

/** Keys and indexes from the top of a file. */
export type Path = readonly PropertyKey[];

/** A YAML file read into plain data, with the way back from a path to its line. */
export interface Source {
  /** Path from the project's folder, e.g. `flows/rights.yaml`. */
  file: string;
  data: unknown;
  /** 1-based line of what stands at this path, or of the nearest thing above it. */
  lineOf(path: Path): number;
}

/** YAML 1.2 text → data. Syntax errors and repeated keys become problems, and then there is no source. */
export function parseYaml(file: string, text: string): { source?: Source; problems: Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const problems = document.errors.map((error): Problem => {
    const repeated = error.code === 'DUPLICATE_KEY';
    return {
      file,
      line: Math.max(1, lines.linePos(error.pos[0]).line),
      rule: repeated ? 'duplicate' : 'yaml',
      message: repeated ? 'this key stands twice in the same place' : `not valid YAML: ${error.message}`,
      hint: repeated ? 'rename or remove one of the two' : 'check the indentation, quotes and brackets here',
      level: 'error',
    };
  });
  if (problems.length > 0) return { problems };
  const lineOf = (path: Path) => Math.max(1, lines.linePos(findOffset(document, path)).line);
  return { source: { file, data: document.toJS(), lineOf }, problems };
}

function findOffset(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find((p) => isScalar(p.key) && String(p.key.value) === String(part));
      if (pair === undefined || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      if (!isMap(node) && !isSeq(node) && !isScalar(node)) break;
      offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
