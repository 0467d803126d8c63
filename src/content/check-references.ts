import type { Problem } from '../errors.ts';
import type { Source } from '../yaml-source.ts';
import type { ContentData, Entry } from './data.ts';
import { alternatives } from './eligibility.ts';

type Report = (
  source: Source,
  path: readonly PropertyKey[],
  rule: string,
  message: string,
  hint: string,
) => void;

/** Rules `duplicate-id`, `unknown-id` and `wrong-file`: every id stands once, and every id that is named exists. */
export function checkReferences(data: ContentData): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (source, path, rule, message, hint) => {
    problems.push({ file: source.file, line: source.lineOf(path), rule, message, hint, level: 'error' });
  };
  checkRecords(data, report);
  checkPages(data, report);
  checkTables(data, report);
  return problems;
}

function checkRecords(data: ContentData, report: Report): void {
  for (const list of [data.claims, data.sites, data.contacts, data.cities, data.sources, data.gaps]) {
    const seen = new Map<string, Entry<{ id: string }>>();
    for (const entry of list) {
      const first = seen.get(entry.record.id);
      if (first === undefined) seen.set(entry.record.id, entry);
      else {
        const where = `${first.source.file}:${first.source.lineOf(first.path)}`;
        report(
          entry.source,
          entry.path,
          'duplicate-id',
          `the id "${entry.record.id}" is already taken`,
          `see ${where}`,
        );
      }
    }
  }
  const sources = idsOf(data.sources);
  const cities = idsOf(data.cities);
  for (const { record, source, path } of [...data.claims, ...data.sites, ...data.contacts]) {
    if (!sources.has(record.source))
      report(
        source,
        [...path, 'source'],
        'unknown-id',
        `no source "${record.source}"`,
        'add it to db/content/sources.yaml',
      );
    if (!source.file.endsWith(`/${record.country.toLowerCase()}.yaml`))
      report(
        source,
        [...path, 'country'],
        'wrong-file',
        `"${record.id}" is about ${record.country}`,
        'move it to the file of its country',
      );
  }
  for (const { record, source, path } of [...data.sites, ...data.contacts]) {
    if (record.city !== undefined && !cities.has(record.city))
      report(
        source,
        [...path, 'city'],
        'unknown-id',
        `no city "${record.city}"`,
        'add it to db/content/cities.yaml',
      );
  }
}

function checkPages(data: ContentData, report: Report): void {
  const { pagesSource } = data;
  if (pagesSource === undefined) return;
  const claims = idsOf(data.claims);
  const countries = new Set([...data.countries, ...data.citizenships, 'ALL']);
  for (const [page, lists] of Object.entries(data.pages)) {
    for (const [country, ids] of Object.entries(lists)) {
      if (!countries.has(country))
        report(
          pagesSource,
          [page, country],
          'unknown-id',
          `no country "${country}"`,
          'see db/content/countries.yaml, or use ALL',
        );
      for (const id of ids.filter((id) => !claims.has(id)))
        report(pagesSource, [page, country], 'unknown-id', `no claim "${id}"`, 'see db/content/claims/');
    }
  }
}

function checkTables(data: ContentData, report: Report): void {
  const known = { claims: idsOf(data.claims), contacts: idsOf(data.contacts), sites: idsOf(data.sites) };
  for (const { record: table, source } of data.tables.values()) {
    const named = (kind: keyof typeof known, ids: readonly string[], path: readonly PropertyKey[]) => {
      for (const id of ids.filter((id) => !known[kind].has(id)))
        report(source, path, 'unknown-id', `no ${kind.slice(0, -1)} "${id}"`, `see db/content/${kind}/`);
    };
    const matched = (when: Parameters<typeof alternatives>[0], path: readonly PropertyKey[]) => {
      for (const match of alternatives(when))
        for (const [variable, values] of Object.entries(match))
          checkMatch(table.variables, variable, values, (m, h) => report(source, path, 'unknown-id', m, h));
    };
    const rows = new Set<string>();
    table.rows.forEach((row, i) => {
      if (rows.has(row.id))
        report(
          source,
          ['rows', i, 'id'],
          'duplicate-id',
          `the row "${row.id}" stands twice`,
          'rename one of them',
        );
      rows.add(row.id);
      named('claims', row.claims, ['rows', i, 'claims']);
      matched(row.when, ['rows', i, 'when']);
      for (const step of row.steps.filter((id) => table.steps[id] === undefined))
        report(source, ['rows', i, 'steps'], 'unknown-id', `no step "${step}"`, 'see `steps` in this file');
      if (row.claims.length === 0 && !row.unclear)
        report(
          source,
          ['rows', i, 'claims'],
          'no-claim',
          `the row "${row.id}" rests on no claim`,
          'name one, or mark it `unclear: true`',
        );
    });
    for (const [id, step] of Object.entries(table.steps)) {
      if (step.when !== undefined) matched(step.when, ['steps', id, 'when']);
      named('claims', step.claims, ['steps', id, 'claims']);
      named('contacts', [...step.contacts, ...step.here], ['steps', id]);
      named('sites', step.sites, ['steps', id, 'sites']);
    }
  }
}

function checkMatch(
  variables: Record<string, string[]>,
  variable: string,
  values: string | string[],
  report: (message: string, hint: string) => void,
): void {
  const domain = variables[variable];
  if (domain === undefined)
    return report(`no variable "${variable}"`, `expected one of: ${Object.keys(variables).join(', ')}`);
  for (const value of [values].flat().filter((v) => !domain.includes(v)))
    report(`"${variable}" cannot be "${value}"`, `expected one of: ${domain.join(', ')}`);
}

function idsOf(entries: readonly Entry<{ id: string }>[]): Set<string> {
  return new Set(entries.map((e) => e.record.id));
}
