import { BUILT_IN } from '../flow/types.ts';
import { fold, parseNumber } from '../i18n/fold.ts';
import type { Input } from '../message.ts';
import { answer, isLabelHere, isNavLabel, optionTyped } from './answer.ts';
import { claimedTurn, deskTurn } from './desk.ts';
import { finish } from './finish.ts';
import { doGlobal, showAgain } from './globals.ts';
import { byMeaning, saidIn } from './meaning.ts';
import { parseChoiceData } from './options.ts';
import { place } from './place.ts';
import { go, urgentMeant } from './route.ts';
import { count, locate, openRun, type Run, tell } from './run.ts';
import { isWaiting } from './talk.ts';
import { tap } from './tap.ts';
import { note, remember } from './trail.ts';
import type { Env, Session, StepResult, TurnContext } from './types.ts';
import { begin, goHome, show } from './walk.ts';
import { type GlobalWord, globalWord } from './words.ts';

/**
 * One turn of a conversation: what was there and what came in → what is there now and what is to be done.
 *
 * Pure: reads no clock, no randomness, no files; the session given to it is not changed. Never throws for anything a
 * person can send; an error means that a flow passed the checker that should not have.
 *
 * @param session null for a first contact
 */
export function step(env: Env, session: Session | null, input: Input, ctx: TurnContext): StepResult {
  const run = openRun(env, ctx, session);
  if (input.kind === 'staff') return byHand(run, session);
  if (input.kind === 'desk') return deskTurn(run, input);
  if (run.handoff === 'claimed') return claimedTurn(run, input);
  if (input.kind === 'text') run.typed = input.text;
  if (run.session.assumed !== undefined) run.assumed = run.session.assumed;
  delete run.session.assumed;
  settle(run);
  const before = remember(run);
  take(run, input);
  if (run.session.lang !== undefined)
    count(run, { name: 'visit', channel: ctx.channel, lang: run.session.lang });
  if (!run.wentBack) note(run, before);
  return finish(run);
}

/** For a fault of ours: an apology that loses nothing. The session stays as it was. */
export function fault(env: Env, session: Session | null, ctx: TurnContext): StepResult {
  const run = openRun(env, ctx, session);
  // Not between two people who talk: what was written goes to the one who answers.
  if (run.handoff === 'claimed') return { session: run.session, effects: [{ type: 'handoff', act: 'pass' }] };
  tell(run, 'fault');
  return finish(run);
}

/**
 * A person of the organisation wrote to this person from their own phone. The store then knows that they have the chat
 * (`TurnContext.handoff` is `claimed` from there on); the bot stays where it is and says nothing.
 */
function byHand(run: Run, before: Session | null): StepResult {
  // Somebody the bot never talked with is not a conversation that was taken over.
  if (before !== null && run.handoff !== 'claimed')
    count(run, { name: 'talk', topic: 'general', outcome: 'by-phone' });
  return { session: run.session, effects: run.effects };
}

function take(run: Run, input: Input): void {
  if (input.kind === 'text' && byWord(run, input.text)) return;
  if (run.restart !== undefined) return begin(run, run.restart);
  const data = input.kind === 'tap' ? parseChoiceData(input.data) : undefined;
  if (data !== undefined) return tap(run, data);
  const { lang, at } = run.session;
  // Who waits for a person, though no language was chosen yet, is not asked for it in between.
  if (lang === undefined && at?.flow !== BUILT_IN.welcome && !isWaiting(run)) return goHome(run);
  if (input.kind === 'start') return startAgain(run);
  if (input.kind === 'tap') return notOurs(run);
  if (at === undefined) return afterSilence(run, input);
  if (input.kind === 'place' && lang !== undefined) return place(run, input);
  answer(run, input);
}

/** A global word, or words that cannot wait: taken at any step, before anything else is tried. */
function byWord(run: Run, typed: string): boolean {
  if (parseNumber(typed) !== undefined) return false;
  const folded = fold(typed);
  const word = wordOf(run, typed, folded);
  if (word !== undefined) {
    // Tap = type: what stands on a button here is that button ("Talk to a person" about what this step is about).
    if (isLabelHere(run, folded)) return false;
    doGlobal(run, word);
    return true;
  }
  // Tap = type: the label of a button, "I do not want to live", is its answer and not a call to begin again.
  if (optionTyped(run, typed) !== undefined || isNavLabel(run, folded)) return false;
  const urgent = urgentMeant(run);
  if (urgent === undefined) return false;
  // Somebody who cannot wait is answered in the language of their words when none was chosen yet; one word changes it.
  run.session.lang ??= urgent.lang;
  if (isWaiting(run)) run.effects.push({ type: 'handoff', act: 'pass' });
  go(run, urgent, saidIn(run));
  return true;
}

/** The global word these words are; a greeting is meant for the person one waits for. */
function wordOf(run: Run, typed: string, folded: string): GlobalWord | undefined {
  const word = globalWord(run.env, typed, folded);
  return word === 'hello' && isWaiting(run) ? undefined : word;
}

/** A button that says nothing to us (of another version, or forged): where we are, without a change. */
function notOurs(run: Run): void {
  if (run.session.at !== undefined) tell(run, 'old');
  showAgain(run);
}

/** The conversation was ended or cleared: a question is answered at once, anything else gets the menu. */
function afterSilence(run: Run, input: Input): void {
  if (input.kind === 'place') return place(run, input);
  if (input.kind !== 'text') return begin(run, BUILT_IN.menu);
  if (!byMeaning(run, input.text)) begin(run, BUILT_IN.menu);
}

/** `/start`: the first words again, in the language that was chosen; what was answered so far is let go. */
function startAgain(run: Run): void {
  const { session } = run;
  Object.assign(session, { vars: {}, calls: [], back: [], misses: 0 });
  delete session.at;
  run.wentBack = true;
  const welcome = run.env.flows.get(BUILT_IN.welcome);
  const hello = welcome?.steps.get('hello');
  if (session.lang === undefined || welcome === undefined || hello === undefined) return goHome(run);
  show(run, welcome, hello);
}

/**
 * Files are edited under people's feet. A step that is still there goes on, a renamed one is followed; otherwise we
 * apologise and the flow (or the menu) starts again.
 */
function settle(run: Run): void {
  const { at } = run.session;
  if (at === undefined) return;
  const { flow, step: kept } = locate(run.env, at.flow, at.step);
  if (flow !== undefined && kept?.waits) {
    run.session.at = { ...at, flow: flow.id, step: kept.id };
    return;
  }
  tell(run, 'edited');
  run.session.calls = [];
  run.session.back = [];
  delete run.session.at;
  run.restart = flow?.id ?? BUILT_IN.menu;
}
