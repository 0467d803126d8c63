import type { Flow, FlowChoice, FlowStep } from '../flow/types.ts';
import type { Lang } from '../message.ts';
import type { Understood } from '../understanding/types.ts';
import type { UsageEvent } from '../usage/event.ts';
import type { Piece } from './say.ts';
import type { Effect, Env, Session, TurnContext, Vars } from './types.ts';

/** Flows that wait for another to end; deeper, the oldest is let go. */
export const MAX_CALLS = 4;
/** Steps back that are remembered; older ones are let go. */
export const MAX_BACK = 12;
/** Steps without a wait in one turn. */
export const MAX_STEPS = 30;
/** Variables of a session, and the length of one. */
const MAX_VARS = 24;
const MAX_VALUE = 64;

/** An option as it stands on the screen now: from the flow file, or one of a list (countries, cities …). */
export interface Option {
  id: string;
  label: string;
  /** Keys under which translators may list other words for it. */
  synonyms: string[];
  /** undefined: one of a list; its id is the answer. */
  choice?: FlowChoice;
}

/** One turn while it is being worked out: a private copy of the session, and what has been said so far. */
export interface Run {
  readonly env: Env;
  readonly ctx: TurnContext;
  readonly session: Session;
  readonly pieces: Piece[];
  readonly effects: Effect[];
  /** The words of this very message, and what they were understood as. */
  typed?: string;
  understood?: Understood;
  /** What was assumed in the turn before. */
  assumed?: readonly string[];
  /** A location shared in this very message: known for this turn only. */
  point?: { lat: number; lon: number };
  /** Steps taken in this turn. */
  steps: number;
  /** The turn went back or began anew: no way back is noted. */
  wentBack?: boolean;
  /** The options are to be written into the text with their numbers. */
  numbered?: boolean;
  /** The options of the step that waits, as it was shown in this turn. */
  options?: Option[];
  /** The person's open chat with people, as it is after what this turn has done so far. */
  handoff?: NonNullable<TurnContext['handoff']>;
  /** Nothing is added to what was said: no options, and no words when there are none. */
  bare?: boolean;
  /** The step the person was at is gone: the flow to start again. */
  restart?: string;
}

export function newSession(): Session {
  return { v: 1, vars: {}, calls: [], back: [], misses: 0 };
}

/** A run over a copy of the session: `step()` never changes what it was given. */
export function openRun(env: Env, ctx: TurnContext, session: Session | null): Run {
  const s = session ?? newSession();
  const copy: Session = { ...s, vars: { ...s.vars }, calls: [...s.calls], back: [...s.back] };
  const open = ctx.handoff === undefined ? {} : { handoff: ctx.handoff };
  return { env, ctx, session: copy, pieces: [], effects: [], steps: 0, ...open };
}

/** The language of this turn: the person's, else the platform's guess, else English. Never guessed from words. */
export function langOf(run: Run): Lang {
  return run.session.lang ?? run.ctx.langHint ?? 'en';
}

/** The country whose facts apply: the one the person named, else the deployment's. */
export function countryOf(run: Run, by = 'country'): string {
  const named = run.session.vars[by];
  return typeof named === 'string' ? named : run.env.country;
}

export function flowOf(run: Run, id: string): Flow {
  const flow = run.env.flows.get(id);
  // The checker proves that every named flow exists; a missing one is a fault of ours, not of the person.
  if (flow === undefined) throw new Error(`no flow "${id}"`);
  return flow;
}

export function stepOf(flow: Flow, id: string): FlowStep {
  const step = flow.steps.get(id);
  if (step === undefined) throw new Error(`no step "${id}" in flow "${flow.id}"`);
  return step;
}

/**
 * A step by the names under which it was last seen, perhaps before files were edited: a renamed flow or step is
 * followed.
 */
export function locate(env: Env, flow: string, step: string): { flow?: Flow; step?: FlowStep } {
  const found = env.flows.get(flow) ?? [...env.flows.values()].find((f) => f.was.includes(flow));
  const kept = found?.steps.get(step) ?? found?.steps.get(found.moved[step] ?? '');
  return {
    ...(found === undefined ? {} : { flow: found }),
    ...(kept === undefined ? {} : { step: kept }),
  };
}

/** The flow and step at which the person stands, when there still are such. */
export function standing(run: Run): { flow: Flow; step: FlowStep } | undefined {
  const { at } = run.session;
  const flow = at === undefined ? undefined : run.env.flows.get(at.flow);
  const step = at === undefined ? undefined : flow?.steps.get(at.step);
  return flow === undefined || step === undefined ? undefined : { flow, step };
}

/** Sets a variable within its bounds; `lang` is the session's language. */
export function setVar(run: Run, name: string, value: string | number | string[] | null): void {
  if (name === 'lang' && typeof value === 'string') {
    run.session.lang = value as Lang;
    return;
  }
  const { vars } = run.session;
  if (value === null) delete vars[name];
  else if (name in vars || Object.keys(vars).length < MAX_VARS) vars[name] = bounded(value);
}

function bounded(value: string | number | string[]): string | number | string[] {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? value.slice(0, MAX_VALUE) : value.slice(0, 9);
}

export function say(run: Run, text: string, rest: Partial<Piece> = {}): void {
  if (text !== '') run.pieces.push({ text, sources: [], join: false, ...rest });
}

/** Says a text of `common`. */
export function tell(run: Run, key: string, params?: Record<string, string | number>, join = true): void {
  say(run, run.env.texts.t(langOf(run), `common:${key}`, params), { join });
}

export function count(run: Run, event: UsageEvent): void {
  run.effects.push({ type: 'count', event });
}

/** What to put back to get from `after` to `before`. */
export function undoOf(before: Vars, after: Vars): Record<string, string | number | string[] | null> {
  const undo: Record<string, string | number | string[] | null> = {};
  for (const name of Object.keys(before)) {
    const value = before[name];
    if (value !== undefined && !same(value, after[name])) undo[name] = value;
  }
  for (const name of Object.keys(after)) if (!(name in before)) undo[name] = null;
  return undo;
}

function same(a: Vars[string], b: Vars[string] | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => x === b[i]);
  return a === b;
}
