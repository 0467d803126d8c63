import { compareShares, isWhole } from './chance.ts';
import { add, type Sheet, type Shown } from './sheet.ts';

/** Ways to leave a flow before its end. */
export const LEAVING = ['menu', 'stopped', 'expired'] as const;
/** Of so many per cent who reached a question, leaving is worth a mark. */
const WEAK = 15;
/** By so many points the share must have grown to be news. */
const NEWS = 5;

/** A place in a flow where the conversation waits. */
export interface StepFigure {
  id: string;
  reached: Shown;
  /** How many went no further; at least, where a way of leaving is hidden. */
  left: Shown;
  /** Whole per cent of those who reached it; undefined when one of the two is not shown. */
  share?: number;
  /** Leaving a question is giving up; leaving an answer is what one does with it. */
  question: boolean;
}

/** A flow, step by step. */
export interface FlowSteps {
  id: string;
  steps: StepFigure[];
  /** The question most people leave at. */
  weakest?: StepFigure;
}

/** A question people leave at. */
export interface WeakStep extends StepFigure {
  flow: string;
  /** Share of the period before, where it can be compared. */
  before?: number;
  /** Whether more leave than before, beyond chance. */
  grown: boolean;
}

/** Whether a step asks something; false for one that is there no more. */
export type IsQuestion = (flow: string, step: string) => boolean;

/** Every flow with a step that is shown. */
export function flowSteps(sheet: Sheet, isQuestion: IsQuestion): FlowSteps[] {
  const flows = new Map<string, StepFigure[]>();
  for (const row of sheet.rows('step')) {
    const [flow = '', id = ''] = row.split('.');
    const steps = flows.get(flow) ?? [];
    steps.push(stepOf(sheet, row, id, isQuestion(flow, id)));
    flows.set(flow, steps);
  }
  return [...flows].flatMap(([id, steps]) => {
    if (steps.every(({ reached }) => reached.n === 0)) return [];
    const weakest = steps
      .filter(({ question, share }) => question && share !== undefined && share >= WEAK)
      .reduce<StepFigure | undefined>(
        (most, step) => (step.left.n > (most?.left.n ?? 0) ? step : most),
        undefined,
      );
    return [{ id, steps, ...(weakest === undefined ? {} : { weakest }) }];
  });
}

/** The questions most people leave at, of all flows, the worst first. */
export function weakSteps(
  flows: readonly FlowSteps[],
  now: Sheet,
  before: Sheet | undefined,
  sure: number,
): WeakStep[] {
  return flows
    .flatMap((flow) => (flow.weakest === undefined ? [] : [{ flow: flow.id, ...flow.weakest }]))
    .map((step) => ({ ...step, ...grownSince(step, now, before, sure) }))
    .sort((a, b) => b.left.n - a.left.n);
}

function grownSince(
  step: StepFigure & { flow: string },
  now: Sheet,
  before: Sheet | undefined,
  sure: number,
): { before?: number; grown: boolean } {
  if (before === undefined) return { grown: false };
  const row = `${step.flow}.${step.id}`;
  const then = stepOf(before, row, step.id, true);
  if (!isWhole(step.reached) || !isWhole(then.reached) || then.share === undefined) return { grown: false };
  // Of the ways to leave, those that both periods show in full.
  const ways = LEAVING.map((way) => [now.cell('step', row, way), before.cell('step', row, way)] as const);
  const both = ways.filter((pair) => pair.every(isWhole));
  const sum = (at: 0 | 1) => both.reduce((n, pair) => n + pair[at].n, 0);
  const strength = compareShares(
    { part: sum(0), whole: step.reached.n },
    { part: sum(1), whole: then.reached.n },
    both.length,
  );
  return { before: then.share, grown: strength >= sure && (step.share ?? 0) - then.share >= NEWS };
}

function stepOf(sheet: Sheet, row: string, id: string, question: boolean): StepFigure {
  const reached = sheet.cell('step', row, 'reached');
  const left = add(LEAVING.map((way) => sheet.cell('step', row, way)));
  const known = reached.n > 0 && left.n > 0;
  return {
    id,
    reached,
    left,
    question,
    ...(known ? { share: Math.min(100, Math.round((left.n / reached.n) * 100)) } : {}),
  };
}
