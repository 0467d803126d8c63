import { once } from 'node:events';
import { codeOf } from '../log-port.ts';
import { keyOf, type Understanding, type Understood } from '../understanding/types.ts';
import { loadUnderstanding } from '../understanding/understanding.ts';

/** Where words come from and answers go to: a process, or what stands for one. */
export interface RouteStreams {
  stdin: AsyncIterable<Uint8Array>;
  stdout: NodeJS.WritableStream;
}

/** Characters of a line that are kept; no more of a text are read. */
const LONGEST_LINE = 4_096;

/**
 * Shows how words are understood. With words: one answer, for people or as JSON. Without: each line of the input in
 * turn, as one line of JSON each, in bounded memory. Ends quietly when nobody reads any more.
 *
 */
export async function route(
  root: string,
  words: readonly string[],
  { json }: { json?: boolean },
  { stdin, stdout }: RouteStreams,
): Promise<void> {
  const understanding = loadUnderstanding(root);
  if (words.length > 0) {
    const understood = understanding.read(words.join(' '));
    stdout.write(`${json ? toJson(understood) : describe(understood)}\n`);
    return;
  }
  try {
    await answerLines(understanding, stdin, stdout);
  } catch (error) {
    // `hamroh route < file | head`: who asked has seen enough.
    if (codeOf(error) !== 'EPIPE') throw error;
  }
}

async function answerLines(
  understanding: Understanding,
  stdin: RouteStreams['stdin'],
  stdout: RouteStreams['stdout'],
): Promise<void> {
  let broken: Error | undefined;
  // It stays: whatever is written after this fails in the same way.
  stdout.on('error', (error: Error) => {
    broken = error;
  });
  for await (const lines of readLines(stdin)) {
    for (const line of lines) {
      if (broken !== undefined) throw broken;
      const more = stdout.write(`${toJson(understanding.read(line))}\n`);
      if (!more) await once(stdout, 'drain');
    }
  }
}

/** The lines of a stream of bytes, a chunk's worth at a time; what is not UTF-8 becomes �. */
async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    yield lines.map(withoutReturn);
  }
  rest += decoder.decode();
  if (rest !== '') yield [withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function toJson({ intent, score, urgent }: Understood): string {
  return JSON.stringify({ intent, score: rounded(score), urgent });
}

/** For people: what, how sure, what else it could be. */
function describe({ intent, detail, score, sure, urgent, doubtful, lang, near }: Understood): string {
  const others = near.map((guess) => `${keyOf(guess)} ${rounded(guess.score)}`);
  const lines = [
    ['intent', keyOf({ intent, ...(detail === undefined ? {} : { detail }) })],
    ['score', `${rounded(score)} (${intent === 'none' ? 'not understood' : sure ? 'sure' : 'would ask'})`],
    ['urgent', urgent ? (doubtful ? 'perhaps: would ask' : 'yes') : 'no'],
    ['language', lang],
    ['near', others.join(', ') || '-'],
  ];
  return lines.map(([name = '', value = '']) => `${name.padEnd(10)}${value}`).join('\n');
}

/** Three digits say enough. */
function rounded(score: number): number {
  return Math.round(score * 1_000) / 1_000;
}
