import type { SourceRef } from '../content/types.ts';
import { textKey } from '../flow/keys.ts';
import type { Flow, FlowStep } from '../flow/types.ts';
import type { OutboundMessage } from '../message.ts';
import { KINDS } from './kinds.ts';
import { choicesOf, optionsOf } from './options.ts';
import { langOf, type Run, standing } from './run.ts';
import { type Piece, sourceLine, toMessages } from './say.ts';
import type { StepResult } from './types.ts';

/** Turns what was said into messages, the last of them with the options of the step that now waits. */
export function finish(run: Run): StepResult {
  const messages = toMessages(run.pieces, (text, sources) => message(run, text, sources));
  const here = run.bare ? undefined : standing(run);
  // Never silence: a step without a text (the checker refuses one) still shows its options.
  if (messages.length === 0 && here !== undefined) messages.push(message(run, stepName(run, here), []));
  const last = messages.at(-1);
  if (last !== undefined && here !== undefined) {
    const { flow, step } = here;
    const said = run.pieces.some((p) => p.sources.length > 0);
    // A step that was not shown in this turn (after a map, after sources) still has its facts behind it.
    const sources = said || (run.options === undefined && sourcesOf(run, flow, step).length > 0);
    last.choices = choicesOf(run, flow, step, run.options ?? optionsOf(run, flow, step), sources);
    if (step.ask?.place !== undefined) last.ask = 'location';
    if (run.numbered) last.numbered = true;
  }
  return {
    session: run.session,
    effects: [...run.effects, ...messages.map((m) => ({ type: 'send' as const, message: m }))],
  };
}

function message(run: Run, text: string, sources: SourceRef[]): OutboundMessage {
  const lang = langOf(run);
  const note = sourceLine(run.env.texts, lang, sources, run.env.today);
  return note === undefined ? { lang, text, choices: [] } : { lang, text, note, choices: [] };
}

function stepName(run: Run, { flow, step }: { flow: Flow; step: FlowStep }): string {
  return run.env.texts.t(langOf(run), textKey(flow.id, step.id));
}

/** What stands behind the facts a step shows, worked out without saying anything. */
export function sourcesOf(run: Run, flow: Flow, step: FlowStep): SourceRef[] {
  const pieces: Piece[] = [];
  const session = { ...run.session, vars: { ...run.session.vars } };
  KINDS[step.kind]({ ...run, session, pieces, effects: [] }, flow, step, false);
  return pieces.flatMap((p) => p.sources);
}
