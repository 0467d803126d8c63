import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TelegramChannel } from '../../src/channels/telegram.ts';
import { FakeTelegram } from '../fake/telegram.ts';
import { MemoryHost, type MemoryLog, telegramOn } from './fixtures/host.ts';

/** The channel's handler behind a real web server, deliveries from the stand-in and from strangers. */
const SECRET = 'a-long_Secret-1';
let tg: FakeTelegram;
let host: MemoryHost;
let channel: TelegramChannel;
let log: MemoryLog;
let server: ReturnType<typeof createAdaptorServer>;
let url: string;

beforeEach(async () => {
  tg = await FakeTelegram.start();
  host = new MemoryHost();
  server = createAdaptorServer({
    fetch: (request) => channel.webhookHandler?.(request) ?? new Response(null, { status: 404 }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/telegram`;
  ({ channel, log } = telegramOn(tg, { webhook: { url, secret: SECRET } }));
});
afterEach(async () => {
  await channel.stop();
  await tg.stop();
  await new Promise((resolve) => server.close(resolve));
});

const update = (id: number, text = 'hi'): object => ({
  update_id: id,
  message: {
    message_id: 1,
    date: 1,
    chat: { id: 42, type: 'private' },
    from: { id: 42, is_bot: false },
    text,
  },
});
async function post(
  body: string | object,
  headers: Record<string, string> = { 'x-telegram-bot-api-secret-token': SECRET },
): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  expect(await response.text()).toBe('');
  return response.status;
}

describe('from Telegram', () => {
  test('messages and taps arrive with the secret; the tap is confirmed', async () => {
    await channel.start(host);
    expect(channel.state()).toEqual({ state: 'up' });
    tg.user(42, { language: 'ky' }).text('салам');
    const id = tg.user(42).tapData('ky:menu:menu:test');
    await tg.until(() => host.accepted.length === 2 && tg.pending.length === 0);
    expect(host.inputs).toEqual([
      { kind: 'text', text: 'салам' },
      { kind: 'tap', data: 'ky:menu:menu:test' },
    ]);
    await tg.until(() => tg.bot.queries.get(id)?.answered === true);
    expect(tg.count('getUpdates')).toBe(0);
    expect(tg.bot.updates.webhook).toMatchObject({ url, secret: SECRET });
  });

  test('what could not be stored is delivered again until it could', async () => {
    let failures = 2;
    host.before = async () => {
      failures -= 1;
      if (failures >= 0) throw new Error('disk full');
    };
    await channel.start(host);
    tg.user(42).text('a');
    await tg.until(() => tg.pending.length === 0);
    expect(host.texts).toEqual(['a']);
    expect(tg.bot.updates.webhook?.lastError).toContain('503');
    expect(log.lines.join()).toContain('could not be stored');
  });

  test('an update that cannot be read is taken off the queue', async () => {
    await channel.start(host);
    tg.push({ message: 'poison' });
    tg.user(42).text('a');
    await tg.until(() => tg.pending.length === 0);
    expect(host.texts).toEqual(['a']);
  });

  test('an address that Telegram refuses: start says what to fix', async () => {
    ({ channel } = telegramOn(tg, { webhook: { url: 'http://example.org/', secret: SECRET } }));
    await expect(channel.start(host)).rejects.toMatchObject({
      code: 'CHANNEL_REFUSED',
      hint: expect.stringContaining('TELEGRAM_WEBHOOK_URL'),
    });
    expect(channel.state()).toMatchObject({ state: 'down' });
  });
});

describe('from anybody', () => {
  beforeEach(() => channel.start(host));

  test.each<[string, Record<string, string>]>([
    ['no secret', {}],
    ['another secret', { 'x-telegram-bot-api-secret-token': 'a-long_Secret-2' }],
    ['a longer secret', { 'x-telegram-bot-api-secret-token': `${SECRET}x` }],
    ['an empty secret', { 'x-telegram-bot-api-secret-token': '' }],
  ])('%s: 401', async (_, headers) => {
    expect(await post(update(1), headers)).toBe(401);
    expect(host.delivered).toEqual([]);
  });

  test('not JSON, or nested without end: 400', async () => {
    expect(await post('{')).toBe(400);
    expect(await post('')).toBe(400);
    expect(await post('['.repeat(100_000) + ']'.repeat(100_000))).toBe(400);
    expect(await post(`{"update_id":1,"x":${'{"a":'.repeat(33)}1${'}'.repeat(34)}`)).toBe(400);
  });

  test('256 KiB and no more: 413, with or without a length', async () => {
    const body = (size: number): string => JSON.stringify(update(1, 'x')).padEnd(size, ' ');
    expect(await post(body(256 * 1024))).toBe(200);
    expect(await post(body(256 * 1024 + 1))).toBe(413);
    const chunk = new TextEncoder().encode(' '.repeat(64 * 1024));
    let sent = 0;
    const stream = new ReadableStream({
      pull: (controller) => {
        sent += 1;
        if (sent > 8) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'x-telegram-bot-api-secret-token': SECRET },
      body: stream,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
  });

  test('not a POST: 405; JSON that is no update: 200 and nothing done', async () => {
    expect((await fetch(url, { headers: { 'x-telegram-bot-api-secret-token': SECRET } })).status).toBe(405);
    for (const body of ['null', '[]', '7', '"x"', '{}']) expect(await post(body)).toBe(200);
    expect(host.delivered).toEqual([]);
  });

  test('update ids may go down; each is accepted once', async () => {
    for (const id of [2 ** 31 - 1, 5, 2 ** 31 - 1, 5]) expect(await post(update(id, `${id}`))).toBe(200);
    expect(host.texts).toEqual(['2147483647', '5']);
    expect(host.delivered).toHaveLength(4);
  });

  test('200 comes only after the store has committed', async () => {
    let commit: () => void = () => undefined;
    host.before = () => new Promise((resolve) => (commit = resolve));
    let answered = false;
    const delivery = post(update(1)).then((status) => {
      answered = true;
      return status;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answered).toBe(false);
    commit();
    expect(await delivery).toBe(200);
  });

  test('a stop waits for the delivery in hand, and refuses the next', async () => {
    let commit: (() => void) | undefined;
    host.before = () => new Promise((resolve) => (commit = resolve));
    const delivery = post(update(1));
    await tg.until(() => commit !== undefined);
    let stopped = false;
    const stopping = channel.stop().then(() => {
      stopped = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(stopped).toBe(false);
    commit?.();
    await stopping;
    expect(await delivery).toBe(200);
    expect(await post(update(2))).toBe(503);
    expect(host.texts).toEqual(['hi']);
  });
});

test('without a webhook there is no handler', () => {
  expect(telegramOn(tg).channel.webhookHandler).toBeUndefined();
});
