import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { type Ids, systemIds } from '../clock.ts';
import { cleanText, type Input, type OutboundMessage } from '../message.ts';
import { CAPABILITIES } from './capabilities.ts';
import type { Channel, ChannelHost, ChannelState } from './channel.ts';
import { render } from './render.ts';

export interface TerminalOptions {
  /** `process.stdin`, or any stream of lines. */
  input: Readable;
  /** `process.stdout`; colours only when it is a terminal that has them. */
  output: Writable;
  /** Name of this conversation: the same name goes on where it stopped. */
  user: string;
  ids?: Ids;
}

/** The terminal channel, for `hamroh chat`. */
export interface Terminal extends Channel {
  /** Resolves when the person ended the conversation (Ctrl-D) and every line of theirs is accepted; rejects when one was not. */
  readonly ended: Promise<void>;
}

/** Makes a conversation over two streams. Every typed line is a message; an empty one is not. */
export function createTerminal(options: TerminalOptions): Terminal {
  const { input, output, user } = options;
  const ids = options.ids ?? systemIds;
  const colours = hasColours(output);
  let lines: Interface | undefined;
  let current: ChannelState = { state: 'connecting' };
  let accepted: Promise<void> = Promise.resolve();
  let finish: (result: Promise<void>) => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  // Whoever does not wait for the end must not be stopped by how it ended.
  ended.catch(() => undefined);

  function accept(host: ChannelHost, what: Input): void {
    // In the order typed: a line waits until the one before it is stored.
    accepted = accepted.then(() =>
      host.accept([
        { channel: 'terminal', account: 'local', user, id: ids.id(), address: user, input: what },
      ]),
    );
    accepted.catch(() => lines?.close());
  }

  return {
    id: 'terminal',
    capabilities: CAPABILITIES.terminal,
    ended,
    state: () => current,
    async start(host) {
      accept(host, { kind: 'start' });
      await accepted;
      lines = createInterface({ input, output, terminal: false });
      lines.on('line', (line) => {
        const { text } = cleanText(line);
        if (text === '/start') accept(host, { kind: 'start' });
        else if (text !== '') accept(host, { kind: 'text', text });
      });
      lines.on('close', () => {
        current = { state: 'down', reason: 'the conversation has ended', hint: 'Start `hamroh chat` again.' };
        finish(accepted);
      });
      current = { state: 'up' };
    },
    async stop() {
      lines?.close();
      finish(accepted);
      await accepted.catch(() => undefined);
    },
    async send(_address, message) {
      for (const part of render(message, CAPABILITIES.terminal)) {
        output.write(`\n${colours ? paint(part.text, message) : part.text}\n\n`);
      }
      return [ids.id()];
    },
    async remove() {
      // What was printed stays: `capabilities.remove` says so.
    },
  };
}

const DIM = '\u001b[2m';
const CYAN = '\u001b[36m';
const RESET = '\u001b[0m';

/** The source line dimmed, the numbers to type in colour. */
function paint(text: string, message: OutboundMessage): string {
  const numbers = new Set(message.choices.map((c) => c.number));
  const noteLines = new Set((message.note ?? '').split('\n').filter((line) => line !== ''));
  return text
    .split('\n')
    .map((line) => {
      const [, number, rest] = /^(\d+)( {2}.*)$/.exec(line) ?? [];
      if (number !== undefined && numbers.has(number)) return `${CYAN}${number}${RESET}${rest}`;
      return noteLines.has(line) ? `${DIM}${line}${RESET}` : line;
    })
    .join('\n');
}

/** `getColorDepth` also reads NO_COLOR and FORCE_COLOR. */
function hasColours(output: Writable): boolean {
  if (!('isTTY' in output) || output.isTTY !== true) return false;
  return (
    'getColorDepth' in output && typeof output.getColorDepth === 'function' && output.getColorDepth() > 1
  );
}
