import { PassThrough, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createTerminal, type Terminal } from '../../src/channels/terminal.ts';
import type { OutboundMessage } from '../../src/message.ts';
import { MemoryHost } from './fixtures/host.ts';

class Screen extends Writable {
  text = '';
  isTTY: boolean;
  constructor(isTTY = false) {
    super();
    this.isTTY = isTTY;
  }
  getColorDepth(): number {
    return this.isTTY ? 8 : 1;
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

function open(isTTY = false): { input: PassThrough; output: Screen; host: MemoryHost; terminal: Terminal } {
  const input = new PassThrough();
  const output = new Screen(isTTY);
  return { input, output, host: new MemoryHost(), terminal: createTerminal({ input, output, user: 'me' }) };
}
const message: OutboundMessage = {
  lang: 'en',
  text: 'Where are you?\n2  is not a choice here',
  note: 'Source: X, 2025',
  choices: [
    { data: 'en:a:b:c', label: 'A label far too long for any button on any phone', number: '1' },
    { data: 'en:a:b:back', label: 'Back', number: '0' },
  ],
  place: { name: 'Centre', address: 'Street 1', lat: 1, lon: 2 },
  ask: 'location',
};

describe('terminal', () => {
  test('opening is a start; every line is a message with an id of its own; Ctrl-D ends', async () => {
    const { input, host, terminal } = open();
    await terminal.start(host);
    expect(terminal.state()).toEqual({ state: 'up' });
    input.write('hello\n\n   \n/menu\r\n/start\nАлматы\u202e\n');
    input.end('last without an end of line');
    await terminal.ended;
    expect(host.inputs).toEqual([
      { kind: 'start' },
      { kind: 'text', text: 'hello' },
      { kind: 'text', text: '/menu' },
      { kind: 'start' },
      { kind: 'text', text: 'Алматы' },
      { kind: 'text', text: 'last without an end of line' },
    ]);
    expect(new Set(host.accepted.map((m) => m.id)).size).toBe(6);
    expect(new Set(host.accepted.map((m) => `${m.channel} ${m.account} ${m.user} ${m.address}`))).toEqual(
      new Set(['terminal local me me']),
    );
    expect(terminal.state()).toMatchObject({ state: 'down' });
  });

  test('lines are accepted in the order typed, also by a slow store', async () => {
    const { input, host, terminal } = open();
    await terminal.start(host);
    let pause = 20;
    host.before = () => {
      pause -= 5;
      return new Promise((resolve) => setTimeout(resolve, pause));
    };
    input.end('1\n2\n3\n4\n');
    await terminal.ended;
    expect(host.texts).toEqual(['1', '2', '3', '4']);
  });

  test('shows text, place, source and numbered choices, without colours in a pipe', async () => {
    const { output, terminal } = open();
    expect(await terminal.send('me', message, 'x.0')).toHaveLength(1);
    expect(output.text).toBe(
      '\nWhere are you?\n2  is not a choice here\n\nCentre, Street 1\n1.00000, 2.00000\n\nSource: X, 2025\n\n' +
        '1  A label far too long for any button on any phone\n0  Back\n\n',
    );
  });

  test('on a terminal the source is dimmed and the numbers are coloured', async () => {
    const { output, terminal } = open(true);
    await terminal.send('me', message, 'x.0');
    expect(output.text).toContain('\u001b[2mSource: X, 2025\u001b[0m');
    expect(output.text).toContain('\u001b[36m1\u001b[0m  A label');
    expect(output.text).toContain('\n2  is not a choice here');
  });

  test('stop ends it; a store that fails ends it with the error', async () => {
    const first = open();
    await first.terminal.start(first.host);
    await first.terminal.stop();
    await expect(first.terminal.ended).resolves.toBeUndefined();
    await first.terminal.remove('me', ['x']);

    const second = open();
    await second.terminal.start(second.host);
    second.host.before = () => Promise.reject(new Error('disk full'));
    second.input.write('hello\n');
    await expect(second.terminal.ended).rejects.toThrow('disk full');
    await second.terminal.stop();

    const third = open();
    third.host.before = () => Promise.reject(new Error('disk full'));
    await expect(third.terminal.start(third.host)).rejects.toThrow('disk full');
  });
});
