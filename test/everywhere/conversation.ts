import { readFileSync } from 'node:fs';
import type { Session } from '../../src/engine/types.ts';
import type { Desk } from '../../src/handoff/types.ts';
import type { ChannelId, Choice, Input } from '../../src/message.ts';
import { Talk, world } from '../support/world.ts';
import { inputOf, linesOf, teamOf } from '../transcripts/transcript.ts';

/** How a person can take a choice. `written`: as the transcript has it. */
export const WAYS = ['written', 'tap', 'number', 'localised number', 'label', 'synonym'] as const;
export type Way = (typeof WAYS)[number];

/** One line of a person: what they do, and where the pure engine is after it. */
export interface Turn {
  input: Input;
  /** The choice it takes, when it takes one. */
  choice?: Choice;
  /** What else takes that choice: a word of the translators' lists. */
  synonym?: string;
  after: string;
  /** Who sits at the chat in this transcript. */
  team?: Desk;
}

/** What must be the same on every channel and in every way: where the conversation is and what it remembers. */
export function standingOf(session: Session | null): string {
  if (session === null) return 'null';
  const { lang, at, vars, calls, back, misses } = session;
  return JSON.stringify({ lang, at: at && `${at.flow}.${at.step}`, vars, calls, back, misses });
}

/** A transcript as turns of the pure engine, without any channel. */
export function turnsOf(file: string, channel: ChannelId): Turn[] {
  const talk = new Talk(world, channel);
  const source = readFileSync(file, 'utf8');
  const team = teamOf(source);
  talk.chat.team = team;
  return linesOf(source).flatMap((line) => {
    const input = inputOf(line, talk);
    // An operator's words do not pass through the engine.
    if (input === undefined) return [];
    const choice =
      input.kind === 'tap' ? talk.choices().find((c) => c.data === input.data) : typedChoice(input, talk);
    const synonym = choice === undefined ? undefined : synonymOf(choice);
    if (input.kind === 'desk') talk.hear(input.event);
    else talk.send(input);
    const after = talk.effects.some((e) => e.type === 'forget') ? 'null' : standingOf(talk.session);
    return {
      input,
      after,
      ...(team === undefined ? {} : { team }),
      ...(choice === undefined ? {} : { choice }),
      ...(synonym === undefined ? {} : { synonym }),
    };
  });
}

/** What a person sends to take this turn in this way; as written where the way does not exist for it. */
export function inWay(turn: Turn, way: Way): Input {
  const { input, choice, synonym } = turn;
  if (choice === undefined) return input;
  switch (way) {
    case 'written':
      return input;
    case 'tap':
      return { kind: 'tap', data: choice.data };
    case 'number':
      return choice.number === '' ? input : { kind: 'text', text: choice.number };
    case 'localised number':
      return choice.number === '' ? input : { kind: 'text', text: localised(choice.number) };
    case 'label':
      return { kind: 'text', text: choice.label };
    case 'synonym':
      return synonym === undefined ? input : { kind: 'text', text: synonym };
  }
}

/** A typed number or label that takes a choice of the last message. */
function typedChoice(input: Input, talk: Talk): Choice | undefined {
  if (input.kind !== 'text') return undefined;
  return talk.choices().find((c) => c.number === input.text || c.label === input.text);
}

const ZEROS = [0x0660, 0x0966, 0xff10];

/** `2` as ٢, २, ２ or 2️⃣, by turns. */
export function localised(number: string): string {
  const pick = Number(number) % (ZEROS.length + 1);
  const zero = ZEROS[pick];
  if (zero === undefined) return [...number].map((d) => `${d}\uFE0F\u20E3`).join('');
  return [...number].map((d) => String.fromCodePoint(zero + Number(d))).join('');
}

function synonymOf({ data }: Choice): string | undefined {
  const [lang = '', flow = '', step = '', id = ''] = data.split(':');
  const keys = id.startsWith('@')
    ? [`common:words.${id.slice(1)}`]
    : [`${flow}:${step}.synonyms.${id}`, `common:synonyms.${id}`, `places:words.${id}`];
  for (const key of keys) {
    // The last of a list is the one least like the label.
    const word = world.texts.list(lang as Session['lang'] & string, key).at(-1);
    if (word !== undefined) return word;
  }
  return undefined;
}
