import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ChannelId } from '../../src/message.ts';
import { ROOT } from '../support/world.ts';
import { type Turn, turnsOf, WAYS, type Way } from './conversation.ts';

const FOLDER = join(ROOT, 'test', 'transcripts');

/** The files of all transcripts of the project, in one order. */
function listFiles(): string[] {
  return (
    readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md') && file.includes('/'))
      // Talks with a team are alike in every language; two are enough here.
      .filter((file) => !file.includes('/handoff-') || /\.(ru|tg)\.md$/.test(file))
      .sort()
  );
}

/** `npm run soak` plays every transcript in every way; the suite plays each in one, a sixth of them in each way. */
const LONG = process.env.SOAK === '1';

/**
 * What is to be played on a channel in this way, as the engine plays it there.
 *
 * @param shift moves the short form on, so that channels differ
 * @param rounds of `WAYS` to take one transcript from: more where a message costs more
 */
export function share(channel: ChannelId, way: Way, shift: number, rounds = 1): Turn[][] {
  const one = WAYS.length * rounds;
  return listFiles()
    .filter((_, i) => LONG || (i + shift) % one === WAYS.indexOf(way))
    .map((file) => turnsOf(join(FOLDER, file), channel));
}
