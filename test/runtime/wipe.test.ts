import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SendError } from '../../src/channels/channel.ts';
import { message, tempDir } from '../store/support.ts';
import { MemoryChannel, run, until } from './support.ts';

test('delete my data: the screen is cleared, one word is said, nothing is left', async () => {
  const dir = tempDir();
  const { runtime, channel, store } = run({ dir });
  await runtime.host.accept([message('u', 'a'), message('u', 'b')]);
  await until(() => channel.sent.length === 2);
  await runtime.host.accept([message('u', '!forget')]);
  await until(() => channel.texts().includes('Done.') && store.wipes().length === 0);
  expect(channel.texts()).toEqual(['1: a', '2: b', 'Done.']);
  expect(channel.removed).toEqual([{ address: 'chat-u', sentIds: ['id-2', 'id-1'] }]);
  await until(() => statSync(join(dir, 'hamroh.db-wal')).size === 0, 'the log being empty');
  expect(readdirSync(dir)).toContain('hamroh.db-wal');
  await runtime.host.accept([message('u', 'hello')]);
  await until(() => channel.sent.length === 4);
  expect(channel.texts().at(-1)).toBe('1: hello');
});

test('a platform that is down: the ticket tries again', async () => {
  const { runtime, channel, store } = run();
  await runtime.host.accept([message('u', 'a')]);
  await until(() => channel.sent.length === 1);
  let down = 2;
  channel.failRemove = () => {
    down -= 1;
    if (down >= 0) throw new SendError('retry', 'telegram-429', { retryAfterMs: 5 });
  };
  await runtime.host.accept([message('u', '!forget')]);
  await until(() => channel.texts().includes('Done.') && store.wipes().length === 0);
  expect(channel.removed).toHaveLength(1);
});

test('a person who blocked us or left is forgotten all the same', async () => {
  const { runtime, channel, store } = run();
  await runtime.host.accept([message('u', 'a')]);
  await until(() => channel.sent.length === 1);
  channel.failRemove = () => {
    throw new SendError('stopped', 'telegram-403');
  };
  channel.fail = () => {
    throw new SendError('stopped', 'telegram-403');
  };
  await runtime.host.accept([message('u', '!forget')]);
  await until(() => runtime.health().turns.done === 2 && store.wipes().length === 0);
  expect(channel.texts()).toEqual(['1: a']);
});

test('a stop in the middle: the next start finishes it', async () => {
  const dir = tempDir();
  const first = run({ dir });
  await first.runtime.host.accept([message('u', 'a')]);
  await until(() => first.channel.sent.length === 1);
  first.channel.failRemove = () => {
    throw new SendError('retry', 'down', { retryAfterMs: 60_000 });
  };
  await first.runtime.host.accept([message('u', '!forget')]);
  await until(() => first.log.some((l) => l.event === 'wipe.again'));
  await first.runtime.stop(50);
  first.store.close();
  const second = run({ dir, channel: new MemoryChannel() });
  await until(() => second.channel.sent.length === 1 && second.store.wipes().length === 0);
  expect(second.channel.removed).toEqual([{ address: 'chat-u', sentIds: ['id-1'] }]);
  expect(second.channel.texts()).toEqual(['Done.']);
});

test('what the channel keeps about the person goes at once, and again after the last word', async () => {
  const { runtime, channel, store } = run();
  await runtime.host.accept([message('u', 'a')]);
  await until(() => channel.sent.length === 1);
  channel.acts.length = 0;
  let down = true;
  channel.failRemove = () => {
    if (!down) return;
    down = false;
    throw new SendError('retry', 'down', { retryAfterMs: 5 });
  };
  await runtime.host.accept([message('u', '!forget')]);
  await until(() => channel.texts().includes('Done.') && store.wipes().length === 0);
  const forget = 'forget chat-u';
  expect(channel.acts).toEqual([forget, 'remove', forget, 'remove', 'send Done.', forget]);
});

test('a channel that cannot forget now is asked again', async () => {
  const { runtime, channel, store } = run();
  await runtime.host.accept([message('u', 'a')]);
  await until(() => channel.sent.length === 1);
  let tries = 0;
  channel.dropKeys = async () => {
    tries += 1;
    if (tries === 1) throw new SendError('retry', 'full', { retryAfterMs: 5 });
  };
  await runtime.host.accept([message('u', '!forget')]);
  await until(() => store.wipes().length === 0 && channel.texts().includes('Done.'));
  expect(tries).toBe(3);
});
