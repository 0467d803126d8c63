import type { StepReport } from './check-input.ts';
import { BUILT_IN, type Flow, type Flows } from './types.ts';
import { arrivesAt, listNodes, type Node, nodeId, waysOf } from './ways.ts';

/** Steps the engine takes in one turn before it gives up and offers a person. */
const MAX_UNWAITED = 30;

/** Rules `loop` and `too-long`: what happens between two answers of a person comes to an end, and soon. */
export function checkLoops(flows: Flows, report: StepReport): void {
  const nodes = listNodes(flows);
  const next = listUnwaited(flows, nodes);
  const state = new Map<string, 'open' | 'done'>();
  const depth = new Map<string, number>();
  const path: string[] = [];

  const visit = (id: string): number => {
    if (state.get(id) === 'open') {
      reportLoop(path.slice(path.indexOf(id)), nodes, report);
      return 0;
    }
    const known = depth.get(id);
    if (known !== undefined) return known;
    state.set(id, 'open');
    path.push(id);
    const longest = 1 + Math.max(0, ...(next.get(id) ?? []).map(visit));
    path.pop();
    state.set(id, 'done');
    depth.set(id, longest);
    return longest;
  };
  for (const [id, { flow, step }] of nodes) {
    const before = depth.has(id);
    const steps = visit(id);
    if (!before && steps > MAX_UNWAITED) {
      const hint = `the engine gives up after ${MAX_UNWAITED}: ask something in between`;
      report(flow, step, 'too-long', `up to ${steps} steps follow without waiting for the person`, hint);
    }
  }
}

function reportLoop(loop: readonly string[], nodes: ReadonlyMap<string, Node>, report: StepReport): void {
  const steps = loop.flatMap((id) => nodes.get(id)?.step ?? []);
  // A loop that forgets the very answer it skips on asks again the next time round.
  const forgotten = new Set(
    steps.flatMap((s) => Object.entries(s.set ?? {}).flatMap(([k, v]) => (v === null ? [k] : []))),
  );
  const skipped = steps.flatMap((s) => s.ask?.choice ?? s.ask?.place ?? s.ask?.number ?? s.ask?.text ?? []);
  if (skipped.some((name) => forgotten.has(name))) return;
  const first = nodes.get(loop[0] ?? '');
  if (first === undefined) return;
  const way = [...loop, loop[0]].join(' → ');
  report(
    first.flow,
    first.step,
    'loop',
    `goes round without waiting for the person: ${way}`,
    'add choices or a question on the way',
  );
}

/** From each step, the steps that can follow in the same turn. */
function listUnwaited(flows: Flows, nodes: ReadonlyMap<string, Node>): Map<string, string[]> {
  const passable = listPassable(flows);
  const next = new Map<string, string[]>();
  for (const [id, { flow, step }] of nodes) {
    const inner = step.call ?? (step.kind === 'handoff' ? BUILT_IN.handoff : undefined);
    const ways = waysOf(step).filter(({ target, waited }) => {
      // What follows a call follows in the same turn only if the called flow asks nothing.
      const afterCall = inner !== undefined && target.to === 'step';
      return !waited && (!afterCall || passable.has(inner));
    });
    next.set(
      id,
      ways.flatMap(({ target }) => arrivesAt(flows, flow, target) ?? []),
    );
  }
  return next;
}

/** Flows that can come to their end without asking anything. */
function listPassable(flows: Flows): Set<string> {
  const passable = new Set<string>();
  for (let before = -1; before !== passable.size; ) {
    before = passable.size;
    for (const flow of flows.values()) if (passes(flow, passable)) passable.add(flow.id);
  }
  return passable;
}

function passes(flow: Flow, passable: ReadonlySet<string>): boolean {
  const seen = new Set([nodeId(flow.id, flow.start)]);
  for (const id of seen) {
    const step = flow.steps.get(id.slice(flow.id.length + 1));
    if (step === undefined) continue;
    const inner = step.call ?? (step.kind === 'handoff' ? BUILT_IN.handoff : undefined);
    if (inner !== undefined && !passable.has(inner)) continue;
    for (const { target, waited } of waysOf(step)) {
      if (waited) continue;
      if (target.to === 'end') return true;
      if (target.to === 'step') seen.add(nodeId(flow.id, target.step));
    }
  }
  return false;
}
