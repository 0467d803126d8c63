import type { CheckInput, StepReport } from './check-input.ts';
import { BUILT_IN, type DoAction, type Flow, type FlowStep, type Flows } from './types.ts';
import { arrivesAt, listNodes, nodeId, waysOf } from './ways.ts';

/** Rules `unreachable`, `dead-end`, `no-person`, `no-menu`: where one can get from where. */
export function checkGraph(input: CheckInput, report: StepReport): void {
  const { flows } = input;
  const started = listStarted(flows, input.builtIn ?? Object.values(BUILT_IN));
  for (const flow of flows.values()) {
    const start = flow.steps.get(flow.start);
    if (start !== undefined && !started.has(flow.id)) {
      report(
        flow,
        start,
        'unreachable',
        `nothing starts the flow "${flow.id}"`,
        'add a trigger, or lead there from another flow',
      );
    }
    checkReachable(flow, report);
    checkEnds(flow, report);
  }
  checkWayTo(flows, report, 'no-person', 'no person can be reached from here by buttons', (flow, step) => {
    return flow.id === BUILT_IN.handoff || waysOf(step).some((way) => way.target.to === 'handoff');
  });
  checkWayTo(flows, report, 'no-menu', 'the menu cannot be reached from here by buttons', (flow, step) => {
    return flow.id === BUILT_IN.menu && step.id === flow.start;
  });
}

function listStarted(flows: Flows, builtIn: readonly string[]): Set<string> {
  const started = new Set(builtIn);
  for (const flow of flows.values()) {
    if (flow.triggers.command !== undefined || flow.triggers.intents.size > 0) started.add(flow.id);
    for (const step of flow.steps.values()) {
      for (const { target } of waysOf(step)) {
        if (target.to === 'goto' || target.to === 'call') started.add(target.flow);
      }
    }
  }
  return started;
}

function checkReachable(flow: Flow, report: StepReport): void {
  const named = [...flow.triggers.intents.values()].flatMap(({ step }) => step ?? []);
  const seen = new Set([flow.start, ...named]);
  for (const id of seen) {
    const step = flow.steps.get(id);
    for (const { target } of step === undefined ? [] : waysOf(step)) {
      if (target.to === 'step') seen.add(target.step);
    }
  }
  for (const step of flow.steps.values()) {
    if (!seen.has(step.id))
      report(flow, step, 'unreachable', 'no way leads here', 'lead here from another step, or remove it');
  }
}

/** Every wait has a way on that is always there, and from everywhere the flow can come to an end. */
function checkEnds(flow: Flow, report: StepReport): void {
  const ending = growBackwards(flow, (step) =>
    waysOf(step).some(
      ({ target }) =>
        target.to !== 'step' &&
        !(target.to === 'do' && target.action !== 'forget' && target.action !== 'leave'),
    ),
  );
  for (const step of flow.steps.values()) {
    if (step.kind === 'find_sites' && step.none === undefined) {
      report(flow, step, 'dead-end', 'nothing is said when no place is found', 'add `none: <step>`');
    }
    if (step.kind === 'queue' && step.none === undefined) {
      report(flow, step, 'dead-end', 'nothing is said where nobody sits at the chat', 'add `none: <step>`');
    }
    if (step.waits && !step.nav && !hasSureWay(step)) {
      const hint = 'add a choice without `when`, or remove `nav: false`';
      report(flow, step, 'dead-end', 'a person may find no option here', hint);
    } else if (!ending.has(step.id)) {
      const hint = 'lead to a step with `end`, `goto` or `handoff`';
      report(flow, step, 'dead-end', 'the flow can never end from here', hint);
    }
  }
}

function growBackwards(flow: Flow, ends: (step: FlowStep) => boolean): Set<string> {
  const found = new Set([...flow.steps.values()].filter(ends).map((step) => step.id));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const step of flow.steps.values()) {
      if (waysOf(step).some(({ target }) => target.to === 'step' && found.has(target.step)))
        found.add(step.id);
    }
  }
  return found;
}

/** What can be done at any time; the other actions are hidden while there is nothing to do. */
const SURE: ReadonlySet<DoAction> = new Set(['forget', 'hide', 'leave']);

function hasSureWay(step: FlowStep): boolean {
  if (step.kind === 'ask' && (step.ask?.choice === undefined || step.ask.from !== undefined)) return true;
  return step.choices.some(({ when, target }) => {
    const maybe = target?.to === 'do' && !SURE.has(target.action);
    return when === undefined && !maybe;
  });
}

/** Reports steps from which no path over buttons, the row "Back · Menu" included, comes to a goal. */
function checkWayTo(
  flows: Flows,
  report: StepReport,
  rule: string,
  message: string,
  isGoal: (flow: Flow, step: FlowStep) => boolean,
): void {
  const nodes = listNodes(flows);
  const menu = flows.get(BUILT_IN.menu);
  const menuStart = menu === undefined ? undefined : nodeId(menu.id, menu.start);
  const before = new Map<string, string[]>();
  const found = new Set<string>();
  for (const [id, { flow, step }] of nodes) {
    if (isGoal(flow, step)) found.add(id);
    const reached = waysOf(step).map(({ target }) => arrivesAt(flows, flow, target));
    if (step.waits && step.nav) reached.push(menuStart);
    // After a called flow or a person, the step's own `next`.
    if (!step.waits && step.next !== undefined) reached.push(nodeId(flow.id, step.next));
    for (const to of reached) if (to !== undefined) before.set(to, [...(before.get(to) ?? []), id]);
  }
  for (const id of found) for (const from of before.get(id) ?? []) found.add(from);
  for (const [id, { flow, step }] of nodes) {
    if (!found.has(id))
      report(flow, step, rule, message, 'add a choice that leads there, or remove `nav: false`');
  }
}
