import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { parseYaml, type Source } from '../yaml-source.ts';
import { buildFlow, type Report } from './build.ts';
import { listKeys } from './json-schema.ts';
import { checkLinks } from './links.ts';
import { findNearest, suggest } from './nearest.ts';
import { type FlowSource, flowSchema } from './schema.ts';
import type { Flow, Flows } from './types.ts';

/** A file that could be read as YAML, and the flow in it if it follows the schema. */
interface Loaded {
  source: Source;
  flow?: Flow;
}

/**
 * Reads every `flows/*.yaml` under the project's folder.
 *
 * @returns the flows that could be built, by id, and every problem with file and line. With any problem of level
 *   `error` the flows are not to be used: they may be incomplete.
 */
export function loadFlows(root: string): { flows: Flows; problems: Problem[] } {
  const problems: Problem[] = [];
  const loaded: Loaded[] = [];
  for (const name of listFiles(root, problems)) {
    const read = loadFile(`flows/${name}`, readFileSync(join(root, 'flows', name), 'utf8'), problems);
    if (read !== undefined) loaded.push(read);
  }
  const flows = new Map<string, Flow>();
  checkUnique(loaded, problems);
  // Ids of files with other faults count as known, so that one fault is not reported in every file that leads there.
  const flowIds = new Set(loaded.map(({ source }) => readId(source)).filter((id) => id !== undefined));
  for (const { source, flow } of loaded) {
    if (flow === undefined) continue;
    checkLinks(flow, readStepIds(source), flowIds, reporter(source, problems));
    if (!flows.has(flow.id)) flows.set(flow.id, flow);
  }
  return { flows, problems };
}

function listFiles(root: string, problems: Problem[]): string[] {
  let names: string[];
  try {
    names = readdirSync(join(root, 'flows')).sort();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = 'run from the project folder, or restore flows/ from the repository';
    problems.push({
      file: 'flows',
      rule: 'file',
      message: `cannot be read: ${reason}`,
      hint,
      level: 'error',
    });
    return [];
  }
  for (const name of names.filter((n) => n.endsWith('.yml'))) {
    problems.push({
      file: `flows/${name}`,
      rule: 'file',
      message: 'is not read',
      hint: 'rename it to .yaml',
      level: 'error',
    });
  }
  const found = names.filter((name) => name.endsWith('.yaml'));
  if (found.length === 0) {
    problems.push({
      file: 'flows',
      rule: 'file',
      message: 'has no flow',
      hint: 'a flow is a file flows/<id>.yaml',
      level: 'error',
    });
  }
  return found;
}

function loadFile(file: string, text: string, problems: Problem[]): Loaded | undefined {
  const { source, problems: syntax } = parseYaml(file, text);
  problems.push(...syntax);
  if (source === undefined) return undefined;
  const report = reporter(source, problems);
  const id = readId(source);
  if (id !== undefined && file !== `flows/${id}.yaml`) {
    report(['id'], 'file', `the file of flow "${id}" is called ${file}`, `rename it to flows/${id}.yaml`);
  }
  const result = flowSchema.safeParse(source.data, { reportInput: true });
  if (!result.success) {
    for (const issue of result.error.issues) reportIssue(issue, report);
    return { source };
  }
  const flow: FlowSource = result.data;
  return { source, flow: buildFlow(flow, source, report) };
}

function reporter(source: Source, problems: Problem[]): Report {
  return (path, rule, message, hint, level = 'error') => {
    problems.push({ file: source.file, line: source.lineOf(path), rule, message, hint, level });
  };
}

function reportIssue(issue: z.core.$ZodIssue, report: Report): void {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const where = path.length === 0 ? 'the file' : path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const allowed = listKeys(path);
    for (const key of issue.keys)
      report([...path, key], 'schema', `unknown key "${key}" in ${where}`, suggest(key, allowed));
    return;
  }
  if (issue.code === 'invalid_value') {
    const given = issue.values.map(String);
    const near = typeof issue.input === 'string' ? findNearest(issue.input, given) : undefined;
    report(
      path,
      'schema',
      `wrong value for ${where}`,
      near ? `did you mean "${near}"?` : `expected one of: ${given.join(', ')}`,
    );
    return;
  }
  if (issue.code === 'invalid_key') {
    const why = issue.issues.map((inner) => inner.message).join('; ');
    report(
      path,
      'schema',
      `wrong name "${String(path.at(-1))}" in ${path.slice(0, -1).join('.')}`,
      `expected ${why}`,
    );
    return;
  }
  if (issue.code === 'invalid_type' && !/received/.test(issue.message)) {
    report(path, 'schema', `wrong value for ${where}`, `expected ${issue.expected}`);
    return;
  }
  const expected = issue.message
    .replace(/^.*?expected /, '')
    .replace(/, received undefined$/, ', and it is missing');
  report(path, 'schema', `wrong value for ${where}`, `expected ${expected}`);
}

/** Ids, commands and intents belong to one flow each. */
function checkUnique(loaded: readonly Loaded[], problems: Problem[]): void {
  const taken = new Map<string, string>();
  const claim = (source: Source, kind: string, name: string | undefined, path: string[]) => {
    if (name === undefined) return;
    const before = taken.get(`${kind} ${name}`);
    if (before === undefined) {
      taken.set(`${kind} ${name}`, source.file);
      return;
    }
    const message = `${kind} "${name}" is already taken by ${before}`;
    reporter(source, problems)(path, 'duplicate', message, 'choose another one');
  };
  for (const { source, flow } of loaded) {
    claim(source, 'id', readId(source), ['id']);
    claim(source, 'command', flow?.triggers.command, ['triggers', 'command']);
    for (const key of flow?.triggers.intents.keys() ?? [])
      claim(source, 'intent', key, ['triggers', 'intents', key]);
    for (const old of flow?.was ?? []) claim(source, 'earlier id', old, ['was']);
  }
}

function readId(source: Source): string | undefined {
  const id = (source.data as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : undefined;
}

/** All step names of the file, also of steps that could not be built. */
function readStepIds(source: Source): ReadonlySet<string> {
  const steps = (source.data as { steps?: unknown } | null)?.steps;
  return new Set(typeof steps === 'object' && steps !== null ? Object.keys(steps) : []);
}
