import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TelegramChannel, TelegramOptions } from '../../src/channels/telegram.ts';
import { FakeTelegram, type Fault } from '../fake/telegram.ts';
import { MemoryHost, type MemoryLog, telegramOn } from './fixtures/host.ts';

let tg: FakeTelegram;
let host: MemoryHost;
let channel: TelegramChannel;
let log: MemoryLog;
const started: TelegramChannel[] = [];

beforeEach(async () => {
  tg = await FakeTelegram.start();
  host = new MemoryHost();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((c) => c.stop()));
  await tg.stop();
});

async function start(options: Partial<TelegramOptions> = {}): Promise<void> {
  ({ channel, log } = telegramOn(tg, options));
  started.push(channel);
  await channel.start(host);
}
const isUp = (): boolean => channel.state().state === 'up';

describe('trouble', () => {
  test('a wrong token: start says what to fix, and asks no more', async () => {
    const { channel: wrong } = telegramOn(tg, { token: `1:${'A'.repeat(35)}` });
    await expect(wrong.start(host)).rejects.toMatchObject({
      code: 'CHANNEL_REFUSED',
      hint: expect.stringContaining('TELEGRAM_BOT_TOKEN'),
    });
    expect(wrong.state()).toMatchObject({ state: 'down' });
    const { channel: nonsense } = telegramOn(tg, { token: 'nonsense' });
    await expect(nonsense.start(host)).rejects.toMatchObject({ code: 'CHANNEL_REFUSED' });
    expect(tg.calls).toEqual([]);
    await wrong.stop();
  });

  test('a token revoked while running: down, and no more questions', async () => {
    await start({ timings: { pollSeconds: 1 } });
    await tg.until(isUp);
    tg.fault('getUpdates', { status: 401 }, { times: 1000 });
    await tg.until(() => channel.state().state === 'down');
    const asked = tg.count('getUpdates');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(tg.count('getUpdates')).toBe(asked);
    expect(channel.state()).toMatchObject({ hint: expect.stringContaining('TELEGRAM_BOT_TOKEN') });
  });

  test('another poller: down with a reason, pauses, and comes back when the other has gone', async () => {
    await start({ timings: { busy: 300 } });
    await tg.until(isUp);
    await tg.until(() => tg.calls.at(-1)?.params.timeout === 5);
    const other = fetch(`${tg.root}/bot${tg.token}/getUpdates?timeout=5`);
    await tg.until(() => channel.state().state === 'down');
    expect(channel.state()).toMatchObject({ reason: expect.stringContaining('Another process') });
    expect(log.lines.join()).toContain('CHANNEL_BUSY');
    const asked = tg.count('getUpdates');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(tg.count('getUpdates')).toBe(asked);
    await tg.until(isUp);
    expect((await other).status).toBe(409);
  });

  test('a webhook set by somebody else: down, not fought', async () => {
    await start({ timings: { pollSeconds: 1, busy: 20 } });
    await tg.until(isUp);
    tg.bot.updates.setWebhook({ url: 'https://example.org/' });
    await tg.until(() => channel.state().state === 'down');
    expect(tg.bot.updates.webhook?.url).toBe('https://example.org/');
    tg.bot.updates.deleteWebhook({});
    await tg.until(isUp);
  });

  test.each([
    ['500', { status: 500 }],
    ['429', { status: 429, retryAfter: 0 }],
    ['a page of a proxy', { body: '<html>' }],
    ['an answer that is no list', { body: '{"ok":true,"result":{"a":1}}', httpStatus: 200 }],
    ['a broken connection', { drop: 'before' }],
    ['updates without ids', { body: '{"ok":true,"result":[{},null,7]}', httpStatus: 200 }],
  ] as const)('%s: connecting, then up again, nothing lost', async (_, fault) => {
    tg.fault('getUpdates', fault, { times: 3 });
    tg.user(42).text('a');
    await start();
    await tg.until(() => isUp() && host.texts.length === 1);
    expect(tg.count('getUpdates')).toBeGreaterThanOrEqual(4);
    const waits = log.lines
      .filter((l) => l.includes('no contact'))
      .map((l) => JSON.parse(l).waitMs as number);
    expect(waits).toEqual('retryAfter' in fault ? [0, 0, 0] : [10, 20, 40]);
    // Whether it works again is asked without a long wait.
    const asked = tg.calls.filter((c) => c.method === 'getUpdates').map((c) => c.params.timeout);
    expect(asked.slice(0, 4)).toEqual([0, 0, 0, 0]);
  });

  test('a failure in the middle of long polls: the next question does not wait', async () => {
    await start();
    await tg.until(() => tg.calls.at(-1)?.params.timeout === 5);
    tg.fault('getUpdates', { status: 500 });
    tg.user(42).text('a');
    await tg.until(() => log.lines.some((l) => l.includes('no contact')));
    await tg.until(isUp);
    const asked = tg.calls.filter((c) => c.method === 'getUpdates');
    const failed = asked.findIndex((c) => c.status === 500);
    expect([asked[failed]?.params.timeout, asked[failed + 1]?.params.timeout]).toEqual([5, 0]);
  });

  test('everything at once: each message of each person once and in order', async () => {
    const faults: Fault[] = [
      { status: 500 },
      { drop: 'before' },
      { drop: 'after' },
      { body: '<html>' },
      { status: 409 },
    ];
    let batches = 0;
    host.before = async () => {
      batches += 1;
      if (batches % 3 === 0) throw new Error('disk full');
    };
    await start({ timings: { backoff: 1, maxBackoff: 2, busy: 1 } });
    const people = [1, 2, 3, 4, 5].map((id) => tg.user(id));
    for (let i = 0; i < 30; i += 1) {
      for (const person of people) person.text(`${i}`);
      const fault = faults[i % faults.length];
      if (fault) tg.fault('getUpdates', fault, { times: 1 + (i % 2) });
      await tg.until(() => tg.calls.at(-1)?.method === 'getUpdates' && tg.calls.at(-1)?.status !== 200);
    }
    await tg.until(() => tg.pending.length === 0);
    const order = Array.from({ length: 30 }, (_, i) => `${i}`);
    for (const { chat } of people) {
      const theirs = host.accepted.filter((m) => m.user === String(chat.id));
      expect(theirs.map((m) => (m.input.kind === 'text' ? m.input.text : ''))).toEqual(order);
    }
  });

  test('no network at the start: start resolves, the state tells, and it connects when it can', async () => {
    const { port } = tg;
    await tg.stop();
    await start();
    expect(channel.state()).toEqual({ state: 'connecting' });
    tg = await FakeTelegram.start({ port });
    tg.user(42).text('a');
    await tg.until(() => isUp() && host.texts.length === 1);
  });

  test('the network goes away and comes back', async () => {
    await start();
    await tg.until(isUp);
    const { port } = tg;
    await tg.stop();
    tg = await FakeTelegram.start({ port });
    tg.user(42).text('a');
    await tg.until(() => isUp() && host.texts.length === 1);
  });

  test('a stop while there is no network returns', async () => {
    await tg.stop();
    await start({ timings: { backoff: 60_000 } });
    await channel.stop();
    expect(channel.state().state).not.toBe('up');
    tg = await FakeTelegram.start();
  });

  test('neither words nor ids nor the token are in the log', async () => {
    tg.fault('getUpdates', { drop: 'before' });
    tg.fault('getUpdates', { status: 500 });
    tg.fault('answerCallbackQuery', { drop: 'before' });
    tg.user(987654321).text('my secret words');
    tg.user(987654321).tapData('ru:secret:x:y');
    tg.push({ message: { text: 'my secret words', chat: { id: 987654321 } } });
    await start();
    await tg.until(() => host.accepted.length === 2 && log.lines.length >= 4);
    for (const secret of ['secret', '987654321', 'AAHdq']) expect(log.lines.join()).not.toContain(secret);
  });
});

describe('commands', () => {
  const list = [{ command: 'menu', description: 'Menu' }];
  test('per language of two letters, and for everybody else', async () => {
    await start({
      commands: [
        { lang: 'en', list },
        { lang: 'uz-Cyrl', list },
        { lang: 'ru', list: [{ command: 'menu', description: 'Меню' }] },
      ],
      defaultLang: 'ru',
    });
    await tg.until(() => tg.count('setMyCommands') === 3);
    expect(Object.fromEntries(tg.bot.commands)).toEqual({
      '': [{ command: 'menu', description: 'Меню' }],
      en: list,
      ru: [{ command: 'menu', description: 'Меню' }],
    });
  });

  test('their failure is a line in the log, not the end', async () => {
    await start({ commands: [{ lang: 'en', list: [{ command: 'Not Allowed', description: '' }] }] });
    await tg.until(() => log.lines.some((l) => l.includes('setMyCommands')));
    tg.user(42).text('a');
    await tg.until(() => host.texts.length === 1);
    expect(isUp()).toBe(true);
  });
});
