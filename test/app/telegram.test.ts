import { expect, test } from 'vitest';
import { FakeTelegram } from '../fake/telegram.ts';
import { ready, startTelegram, untilReady, withTelegram } from './telegram.ts';

test('with a token, Telegram and the web run together', async () => {
  const telegram = await startTelegram();
  const child = withTelegram(telegram);
  const url = await child.started();
  expect(child.stdout).toContain('Telegram   on (long polling)');
  expect(await untilReady(url)).toEqual({
    status: 200,
    ready: true,
    checks: { store: { ok: true }, web: { ok: true }, telegram: { ok: true } },
  });
  const person = telegram.user(5_550_001, { language: 'ru' });
  person.start();
  await telegram.until(() => person.received.length === 1);
  expect(person.buttons.flat()).toContain('Русский');
  await telegram.until(() => telegram.bot.commands.size >= 7);
  expect(telegram.bot.commands.get('ky')).not.toEqual(telegram.bot.commands.get('ru'));
  expect((await fetch(url)).status).toBe(200);
});

test('a token that Telegram does not know: Telegram is off with a clear error, the web stays up', async () => {
  const telegram = await startTelegram();
  const token = `${telegram.token.slice(0, -6)}canary`;
  const child = withTelegram(telegram, { env: { TELEGRAM_BOT_TOKEN: token } });
  const url = await child.started();
  expect(child.stdout).toContain('Telegram   FAILED: Telegram does not accept the bot token.');
  expect(child.stdout).toMatch(/→ Copy the token from @BotFather into TELEGRAM_BOT_TOKEN/);
  expect((await fetch(url)).status).toBe(200);
  expect((await fetch(new URL('/livez', url))).status).toBe(200);
  const now = await ready(url);
  expect(now).toMatchObject({
    status: 503,
    ready: false,
    checks: { web: { ok: true }, store: { ok: true } },
  });
  expect(now.checks.telegram).toMatchObject({ ok: false, reason: expect.stringContaining('bot token') });
  expect(now.checks.telegram?.hint).toContain('TELEGRAM_BOT_TOKEN');
  expect(JSON.stringify(now) + child.output).not.toContain('canary');
  expect(await child.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

test('Telegram cannot be reached: the web is up meanwhile, and Telegram comes as soon as it can', async () => {
  const gone = await FakeTelegram.start();
  const { port, token } = gone;
  await gone.stop();
  const child = withTelegram(gone);
  const url = await child.started();
  expect((await fetch(url)).status).toBe(200);
  expect(await ready(url)).toMatchObject({
    status: 503,
    checks: { web: { ok: true }, telegram: { ok: false, reason: 'connecting' } },
  });
  expect(child.stdout).toContain('Telegram   connecting (long polling): no answer yet');
  const telegram = await startTelegram({ port, token });
  const person = telegram.user(5_550_002);
  person.start();
  await telegram.until(() => person.received.length === 1);
  expect(await untilReady(url)).toMatchObject({ status: 200 });
});

test('Telegram takes the connection and says nothing: the web is up all the same', async () => {
  const telegram = await startTelegram();
  telegram.fault('deleteWebhook', { hang: true }, { times: 100 });
  const child = withTelegram(telegram);
  const url = await child.started();
  expect(child.stdout).toContain('Telegram   connecting');
  expect((await fetch(url)).status).toBe(200);
  telegram.release();
  const person = telegram.user(5_550_005);
  person.start();
  await telegram.until(() => person.received.length === 1);
  expect(await child.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

test('webhook: Telegram delivers to the process, which asks for the secret', async () => {
  const telegram = await startTelegram();
  const secret = 'a-secret-of-32-letters-and-digits';
  const address = 'https://bot.example.org/webhooks/telegram';
  const child = withTelegram(telegram, {
    env: {
      TELEGRAM_WEBHOOK_URL: address,
      TELEGRAM_WEBHOOK_SECRET: secret,
      HAMROH_PUBLIC_HOST: 'chat.example.org',
    },
  });
  const url = await child.started();
  expect(child.stdout).toContain('Telegram   on (webhook)');
  const hook = telegram.bot.updates.webhook;
  expect(hook).toMatchObject({ url: address, secret });
  // A web server with TLS stands in front of a real deployment; here the stand-in delivers directly.
  const direct = new URL('/webhooks/telegram', url);
  if (hook) hook.url = direct.href;
  const person = telegram.user(5_550_006, { language: 'kk' });
  person.start();
  await telegram.until(() => person.received.length === 1 && telegram.pending.length === 0);
  person.tap('Қазақша');
  await telegram.until(() => person.received.length > 1 && telegram.count('answerCallbackQuery') === 1);
  expect(telegram.count('getUpdates')).toBe(0);

  const before = person.received.length;
  const forge = (headers: Record<string, string>) =>
    fetch(direct, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({
        update_id: 1,
        message: { message_id: 1, date: 1, text: '/menu', chat: { id: 5_550_006, type: 'private' } },
      }),
    });
  expect((await forge({})).status).toBe(401);
  expect((await forge({ 'x-telegram-bot-api-secret-token': `${secret}x` })).status).toBe(401);
  expect((await forge({ 'x-telegram-bot-api-secret-token': secret })).status).toBe(200);
  await telegram.until(() => person.received.length > before);
  expect(person.received.length).toBe(before + 1);
  expect(child.output).not.toContain(secret);
});
