import { LANGS } from '../message.ts';
import type { CheckInput, StepReport } from './check-input.ts';
import { suggest } from './nearest.ts';
import type { Flow, FlowStep } from './types.ts';

/** Variables the engine sets itself. */
const ENGINE_VARIABLES = ['country', 'topic', 'city'] as const;

/** The values a variable can have; `open` when they are not listed anywhere. */
type Values = Set<string> | 'open';

/** Rules `unknown-variable` and `unknown-value`: nothing hangs on an answer that is never given. */
export function checkVariables(input: CheckInput, report: StepReport): void {
  const known = listVariables(input);
  for (const flow of input.flows.values()) {
    for (const step of flow.steps.values()) {
      for (const name of listUsed(input, step)) {
        if (known.has(name)) continue;
        const message = `nothing ever sets the variable "${name}"`;
        report(flow, step, 'unknown-variable', message, suggest(name, known.keys()));
      }
      checkValues(flow, step, known, report);
    }
  }
}

function listVariables(input: CheckInput): Map<string, Values> {
  const known = new Map<string, Values>(ENGINE_VARIABLES.map((name) => [name, 'open']));
  known.set('country', new Set(input.content.countries()));
  known.set('lang', new Set(LANGS));
  const add = (name: string | undefined, values: Iterable<string> | 'open') => {
    if (name === undefined) return;
    const before = known.get(name) ?? new Set<string>();
    known.set(name, before === 'open' || values === 'open' ? 'open' : new Set([...before, ...values]));
  };
  for (const flow of input.flows.values()) {
    for (const { set } of flow.triggers.intents.values())
      for (const [name, value] of Object.entries(set)) add(name, [String(value)]);
    for (const step of flow.steps.values()) {
      const listed = listFrom(input, step);
      add(step.ask?.choice, listed === 'open' ? 'open' : [...listed, ...step.choices.map((c) => c.id)]);
      for (const open of [step.ask?.place, step.ask?.number]) add(open, 'open');
      add(step.ask?.text, listed);
      for (const set of [step.set, ...step.choices.map((c) => c.set)]) {
        for (const [name, value] of Object.entries(set ?? {}))
          add(name, value === null ? [] : [String(value)]);
      }
    }
  }
  return known;
}

function listFrom({ content }: CheckInput, step: FlowStep): readonly string[] | 'open' {
  switch (step.ask?.from) {
    case 'languages':
      return LANGS;
    case 'countries':
      return content.countries();
    case 'citizenships':
      return content.citizenships();
    case 'cities':
      return 'open';
    case undefined:
      return [];
  }
}

function listUsed(input: CheckInput, step: FlowStep): Set<string> {
  const table = step.decide === undefined ? undefined : input.tables?.get(step.decide.table);
  const used = [
    step.branch?.on,
    step.branch?.same?.as,
    step.say?.page === undefined ? undefined : step.say.by,
    step.contacts?.by,
    step.contacts?.from,
    step.queue?.from,
    ...step.choices.flatMap((c) => Object.keys(c.when ?? {})),
    ...(table?.variables ?? []),
  ];
  return new Set(used.filter((name) => name !== undefined));
}

function checkValues(
  flow: Flow,
  step: FlowStep,
  known: ReadonlyMap<string, Values>,
  report: StepReport,
): void {
  const check = (name: string, value: string) => {
    const values = known.get(name);
    if (values === undefined || values === 'open' || values.has(value)) return;
    const message = `"${name}" is never "${value}", so this is never taken`;
    report(flow, step, 'unknown-value', message, suggest(value, values));
  };
  for (const value of Object.keys(step.branch?.cases ?? {})) check(step.branch?.on ?? '', value);
  for (const choice of step.choices) {
    for (const [name, wanted] of Object.entries(choice.when ?? {})) {
      for (const value of Array.isArray(wanted) ? wanted : [wanted]) check(name, String(value));
    }
  }
}
