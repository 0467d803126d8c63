import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeTelegram } from '../fake/telegram.ts';
import { button, RawApi } from './fixtures/raw-api.ts';

/** The stand-in refuses what Telegram refuses: calls and updates. */
let tg: FakeTelegram;
let api: RawApi;
beforeEach(async () => {
  tg = await FakeTelegram.start();
  api = new RawApi(tg);
});
afterEach(() => tg.stop());

describe('addressing', () => {
  test('wrong token 401, no token 404, unknown method 404, any case of a method', async () => {
    expect(await api.call('getMe', {}, `1:${'A'.repeat(35)}`)).toMatchObject({
      error_code: 401,
      description: 'Unauthorized',
    });
    expect(await api.call('getMe', {}, 'nonsense')).toMatchObject({
      error_code: 404,
      description: 'Not Found',
    });
    expect(await api.refusal('sendTelepathy')).toBe('404 Not Found: method not found');
    expect((await api.call('GETme')).result).toMatchObject({ is_bot: true, id: 110201543 });
  });

  test('GET, urlencoded, JSON and multipart, nested objects as JSON text', async () => {
    tg.user(7).text('hi');
    const url = `${tg.root}/bot${tg.token}/sendMessage`;
    const fields = { chat_id: '7', text: 'a', reply_markup: JSON.stringify(button('d')) };
    const form = new FormData();
    for (const [key, value] of Object.entries(fields)) form.append(key, value);
    const asked = [
      fetch(`${url}?${new URLSearchParams(fields)}`),
      fetch(url, { method: 'POST', body: new URLSearchParams(fields) }),
      fetch(url, { method: 'POST', body: form }),
    ];
    for (const response of await Promise.all(asked))
      expect(await response.json()).toMatchObject({ ok: true });
    await api.call('sendMessage', { ...fields, chat_id: 7 });
    expect(tg.user(7).received.map((m) => m.markup)).toEqual(Array(4).fill(button('d')));
    const broken = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(broken.status).toBe(400);
  });
});

describe('getUpdates', () => {
  test('an offset confirms everything below it; ids are never used again', async () => {
    const user = tg.user(7);
    for (const text of ['a', 'b', 'c']) user.text(text);
    const [first, second] = await api.updates();
    expect(await api.updates()).toHaveLength(3);
    expect(await api.updates({ offset: second!.update_id })).toHaveLength(2);
    expect(await api.updates({ offset: -1 })).toHaveLength(1);
    expect(await api.updates({ offset: first!.update_id + 3 })).toEqual([]);
    user.text('d');
    expect((await api.updates())[0]!.update_id).toBe(first!.update_id + 3);
  });

  test('an offset from before the ids started anew confirms nothing', async () => {
    tg.bot.updates.jump(5);
    tg.user(7).text('a');
    expect(await api.updates({ offset: 700_000_001 })).toHaveLength(1);
  });

  test('limit is 1–100', async () => {
    for (let i = 0; i < 120; i += 1) tg.user(i + 1).text('x');
    expect(await api.updates({ limit: 2 })).toHaveLength(2);
    expect(await api.updates({ limit: 0 })).toHaveLength(1);
    expect(await api.updates({ limit: 500 })).toHaveLength(100);
  });

  test('a long poll answers when something comes', async () => {
    const waiting = api.updates({ timeout: 30 });
    await tg.until(() => tg.count('getUpdates') === 1);
    tg.user(7).text('now');
    expect(await waiting).toHaveLength(1);
  });

  test('a long poll ends empty', async () => {
    expect(await api.updates({ timeout: 1 })).toEqual([]);
  });

  test('of two pollers the newest wins', async () => {
    const older = api.call('getUpdates', { timeout: 30 });
    await tg.until(() => tg.count('getUpdates') === 1);
    expect((await api.call('getUpdates')).ok).toBe(true);
    expect(await older).toMatchObject({
      error_code: 409,
      description:
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    });
  });

  test('409 while a webhook is set', async () => {
    await api.call('setWebhook', { url: 'https://example.org/hook' });
    expect(await api.refusal('getUpdates')).toMatch(
      /^409 Conflict: can't use getUpdates method while webhook is active/,
    );
    await api.call('deleteWebhook');
    expect((await api.call('getUpdates')).ok).toBe(true);
  });

  test('allowed_updates is sticky and filters at creation', async () => {
    await api.updates({ allowed_updates: ['callback_query'] });
    tg.user(7).text('lost');
    expect(await api.updates()).toEqual([]);
    tg.user(7).tapData('x');
    expect(await api.updates({ allowed_updates: [] })).toHaveLength(1);
    tg.user(7).text('kept');
    expect(await api.updates()).toHaveLength(2);
  });

  test('what nobody fetched is gone after a day', async () => {
    tg.user(7).text('old');
    tg.advance(24 * 3600_000 + 1);
    tg.user(7).text('new');
    expect(await api.updates()).toMatchObject([{ message: { text: 'new' } }]);
  });
});

