import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../errors.ts';
import type { ContentData, Entry } from './data.ts';

/** Base language: the others are compared with it by `locales check`. */
const BASE = 'locales/en';
/** A source's short name stands in a line of its own on a narrow screen. */
const MAX_SOURCE_NAME = 40;

type Texts = (path: string) => string | undefined;

/** Rules `no-sentence`, `no-name` and `long-name`: whatever can be shown has its words in the base language. */
export function checkSentences(root: string, data: ContentData): Problem[] {
  const problems: Problem[] = [];
  const read = (name: string) => readTexts(root, name, problems);
  const claims = read('claims');
  const places = read('places');
  const sources = read('sources');
  const eligibility = read('eligibility');
  const miss = (file: string, rule: string, key: string, why: string) =>
    problems.push({
      file: `${BASE}/${file}.json`,
      rule,
      message: `no text "${key}"`,
      hint: why,
      level: 'error',
    });
  const used = usedClaims(data);
  for (const id of used)
    if (claims(id) === undefined) miss('claims', 'no-sentence', id, 'a page or a table says this claim');
  const shown = new Set(data.claims.filter((c) => used.has(c.record.id)).map((c) => c.record.source));
  for (const [kind, list] of [
    ['sites', data.sites],
    ['contacts', data.contacts],
  ] as const) {
    for (const { record } of list.filter(isShown)) {
      shown.add(record.source);
      if (places(`${kind}.${record.id}`) === undefined)
        miss('places', 'no-name', `${kind}.${record.id}`, 'it can be shown');
    }
  }
  for (const id of shown) {
    const name = sources(id);
    if (name === undefined) miss('sources', 'no-name', id, 'it is cited');
    else if (name.length > MAX_SOURCE_NAME)
      miss('sources', 'long-name', id, `it has ${name.length} characters, at most ${MAX_SOURCE_NAME} fit`);
  }
  for (const kind of ['countries', 'citizenships'] as const)
    for (const id of data[kind])
      if (places(`${kind}.${id}`) === undefined)
        miss('places', 'no-name', `${kind}.${id}`, 'it can be chosen');
  for (const [name, { record: table }] of data.tables) {
    for (const row of table.rows)
      if (eligibility(`${name}.${row.id}`) === undefined)
        miss('eligibility', 'no-sentence', `${name}.${row.id}`, 'it is an answer');
    for (const id of Object.keys(table.steps))
      if (eligibility(`steps.${id}`) === undefined)
        miss('eligibility', 'no-sentence', `steps.${id}`, 'it is a next step');
  }
  return problems;
}

function isShown({ record }: Entry<{ status: string }>): boolean {
  return record.status === 'ready' || record.status === 'unconfirmed';
}

/** Claims that a page or a table says. */
function usedClaims(data: ContentData): Set<string> {
  const pages = Object.values(data.pages).flatMap((lists) => Object.values(lists).flat());
  const tables = [...data.tables.values()].flatMap(({ record }) =>
    [...record.rows, ...Object.values(record.steps)].flatMap((r) => r.claims),
  );
  const known = new Set(data.claims.map((c) => c.record.id));
  return new Set([...pages, ...tables].filter((id) => known.has(id)));
}

function readTexts(root: string, name: string, problems: Problem[]): Texts {
  const file = `${BASE}/${name}.json`;
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(join(root, file), 'utf8'));
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    problems.push({ file, rule: 'file', message, hint: 'it must be valid JSON', level: 'error' });
  }
  return (path) => {
    let node = data;
    for (const part of path.split('.')) {
      if (typeof node !== 'object' || node === null || !Object.hasOwn(node, part)) return undefined;
      node = Reflect.get(node, part);
    }
    return typeof node === 'string' && node.trim() !== '' ? node : undefined;
  };
}
