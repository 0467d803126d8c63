import type { Problem } from '../errors.ts';
import type { Path, Source } from '../yaml-source.ts';
import { hashSource } from './hash.ts';
import { type ChoiceSource, type FlowSource, STEP_KINDS, type StepSource } from './schema.ts';
import type { DoAction, Flow, FlowChoice, FlowStep, IntentTarget, StepKind, Target } from './types.ts';

/** Adds a problem at a path of the file being read. */
export type Report = (
  path: Path,
  rule: string,
  message: string,
  hint: string,
  level?: Problem['level'],
) => void;

/** Kinds that wait when they have choices; `ask` always waits. */
const MAY_WAIT: ReadonlySet<StepKind> = new Set([
  'say',
  'find_sites',
  'contacts',
  'emergency',
  'decide',
  'queue',
  'after',
]);
/** The kind of step at which something can be done; absent: at any. */
const HOME_OF_DO: Partial<Record<DoAction, StepKind>> = {
  next_site: 'find_sites',
  map: 'find_sites',
  next_part: 'decide',
  leave: 'queue',
};

/** Kinds that are nothing without choices. */
const MUST_WAIT: ReadonlySet<StepKind> = new Set(['queue', 'after']);
/** Kinds that say where to go themselves. */
const LEADS_ITSELF: ReadonlySet<StepKind> = new Set(['branch', 'goto', 'end']);
const MAY_FIND_NOTHING: ReadonlySet<StepKind> = new Set(['find_sites', 'contacts', 'emergency', 'queue']);
const TARGET_KEYS = ['next', 'goto', 'call', 'handoff', 'end', 'do'] as const;

/** A valid file → the flow the engine reads. What the schema cannot say about a single step is reported here. */
export function buildFlow(parsed: FlowSource, source: Source, report: Report): Flow {
  const steps = new Map<string, FlowStep>();
  for (const [id, step] of Object.entries(parsed.steps)) {
    const built = buildStep(id, step, () => source.lineOf(['steps', id]), report);
    if (built !== undefined) steps.set(id, built);
  }
  return {
    id: parsed.id,
    version: parsed.version,
    start: parsed.start,
    file: source.file,
    hash: hashSource(source.data),
    triggers: readTriggers(parsed),
    moved: parsed.moved ?? {},
    was: parsed.was ?? [],
    steps,
  };
}

function readTriggers({ triggers }: FlowSource): Flow['triggers'] {
  const intents = Object.entries(triggers?.intents ?? {}).map(([key, to]): [string, IntentTarget] => {
    if (typeof to === 'string') return [key, { step: to, set: {} }];
    return [key, { set: to.set, ...(to.step === undefined ? {} : { step: to.step }) }];
  });
  return {
    intents: new Map(intents),
    ...(triggers?.command === undefined ? {} : { command: triggers.command }),
  };
}

