import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCounters } from '../../src/store/counters.ts';
import { answer, echo, HOUR, message, openWorld, tempDir } from './support.ts';

test('what is said is counted by channel and week, a forgotten person as the one word they get', async () => {
  const { dir, store, clock } = openWorld();
  const more = (n: number) =>
    Array.from({ length: n }, () => ({ type: 'send' as const, message: answer('x') }));
  await store.accept([
    message('a', '1'),
    message('b', '1', { channel: 'whatsapp' }),
    message('c', '1', { channel: 'whatsapp' }),
  ]);
  store.commit(
    store.claim(9).map((t) => {
      if (t.message.user === 'c') return { ...echo(t, more(4)), forget: answer('Done.') };
      return echo(t, t.message.channel === 'whatsapp' ? more(2) : []);
    }),
  );
  clock.pass(7 * 24 * HOUR);
  await store.accept([message('a', '2')]);
  store.commit(store.claim(9).map((t) => echo(t, more(1))));
  const sent = (week: string, a: string, n: number) => ({ week, name: 'sent', a, b: '', n });
  expect(readCounters(dir)).toEqual([
    sent('2026-11-16', 'telegram', 1),
    sent('2026-11-16', 'whatsapp', 4),
    sent('2026-11-23', 'telegram', 2),
  ]);
  expect(readCounters(dir, '2026-11-23')).toEqual([sent('2026-11-23', 'telegram', 2)]);
});

test('a turn that is committed twice, or rolled back, is counted once, or not', async () => {
  const { dir, store } = openWorld();
  await store.accept([message('a', '1'), message('b', '1')]);
  const turns = store.claim(9);
  const broken = echo(turns[1]!);
  Object.assign(broken.session!.vars, { self: broken.session });
  expect(() => store.commit([echo(turns[0]!), broken])).toThrow();
  expect(readCounters(dir)).toEqual([]);
  const [a] = store.claim(9);
  store.commit([echo(a!)]);
  store.commit([echo(a!)]);
  expect(readCounters(dir).map((c) => c.n)).toEqual([1]);
});

test('an empty folder has no counters; a file that is no database says what to do', () => {
  const dir = tempDir();
  expect(readCounters(dir)).toEqual([]);
  writeFileSync(join(dir, 'hamroh.db'), 'this is not a database, it is a text of more than sixteen bytes');
  expect(() => readCounters(dir)).toThrow(expect.objectContaining({ code: 'STORE_UNREADABLE' }));
});
