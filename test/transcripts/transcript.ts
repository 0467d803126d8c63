import { readFileSync } from 'node:fs';
import type { Desk } from '../../src/handoff/types.ts';
import type { ChannelId, DeskEvent, Input, OutboundMessage } from '../../src/message.ts';
import { Talk } from '../support/world.ts';

/*
 * A transcript is a conversation that anybody can read on a code host; the same file is the script (the lines of the
 * person) and the expectation (the lines of the bot). `npm test -- -u` rewrites the bot's lines; read the difference.
 *
 * Lines of a person:   **You:** text typed          **You:** [label of a button]
 *                      **You:** 📍 43.24, 76.94      **You:** (photo)          **You:** /start
 * Lines of the team:   **Team:** what an operator writes
 *                      *(a person of the team takes the chat)*, and the others of HAPPENINGS
 *
 * Whether somebody sits at the chat stands in the head: `team: open`, `team: open, about 15 minutes`,
 * `team: closed until tomorrow at 09:00`, `team: full`; nobody does without it.
 */

const YOU = '**You:** ';
const BOT = '**Bot:**';
const TEAM = '**Team:** ';

/** What happens at the team's, as a transcript says it. */
const HAPPENINGS: Record<string, DeskEvent> = {
  '*(a person of the team takes the chat)*': 'claimed',
  '*(the team opens)*': 'opened',
  '*(nobody of the team comes in time)*': 'nobody-came',
  '*(the person of the team gives the chat back)*': 'released',
  '*(the person of the team ends the talk)*': 'closed',
  '*(a week passes in silence)*': 'silence',
};

/** Plays the person's lines of a transcript file to the real engine. @returns the transcript as it is now */
export function playTranscript(file: string): string {
  const source = readFileSync(file, 'utf8');
  const head = source.slice(0, source.indexOf(YOU)).trimEnd();
  const channel = (/channel: (\w+)/.exec(head)?.[1] ?? 'telegram') as ChannelId;
  return writeTranscript(head, new Talk(undefined, channel), linesOf(source));
}

/** What the person and the team do in a transcript, line by line. */
export function linesOf(source: string): string[] {
  return source
    .split('\n')
    .filter((line) => line.startsWith(YOU) || line.startsWith(TEAM) || line in HAPPENINGS)
    .map((line) => (line.startsWith(YOU) ? line.slice(YOU.length) : line));
}

/** Who sits at the chat in a transcript, by its head. */
export function teamOf(source: string): Desk | undefined {
  const [, words = ''] = /^language: .* · team: (.*)$/mu.exec(source) ?? [];
  if (words === '') return undefined;
  const team = { team: 'team', open: words.startsWith('open') || words === 'full' };
  const wait = /about (\d+) minutes/.exec(words)?.[1];
  const time = /tomorrow at (\d\d:\d\d)/.exec(words)?.[1];
  return {
    ...team,
    ...(words === 'full' ? { full: true } : {}),
    ...(wait === undefined ? {} : { wait: Number(wait) }),
    ...(time === undefined ? {} : { opens: { days: 1, weekday: 2, time } }),
  };
}

export function writeTranscript(head: string, talk: Talk, lines: readonly string[]): string {
  const parts = [head];
  talk.chat.team = teamOf(head);
  for (const line of lines) {
    const heard = perform(line, talk);
    parts.push(`${heard === 'person' ? YOU : ''}${line}`);
    if (heard !== undefined) parts.push(...talk.said.map(botLines), ...quiet(talk));
  }
  return `${parts.join('\n\n')}\n`;
}

/** Does what a line says. @returns of whom the bot heard; undefined: it was not there */
export function perform(line: string, talk: Talk): 'person' | 'team' | undefined {
  const input = inputOf(line, talk);
  if (input === undefined) return undefined;
  if (input.kind !== 'desk') talk.send(input);
  else talk.hear(input.event);
  return input.kind === 'desk' ? 'team' : 'person';
}

/** What a line brings to the bot; undefined: an operator's words, which do not pass through it. */
export function inputOf(line: string, talk: Talk): Input | undefined {
  const event = HAPPENINGS[line];
  if (event !== undefined) return { kind: 'desk', event };
  if (line.startsWith(TEAM)) return undefined;
  if (line === '/start') return { kind: 'start' };
  if (line === '(photo)') return { kind: 'media' };
  const point = /^📍 (-?[\d.]+), (-?[\d.]+)$/u.exec(line);
  if (point) return { kind: 'place', lat: Number(point[1]), lon: Number(point[2]) };
  const label = /^\[(.+)\]$/u.exec(line)?.[1];
  if (label === undefined) return { kind: 'text', text: line };
  const choice = talk.choices().find((c) => c.label === label);
  if (choice === undefined)
    throw new Error(
      `no button [${label}] among ${talk
        .choices()
        .map((c) => `[${c.label}]`)
        .join(' ')}`,
    );
  return { kind: 'tap', data: choice.data };
}

function botLines(message: OutboundMessage): string {
  const text = message.text.split('\n').map((line) => `> ${line}`.trimEnd());
  const note =
    message.note === undefined
      ? []
      : ['>', ...message.note.split('\n').map((line) => `> <sub>${line}</sub>`)];
  const place = message.place === undefined ? [] : ['>', `> 🗺 ${message.place.lat}, ${message.place.lon}`];
  const choices =
    message.choices.length === 0
      ? []
      : ['', message.choices.map((c) => `\`${c.number}  ${c.label}\``).join(' · ')];
  return [BOT, '', ...text, ...note, ...place, ...choices].join('\n');
}

/** What happened without words. */
function quiet(talk: Talk): string[] {
  return talk.effects.flatMap((e) => {
    if (e.type === 'hide') return ['*(the bot clears the screen)*'];
    if (e.type === 'handoff' && e.act === 'pass') return ['*(goes to the team)*'];
    if (e.type === 'forget') return ['*(everything about this person is deleted; the bot says “Done.”)*'];
    return [];
  });
}
