import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { echo, HOUR, handleAll, message, openWorld, session } from './support.ts';

/** Committed transactions in the write-ahead log: a frame that ends one carries the database's size. */
function commitsInLog(dir: string): number {
  const wal = readFileSync(join(dir, 'hamroh.db-wal'));
  const salt = wal.subarray(16, 24);
  let commits = 0;
  for (let at = 32; at + 24 + 4_096 <= wal.length; at += 24 + 4_096) {
    if (wal.subarray(at + 8, at + 16).equals(salt) && wal.readUInt32BE(at + 4) > 0) commits += 1;
  }
  return commits;
}

function rows(dir: string, sql: string): unknown[] {
  const db = new Database(join(dir, 'hamroh.db'), { readonly: true });
  const all = db.prepare(sql).all();
  db.close();
  return all;
}

test('the same message twice, in one call, in two calls and after a restart, is one message', async () => {
  const world = openWorld();
  const once = message('u', 'hello');
  await Promise.all([world.store.accept([once, { ...once }]), world.store.accept([{ ...once }])]);
  await world.store.accept([{ ...once }]);
  world.restart();
  await world.store.accept([{ ...once }]);
  expect(handleAll(world.store, world.clock.now())).toEqual(['1: hello']);
  await world.store.accept([{ ...once }]);
  expect(world.store.claim(10)).toEqual([]);
});

test('the same id on another account or channel is another message', async () => {
  const { store } = openWorld();
  const one = message('u', 'x');
  await store.accept([one, { ...one, account: 'other' }, { ...one, channel: 'web' }]);
  expect(store.claim(10)).toHaveLength(3);
});

test('a duplicate is known under the previous index key', async () => {
  const world = openWorld();
  const late = message('u', 'late');
  await world.store.accept([late]);
  handleAll(world.store, world.clock.now());
  world.clock.pass(25 * HOUR);
  expect(world.store.sweep(world.clock.now()).indexKeyReplaced).toBe(true);
  await world.store.accept([{ ...late }]);
  expect(world.store.claim(10)).toEqual([]);
});

test('a person who writes across a change of the index key keeps the conversation', async () => {
  const world = openWorld();
  const lookup = () => (rows(world.dir, 'SELECT hex(lookup) l FROM contact')[0] as { l: string }).l;
  await world.store.accept([message('u', 'a')]);
  handleAll(world.store, world.clock.now());
  const before = lookup();
  world.clock.pass(23 * HOUR);
  await world.store.accept([message('u', 'b')]);
  handleAll(world.store, world.clock.now());
  world.clock.pass(2 * HOUR);
  world.store.sweep(world.clock.now());
  await world.store.accept([message('u', 'c')]);
  expect(handleAll(world.store, world.clock.now())).toEqual(['3: c']);
  expect(rows(world.dir, 'SELECT id FROM contact')).toHaveLength(1);
  expect(lookup()).not.toBe(before);
});

test('accepts of one pass of the event loop share one transaction', async () => {
  const { dir, store } = openWorld();
  await store.accept([message('first', 'x')]);
  const before = commitsInLog(dir);
  await Promise.all(Array.from({ length: 200 }, (_, i) => store.accept([message(`u${i}`, 'x')])));
  expect(commitsInLog(dir) - before).toBe(1);
  for (let i = 0; i < 3; i += 1) await store.accept([message('u', `${i}`)]);
  expect(commitsInLog(dir) - before).toBe(4);
});

test('a hundred turns share one transaction', async () => {
  const { dir, store } = openWorld();
  await store.accept(Array.from({ length: 100 }, (_, i) => message(`u${i}`, 'x')));
  const turns = store.claim(100);
  expect(turns).toHaveLength(100);
  const before = commitsInLog(dir);
  store.commit(turns.map((t) => echo(t)));
  expect(commitsInLog(dir) - before).toBe(1);
});

test('a claimed contact is not claimed again before its commit, and others do not wait for it', async () => {
  const { store } = openWorld();
  await store.accept([message('a', '1'), message('a', '2'), message('b', '1')]);
  const first = store.claim(10);
  expect(first.map((t) => [t.message.user, t.session])).toEqual([
    ['a', null],
    ['b', null],
  ]);
  expect(store.claim(10)).toEqual([]);
  store.commit([echo(first[1]!)]);
  expect(store.claim(10)).toEqual([]);
  store.commit([echo(first[0]!)]);
  expect(store.claim(10).map((t) => [t.message.input, t.session?.vars.n])).toEqual([
    [{ kind: 'text', text: '2' }, 1],
  ]);
});