describe('webhook', () => {
  let hook: Server;
  let seen: { id: number; secret: unknown; at: 'begin' | 'end' }[];
  let status: number;
  let reply: object | undefined;
  let url: string;
  beforeEach(async () => {
    seen = [];
    status = 200;
    reply = undefined;
    hook = createServer((request, response) => {
      let body = '';
      request.on('data', (d) => (body += d));
      request.on('end', () => {
        const id = (JSON.parse(body) as { update_id: number }).update_id;
        seen.push({ id, secret: request.headers['x-telegram-bot-api-secret-token'], at: 'begin' });
        setTimeout(() => {
          seen.push({ id, secret: '', at: 'end' });
          response
            .writeHead(status, { 'content-type': 'application/json' })
            .end(reply ? JSON.stringify(reply) : '');
        }, 10);
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`;
  });
  afterEach(() => hook.close());

  test('needs https outside loopback and a plain secret', async () => {
    expect(await api.refusal('setWebhook', { url: 'http://example.org/' })).toMatch(
      /An HTTPS URL must be provided/,
    );
    expect(await api.refusal('setWebhook', { url, secret_token: 'no spaces' })).toMatch(
      /unallowed characters/,
    );
  });

  test('delivers with the secret and repeats the same update until it gets a 2xx', async () => {
    status = 500;
    await api.call('setWebhook', { url, secret_token: 's3cret' });
    tg.user(7).text('a');
    await tg.until(() => seen.filter((s) => s.at === 'end').length >= 3);
    expect(new Set(seen.map((s) => s.id)).size).toBe(1);
    expect(seen[0]!.secret).toBe('s3cret');
    expect((await api.call('getWebhookInfo')).result).toMatchObject({
      pending_update_count: 1,
      last_error_message: 'Wrong response from the webhook: 500 Internal Server Error',
    });
    status = 200;
    await tg.until(() => tg.pending.length === 0);
  });

  test('at most max_connections at once, one at a time for a chat', async () => {
    await api.call('setWebhook', { url, max_connections: 2 });
    for (const text of ['a', 'b']) for (const id of [1, 2, 3, 4]) tg.user(id).text(text);
    await tg.until(() => tg.pending.length === 0);
    expect(tg.bot.updates.webhookPeak).toBe(2);
    expect(new Set(seen.map((s) => s.id)).size).toBe(8);
  });

  test('runs a method in the answer; drop_pending_updates drops', async () => {
    reply = { method: 'sendMessage', chat_id: 7, text: 'by answer' };
    await api.call('setWebhook', { url });
    tg.user(7).text('a');
    await tg.until(() => tg.user(7).texts.includes('by answer'));
    await tg.until(() => tg.pending.length === 0);
    await api.call('deleteWebhook');
    tg.user(7).text('b');
    await api.call('deleteWebhook', { drop_pending_updates: true });
    expect(tg.pending).toEqual([]);
  });
});
