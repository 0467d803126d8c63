import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InboundMessage } from '../../src/message.ts';
import type { Turn } from '../../src/store/port.ts';
import { scan } from './scan.ts';
import { answer, echo, HOUR, handleAll, message, openWorld, sendAll, type World } from './support.ts';

const PN = '992918273645';
const LID = '118273645192';

/** From somebody known by several names; the first is the one they write under. */
function from(names: string[], text: string, extra: Partial<InboundMessage> = {}): InboundMessage {
  const [user = '', ...aliases] = names;
  return message(user, text, {
    channel: 'whatsapp',
    ...(aliases.length > 0 ? { aliases } : {}),
    ...extra,
  });
}

function counts(world: World): { contacts: number; aliases: number; keys: number } {
  const db = new Database(join(world.dir, 'hamroh.db'), { readonly: true });
  const keys = new Database(join(world.dir, 'keys.db'), { readonly: true });
  const of = (base: Database.Database, table: string) =>
    Number(base.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  const result = { contacts: of(db, 'contact'), aliases: of(db, 'alias'), keys: of(keys, 'data_key') };
  db.close();
  keys.close();
  return result;
}

const say = async (world: World, ...messages: InboundMessage[]) => {
  await world.store.accept(messages);
  return handleAll(world.store, world.clock.now());
};

describe('one person under several names', () => {
  test.each([
    ['with both from the start', [[LID, PN], [PN], [LID], [PN, LID]]],
    ['the number first', [[PN], [LID, PN], [LID], [PN]]],
    ['the hidden id first', [[LID], [PN, LID], [PN], [LID]]],
    ['the name they write under among the others', [[LID, LID, PN, PN], [PN]]],
  ])('%s: one conversation', async (_, turns) => {
    const world = openWorld();
    for (const [i, names] of turns.entries())
      expect(await say(world, from(names, `${i}`))).toEqual([`${i + 1}: ${i}`]);
    expect(counts(world)).toEqual({ contacts: 1, aliases: 1, keys: 1 });
  });

  test('all in one call', async () => {
    const world = openWorld();
    const texts = await say(
      world,
      from([PN], 'a'),
      from([LID], 'b'),
      from(['third', PN], 'c'),
      from([LID, PN], 'd'),
    );
    expect(texts).toEqual(['1: a', '2: b', '3: c', '4: d']);
    expect(counts(world)).toEqual({ contacts: 1, aliases: 2, keys: 1 });
  });

  test('a stranger of this call who is somebody known', async () => {
    const world = openWorld();
    await say(world, from([PN], 'a'));
    expect(await say(world, from([LID], 'b'), from([LID, PN], 'c'), from([PN], 'd'))).toEqual([
      '2: b',
      '3: c',
      '4: d',
    ]);
    expect(counts(world)).toEqual({ contacts: 1, aliases: 1, keys: 1 });
  });

  test('the same names on another account are another person, and nobody’s alias on another channel', async () => {
    const world = openWorld();
    await say(world, from([LID, PN], 'a'));
    expect(await say(world, from([PN], 'b', { account: 'other' }))).toEqual(['1: b']);
    expect(await say(world, from([PN], 'c', { channel: 'telegram' }))).toEqual(['1: c']);
  });

  test('under a changed index key, by either name', async () => {
    const world = openWorld();
    await say(world, from([LID, PN], 'a'));
    world.clock.pass(23 * HOUR);
    await say(world, from([LID], 'b'));
    world.clock.pass(2 * HOUR);
    expect(await say(world, from([PN], 'c'))).toEqual(['3: c']);
    // The lookup was made anew, so that the old key may go.
    world.clock.pass(23 * HOUR);
    world.store.sweep(world.clock.now());
    expect(await say(world, from([PN], 'd'))).toEqual(['4: d']);
    expect(counts(world)).toEqual({ contacts: 1, aliases: 1, keys: 1 });
  });
});

describe('two contacts who prove to be one', () => {
  test('the newer conversation stays, under all names; the key of the other is gone', async () => {
    const world = openWorld();
    await say(world, from([PN], 'a'), from([PN], 'b'), from([PN], 'c'));
    world.clock.pass(2 * HOUR);
    await say(world, from([LID], 'x'));
    expect(await say(world, from([PN, LID], 'both'))).toEqual(['2: both']);
    expect(await say(world, from([PN], 'd'))).toEqual(['3: d']);
    expect(counts(world)).toEqual({ contacts: 1, aliases: 1, keys: 1 });
    world.restart();
    expect(await say(world, from([LID], 'e'))).toEqual(['4: e']);
  });

  test('newer is who wrote last, not who came last; a third name moves along', async () => {
    const world = openWorld();
    await say(world, from([PN], 'a'));
    world.clock.pass(HOUR);
    await say(world, from([LID, 'third'], 'x'));
    world.clock.pass(HOUR);
    await say(world, from([PN], 'b'));
    expect(await say(world, from([LID, PN], 'both'))).toEqual(['3: both']);
    expect(await say(world, from(['third'], 'c'))).toEqual(['4: c']);
    expect(counts(world)).toEqual({ contacts: 1, aliases: 2, keys: 1 });
  });

  test('a conversation stays before somebody who only waits', async () => {
    const world = openWorld();
    await say(world, from([PN], 'a'));
    world.clock.pass(2 * HOUR);
    await world.store.accept([from([LID], 'b')]);
    expect(await say(world, from([LID, PN], 'c'))).toEqual(['2: b', '3: c']);
  });

  test('what waits keeps its order, in memory and after a restart', async () => {
    for (const restart of [false, true]) {
      const world = openWorld();
      await say(world, from([PN], '0'));
      await world.store.accept([from([LID], '1')]);
      await world.store.accept([from([PN], '2')]);
      await world.store.accept([from([LID], '3'), from([LID, PN], '4')]);
      await world.store.accept([from([PN], '5')]);
      if (restart) world.restart();
      expect(handleAll(world.store, world.clock.now())).toEqual(['2: 1', '3: 2', '4: 3', '5: 4', '6: 5']);
    }
  });

  test('answers that wait are sent in order, and what is on the screen can be taken off', async () => {
    const world = openWorld();
    await say(world, from([PN], 'shown'));
    await say(world, from([LID], 'shown too'));
    await world.store.accept([from([PN], 'a')]);
    world.store.commit(world.store.claim(9).map((t) => echo(t)));
    const at = world.clock.now() + 60_000;
    world.store.settle(world.store.due(9, world.clock.now()).map(({ id }) => ({ id, result: 'retry', at })));
    await world.store.accept([from([LID, PN], 'b')]);
    world.store.commit(world.store.claim(9).map((t) => echo(t)));
    expect(world.store.due(9, at - 1)).toEqual([]);
    const waiting = sendAll(world.store, at);
    expect(waiting.map((t) => t.split(': ')[1])).toEqual(['a', 'b']);
    await world.store.accept([from([LID], 'forget')]);
    world.store.commit(world.store.claim(9).map((t) => ({ ...echo(t), forget: answer('Done.') })));
    expect(world.store.wipes()[0]!.sentIds).toHaveLength(4);
    expect(counts(world)).toEqual({ contacts: 0, aliases: 0, keys: 1 });
  });

  test('while an answer is on its way they stay two; the next message joins them', async () => {
    const world = openWorld();
    await say(world, from([PN], 'a'));
    await world.store.accept([from([LID], 'b')]);
    world.store.commit(world.store.claim(9).map((t) => echo(t)));
    const [onItsWay] = world.store.due(9, world.clock.now());
    await world.store.accept([from([PN, LID], 'c')]);
    world.store.commit(world.store.claim(9).map((t) => echo(t)));
    expect(counts(world)).toMatchObject({ contacts: 2 });
    world.store.settle([{ id: onItsWay!.id, result: 'sent', sentIds: ['1'] }]);
    expect(sendAll(world.store, world.clock.now())).toEqual(['2: c']);
    expect(await say(world, from([PN, LID], 'd'))).toEqual(['3: d']);
    expect(counts(world)).toEqual({ contacts: 1, aliases: 1, keys: 1 });
  });

  test('a transaction that fails changes nothing, on the disk and in memory', async () => {
    const world = openWorld();
    await say(world, from([PN], 'a'), from([LID], 'b'));
    await world.store.accept([from([PN], 'c')]);
    const circular: InboundMessage = from([LID], 'x');
    Object.assign(circular, { self: circular });
    await expect(world.store.accept([from([LID, PN], 'both'), circular])).rejects.toThrow();
    expect(counts(world)).toEqual({ contacts: 2, aliases: 0, keys: 2 });
    expect(handleAll(world.store, world.clock.now())).toEqual(['2: c']);
  });

  test('a crash before the other’s key was destroyed: the next start does it', async () => {
    const world = openWorld();
    await say(world, from([PN], 'a'), from([LID], 'b'));
    const keys = () => {
      const db = new Database(join(world.dir, 'keys.db'));
      const rows = db.prepare<[], { id: number; wrapped: Buffer }>('SELECT * FROM data_key').all();
      return { db, rows };
    };
    const before = keys();
    before.db.close();
    await say(world, from([LID, PN], 'c'));
    world.store.close();
    const after = keys();
    for (const { id, wrapped } of before.rows)
      after.db.prepare('INSERT OR IGNORE INTO data_key VALUES (?, ?)').run(id, wrapped);
    after.db.close();
    expect(counts(world)).toMatchObject({ keys: 2 });
    world.restart();
    expect(counts(world)).toMatchObject({ keys: 1 });
  });
});

test('names go with their person: deleted, expired, and in no file in any form', async () => {
  const world = openWorld();
  await say(world, from([LID, PN], 'a'));
  expect(scan(world.dir, [PN, LID])).toEqual([]);
  await world.store.accept([from([PN], 'forget')]);
  world.store.commit(world.store.claim(9).map((t: Turn) => ({ ...echo(t), forget: answer('Done.') })));
  expect(counts(world)).toMatchObject({ contacts: 0, aliases: 0 });
  await say(world, from([LID, PN], 'b'));
  world.clock.pass(26 * HOUR);
  world.store.sweep(world.clock.now());
  expect(counts(world)).toMatchObject({ contacts: 0, aliases: 0 });
});

test('whatever names arrive in whatever order: nothing is lost or done twice, and who is one is one contact', async () => {
  const PEOPLE = 3;
  const NAMES = 3;
  const action = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('accept' as const),
        who: fc.nat(PEOPLE - 1),
        names: fc.uniqueArray(fc.nat(NAMES - 1), { minLength: 1, maxLength: NAMES }),
        together: fc.boolean(),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('handle' as const), limit: fc.integer({ min: 1, max: 3 }) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  );
  // One folder for all runs, with other people in each: opening one takes longer than a run.
  const world = openWorld();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 24 }), async (actions) => {
      run += 1;
      const before = counts(world);
      const said: string[] = [];
      const heard: string[] = [];
      let pending: InboundMessage[] = [];
      const handle = (limit: number) => {
        const turns = world.store.claim(limit, 2);
        for (const { message: m } of turns)
          if (m.input.kind === 'text') heard.push(`${m.user} ${m.input.text}`);
        world.store.commit(turns.map((t) => echo(t)));
        sendAll(world.store, world.clock.now());
        return turns.length;
      };
      for (const a of [...actions, { do: 'handle' as const, limit: 1 }]) {
        if (a.do === 'accept') {
          pending.push(
            from(
              a.names.map((n) => `r${run}p${a.who}n${n}`),
              `${said.length}`,
            ),
          );
          said.push(`r${run}p${a.who}n${a.names[0]} ${said.length}`);
          if (a.together) continue;
        }
        await world.store.accept(pending);
        pending = [];
        if (a.do === 'handle') handle(a.limit);
        if (a.do === 'restart') world.restart();
      }
      while (handle(2) > 0);
      expect([...heard].sort()).toEqual([...said].sort());
      for (const name of new Set(said.map((s) => s.split(' ')[0]!)))
        expect(heard.filter((h) => h.startsWith(`${name} `))).toEqual(
          said.filter((s) => s.startsWith(`${name} `)),
        );
      // Whoever was linked by a message is one: groups of names, by whatever messages connected them.
      const groups = new Map<string, Set<string>>();
      for (const a of actions) {
        if (a.do !== 'accept') continue;
        const names = a.names.map((n) => `r${run}p${a.who}n${n}`);
        const all = new Set(names.flatMap((n) => [n, ...(groups.get(n) ?? [])]));
        for (const n of all) groups.set(n, all);
      }
      const people = new Set(groups.values()).size;
      expect(counts(world)).toMatchObject({
        contacts: before.contacts + people,
        keys: before.keys + people,
      });
    }),
    { numRuns: 25 },
  );
});
