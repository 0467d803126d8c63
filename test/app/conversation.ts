import { CAPABILITIES } from '../../src/channels/capabilities.ts';
import { render } from '../../src/channels/render.ts';
import type { Env, Session } from '../../src/engine/types.ts';
import { type Input, isNav, LANGS, type Lang, type OutboundMessage } from '../../src/message.ts';
import type { Message } from '../fake/telegram-chats.ts';
import type { FakePerson } from '../fake/telegram-person.ts';
import { Talk } from '../support/world.ts';
import { pick } from './random.ts';

/** What one person does, and what the pure engine makes of it. */
export interface Conversation {
  inputs: Input[];
  /** Per bot message the Telegram messages it consists of. */
  expected: string[][];
  /** Where the conversation stands at the end. */
  session: Session;
}

const WORDS = [
  'тест',
  'help',
  'Алматы',
  'ВИЧ',
  '/menu',
  '/rights',
  'blah blah',
  '0',
  '00',
  'where can I go?',
  '97',
];
const PLACES: [number, number][] = [
  [43.24, 76.9],
  [51.13, 71.43],
  [42.87, 74.59],
  [41.31, 69.24],
];

/**
 * A walk through the flows: start, a language, then taps, numbers, labels, words, places and stickers, drawn from
 * `random`. Each input has an answer; nobody hides or deletes, because both take answers back that wait to be sent.
 */
export function converse(
  env: Env,
  random: () => number,
  turns: number,
  langHint: Lang | undefined,
): Conversation {
  const talk = new Talk(env, 'telegram', langHint);
  const inputs: Input[] = [];
  const expected: string[][] = [];
  const take = (input: Input): boolean => {
    const before = talk.session;
    talk.send(input);
    if (talk.said.length === 0 || talk.effects.some((e) => e.type === 'hide' || e.type === 'forget')) {
      talk.session = before;
      return false;
    }
    inputs.push(input);
    expected.push(...talk.said.map(partsOf));
    return true;
  };
  take({ kind: 'start' });
  let last = talk.said;
  take({ kind: 'tap', data: tapOf(talk, pick(random, LANGS)) });
  while (inputs.length < turns) {
    last = talk.said.length > 0 ? talk.said : last;
    take(nextInput(random, last));
  }
  if (talk.session === null) throw new Error('the conversation has no state');
  return { inputs, expected, session: talk.session };
}

function tapOf(talk: Talk, id: string): string {
  const choice = talk.choice(id);
  if (choice === undefined) throw new Error(`no button "${id}"`);
  return choice.data;
}

function nextInput(random: () => number, said: OutboundMessage[]): Input {
  const last = said.at(-1);
  const luck = random();
  if (last?.ask === 'location' && luck < 0.5) {
    const [lat, lon] = pick(random, PLACES);
    return { kind: 'place', lat, lon };
  }
  const choices = last?.choices ?? [];
  // Most people go forwards; the row of back and menu is there, too.
  const forward = choices.filter((c) => !isNav(c));
  const offered = forward.length > 0 && random() < 0.9 ? forward : choices;
  if (luck > 0.96) return { kind: 'media' };
  if (luck > 0.86 || offered.length === 0) return { kind: 'text', text: pick(random, WORDS) };
  const choice = pick(random, offered);
  if (luck < 0.5) return { kind: 'tap', data: choice.data };
  return { kind: 'text', text: luck < 0.7 ? choice.number : choice.label };
}

/** Does it on the person's phone. */
export function perform(person: FakePerson, input: Input): void {
  switch (input.kind) {
    case 'start':
      return person.start();
    case 'text':
      return person.text(input.text);
    case 'tap':
      return void person.tapData(input.data);
    case 'place':
      return person.location(input.lat, input.lon);
    case 'media':
      return person.sticker();
  }
}

/** One bot message as the Telegram messages it becomes: a point on the map, the text with its buttons. */
export function partsOf(message: OutboundMessage): string[] {
  return render(message, CAPABILITIES.telegram).flatMap((part) => {
    const labels = part.buttons.flat().map((button) => button.label);
    const text = part.text.trim();
    return [
      ...(part.place ? [`[map] ${part.place.name || part.place.address}`] : []),
      ...(text === '' ? [] : [[text, ...labels.map((label) => `[${label}]`)].join('\n')]),
    ];
  });
}

/** What the stand-in shows for one message of the bot, in the same form as {@link partsOf}. */
export function shown({ text, venue, markup }: Message): string {
  if (venue) return `[map] ${venue.title}`;
  const rows = !markup || 'remove_keyboard' in markup ? [] : keysOf(markup);
  return [text ?? '', ...rows.map((label) => `[${label}]`)].join('\n');
}

function keysOf(markup: Exclude<NonNullable<Message['markup']>, { remove_keyboard: true }>): string[] {
  if ('inline_keyboard' in markup) return markup.inline_keyboard.flat().map((b) => b.text);
  return markup.keyboard.flat().flatMap((b) => (b.request_location ? [] : [b.text]));
}

/**
 * Compares what a chat received with what it should have. Within one life of the process every message comes once
 * and in order; a life may begin with the last message of the life before it, because nobody can know whether that
 * one arrived.
 *
 * @param lives per life of the process the Telegram messages that came in it
 * @returns the number of such copies, or undefined when the chat received anything else
 */
export function countCopies(lives: string[][], expected: string[][]): number | undefined {
  // Messages that came whole → the fewest copies on the way there.
  let states = new Map([[0, 0]]);
  for (const life of lives.filter((l) => l.length > 0)) {
    const next = new Map<number, number>();
    for (const [done, copies] of states) {
      for (const again of [0, 1]) {
        const end = follow(life, expected, done - again);
        if (end === undefined) continue;
        next.set(end, Math.min(next.get(end) ?? Number.POSITIVE_INFINITY, copies + again));
      }
    }
    states = next;
  }
  return states.get(expected.length);
}

/** @returns how many messages are whole after this life, or undefined when it does not fit; its last may be in part */
function follow(life: string[], expected: string[][], from: number): number | undefined {
  if (from < 0) return undefined;
  let at = from;
  let rest = life;
  for (let parts = expected[at]; rest.length > 0; parts = expected[at]) {
    if (parts === undefined) return undefined;
    const seen = rest.slice(0, parts.length);
    if (seen.some((line, i) => line !== parts[i])) return undefined;
    rest = rest.slice(parts.length);
    if (seen.length === parts.length) at += 1;
  }
  return at;
}
