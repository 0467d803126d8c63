import type { Flow, FlowStep, Flows, Target } from './types.ts';
import { BUILT_IN } from './types.ts';

/** One way out of a step. */
export interface Way {
  target: Target;
  /** What the way is called in a picture: a choice's id, a branch's value, `none`, …; '' for plain `next`. */
  label: string;
  /** Id of the choice that leads here. */
  choice?: string;
  /** Taken only after the person did something: no loop through it can hang. */
  waited: boolean;
}

/** Every way out of a step that its file names. What the engine adds (Back, Menu, words) is not among them. */
export function waysOf(step: FlowStep): Way[] {
  const ways: Way[] = [];
  const toStep = (id: string | undefined, label: string, waited: boolean) => {
    if (id !== undefined) ways.push({ target: { to: 'step', step: id }, label, waited });
  };
  for (const choice of step.choices) {
    const target: Target | undefined =
      choice.target ?? (step.next === undefined ? undefined : { to: 'step', step: step.next });
    if (target !== undefined) ways.push({ target, label: choice.id, choice: choice.id, waited: true });
  }
  if (step.kind === 'ask') {
    if (takesMore(step)) toStep(step.next, 'answer', true);
    if (step.ask?.known === 'skip') toStep(step.next, 'known', false);
  }
  toStep(step.no_match?.next, 'not understood', true);
  toStep(step.none ?? step.say?.none, 'none', false);
  toStep(step.queue?.full, 'full', false);
  toStep(step.queue?.missed, 'nobody came', true);
  toStep(step.queue?.over, 'over', true);
  if (step.branch !== undefined) {
    toStep(step.branch.same?.next, `= ${step.branch.same?.as}`, false);
    for (const [value, to] of Object.entries(step.branch.cases)) toStep(to, value, false);
    toStep(step.branch.known, 'known', false);
    toStep(step.branch.else, 'else', false);
  }
  if (step.call !== undefined)
    ways.push({ target: { to: 'call', flow: step.call }, label: '', waited: false });
  if (step.goto !== undefined)
    ways.push({ target: { to: 'goto', flow: step.goto }, label: '', waited: false });
  if (step.handoff !== undefined) {
    ways.push({ target: { to: 'handoff', topic: step.handoff.topic }, label: '', waited: false });
  }
  if (step.end !== undefined)
    ways.push({ target: { to: 'end', outcome: step.end }, label: '', waited: false });
  if (!step.waits && step.kind !== 'branch' && step.kind !== 'goto' && step.kind !== 'end') {
    toStep(step.next, '', false);
    // The engine ends the flow after a step that leads nowhere.
    if (step.next === undefined)
      ways.push({ target: { to: 'end', outcome: 'done' }, label: '', waited: false });
  }
  return ways;
}

/** Whether an ask takes answers besides its fixed choices: a place, a number, words, one of a list. */
function takesMore(step: FlowStep): boolean {
  return step.ask?.choice === undefined || step.ask.from !== undefined;
}

/** A step of a flow, and its name in a graph over all flows. */
export interface Node {
  flow: Flow;
  step: FlowStep;
}

/** `rights:deport` */
export function nodeId(flow: string, step: string): string {
  return `${flow}:${step}`;
}

/** Every step of every flow by {@link nodeId}. */
export function listNodes(flows: Flows): Map<string, Node> {
  const nodes = new Map<string, Node>();
  for (const flow of flows.values()) {
    for (const step of flow.steps.values()) nodes.set(nodeId(flow.id, step.id), { flow, step });
  }
  return nodes;
}

/** Where a way arrives, over flow borders; the end of a flow arrives at the menu. Undefined: it stays, or is unknown. */
export function arrivesAt(flows: Flows, flow: Flow, target: Target): string | undefined {
  if (target.to === 'step') return nodeId(flow.id, target.step);
  if (target.to === 'do') return undefined;
  const other =
    target.to === 'end' ? BUILT_IN.menu : target.to === 'handoff' ? BUILT_IN.handoff : target.flow;
  const start = flows.get(other)?.start;
  return start === undefined ? undefined : nodeId(other, start);
}
