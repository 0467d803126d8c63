import { rmSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { systemIds } from '../../src/clock.ts';
import type { Effect } from '../../src/engine/types.ts';
import type { DeskRules } from '../../src/handoff/machine-types.ts';
import type { DeskAction, DeskResult, HandoffHead, HandoffLine } from '../../src/handoff/port.ts';
import type { DeskEvent, Input } from '../../src/message.ts';
import type { Store, Turn, TurnResult } from '../../src/store/port.ts';
import { openStore } from '../../src/store/sqlite.ts';
import { quickDir } from '../support/temp.ts';
import { answer, handleAll, message, session, TestClock } from './support.ts';

export const MINUTE = 60_000;
export const ANNA = 1;
export const BORIS = 2;
export const USER = '992918273645';

/** `day` is always there and takes 15 minutes at most, `night` opens in an hour and takes 5. */
export const RULES: DeskRules = {
  shift: (team, now) => {
    if (team === 'day' || team === null) return { open: true, claimWithin: 15 * MINUTE };
    if (team !== 'night') return undefined;
    const open = Math.floor(now / (60 * MINUTE)) % 2 === 1;
    const opensAt = Math.ceil(now / (60 * MINUTE)) * 60 * MINUTE;
    return { open, claimWithin: 5 * MINUTE, ...(open ? {} : { opensAt }) };
  },
  canned: (id, lang) => (id === 'hello' ? `hello in ${lang}` : undefined),
};

export interface Desk {
  dir: string;
  clock: TestClock;
  store: Store;
  restart(): void;
}

function ownDir(): string {
  const dir = quickDir('hamroh-desk-');
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function openDesk(dir = ownDir(), clock = new TestClock()): Desk {
  const open = () => openStore({ dir, clock, ids: systemIds, desk: RULES });
  const desk: Desk = {
    dir,
    clock,
    store: open(),
    restart() {
      desk.store.close();
      desk.store = open();
    },
  };
  onTestFinished(() => desk.store.close());
  return desk;
}

export const request = (more: Partial<Extract<Effect, { act: 'request' }>> = {}): Effect => ({
  type: 'handoff',
  act: 'request',
  topic: 'art',
  urgent: false,
  country: 'KZ',
  lang: 'tg',
  team: 'day',
  ...more,
});

/** A bot that knows `person`, `urgent`, `stop`, `hide` and `forget`, passes on what is said to people, and repeats the rest. */
export function think(input: Input, handoff: Turn['handoff']): Effect[] {
  const said =
    input.kind === 'text' ? input.text : input.kind === 'desk' ? `desk ${input.event}` : input.kind;
  const say = (text: string): Effect => ({ type: 'send', message: answer(text) });
  if (said === 'stop') return [say('stopped'), { type: 'handoff', act: 'withdraw' }];
  if (said === 'hide') return [{ type: 'hide' }, say('hidden')];
  if (said === 'forget') return [{ type: 'forget', lang: 'ru' }];
  if (input.kind === 'staff' || (input.kind === 'desk' && isOver(input.event, handoff))) return [];
  // Somebody answers: an engine says nothing. This one does, to see that it is not heard.
  const talk = handoff !== undefined && input.kind !== 'desk';
  if (talk && handoff === 'claimed') return [say(`passed ${said}`)];
  if (said === 'person') return [say('one moment'), say('you are in the queue'), request()];
  if (said === 'night') return [say('tomorrow'), request({ team: 'night' })];
  if (said === 'urgent') return [say('call'), request({ urgent: true, topic: 'pep' })];
  if (talk) return [say(`passed ${said}`), { type: 'handoff', act: 'pass' }];
  return [say(`bot: ${said}`)];
}

/** Something later has overtaken the event. */
function isOver(event: DeskEvent, handoff: Turn['handoff']): boolean {
  if (event === 'claimed') return handoff !== 'claimed';
  if (event === 'opened') return handoff !== 'waiting';
  if (event === 'released') return handoff === undefined || handoff === 'claimed';
  return handoff !== undefined;
}

export function bot(turn: Turn): TurnResult {
  const { input } = turn.message;
  const back = ['menu', 'art'].map((flow) => ({ flow, step: 'a', hash: 'h', undo: {} }));
  const effects = think(input, turn.handoff);
  const result: TurnResult = { turn, session: { ...session(), back }, effects };
  if (effects.some((e) => e.type === 'forget')) return { ...result, forget: answer('Done.') };
  if (input.kind !== 'staff') return result;
  return { ...result, session: null, phone: { lang: 'tg', country: 'KZ', topic: 'general', team: null } };
}

/** The person says something and the bot handles it; returns what was sent. */
export async function say(desk: Desk, what: string | Input, user = USER): Promise<string[]> {
  const input: Input = typeof what === 'string' ? { kind: 'text', text: what } : what;
  await desk.store.accept([message(user, '', { input })]);
  return handle(desk);
}

export function handle({ store, clock }: Desk): string[] {
  return handleAll(store, clock.now(), bot);
}

/** Time passes; timers, the bot and the sweep do what they have to. Returns what was sent. */
export function pass(desk: Desk, ms: number): string[] {
  desk.clock.pass(ms);
  const sent: string[] = [];
  for (let due = true; due; ) {
    const at = desk.store.handoffs.tick(desk.clock.now());
    due = at !== undefined && at <= desk.clock.now();
    sent.push(...handle(desk));
  }
  while (desk.store.sweep(desk.clock.now()).more);
  return sent;
}

/** The only chat there is. */
export function chat({ store }: Desk): HandoffHead {
  const [head, ...others] = store.handoffs.heads();
  if (head === undefined || others.length > 0) throw new Error(`${others.length + 1} chats`);
  return head;
}

export function act(desk: Desk, action: DeskAction, by = ANNA): DeskResult {
  return desk.store.handoffs.act(chat(desk).id, action, by);
}

/** `person: hello`, `operator: hi (sent)`, `event: claimed`. */
export function told(desk: Desk, id = chat(desk).id): string[] {
  const text = ({ from, text, delivery }: HandoffLine) =>
    `${from}: ${text}${delivery === undefined ? '' : ` (${delivery})`}`;
  return desk.store.handoffs.lines(id).map(text);
}
