import { BUILT_IN, type Flow, type FlowStep, type Target } from '../flow/types.ts';
import { showAgain } from './globals.ts';
import { meaningOf } from './meaning.ts';
import { labelOf } from './options.ts';
import { queueOf, queueText } from './queue.ts';
import { understood } from './route.ts';
import { langOf, locate, type Run, say, standing } from './run.ts';
import { forgetTrails } from './trail.ts';
import type { ToldOnce } from './types.ts';
import { follow, push } from './walk.ts';

/** Whether what the person writes now is meant for the people they wait for. */
export function isWaiting(run: Run): boolean {
  return run.handoff !== undefined && standing(run)?.step.kind === 'queue';
}

/**
 * Words, a photo or a place go to the people of the chat; the bot says so once, and about photos that they do not arrive.
 *
 * @param text instead of the person's words: what stood on the button they pressed
 */
export function pass(run: Run, once?: ToldOnce, text?: string): void {
  run.effects.push({ type: 'handoff', act: 'pass', ...(text === undefined ? {} : { text }) });
  const place = queueOf(run);
  const told = run.session.told ?? [];
  if (once === undefined || place === undefined || told.includes(once)) {
    run.bare = true;
    return;
  }
  run.session.told = [...told, once];
  say(run, queueText(run, place.flow, place.step, once));
}

/** Free words at the step where one waits: for the people, not for the bot. */
export function waitingWords(run: Run, flow: Flow, step: FlowStep, media: boolean): void {
  run.session.misses = 0;
  if (run.handoff !== undefined) return pass(run, media ? 'text_only' : 'passed');
  // Nobody waits any more; what happened to the chat was not heard of, or long ago.
  leaveTalk(run, flow, step, { to: 'end', outcome: 'over' });
}

/** Something else than an answer to "did it help?": nobody has to answer. A question of theirs is taken up at once. */
export function afterWords(run: Run, flow: Flow, step: FlowStep, typed: string | undefined): void {
  // "Thank you" is no question.
  const asks = typed !== undefined && understood(run)?.intent !== 'menu';
  const found = asks ? meaningOf(run, typed) : undefined;
  if (found === undefined) return leaveTalk(run, flow, step, { to: 'end', outcome: 'skipped' });
  forgetTalk(run);
  run.wentBack = true;
  delete run.session.at;
  found();
}

/** Goes on from a step of the talk; nothing of the talk is left on the way back. */
export function leaveTalk(run: Run, flow: Flow, step: FlowStep, target: Target): void {
  forgetTalk(run);
  run.session.misses = 0;
  run.wentBack = true;
  follow(run, { flow, step }, target);
  const { at, back } = run.session;
  const last = back.at(-1);
  if (at?.flow === last?.flow && at?.step === last?.step) forgetTrails(run, (trail) => trail === last);
}

/** Says that the talk is over and where the conversation goes on; asks how it was. */
export function endTalk(run: Run): void {
  forgetTalk(run);
  stepAside(run);
  const place = queueOf(run);
  if (place === undefined) return showAgain(run);
  const { flow, step, queue } = place;
  say(run, queueText(run, flow, step, 'over', { place: nameOfPlace(run) }), { join: true });
  follow(run, { flow, step }, { to: 'step', step: queue.over });
}

/** Takes the talk out of the ways back: whoever returned from it does not come through it again. */
export function forgetTalk(run: Run): void {
  const { session } = run;
  const apart = ({ flow }: { flow: string }) => flow !== BUILT_IN.handoff;
  session.calls = session.calls.filter(apart);
  forgetTrails(run, (trail) => !apart(trail));
  session.back = session.back.map((t) =>
    t.calls === undefined ? t : { ...t, calls: t.calls.filter(apart) },
  );
  delete session.told;
}

/** Notes where the person is, to come back to it after the talk. */
export function stepAside(run: Run): void {
  const { at } = run.session;
  if (at !== undefined && at.flow !== BUILT_IN.handoff)
    push(run, { flow: at.flow, step: at.step, hash: at.hash, resume: 'again' });
}

/** Where the conversation goes on, by the button of the menu that leads there. */
function nameOfPlace(run: Run): string {
  const { texts, flows } = run.env;
  const lang = langOf(run);
  const frame = run.session.calls.at(-1);
  const back = frame === undefined ? undefined : locate(run.env, frame.flow, frame.step).flow;
  const menu = flows.get(BUILT_IN.menu);
  for (const step of menu?.steps.values() ?? []) {
    const choice = step.choices.find(({ target }) => target?.to === 'goto' && target.flow === back?.id);
    if (menu !== undefined && choice !== undefined) return labelOf(texts, lang, menu, step, choice);
  }
  return texts.t(lang, 'common:nav.menu');
}
