import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SendError } from '../../src/channels/channel.ts';
import { type Ids, systemIds } from '../../src/clock.ts';
import { backoff } from '../../src/runtime/backoff.ts';
import { message, TestClock, tempDir } from '../store/support.ts';
import { MemoryChannel, run, until } from './support.ts';

/** Ids whose jitter is the least possible. */
const calm: Ids = {
  id: () => systemIds.id(),
  bytes: (n) => (n === 2 ? Buffer.alloc(2) : systemIds.bytes(n)),
};

/** Fails the first `times` sends of a text. */
function failing(channel: MemoryChannel, text: string, times: number, error: () => Error): void {
  let left = times;
  channel.fail = (_, said) => {
    if (said !== text || left === 0) return;
    left -= 1;
    throw error();
  };
}

test('a send that was refused for a time is repeated after exactly that time, and those behind it wait', async () => {
  const clock = new TestClock();
  const { runtime, channel, store } = run({ clock });
  failing(channel, '1: a', 1, () => new SendError('retry', 'telegram-429', { retryAfterMs: 40 }));
  await runtime.host.accept([message('u', 'a'), message('u', 'b'), message('v', 'a2')]);
  await until(() => channel.texts('chat-v').length === 1 && store.nextDueAt() === clock.now() + 40);
  expect(channel.texts('chat-u')).toEqual([]);
  clock.pass(39);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(channel.texts('chat-u')).toEqual([]);
  clock.pass(1);
  await until(() => channel.texts('chat-u').length === 2);
  expect(channel.texts('chat-u')).toEqual(['1: a', '2: b']);
});

test('waits grow, stay within five minutes and are not the same for everybody', () => {
  expect([0, 1, 2, 3].map((n) => backoff(n, calm))).toEqual([500, 1_000, 2_000, 4_000]);
  for (const n of [10, 100, 10_000]) expect(backoff(n, calm)).toBe(150_000);
  fc.assert(
    fc.property(fc.nat(50), (n) => {
      const ms = backoff(n, systemIds);
      const whole = Math.min(1_000 * 2 ** Math.min(n, 20), 300_000);
      return ms >= whole / 2 && ms <= whole;
    }),
  );
  expect(new Set(Array.from({ length: 20 }, () => backoff(8, systemIds))).size).toBeGreaterThan(10);
});

test('an ambiguous failure is sent once more for each time, up to the limit; then the next message goes on', async () => {
  const { runtime, channel, log } = run({ ids: calm, unclearTries: 1 });
  failing(channel, '1: a', 9, () => new SendError('ambiguous', 'timeout'));
  await runtime.host.accept([message('u', 'a'), message('u', 'b')]);
  await until(() => channel.sent.length === 1);
  expect(channel.texts()).toEqual(['2: b']);
  expect(runtime.health().delivery).toMatchObject({ unclear: 2, dead: 1, sent: 1 });
  expect(log.filter((l) => l.event === 'delivery.dead')).toHaveLength(1);
});

test('an error that is not a SendError counts as ambiguous', async () => {
  const { runtime, channel } = run({ ids: calm });
  failing(channel, '1: a', 1, () => new TypeError('socket.secret'));
  await runtime.host.accept([message('u', 'a')]);
  await until(() => channel.sent.length === 1);
  expect(runtime.health().delivery).toMatchObject({ unclear: 1, sent: 1 });
});

test('a message that can never be sent is dropped, and the next one goes', async () => {
  const { runtime, channel } = run();
  failing(channel, '1: a', 9, () => new SendError('permanent', 'telegram-400'));
  await runtime.host.accept([message('u', 'a'), message('u', 'b')]);
  await until(() => channel.sent.length === 1);
  expect(channel.texts()).toEqual(['2: b']);
});

test('a person who blocked us: everything that waits goes, and so does the conversation', async () => {
  const { runtime, channel, store } = run();
  failing(channel, '1: a', 1, () => new SendError('stopped', 'telegram-403'));
  await runtime.host.accept([message('u', 'a'), message('u', 'b')]);
  await until(() => runtime.health().delivery.stopped === 1 && runtime.health().backlog.outbox === undefined);
  expect(store.nextDueAt()).toBeUndefined();
  await runtime.host.accept([message('u', 'back')]);
  await until(() => channel.sent.length === 1);
  expect(channel.texts()).toEqual(['1: back']);
});

