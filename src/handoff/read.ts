import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { explain } from '../content/load.ts';
import type { Problem } from '../errors.ts';
import { type Path, parseYaml, type Source } from '../yaml-source.ts';

/** A file under db/content/ with its validated data. */
export interface Read<T> {
  data: T;
  source: Source;
}

/**
 * Reads one file of the desk. One that is not there is none: an organisation without operators needs neither teams nor replies.
 *
 * @param name e.g. `teams` for `db/content/teams.yaml`
 */
export function readDeskFile<S extends z.ZodType>(
  root: string,
  name: string,
  schema: S,
): { read?: Read<z.output<S>>; problems: Problem[] } {
  const file = `db/content/${name}.yaml`;
  const wrong = `db/content/${name}.yml`;
  if (existsSync(join(root, wrong))) {
    const hint = 'rename it to .yaml';
    return { problems: [{ file: wrong, rule: 'file', message: 'is not read', hint, level: 'error' }] };
  }
  if (!existsSync(join(root, file))) return { problems: [] };
  let text: string;
  try {
    text = readFileSync(join(root, file), 'utf8');
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return {
      problems: [{ file, rule: 'file', message, hint: 'restore it from the repository', level: 'error' }],
    };
  }
  const { source, problems } = parseYaml(file, text);
  if (source === undefined) return { problems };
  const result = schema.safeParse(source.data ?? {});
  if (!result.success) return { problems: result.error.issues.flatMap((issue) => explain(source, issue)) };
  return { read: { data: result.data, source }, problems: [] };
}

/** A day that exists, e.g. `2026-11-22`. */
export function calendarDay() {
  const expected = 'a day, e.g. 2026-11-22';
  return z.iso.date({ error: (issue) => (issue.code === 'invalid_format' ? expected : undefined) });
}

/** Says what is wrong with one place of a file. */
export type Report = (
  path: Path,
  rule: string,
  message: string,
  hint: string,
  level?: Problem['level'],
) => void;

/** Collects problems of a file, each with the line of its place. */
export function reporter(source: Source, problems: Problem[]): Report {
  return (path, rule, message, hint, level = 'error') => {
    problems.push({ file: source.file, line: source.lineOf(path), rule, message, hint, level });
  };
}
