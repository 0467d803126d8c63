import { BUILT_IN } from '../flow/types.ts';
import type { DeskEvent, Input } from '../message.ts';
import { waitCounter } from '../usage/event.ts';
import { finish } from './finish.ts';
import { doGlobal } from './globals.ts';
import { optionsOf, parseChoiceData } from './options.ts';
import { countTalk, queueOf, queueText, withdraw } from './queue.ts';
import { count, type Run, say } from './run.ts';
import { endTalk, forgetTalk, pass, stepAside } from './talk.ts';
import { note, remember } from './trail.ts';
import type { StepResult } from './types.ts';
import { wayOut } from './vital.ts';
import { follow } from './walk.ts';

/** Events that are about an open chat, and the states in which they are still true. */
const TRUE_WHILE: Partial<Record<DeskEvent, readonly Run['handoff'][]>> = {
  claimed: ['claimed'],
  opened: ['waiting'],
  released: ['requested', 'waiting'],
};

/**
 * Something happened to the person's chat with people. An event that something later has overtaken says nothing: the
 * later one is on its way.
 */
export function deskTurn(run: Run, { event, waited }: Extract<Input, { kind: 'desk' }>): StepResult {
  if (waited !== undefined) count(run, { name: 'wait', minutes: waitCounter(waited) });
  const stale = !(TRUE_WHILE[event] ?? [undefined]).includes(run.handoff);
  if (stale || isStranger(run)) return { session: run.session, effects: run.effects };
  const before = remember(run);
  hear(run, event);
  if (before.at?.flow !== BUILT_IN.handoff) note(run, before);
  return finish(run);
}

/** To whom the organisation wrote first, who never talked with the bot, it does not speak of people either. */
function isStranger({ session }: Run): boolean {
  return session.lang === undefined && session.at === undefined;
}

function hear(run: Run, event: DeskEvent): void {
  const place = queueOf(run);
  if (place === undefined) {
    // The flow was edited, and nobody waits there any more: the bot comes back, but not into a chat that is open.
    run.bare = run.handoff !== undefined;
    return run.bare ? undefined : endTalk(run);
  }
  const { flow, step, queue } = place;
  switch (event) {
    case 'claimed':
      delete run.session.told;
      run.bare = true;
      return say(run, queueText(run, flow, step, 'claimed'));
    case 'opened':
      return say(run, queueText(run, flow, step, 'opened'));
    case 'released':
      stepAside(run);
      say(run, queueText(run, flow, step, 'released'), { join: true });
      return follow(run, place, { to: 'step', step: step.id });
    case 'nobody-came':
      countTalk(run, event);
      forgetTalk(run);
      stepAside(run);
      return follow(run, place, { to: 'step', step: queue.missed });
    case 'closed':
      countTalk(run, event);
      return endTalk(run);
    case 'silence':
      // A week later a message out of the blue could be read by anybody. It is said when they write again.
      countTalk(run, event);
      forgetTalk(run);
      stepAside(run);
      run.bare = true;
      run.session.at = { flow: flow.id, step: step.id, hash: flow.hash, shown: [] };
  }
}

/** What stands on a button of ours, for people who see no buttons. */
function buttonOf(run: Run, data: string): string | undefined {
  const { flow: id = '', step: at = '', choice } = parseChoiceData(data) ?? {};
  const flow = run.env.flows.get(id);
  const step = flow?.steps.get(at);
  if (flow === undefined || step === undefined) return undefined;
  return optionsOf(run, flow, step).find((option) => option.id === choice)?.label;
}

/**
 * A person of the team has the chat: everything goes to them and the bot says nothing. What always works is the way out:
 * "delete my data", hide, stop.
 */
export function claimedTurn(run: Run, input: Input): StepResult {
  const called = wayOut(run.env, input);
  // A stranger's "bye" is for the person who wrote to them.
  const out = called !== 'forget' && isStranger(run) ? undefined : called;
  if (out === 'stop') {
    const before = remember(run);
    withdraw(run);
    endTalk(run);
    if (before.at?.flow !== BUILT_IN.handoff) note(run, before);
  } else if (out !== undefined) {
    doGlobal(run, out);
  } else {
    // Photos and places do not arrive; the store passes a mark.
    const once = input.kind === 'media' || input.kind === 'place' ? 'text_only' : undefined;
    pass(run, once, input.kind === 'tap' ? buttonOf(run, input.data) : undefined);
  }
  // Whatever was said goes without the buttons of a step the bot is not at.
  run.bare ||= run.handoff === 'claimed';
  return finish(run);
}
