import type { Contact } from '../content/types.ts';
import { type QueueText, queueKey } from '../flow/keys.ts';
import { BUILT_IN, type Flow, type FlowStep, type Target } from '../flow/types.ts';
import { contactBlocks, topicOf } from './contacts.ts';
import { count, countryOf, langOf, type Run, say } from './run.ts';
import type { TurnContext } from './types.ts';

type Desk = NonNullable<ReturnType<NonNullable<TurnContext['desk']>>>;
type Queue = NonNullable<FlowStep['queue']>;

/** From so many days on, the name of a weekday alone could mean another week. */
const WEEK = 7;

/**
 * Asks for a person, unless somebody was asked already, and says what happens: when somebody answers, or when they are
 * there again, and whom to call meanwhile. The numbers of urgent topics come before anything else.
 */
export function queueStep(run: Run, flow: Flow, step: FlowStep, entered: boolean): Target | undefined {
  const { queue } = step;
  if (queue === undefined) return undefined;
  const desk = deskFor(run, queue);
  if (run.handoff === undefined) {
    // Going back to where one waited does not ask for a person again.
    if (!entered) return { to: 'end', outcome: 'over' };
    if (desk === undefined) return step.none === undefined ? undefined : { to: 'step', step: step.none };
    if (desk.full) {
      count(run, { name: 'talk', topic: topicOf(run, queue), outcome: 'full' });
      return { to: 'step', step: queue.full };
    }
    delete run.session.told;
    request(run, queue, desk);
    run.handoff = desk.open ? 'waiting' : 'requested';
  } else if (entered && desk !== undefined) {
    // Who waits already is in another country than we thought, or cannot wait any more: no second chat, but this one's facts.
    request(run, queue, desk);
  }
  sayQueue(run, flow, step, queue, desk);
  return undefined;
}

function deskFor(run: Run, queue: Queue): Desk | undefined {
  return run.ctx.desk?.({ topic: topicOf(run, queue), lang: langOf(run), country: countryOf(run) });
}

function isUrgent(run: Run, queue: Queue): boolean {
  return queue.urgent.some((topic) => topic === topicOf(run, queue));
}

function request(run: Run, queue: Queue, { team }: Desk): void {
  run.effects.push({
    type: 'handoff',
    act: 'request',
    topic: topicOf(run, queue),
    urgent: isUrgent(run, queue),
    country: countryOf(run),
    lang: langOf(run),
    team,
  });
}

/** One message: urgent numbers, what happens now, whom to call meanwhile. */
function sayQueue(run: Run, flow: Flow, step: FlowStep, queue: Queue, desk: Desk | undefined): void {
  const { content } = run.env;
  const topic = topicOf(run, queue);
  const urgent = queue.urgent.find((t) => t === topic);
  const country = countryOf(run);
  const numbers = urgent === undefined ? [] : content.emergency(country, urgent);
  const known = new Set(numbers.flatMap((c) => [c.id, ...c.phones]));
  const others = content
    .contactsFor(country, topic, langOf(run), queue.limit)
    .filter((c) => !known.has(c.id) && !c.phones.some((phone) => known.has(phone)));
  const text = (key: QueueText) => queueText(run, flow, step, key);
  // A set: the country stands over the first numbers only.
  const blocks = new Set([
    ...under(run, text('urgent'), numbers),
    whatHappens(run, flow, step, desk),
    ...under(run, text('meanwhile'), others),
  ]);
  say(run, [...blocks].join('\n\n'), { sources: [...numbers, ...others] });
}

function under(run: Run, heading: string, contacts: readonly Contact[]): string[] {
  return contacts.length === 0 ? [] : [heading, ...contactBlocks(run, contacts).filter((t) => t !== '')];
}

/** When somebody answers. A wait or a time that is not known is not guessed. */
function whatHappens(run: Run, flow: Flow, step: FlowStep, desk: Desk | undefined): string {
  const text = (key: QueueText, params?: Record<string, string | number>) =>
    queueText(run, flow, step, key, params);
  if (desk?.open ?? run.handoff === 'waiting')
    return desk?.wait === undefined ? text('open') : text('open_wait', { wait: desk.wait });
  if (desk?.opens === undefined) return text('closed_unknown');
  const { days, weekday, time } = desk.opens;
  const names = run.env.texts.list(langOf(run), queueKey(flow.id, step.id, 'weekdays'));
  const params = { time, weekday: names[weekday - 1] ?? '' };
  if (days === 0) return text('closed', { when: text('today', params) });
  if (days === 1) return text('closed', { when: text('tomorrow', params) });
  const when = days < WEEK ? text('weekday', params) : text('later', { ...params, count: days });
  return text('closed', { when });
}

/** A sentence of a `queue` step. */
export function queueText(
  run: Run,
  flow: Flow,
  step: FlowStep,
  key: QueueText,
  params?: Record<string, string | number>,
): string {
  return run.env.texts.t(langOf(run), queueKey(flow.id, step.id, key), params);
}

/** The step of the handoff flow at which people wait. */
export function queueOf(run: Run): { flow: Flow; step: FlowStep; queue: Queue } | undefined {
  const flow = run.env.flows.get(BUILT_IN.handoff);
  for (const step of flow?.steps.values() ?? [])
    if (flow !== undefined && step.queue !== undefined) return { flow, step, queue: step.queue };
  return undefined;
}

/** The person does not want to wait or talk any more; nothing when they do neither. */
export function withdraw(run: Run): void {
  if (run.handoff === undefined) return;
  countTalk(run, 'withdrawn');
  run.effects.push({ type: 'handoff', act: 'withdraw' });
  delete run.handoff;
}

/** Counts how a talk, or the wait for one, came to its end. */
export function countTalk(run: Run, outcome: string): void {
  const { topic } = run.session.vars;
  count(run, { name: 'talk', topic: typeof topic === 'string' ? topic : 'general', outcome });
}
