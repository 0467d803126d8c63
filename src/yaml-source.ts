import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Problem } from './errors.ts';
import { projectRoot } from './paths.ts';
import { readPrepared } from './yaml-prepared.ts';

/** Keys and indexes from the top of a file. */
export type Path = readonly PropertyKey[];

/** A YAML file read into plain data, with the way back from a path to its line. */
export interface Source {
  /** Path from the project's folder, e.g. `flows/rights.yaml`. */
  file: string;
  /** Not to be changed: whoever reads the same file next gets the same data. */
  data: unknown;
  /** 1-based line of what stands at this path, or of the nearest thing above it. Slow when asked first. */
  lineOf(path: Path): number;
}

/** What was read last, by file: a command that needs the same facts for several proofs reads them once. */
const known = new Map<string, { text: string; source: Source }>();
/** What the build has read; looked for when the first file is asked for. */
let prepared: ReturnType<typeof readPrepared> | undefined;

/** YAML 1.2 text → data. Syntax errors and repeated keys become problems, and then there is no source. */
export function parseYaml(file: string, text: string): { source?: Source; problems: Problem[] } {
  const before = known.get(file);
  if (before?.text === text) return { source: before.source, problems: [] };
  prepared ??= readPrepared(projectRoot());
  const read = readYaml(file, text, prepared(text));
  if (read.source !== undefined) known.set(file, { text, source: read.source });
  return read;
}

/** The same, from what the build has read of this very text, or else from the text; nothing is remembered. */
export function readYaml(
  file: string,
  text: string,
  built?: { data: unknown },
): { source?: Source; problems: Problem[] } {
  if (built !== undefined) {
    let lineOf: Source['lineOf'] | undefined;
    const find: Source['lineOf'] = (path) => {
      lineOf ??= finder(...parse(text));
      return lineOf(path);
    };
    return { source: { file, data: built.data, lineOf: find }, problems: [] };
  }
  const [document, lines] = parse(text);
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
  return { source: { file, data: document.toJS(), lineOf: finder(document, lines) }, problems };
}

function parse(text: string): [Document, LineCounter] {
  const lines = new LineCounter();
  return [parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' }), lines];
}

function finder(document: Document, lines: LineCounter): Source['lineOf'] {
  return (path) => Math.max(1, lines.linePos(findOffset(document, path)).line);
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
