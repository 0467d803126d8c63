import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Exit } from './child.ts';
import { startTelegram, withTelegram } from './telegram.ts';

test('SIGTERM while it still starts: it ends in order', async () => {
  const telegram = await startTelegram();
  telegram.fault('deleteWebhook', { hang: true }, { times: 100 });
  const child = withTelegram(telegram);
  await telegram.until(() => telegram.count('deleteWebhook') === 1);
  expect(await child.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(child.output).not.toContain('fault of its own');
});

test('SIGTERM: what was taken is answered, then the process ends with 0', async () => {
  const telegram = await startTelegram();
  const child = withTelegram(telegram);
  await child.started();
  const people = Array.from({ length: 40 }, (_, i) => telegram.user(5_551_000 + i));
  for (const person of people) person.start();
  await telegram.until(() => telegram.count('sendMessage') > 0);
  expect(people.filter((p) => p.received.length === 0).length).toBeGreaterThan(0);
  expect(await child.end('SIGTERM')).toEqual({ code: 0, signal: null });
  // What was not taken yet stays with Telegram and is not answered; everything else is.
  const waiting = new Set(telegram.pending.map((u) => JSON.stringify(u).match(/"chat":\{"id":(\d+)/)?.[1]));
  const silent = people.filter((p) => p.received.length !== 1);
  expect(silent.filter((p) => !waiting.has(String(p.chat.id)))).toEqual([]);
  expect(silent.length).toBeLessThan(people.length);
});

test('SIGTERM twice: the process does not wait for anything any more', async () => {
  const telegram = await startTelegram();
  const child = withTelegram(telegram);
  await child.started();
  telegram.fault('sendMessage', { hang: true });
  const person = telegram.user(5_550_003);
  person.start();
  await telegram.until(() => telegram.count('sendMessage') === 1);
  child.signal('SIGTERM');
  await sleep(200);
  expect(child.running).toBe(true);
  expect(await child.end('SIGTERM')).toEqual({ code: 1, signal: null });
  // The answer is not lost: the next start sends it.
  telegram.release();
  await withTelegram(telegram, { dataDir: child.dataDir }).started();
  await telegram.until(() => person.received.length === 1);
});

/** What Telegram leaves unanswered. */
const STUCK = [['sendMessage'], ['answerCallbackQuery', 'setMyCommands']];

/** Starts, lets Telegram fall silent, and asks the program to end. */
async function endWhileStuck(stuck: string[]): Promise<Exit | 'still running'> {
  const telegram = await startTelegram();
  for (const method of stuck) telegram.fault(method, { hang: true }, { times: 100 });
  const child = withTelegram(telegram);
  await child.started();
  const person = telegram.user(5_550_004);
  person.start();
  await telegram.until(() => telegram.count('sendMessage') === 1);
  if (stuck.includes('answerCallbackQuery')) person.tapData('ru:welcome:language:ru');
  await telegram.until(() => stuck.every((method) => telegram.count(method) > 0));
  child.signal('SIGTERM');
  // A little more than the ten seconds that are promised: this machine may be busy.
  return Promise.race([child.exit, sleep(14_000, 'still running' as const)]);
}

// Each waits for most of the ten seconds, so they wait at the same time.
test(`SIGTERM while Telegram does not answer ${STUCK.join(' or ')}: it ends in order within ten seconds`, async () => {
  const exits = await Promise.all(STUCK.map(endWhileStuck));
  expect(exits).toEqual(STUCK.map(() => ({ code: 0, signal: null })));
});
