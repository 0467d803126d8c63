import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { type Path, parseYaml, type Source } from '../yaml-source.ts';
import { checkReferences } from './check-references.ts';
import { checkTables } from './check-tables.ts';
import type { ContentData, Entry } from './data.ts';
import { checkGaps } from './gaps.ts';
import { createLookup } from './lookup.ts';
import { SCHEMAS, type TableRecord } from './schema.ts';
import type { ContentLookup } from './types.ts';

const FOLDER = 'db/content';

/**
 * Reads `db/content/` under the project's folder.
 *
 * @returns the content, the outline of its decision tables, and every problem with file and line. With any problem of level `error` the content is not to
 *   be used: it may be incomplete.
 */
export function loadContent(root: string): {
  content: ContentLookup;
  tables: ReadonlyMap<string, TableOutline>;
  problems: Problem[];
} {
  const { data, problems } = readContent(root);
  const tables = new Map([...data.tables].map(([name, { record }]) => [name, outline(record)]));
  const content = createLookup(data);
  // A file that cannot be read leaves gaps; what its absence would break elsewhere is not worth a line each.
  const gaps = problems.some((p) => p.level === 'error');
  const found = gaps
    ? problems
    : [...problems, ...checkReferences(data), ...checkTables(data, content), ...checkGaps(data)];
  return { content, tables, problems: found };
}

/** What a flow has to know about a decision table: what it asks, and whose texts it needs. */
export interface TableOutline {
  variables: readonly string[];
  rows: readonly string[];
  steps: readonly string[];
}

function outline(table: TableRecord): TableOutline {
  return {
    variables: Object.keys(table.variables),
    rows: table.rows.map((row) => row.id),
    steps: Object.keys(table.steps),
  };
}

/** The files as validated records, before they are compared with each other. */
export function readContent(root: string): { data: ContentData; problems: Problem[] } {
  const problems: Problem[] = [];
  const one = <S extends z.ZodType>(schema: S, file: string) => readOne(root, file, schema, problems);
  const many = <T>(schema: z.ZodType<T[]>, folder: string) =>
    listFiles(root, folder, problems).flatMap((file) => entries(one(schema, file)));
  const countries = one(SCHEMAS.countries, 'countries.yaml');
  const pages = one(SCHEMAS.pages, 'pages.yaml');
  const tables: ContentData['tables'] = new Map();
  for (const file of listFiles(root, 'eligibility', problems)) {
    const read = one(SCHEMAS.table, file);
    const name = file.replace(/^.*\/|\.yaml$/g, '');
    if (read !== undefined) tables.set(name, { record: read.data, source: read.source, path: [] });
  }
  const data: ContentData = {
    countries: countries?.data.countries ?? [],
    citizenships: countries?.data.citizenships ?? [],
    sources: entries(one(SCHEMAS.sources, 'sources.yaml')),
    claims: many(SCHEMAS.claims, 'claims'),
    sites: many(SCHEMAS.sites, 'sites'),
    contacts: many(SCHEMAS.contacts, 'contacts'),
    cities: entries(one(SCHEMAS.cities, 'cities.yaml')),
    gaps: entries(one(SCHEMAS.gaps, 'gaps.yaml')),
    pages: pages?.data ?? {},
    ...(pages === undefined ? {} : { pagesSource: pages.source }),
    tables,
  };
  return { data, problems };
}

function entries<T>(read: { data: T[]; source: Source } | undefined): Entry<T>[] {
  return read === undefined ? [] : read.data.map((record, i) => ({ record, source: read.source, path: [i] }));
}

function listFiles(root: string, folder: string, problems: Problem[]): string[] {
  const file = `${FOLDER}/${folder}`;
  let names: string[] = [];
  try {
    names = readdirSync(join(root, file)).sort();
  } catch (error) {
    problems.push(unreadable(file, error));
    return [];
  }
  for (const name of names.filter((n) => n.endsWith('.yml'))) {
    const hint = 'rename it to .yaml';
    problems.push({ file: `${file}/${name}`, rule: 'file', message: 'is not read', hint, level: 'error' });
  }
  return names.filter((n) => n.endsWith('.yaml')).map((n) => `${folder}/${n}`);
}

function readOne<S extends z.ZodType>(
  root: string,
  name: string,
  schema: S,
  problems: Problem[],
): { data: z.output<S>; source: Source } | undefined {
  const file = `${FOLDER}/${name}`;
  let text: string;
  try {
    text = readFileSync(join(root, file), 'utf8');
  } catch (error) {
    problems.push(unreadable(file, error));
    return undefined;
  }
  const { source, problems: syntax } = parseYaml(file, text);
  problems.push(...syntax);
  if (source === undefined) return undefined;
  const result = schema.safeParse(source.data ?? []);
  if (result.success) return { data: result.data, source };
  for (const issue of result.error.issues) problems.push(...explain(source, issue));
  return undefined;
}

function unreadable(file: string, error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  const hint = 'restore it from the repository';
  return { file, rule: 'file', message: `cannot be read: ${reason}`, hint, level: 'error' };
}

/** A zod issue in an editor's words: which record, which field, what was expected. */
export function explain(source: Source, issue: z.core.$ZodIssue): Problem[] {
  const report = (path: Path, message: string, hint: string): Problem => ({
    file: source.file,
    line: source.lineOf(path),
    rule: 'schema',
    message,
    hint,
    level: 'error',
  });
  const record = recordName(source, issue.path);
  const field = issue.path.filter((part) => typeof part !== 'number' || issue.path.length === 1).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      report(
        [...issue.path, key],
        `${record}: unknown field "${key}"`,
        'see db/content/README.md for the fields',
      ),
    );
  }
  const missing = issue.code === 'invalid_type' && /received undefined/.test(issue.message);
  const why =
    issue.code === 'invalid_union' ? 'another kind of value' : issue.message.replace(/^Invalid \w+: /, '');
  return [
    report(
      issue.path,
      missing ? `${record}: the field "${field}" is missing` : `${record}: wrong value for "${field}"`,
      `expected ${why.replace(/^expected /, '').replace(/, received undefined$/, '')}`,
    ),
  ];
}

function recordName(source: Source, path: Path): string {
  let node = source.data;
  let name: string | undefined;
  for (const part of path) {
    if (typeof node !== 'object' || node === null) break;
    node = Reflect.get(node, part);
    const own: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, 'id') : undefined;
    if (typeof own === 'string') name = own;
  }
  return name ?? 'the file';
}
