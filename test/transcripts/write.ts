/*
 * Writes the transcripts of `scenarios.yaml` in every language: `npx tsx test/transcripts/write.ts`. A line that
 * begins with # is a choice by its id; it is written as its button, its label or its number in turn, as people do.
 * Lines of the team stand as they do in a transcript. ~key is the first phrase of that list in the language: ~common:words.stop, ~art.running-out.
 * Existing files are overwritten; after that each file stands for itself.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { type ChannelId, LANGS, type Lang } from '../../src/message.ts';
import { loadPhrases } from '../../src/understanding/phrases.ts';
import { keyOf } from '../../src/understanding/types.ts';
import { ROOT, Talk, world } from '../support/world.ts';
import { perform, teamOf, writeTranscript } from './transcript.ts';

const HERE = dirname(fileURLToPath(import.meta.url));

const line = z.union([z.string(), z.record(z.string(), z.string())]);
const scenarios = z.record(
  z.string(),
  z.object({
    title: z.string(),
    channel: z.string().default('telegram'),
    /** Who sits at the chat, see transcript.ts. */
    team: z.string().optional(),
    lines: z.array(line),
  }),
);

const { phrases } = loadPhrases(ROOT);

/** The phrases of a language under a key, `art.running-out`. */
function phrasesOf(lang: Lang, key: string): string[] {
  return phrases.flatMap((p) => (p.lang === lang && keyOf(p) === key ? p.text : []));
}

/** The line as this person would write it: `#id` becomes a button, a label or a number. */
function spoken(talk: Talk, lang: Lang, text: string, turn: number): string {
  if (text.startsWith('~')) {
    const key = text.slice(1);
    return (key.includes(':') ? world.texts.list(lang, key) : phrasesOf(lang, key))[0] ?? '';
  }
  if (!text.startsWith('#')) return text;
  const choice = talk.choice(text.slice(1));
  if (choice === undefined) throw new Error(`no choice ${text} among ${talk.ids().join(', ')} at ${talk.at}`);
  if (turn % 3 === 0) return choice.number;
  return turn % 3 === 1 ? `[${choice.label}]` : choice.label;
}

function linesFor(
  lang: Lang,
  channel: ChannelId,
  head: string,
  lines: readonly z.infer<typeof line>[],
): string[] {
  const talk = new Talk(undefined, channel);
  talk.chat.team = teamOf(head);
  const written: string[] = [];
  for (const [turn, l] of lines.entries()) {
    const text = typeof l === 'string' ? l.replace('#lang', `#${lang}`) : (l[lang] ?? l.other ?? '');
    const words = spoken(talk, lang, text, turn);
    perform(words, talk);
    written.push(words);
  }
  return written;
}

const all = scenarios.parse(parse(readFileSync(join(HERE, 'scenarios.yaml'), 'utf8')));
for (const [name, scenario] of Object.entries(all)) {
  for (const lang of LANGS.filter((l) => l !== 'uz-Cyrl')) {
    const channel = scenario.channel as ChannelId;
    const team = scenario.team === undefined ? '' : ` · team: ${scenario.team}`;
    const head = `# ${scenario.title}\n\nlanguage: ${lang} · channel: ${channel}${team}`;
    const file = join(HERE, `${name}.${lang}.md`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      writeTranscript(head, new Talk(undefined, channel), linesFor(lang, channel, head, scenario.lines)),
    );
  }
}
