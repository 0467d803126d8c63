import { readFileSync } from 'node:fs';
import type { ChannelId, Input, OutboundMessage } from '../../src/message.ts';
import { Talk } from '../support/world.ts';

/*
 * A transcript is a conversation that anybody can read on a code host; the same file is the script (the lines of the
 * person) and the expectation (the lines of the bot). `npm test -- -u` rewrites the bot's lines; read the difference.
 *
 * Lines of a person:   **You:** text typed          **You:** [label of a button]
 *                      **You:** 📍 43.24, 76.94      **You:** (photo)          **You:** /start
 */

const YOU = '**You:** ';
const BOT = '**Bot:**';

/** Plays the person's lines of a transcript file to the real engine. @returns the transcript as it is now */
export function playTranscript(file: string): string {
  const source = readFileSync(file, 'utf8');
  const head = source.slice(0, source.indexOf(YOU)).trimEnd();
  const channel = (/channel: (\w+)/.exec(head)?.[1] ?? 'telegram') as ChannelId;
  return writeTranscript(head, new Talk(undefined, channel), linesOf(source));
}

function linesOf(source: string): string[] {
  return source
    .split('\n')
    .filter((line) => line.startsWith(YOU))
    .map((line) => line.slice(YOU.length));
}

export function writeTranscript(head: string, talk: Talk, lines: readonly string[]): string {
  const parts = [head];
  for (const line of lines) {
    talk.send(inputOf(line, talk));
    parts.push(`${YOU}${line}`, ...talk.said.map(botLines), ...quiet(talk));
  }
  return `${parts.join('\n\n')}\n`;
}

/** What a line of the person sends. */
export function inputOf(line: string, talk: Talk): Input {
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
    if (e.type === 'forget') return ['*(everything about this person is deleted; the bot says “Done.”)*'];
    return [];
  });
}