test('nobody is there: messages wait for the address, across a restart too', async () => {
  const dir = tempDir();
  const first = run({ dir, channel: new MemoryChannel('web') });
  first.channel.fail = () => {
    throw new SendError('offline', 'no-page');
  };
  await first.runtime.host.accept(['a', 'b'].map((t) => message('u', t, { channel: 'web' })));
  await until(() => first.runtime.health().delivery.offline === 1);
  await first.runtime.stop();
  first.store.close();
  const { runtime, channel } = run({ dir, channel: new MemoryChannel('web') });
  let there = false;
  channel.fail = () => {
    if (!there) throw new SendError('offline', 'no-page');
  };
  await until(() => runtime.health().delivery.offline === 1);
  runtime.host.reachable('web', 'chat-somebody-else');
  expect(channel.sent).toEqual([]);
  there = true;
  runtime.host.reachable('web', 'chat-u');
  await until(() => channel.sent.length === 2);
  expect(channel.texts()).toEqual(['1: a', '2: b']);
});

test('an address that comes back while a send to it is failing is not forgotten', async () => {
  const { runtime, channel } = run({ channel: new MemoryChannel('web') });
  let release: () => void = () => undefined;
  channel.hold = new Promise((resolve) => {
    release = resolve;
  });
  failing(channel, '1: a', 1, () => new SendError('offline', 'no-page'));
  await runtime.host.accept([message('u', 'a', { channel: 'web' })]);
  await until(() => channel.open === 1);
  runtime.host.reachable('web', 'chat-u');
  release();
  await until(() => channel.sent.length === 1);
  expect(channel.texts()).toEqual(['1: a']);
});

test('at most thirty sends at once, never two to one person', async () => {
  const { runtime, channel } = run();
  const openTo = new Map<string, number>();
  const send = channel.send.bind(channel);
  let overlaps = 0;
  let open = 0;
  let mostOpen = 0;
  channel.send = async (address, m, id) => {
    const n = (openTo.get(address) ?? 0) + 1;
    if (n > 1) overlaps += 1;
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    openTo.set(address, n);
    await new Promise((resolve) => setTimeout(resolve, 1));
    const ids = await send(address, m, id);
    openTo.set(address, n - 1);
    open -= 1;
    return ids;
  };
  const all = Array.from({ length: 240 }, (_, i) => message(`p${i % 60}`, `${i}`));
  await runtime.host.accept(all);
  await until(() => channel.sent.length === 240);
  expect([overlaps, mostOpen]).toEqual([0, 30]);
});

test('messages of a channel that is switched off wait until it is there again', async () => {
  const dir = tempDir();
  const first = run({ dir, channels: new Map() });
  await first.runtime.host.accept([message('u', 'a')]);
  await until(() => first.runtime.health().delivery.offline === 1);
  await first.runtime.stop();
  first.store.close();
  const { channel } = run({ dir });
  await until(() => channel.sent.length === 1);
  expect(channel.texts()).toEqual(['1: a']);
});

test('hide: the screen is cleared before the neutral screen appears', async () => {
  const { runtime, channel } = run();
  const order: string[] = [];
  const { send, remove } = channel;
  channel.send = (a, m, id) => {
    order.push(m.text);
    return send.call(channel, a, m, id);
  };
  channel.remove = (a, ids) => {
    order.push(`remove ${ids.join()}`);
    return remove.call(channel, a, ids);
  };
  await runtime.host.accept([message('u', 'a'), message('u', 'b')]);
  await until(() => channel.sent.length === 2);
  await runtime.host.accept([message('u', '!hide')]);
  await until(() => channel.sent.length === 3);
  expect(order).toEqual(['1: a', '2: b', 'remove id-2,id-1', '3: !hide']);
});

test('every try of a message bears the id of its row, and a wipe’s word has one as well', async () => {
  const { runtime, channel, store } = run();
  failing(channel, '1: a', 2, () => new SendError('retry', 'busy', { retryAfterMs: 1 }));
  await runtime.host.accept([message('u', 'a')]);
  await until(() => channel.sent.length === 1);
  expect(new Set(channel.tries).size).toBe(1);
  expect(channel.tries).toEqual(Array(3).fill(expect.stringMatching(/^\d+\.0$/)));
  await runtime.host.accept([message('u', '!forget')]);
  await until(() => channel.texts().includes('Done.') && store.wipes().length === 0);
  expect(channel.tries.at(-1)).toMatch(/^wipe\.\d+$/);
});
