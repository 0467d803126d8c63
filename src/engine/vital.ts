import type { DoAction } from '../flow/types.ts';
import { fold, parseNumber } from '../i18n/fold.ts';
import type { Input } from '../message.ts';
import { parseChoiceData } from './options.ts';
import type { Env, Session } from './types.ts';
import { type GlobalWord, globalWord } from './words.ts';

/** Buttons that do the same as the words. */
const ACTIONS: Partial<Record<DoAction, WayOut>> = { forget: 'forget', hide: 'hide', leave: 'stop' };

/** Words by which somebody gets out or clears up. */
const WAYS_OUT = ['forget', 'hide', 'stop'] as const satisfies readonly GlobalWord[];
type WayOut = (typeof WAYS_OUT)[number];

/**
 * What has to be heard at once, however much else somebody writes: "delete my data", hide, stop, in words, as a number
 * or as a button, and words that cannot wait. Also what is not of the person at all. Pure.
 */
export function isVital(env: Env, session: Session | null, input: Input): boolean {
  switch (input.kind) {
    case 'staff':
    case 'desk':
      return true;
    case 'tap':
      return wayOut(env, input) !== undefined;
    case 'text': {
      const number = parseNumber(input.text);
      const at = session?.at;
      if (number !== undefined)
        return at !== undefined && actionOf(env, at.flow, at.step, at.shown[number - 1]) !== undefined;
      return wayOut(env, input) !== undefined || isUrgent(env, input.text);
    }
    default:
      return false;
  }
}

/** Words that cannot wait; a command never is. */
function isUrgent(env: Env, typed: string): boolean {
  return !typed.startsWith('/') && env.understanding.read(typed).urgent;
}

/** The way out that these words or this button are, wherever they come from; a number never is one. */
export function wayOut(env: Env, input: Input): WayOut | undefined {
  if (input.kind === 'tap') {
    const data = parseChoiceData(input.data);
    return data === undefined ? undefined : actionOf(env, data.flow, data.step, data.choice);
  }
  if (input.kind !== 'text' || parseNumber(input.text) !== undefined) return undefined;
  const called = globalWord(env, input.text, fold(input.text));
  return WAYS_OUT.find((word) => word === called);
}

function actionOf(env: Env, flow: string, step: string, choice: string | undefined): WayOut | undefined {
  const target = env.flows
    .get(flow)
    ?.steps.get(step)
    ?.choices.find((c) => c.id === choice)?.target;
  return target?.to === 'do' ? ACTIONS[target.action] : undefined;
}
