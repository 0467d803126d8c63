import { MAX_BACK, type Run, undoOf } from './run.ts';
import type { Frame, Position, Trail, Vars } from './types.ts';

/** The session as it was when the turn began. */
export interface Before {
  at: Position | undefined;
  vars: Vars;
  calls: readonly Frame[];
}

export function remember(run: Run): Before {
  const { at, vars, calls } = run.session;
  return { at, vars: { ...vars }, calls: [...calls] };
}

/**
 * After a move: notes the way back. Staying at the same step only completes the last note, so that going back
 * later restores the variables exactly as they were when that step was left.
 */
export function note(run: Run, before: Before): void {
  const { session } = run;
  if (before.at === undefined || session.at === undefined) return;
  const undo = undoOf(before.vars, session.vars);
  const moved = session.at.flow !== before.at.flow || session.at.step !== before.at.step;
  if (!moved) return complete(session.back, undo);
  const { flow, step, hash } = before.at;
  const trail: Trail = { flow, step, hash, undo };
  if (!sameCalls(before.calls, session.calls)) trail.calls = [...before.calls];
  session.back.push(trail);
  if (session.back.length > MAX_BACK) session.back.shift();
}

function complete(back: Trail[], undo: Trail['undo']): void {
  const last = back.at(-1);
  if (last === undefined) return;
  back[back.length - 1] = { ...last, undo: { ...undo, ...last.undo } };
}

/** Takes notes out of the way back; the one before takes over what they would have put back. */
export function forgetTrails(run: Run, drop: (trail: Trail) => boolean): void {
  const kept: Trail[] = [];
  for (const trail of run.session.back) {
    const before = kept.at(-1);
    if (!drop(trail)) kept.push(trail);
    else if (before !== undefined) {
      const calls = before.calls ?? trail.calls;
      kept[kept.length - 1] = {
        ...before,
        undo: { ...trail.undo, ...before.undo },
        ...(calls === undefined ? {} : { calls }),
      };
    }
  }
  run.session.back = kept;
}

function sameCalls(a: readonly Frame[], b: readonly Frame[]): boolean {
  return (
    a.length === b.length &&
    a.every((f, i) => f.flow === b[i]?.flow && f.step === b[i]?.step && f.resume === b[i]?.resume)
  );
}

/** Puts the session back to where the last note was made. Returns it, or undefined when there is none. */
export function undo(run: Run): Trail | undefined {
  const trail = run.session.back.pop();
  if (trail === undefined) return undefined;
  for (const [name, value] of Object.entries(trail.undo)) {
    if (value === null) delete run.session.vars[name];
    else run.session.vars[name] = value;
  }
  if (trail.calls !== undefined) run.session.calls = [...trail.calls];
  return trail;
}

/** Goes back until a step, when it is on the trail; else changes nothing and returns undefined. */
export function undoTo(run: Run, flow: string, step: string): Trail | undefined {
  if (!run.session.back.some((t) => t.flow === flow && t.step === step)) return undefined;
  for (let trail = undo(run); trail !== undefined; trail = undo(run)) {
    if (trail.flow === flow && trail.step === step) return trail;
  }
  return undefined;
}