test('a run: several messages of one person in one batch, in order, without a gap', async () => {
  const { store } = openWorld();
  await store.accept([...'12345'].flatMap((n) => [message('a', n), message('b', n)]));
  const shape = (turns: ReturnType<typeof store.claim>) =>
    turns.map(
      (t) =>
        `${t.message.user}${t.message.input.kind === 'text' ? t.message.input.text : ''}${t.follows ? '+' : ''}`,
    );
  const turns = store.claim(5, 3);
  expect(shape(turns)).toEqual(['a1', 'a2+', 'a3+', 'b1', 'b2+']);
  expect(store.claim(5, 3)).toEqual([]);
  store.commit(turns.map((t, i) => ({ ...echo(t), session: session({ n: i }) })));
  const next = store.claim(5, 3);
  expect(shape(next)).toEqual(['a4', 'a5+', 'b3', 'b4+', 'b5+']);
  expect(next.map((t) => t.session?.vars.n)).toEqual([2, undefined, 4, undefined, undefined]);
});

test('after a crash everything that was not committed is claimed again, and a second commit has no effect', async () => {
  const world = openWorld();
  await world.store.accept([message('a', '1'), message('b', '1')]);
  const [a, b] = world.store.claim(10);
  world.store.commit([echo(a!)]);
  world.store.commit([echo(a!)]);
  world.restart();
  const again = world.store.claim(10);
  expect(again.map((t) => t.id)).toEqual([b!.id]);
  expect(rows(world.dir, 'SELECT id FROM outbox')).toEqual([{ id: `${a!.id}.0` }]);
});

test('what was being sent at a crash is first in line again, and counts as perhaps arrived', async () => {
  const world = openWorld();
  await world.store.accept([message('a', '1'), message('a', '2')]);
  for (let turns = world.store.claim(1); turns.length > 0; turns = world.store.claim(1))
    world.store.commit(turns.map((t) => echo(t)));
  const [first] = world.store.due(1, world.clock.now());
  world.restart();
  const [again] = world.store.due(5, world.clock.now());
  expect(again).toEqual({ ...first, attempts: 1, unclear: 1 });
});

test('a wait survives a restart, in whole seconds', async () => {
  const world = openWorld();
  await world.store.accept([message('a', '1')]);
  world.store.commit(world.store.claim(1).map((t) => echo(t)));
  const at = world.clock.now() + 30_500;
  world.store.settle(world.store.due(1, world.clock.now()).map(({ id }) => ({ id, result: 'retry', at })));
  expect(world.store.nextDueAt()).toBe(at);
  world.restart();
  expect(world.store.nextDueAt()).toBe(at + 500);
  expect(world.store.due(1, at)).toEqual([]);
  expect(world.store.due(1, at + 500)).toHaveLength(1);
});

test('a commit that fails gives the turns back and leaves nothing behind', async () => {
  const world = openWorld();
  await world.store.accept([message('a', '1'), message('b', '1')]);
  const turns = world.store.claim(10);
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const broken = echo(turns[1]!);
  Object.assign(broken.session!.vars, circular);
  expect(() => world.store.commit([echo(turns[0]!), broken])).toThrow();
  expect(rows(world.dir, 'SELECT id FROM outbox')).toEqual([]);
  expect(handleAll(world.store, world.clock.now()).sort()).toEqual(['1: 1', '1: 1']);
});

test('counters add up per week, and no row stands for an event', async () => {
  const { dir, store } = openWorld();
  const event = { name: 'flow-started', flow: 'rights', country: 'KZ' } as const;
  await store.accept([message('a', '1'), message('b', '1'), message('c', '1')]);
  store.commit(store.claim(2).map((t) => echo(t, [{ type: 'count', event }])));
  store.commit(store.claim(2).map((t) => echo(t, [{ type: 'count', event }])));
  expect(rows(dir, 'SELECT * FROM counter')).toEqual([
    { week: '2026-11-16', name: 'flow-started', a: 'rights', b: 'KZ', n: 3 },
    { week: '2026-11-16', name: 'sent', a: 'telegram', b: '', n: 3 },
  ]);
});

test('any order of accepting, handling and restarting keeps every conversation in order', async () => {
  const action = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('accept' as const), who: fc.integer({ min: 0, max: 4 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('handle' as const), limit: fc.integer({ min: 1, max: 4 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
      const world = openWorld();
      const said = new Map<string, number>();
      const heard = new Map<string, string[]>();
      const handle = (limit: number) => {
        const turns = world.store.claim(limit);
        for (const t of turns) {
          if (t.message.input.kind !== 'text') continue;
          heard.set(t.message.user, [
            ...(heard.get(t.message.user) ?? []),
            `${t.message.input.text}/${t.session?.vars.n ?? 0}`,
          ]);
        }
        world.store.commit(turns.map((t) => echo(t)));
        return turns.length;
      };
      for (const a of actions) {
        if (a.do === 'accept') {
          const user = `u${a.who}`;
          const n = said.get(user) ?? 0;
          said.set(user, n + 1);
          await world.store.accept([message(user, `${n}`)]);
        } else if (a.do === 'handle') handle(a.limit);
        else world.restart();
      }
      while (handle(3) > 0);
      for (const [user, n] of said) {
        expect(heard.get(user)).toEqual(Array.from({ length: n }, (_, i) => `${i}/${i}`));
      }
      world.store.close();
    }),
    { numRuns: 40 },
  );
});
