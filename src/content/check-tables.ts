import type { Problem } from '../errors.ts';
import type { ContentData } from './data.ts';
import { isReachable, listSteps } from './decide.ts';
import { type Flaw, proveTable } from './eligibility.ts';
import type { ContentLookup } from './types.ts';

type Table = ContentData['tables'] extends Map<string, infer E> ? E : never;

/**
 * Rules `incomplete`, `unreachable`, `no-next-step` and `domain`. Part of every start, not only of the check: a table
 * with a hole has no answer for somebody.
 */
export function checkTables(data: ContentData, content: ContentLookup): Problem[] {
  return [...data.tables.values()].flatMap((entry) => {
    // As a decision does, but only as far as the first step that helps: that is nearly always the first of all.
    const reaches: Parameters<typeof proveTable>[1] = (answers, row) => {
      for (const step of listSteps(entry.record, row, answers, answers.city, content)) {
        const shown = [...step.contacts.map(content.contact), ...step.sites.map(content.site)];
        if (shown.some((s) => s !== undefined && isReachable(s))) return true;
      }
      return false;
    };
    const flaws = proveTable(entry.record, reaches).map((flaw) => explain(entry, flaw));
    const domains = (['country', 'citizenship'] as const).flatMap((variable) => {
      const values = entry.record.variables[variable];
      const all = variable === 'country' ? data.countries : data.citizenships;
      if (values === undefined || all.every((v) => values.includes(v))) return [];
      return [
        problem(
          entry,
          'variables',
          'domain',
          `"${variable}" leaves out ${all.filter((v) => !values.includes(v)).join(', ')}`,
          'name every value of db/content/countries.yaml',
        ),
      ];
    });
    return [...flaws, ...domains];
  });
}

function explain(entry: Table, flaw: Flaw): Problem {
  const at = entry.record.rows.findIndex((row) => row.id === flaw.row);
  const path = at < 0 ? [] : ['rows', at];
  const example = Object.entries(flaw.example ?? {})
    .map(([k, v]) => `${k} ${v}`)
    .join(', ');
  const where = { ...entry, path };
  if (flaw.rule === 'unreachable')
    return problem(
      where,
      'id',
      'unreachable',
      `no answers lead to the row "${flaw.row}"`,
      'a row above it takes them all: move it up or remove it',
    );
  if (flaw.rule === 'incomplete')
    return problem(
      where,
      'rows',
      'incomplete',
      `${flaw.count} combinations of answers meet no row, e.g. ${example}`,
      'add a row, or widen `when` of one',
    );
  return problem(
    where,
    'steps',
    'no-next-step',
    `${flaw.count} combinations end with nobody to turn to, e.g. ${example}`,
    'add a step with a contact or place that can be shown',
  );
}

function problem(
  { source, path }: Pick<Table, 'source' | 'path'>,
  field: PropertyKey,
  rule: string,
  message: string,
  hint: string,
): Problem {
  return { file: source.file, line: source.lineOf([...path, field]), rule, message, hint, level: 'error' };
}