function buildStep(id: string, step: StepSource, line: () => number, report: Report): FlowStep | undefined {
  const path = ['steps', id];
  const kinds = STEP_KINDS.filter((kind) => step[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) {
    const what =
      kinds.length > 1
        ? `step "${id}" has ${kinds.length} kinds: ${kinds.join(', ')}`
        : `step "${id}" has no kind`;
    report(path, 'kind', what, `expected exactly one of: ${STEP_KINDS.join(', ')}`);
    return undefined;
  }
  const sources = step.choices ?? [];
  const choices = sources.map((choice, at) =>
    buildChoice(choice, [...path, 'choices', at], step, kind, report),
  );
  const waits = kind === 'ask' || (MAY_WAIT.has(kind) && choices.length > 0);
  checkWay(step, kind, waits, path, report);
  checkPlaces(step, kind, waits, path, report);
  if (kind === 'ask') checkAsk(step, path, report);
  if (step.say?.none !== undefined && step.say.page === undefined) {
    report(
      [...path, 'say', 'none'],
      'misplaced',
      '`none` without `page`',
      'only a page can be empty: add `page`, or drop `none`',
    );
  }
  if (step.say?.claim !== undefined && step.say.page !== undefined) {
    report([...path, 'say'], 'misplaced', '`claim` and `page` together', 'keep one of them');
  }
  checkRepeats(sources, path, report);
  return {
    ...step,
    id,
    kind,
    choices,
    waits,
    // Only messages ask for it, and finding it takes long.
    get line() {
      return line();
    },
  };
}

function buildChoice(
  choice: ChoiceSource,
  path: Path,
  step: StepSource,
  kind: StepKind,
  report: Report,
): FlowChoice {
  const named = TARGET_KEYS.filter((key) => choice[key] !== undefined);
  const fallsThrough = kind === 'ask' && step.ask?.choice !== undefined && step.next !== undefined;
  if (named.length > 1) {
    report(
      path,
      'target',
      `choice "${choice.id}" leads to ${named.length} places: ${named.join(', ')}`,
      'keep exactly one',
    );
  } else if (named.length === 0 && !fallsThrough) {
    const hint = `expected one of: ${TARGET_KEYS.join(', ')} (or, in \`ask: { choice: … }\`, a \`next\` of the step)`;
    report(path, 'target', `choice "${choice.id}" leads nowhere`, hint);
  }
  const home = choice.do === undefined ? undefined : HOME_OF_DO[choice.do];
  if (home !== undefined && home !== kind) {
    report(
      [...path, 'do'],
      'misplaced',
      `\`do: ${choice.do}\` outside a ${home} step`,
      'only there does it do anything',
    );
  }
  const target = readTarget(choice);
  return {
    id: choice.id,
    ...(target === undefined ? {} : { target }),
    ...(choice.set === undefined ? {} : { set: choice.set }),
    ...(choice.when === undefined ? {} : { when: choice.when }),
  };
}

function readTarget(choice: ChoiceSource): Target | undefined {
  if (choice.next !== undefined) return { to: 'step', step: choice.next };
  if (choice.goto !== undefined) return { to: 'goto', flow: choice.goto };
  if (choice.call !== undefined) return { to: 'call', flow: choice.call };
  if (choice.handoff !== undefined) return { to: 'handoff', topic: choice.handoff };
  if (choice.end !== undefined) return { to: 'end', outcome: choice.end };
  if (choice.do !== undefined) return { to: 'do', action: choice.do };
  return undefined;
}

/** Every step leads on, and a `next` that is never taken is not left to mislead its reader. */
function checkWay(step: StepSource, kind: StepKind, waits: boolean, path: Path, report: Report): void {
  if (step.next !== undefined && LEADS_ITSELF.has(kind)) {
    report([...path, 'next'], 'misplaced', `\`next\` after \`${kind}\` is never taken`, 'remove it');
  }
  if (MUST_WAIT.has(kind) && !waits) {
    report(
      path,
      'needs-next',
      `\`${kind}\` without choices`,
      'add `choices`: a person must be able to go on',
    );
    return;
  }
  if (step.next === undefined && !waits && !LEADS_ITSELF.has(kind) && kind !== 'handoff') {
    const hint = MAY_WAIT.has(kind) ? 'add `next: <step>` or `choices`' : 'add `next: <step>`';
    report(path, 'needs-next', `step "${String(path[1])}" does not say where to go`, hint);
  }
  if (step.next !== undefined && waits && kind !== 'ask') {
    const hint = 'the step waits for one of its choices: remove `next`, or the choices';
    report([...path, 'next'], 'misplaced', '`next` is never taken', hint, 'warning');
  }
}

/** Keys that mean nothing on this kind of step. */
function checkPlaces(step: StepSource, kind: StepKind, waits: boolean, path: Path, report: Report): void {
  if ((step.choices?.length ?? 0) > 0 && !waits) {
    report(
      [...path, 'choices'],
      'misplaced',
      `\`${kind}\` cannot have choices`,
      'move them to a `say` or `ask` step',
    );
  }
  if (step.none !== undefined && !MAY_FIND_NOTHING.has(kind)) {
    const hint = kind === 'say' ? 'put it inside: `say: { page: …, none: … }`' : 'remove it';
    report([...path, 'none'], 'misplaced', `\`none\` does nothing on \`${kind}\``, hint);
  }
  if (step.no_match !== undefined && !waits) {
    report(
      [...path, 'no_match'],
      'misplaced',
      '`no_match` on a step that does not wait',
      'remove it, or add choices',
    );
  }
  if (!step.nav && !waits) {
    report([...path, 'nav'], 'misplaced', '`nav: false` on a step that does not wait', 'remove it');
  }
}

function checkAsk(step: StepSource, path: Path, report: Report): void {
  const ask = step.ask ?? { known: 'ask' as const };
  const at = [...path, 'ask'];
  const asked = (['choice', 'place', 'number', 'text'] as const).filter((key) => ask[key] !== undefined);
  if (asked.length !== 1) {
    report(
      at,
      'ask',
      asked.length === 0 ? 'asks for nothing' : `asks for ${asked.join(' and ')} at once`,
      'expected exactly one of: choice, place, number, text',
    );
  }
  if (ask.choice !== undefined && ask.from === undefined && (step.choices?.length ?? 0) === 0) {
    report(at, 'ask', 'there is nothing to choose from', 'add `choices`, or `from: …`');
  }
  const byAnswer = ask.choice === undefined || ask.from !== undefined || ask.known === 'skip';
  if (byAnswer && step.next === undefined) {
    const hint = 'add `next: <step>`: where to go with the answer';
    report(path, 'needs-next', `step "${String(path[1])}" does not say where to go with the answer`, hint);
  }
  if ((ask.min !== undefined || ask.max !== undefined) && ask.number === undefined) {
    report(at, 'ask', '`min` and `max` are for numbers', 'ask for a `number`, or remove them');
  }
  if (ask.min !== undefined && ask.max !== undefined && ask.min > ask.max) {
    report(at, 'ask', `min ${ask.min} is above max ${ask.max}`, 'swap them');
  }
  if (ask.from !== undefined && ask.number !== undefined) {
    report(at, 'ask', '`from` with `number`', 'a list of names has no numbers: remove one of the two');
  }
}

function checkRepeats(choices: readonly ChoiceSource[], path: Path, report: Report): void {
  const seen = new Set<string>();
  choices.forEach((choice, at) => {
    if (seen.has(choice.id)) {
      report(
        [...path, 'choices', at],
        'duplicate',
        `choice "${choice.id}" stands twice`,
        'rename one of them',
      );
    }
    seen.add(choice.id);
  });
}
