import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SendError } from '../../src/channels/channel.ts';
import { createTelegram, type TelegramChannel } from '../../src/channels/telegram.ts';
import type { OutboundMessage } from '../../src/message.ts';
import { FakeTelegram } from '../fake/telegram.ts';
import type { FakePerson } from '../fake/telegram-person.ts';
import { choice, type MemoryLog, message, telegramOn } from './fixtures/host.ts';

/** The real channel and the real grammY, over real sockets, against the stand-in. */
let tg: FakeTelegram;
let channel: TelegramChannel;
let log: MemoryLog;
let person: FakePerson;
beforeEach(async () => {
  tg = await FakeTelegram.start();
  ({ channel, log } = telegramOn(tg));
  person = tg.user(42);
  person.text('hi');
});
afterEach(() => tg.stop());

async function failure(part: Partial<OutboundMessage> = {}, address = '42'): Promise<SendError> {
  const error = await channel.send(address, message(part), 'x.0').then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof SendError)) throw new Error(`not a SendError: ${String(error)}`);
  return error;
}
const place = { name: 'Центр СПИД', address: 'ул. Басенова, 2', lat: 43.2567, lon: 76.9286 };

describe('what a failure means', () => {
  test.each([
    ['429', { status: 429, retryAfter: 7 }, 'retry', 'telegram-429', 7000],
    ['500', { status: 500 }, 'ambiguous', 'telegram-500', undefined],
    ['502 as a page', { body: '<html>Bad Gateway</html>' }, 'ambiguous', 'telegram-bad-answer', undefined],
    ['blocked', { status: 403 }, 'stopped', 'telegram-403', undefined],
    [
      'deactivated',
      { status: 403, description: 'Forbidden: user is deactivated' },
      'stopped',
      'telegram-403',
      undefined,
    ],
    [
      'chat not found',
      { status: 400, description: 'Bad Request: chat not found' },
      'stopped',
      'telegram-400',
      undefined,
    ],
    [
      'BUTTON_DATA_INVALID',
      { status: 400, description: 'Bad Request: BUTTON_DATA_INVALID' },
      'permanent',
      'telegram-400',
      undefined,
    ],
    ['401', { status: 401 }, 'permanent', 'telegram-401', undefined],
    ['broken before', { drop: 'before' }, 'ambiguous', 'telegram-econnreset', undefined],
    ['broken after', { drop: 'after' }, 'ambiguous', 'telegram-econnreset', undefined],
    ['an answer that is null', { body: 'null', httpStatus: 200 }, 'ambiguous', 'telegram-network', undefined],
    [
      'an answer without a code',
      { body: '{"ok":false}', httpStatus: 200 },
      'ambiguous',
      'telegram-unknown',
      undefined,
    ],
  ] as const)('%s', async (_, fault, kind, reason, retryAfterMs) => {
    tg.fault('sendMessage', fault);
    expect(await failure()).toMatchObject({ kind, reason });
    tg.fault('sendMessage', fault);
    expect((await failure()).retryAfterMs).toBe(retryAfterMs);
  });

  test('nobody before they wrote, and nobody after they blocked', async () => {
    expect(await failure({}, '4711')).toMatchObject({ kind: 'stopped' });
    person.block();
    expect(await failure()).toMatchObject({ kind: 'stopped', reason: 'telegram-403' });
  });

  test('an address that is none', async () => {
    for (const address of ['', 'x', '1e999']) {
      expect(await failure({}, address)).toMatchObject({ kind: 'permanent', reason: 'telegram-address' });
    }
    expect(tg.count('sendMessage')).toBe(0);
  });

  test('no answer in time may have been sent', async () => {
    ({ channel } = telegramOn(tg, { timings: { callSeconds: 0.2 } }));
    tg.fault('sendMessage', { hang: true });
    expect(await failure()).toMatchObject({ kind: 'ambiguous', reason: 'telegram-timeout' });
  });

  test('no connection is certainly not sent', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    channel = createTelegram({ ...options(), apiRoot: `http://127.0.0.1:${port}` });
    expect(await failure()).toMatchObject({ kind: 'retry', reason: 'telegram-econnrefused' });
    channel = createTelegram({ ...options(), apiRoot: 'http://nowhere.invalid' });
    const dns = await failure();
    expect(dns.kind).toBe('retry');
    expect(dns.reason).toMatch(/^telegram-(enotfound|eai-again)$/);
  });

  test('the rate of a chat is waited out exactly, and it is the outbox that waits', async () => {
    tg.limit({ messages: 1, ms: 3000 });
    await channel.send('42', message(), 'x.0');
    expect(await failure()).toMatchObject({ kind: 'retry', retryAfterMs: 3000 });
    expect(tg.count('sendMessage')).toBe(2);
  });

  test('nothing of the message, the person or the token is in an error or in the log', async () => {
    for (const fault of [{ status: 403 }, { status: 500 }, { drop: 'after' }, { status: 401 }] as const) {
      tg.fault('sendMessage', fault);
      const error = await failure({ text: 'my secret words' });
      const seen = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)} ${Object.values(error).join()}`;
      for (const secret of ['my secret words', '42', tg.token, 'AAHdq']) expect(seen).not.toContain(secret);
      expect(error.cause).toBeUndefined();
    }
    expect(log.lines.join()).toContain('CHANNEL_REFUSED');
    for (const secret of ['secret words', tg.token]) expect(log.lines.join()).not.toContain(secret);
    expect(channel.state()).toMatchObject({
      state: 'down',
      hint: expect.stringContaining('TELEGRAM_BOT_TOKEN'),
    });
  });

  function options(): Parameters<typeof createTelegram>[0] {
    return {
      token: tg.token,
      apiRoot: tg.root,
      log,
      clock: { now: () => 0 },
      commands: [],
      locationLabel: () => 'x',
    };
  }
});

describe('a message of several calls that broke in the middle', () => {
  const two = message({ place, choices: [choice('1', 'Дальше')] });

  test('goes on where it stopped', async () => {
    tg.fault('sendMessage', { status: 429, retryAfter: 1 });
    await expect(channel.send('42', two, 'x.0')).rejects.toMatchObject({ kind: 'retry' });
    // As the outbox does: the same message, read back from the store.
    expect(await channel.send('42', structuredClone(two), 'x.0')).toEqual(['2', '3']);
    expect([tg.count('sendVenue'), tg.count('sendMessage')]).toEqual([1, 2]);
  });

  test('another message, or the same one later, starts at its beginning', async () => {
    let now = 0;
    ({ channel } = telegramOn(tg, { clock: { now: () => now } }));
    tg.fault('sendMessage', { status: 500 });
    await expect(channel.send('42', two, 'x.0')).rejects.toMatchObject({ kind: 'ambiguous' });
    await channel.send('42', { ...two, text: 'другое' }, 'x.0');
    expect(tg.count('sendVenue')).toBe(2);
    tg.fault('sendMessage', { status: 500 });
    await expect(channel.send('42', two, 'x.0')).rejects.toMatchObject({ kind: 'ambiguous' });
    now = 11 * 60_000;
    await channel.send('42', two, 'x.0');
    expect(tg.count('sendVenue')).toBe(4);
  });
});
