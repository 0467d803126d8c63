import { BUILT_IN, type Flow, type FlowStep, type Target } from '../flow/types.ts';
import { KINDS } from './kinds.ts';
import { optionsOf } from './options.ts';
import {
  count,
  countryOf,
  flowOf,
  langOf,
  locate,
  MAX_CALLS,
  MAX_STEPS,
  type Run,
  setVar,
  stepOf,
  tell,
} from './run.ts';
import type { Frame } from './types.ts';

/** Steps on the way to whom to call, when a turn took too many. */
const LAST_STEPS = 3;

/** Goes to a target and on from there until a step waits. */
export function follow(run: Run, from: { flow: Flow; step: FlowStep }, target: Target): void {
  let here: { flow: Flow; step: FlowStep } | undefined = from;
  let next: Target | undefined = target;
  while (here !== undefined && next !== undefined) {
    const to = resolve(run, here, next);
    if (to === undefined) return;
    if (run.steps++ >= MAX_STEPS) return giveUp(run);
    here = to;
    next = arrive(run, to.flow, to.step, to.entered);
  }
}

/** Begins a flow, from its first step or from the one named. */
export function begin(run: Run, flowId: string, step?: string): void {
  const flow = flowOf(run, flowId);
  const from = { flow, step: stepOf(flow, flow.start) };
  if (step === undefined) return follow(run, from, { to: 'goto', flow: flowId });
  count(run, { name: 'flow-started', flow: flowId, country: countryOf(run) });
  follow(run, from, { to: 'step', step });
}

/** Begins where everybody begins: the menu; before that, the choice of a language. */
export function goHome(run: Run): void {
  begin(run, homeOf(run));
}

function homeOf(run: Run): string {
  return run.session.lang === undefined ? BUILT_IN.welcome : BUILT_IN.menu;
}

/** Shows a step again, exactly as it stands. */
export function show(run: Run, flow: Flow, step: FlowStep): void {
  const next = arrive(run, flow, step, false);
  if (next !== undefined) follow(run, { flow, step }, next);
}

/** Carries out one step. Returns where it leads, or undefined when the conversation waits there. */
function arrive(run: Run, flow: Flow, step: FlowStep, entered: boolean): Target | undefined {
  const next = KINDS[step.kind](run, flow, step, entered);
  if (next !== undefined) return next;
  if (!step.waits) return { to: 'end', outcome: 'done' };
  wait(run, flow, step);
  return undefined;
}

/** The conversation pauses here; the options are numbered as the person sees them. */
function wait(run: Run, flow: Flow, step: FlowStep): void {
  count(run, { name: 'step', flow: flow.id, step: step.id, what: 'reached' });
  run.options = optionsOf(run, flow, step);
  run.session.at = { flow: flow.id, step: step.id, hash: flow.hash, shown: run.options.map((o) => o.id) };
}

interface Place {
  flow: Flow;
  step: FlowStep;
  entered: boolean;
}

function resolve(run: Run, from: { flow: Flow; step: FlowStep }, target: Target): Place | undefined {
  switch (target.to) {
    case 'step':
      return { flow: from.flow, step: stepOf(from.flow, target.step), entered: true };
    case 'goto':
      return startOf(run, target.flow);
    case 'call':
      push(run, frameFor(from.flow, from.step));
      return startOf(run, target.flow);
    case 'handoff':
      push(run, frameFor(from.flow, from.step));
      setVar(run, 'topic', target.topic);
      count(run, { name: 'person-asked', topic: target.topic });
      return startOf(run, BUILT_IN.handoff);
    case 'end':
      return afterEnd(run, from.flow, target.outcome);
    case 'do':
      return undefined;
  }
}

function startOf(run: Run, flowId: string): Place {
  const flow = flowOf(run, flowId);
  count(run, { name: 'flow-started', flow: flowId, country: countryOf(run) });
  return { flow, step: stepOf(flow, flow.start), entered: true };
}

/** A step that waits is shown again after a call; one that does not goes on. */
function frameFor(flow: Flow, step: FlowStep): Frame {
  return { flow: flow.id, step: step.id, hash: flow.hash, resume: step.waits ? 'again' : 'next' };
}

export function push(run: Run, frame: Frame): void {
  run.session.calls.push(frame);
  if (run.session.calls.length > MAX_CALLS) run.session.calls.shift();
}

/** Where to go when a flow is over: back to the one that waits for it, else the menu. */
function afterEnd(run: Run, flow: Flow, outcome: string): Place | undefined {
  count(run, { name: 'flow-ended', outcome, lang: langOf(run) });
  // After a talk with a person the answer was counted with the choice.
  if (flow.id !== BUILT_IN.handoff && (outcome === 'helped' || outcome === 'not-helped'))
    count(run, { name: 'useful', flow: flow.id, answer: outcome === 'helped' ? 'helped' : 'not' });
  if (run.env.texts.has(langOf(run), `common:ended.${outcome}`)) tell(run, `ended.${outcome}`);
  for (let frame = run.session.calls.pop(); frame !== undefined; frame = run.session.calls.pop()) {
    const { flow: waiting, step } = locate(run.env, frame.flow, frame.step);
    // A flow removed meanwhile: the one before it, or the menu.
    if (waiting === undefined) continue;
    if (step === undefined) {
      tell(run, 'edited');
      return { flow: waiting, step: stepOf(waiting, waiting.start), entered: true };
    }
    if (frame.resume === 'again') return { flow: waiting, step, entered: false };
    if (step.next !== undefined) return { flow: waiting, step: stepOf(waiting, step.next), entered: true };
  }
  const home = flowOf(run, homeOf(run));
  return { flow: home, step: stepOf(home, home.start), entered: true };
}

/** Too many steps without a wait: a fault of the flow. The person gets a human, never a hang. */
function giveUp(run: Run): void {
  run.pieces.length = 0;
  run.session.calls.length = 0;
  tell(run, 'limit');
  const flow = flowOf(run, BUILT_IN.handoff);
  let step = stepOf(flow, flow.start);
  // A step or two only: whatever loops cannot loop here again.
  for (let left = LAST_STEPS; left > 0; left--) {
    const next = KINDS[step.kind](run, flow, step, true);
    if (next?.to !== 'step') break;
    step = stepOf(flow, next.step);
  }
  wait(run, flow, step);
}
