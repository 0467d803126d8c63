import { textKey } from '../flow/keys.ts';
import type { Flow, FlowStep, Target } from '../flow/types.ts';
import { langOf, type Run } from './run.ts';

/** The text of a step, in the wording for this channel where there is one; '' when it has none. */
export function stepText(run: Run, flow: Flow, step: FlowStep, params?: Record<string, string>): string {
  const lang = langOf(run);
  const key = textKey(flow.id, step.id);
  const own = `${key}_${run.ctx.wording ?? run.ctx.channel}`;
  const { texts } = run.env;
  if (texts.has(lang, own)) return texts.t(lang, own, params);
  return texts.has(lang, key) ? texts.t(lang, key, params) : '';
}

/** Where a step that does not wait goes on by itself. */
export function onward(step: FlowStep): Target | undefined {
  return step.waits || step.next === undefined ? undefined : { to: 'step', step: step.next };
}
