import { cpSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { answer, echo, handleAll, message, openWorld, sendAll, tempDir, type World } from './support.ts';

function dump(dir: string): Record<string, unknown> {
  const main = new Database(join(dir, 'hamroh.db'), { readonly: true });
  const keys = new Database(join(dir, 'keys.db'), { readonly: true });
  const rows = (db: Database.Database, table: string) =>
    db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  const counts = {
    contact: rows(main, 'contact'),
    inbox: rows(main, 'inbox'),
    outbox: rows(main, 'outbox'),
    wipe: rows(main, 'wipe'),
    keys: rows(keys, 'data_key'),
  };
  main.close();
  keys.close();
  return counts;
}

/** A person with two messages on the screen, one answer waiting and one message waiting, who asks to be forgotten. */
async function askToForget(world: World): Promise<void> {
  await world.store.accept([message('u', 'one'), message('u', 'two')]);
  handleAll(world.store, world.clock.now());
  await world.store.accept([message('u', 'three'), message('u', 'delete my data'), message('u', 'and this')]);
  world.store.commit(world.store.claim(1).map((t) => echo(t)));
  const [turn] = world.store.claim(1);
  world.store.commit([{ ...echo(turn!), forget: answer('Done.') }]);
}

test('after the commit only the ticket and its key are left, and the ticket knows the screen', async () => {
  const world = openWorld();
  await askToForget(world);
  expect(dump(world.dir)).toEqual({ contact: 0, inbox: 0, outbox: 0, wipe: 1, keys: 1 });
  expect(world.store.wipes()).toEqual([
    expect.objectContaining({ channel: 'telegram', address: 'chat-u', done: answer('Done.'), attempts: 0 }),
  ]);
  expect(world.store.wipes()[0]!.sentIds).toHaveLength(2);
  expect(sendAll(world.store, world.clock.now())).toEqual([]);
});

test('the ticket survives restarts, counts its tries, and goes with its key', async () => {
  const world = openWorld();
  await askToForget(world);
  const [before] = world.store.wipes();
  world.store.tryWipe(before!.id);
  world.restart();
  expect(world.store.wipes()).toEqual([{ ...before, attempts: 1 }]);
  world.store.endWipe(before!.id);
  expect(world.store.wipes()).toEqual([]);
  expect(dump(world.dir)).toEqual({ contact: 0, inbox: 0, outbox: 0, wipe: 0, keys: 0 });
});

test('who was forgotten is a stranger when they write again', async () => {
  const world = openWorld();
  await askToForget(world);
  await world.store.accept([message('u', 'hello')]);
  expect(handleAll(world.store, world.clock.now())).toEqual(['1: hello']);
});

test('a crash between the commit and the shredding: the next start shreds', async () => {
  const world = openWorld();
  await world.store.accept([message('u', 'one')]);
  // keys.db as it was before the shredding, hamroh.db as it is after the commit.
  const [turn] = world.store.claim(1);
  cpSync(join(world.dir, 'keys.db'), join(world.dir, 'keys.before'));
  world.store.commit([{ ...echo(turn!), forget: answer('Done.') }]);
  world.store.close();
  const contactKeys = new Database(join(world.dir, 'keys.before'));
  const old = contactKeys.prepare<[], { id: number; wrapped: Buffer }>('SELECT * FROM data_key').all();
  contactKeys.close();
  const keys = new Database(join(world.dir, 'keys.db'));
  for (const { id, wrapped } of old) keys.prepare('INSERT INTO data_key VALUES (?, ?)').run(id, wrapped);
  keys.close();
  expect(dump(world.dir)).toMatchObject({ wipe: 1, keys: 2 });
  world.restart();
  expect(dump(world.dir)).toMatchObject({ wipe: 1, keys: 1 });
  expect(world.store.wipes()).toHaveLength(1);
});

test('a crash after the ticket’s key went: the next start deletes its row', async () => {
  const world = openWorld();
  await askToForget(world);
  world.store.close();
  const keys = new Database(join(world.dir, 'keys.db'));
  keys.exec('DELETE FROM data_key');
  keys.close();
  world.restart();
  expect(world.store.wipes()).toEqual([]);
  expect(dump(world.dir)).toMatchObject({ wipe: 0, keys: 0 });
});

test('a turn that asks to forget and is not committed happens again', async () => {
  const world = openWorld();
  await world.store.accept([message('u', 'delete my data')]);
  world.store.claim(1);
  world.restart();
  const [turn] = world.store.claim(1);
  world.store.commit([{ ...echo(turn!), forget: answer('Done.') }]);
  expect(world.store.wipes()).toHaveLength(1);
});

test('a message that was on its way when its person was forgotten goes from the screen as well', async () => {
  const world = openWorld();
  await world.store.accept([message('u', 'one')]);
  world.store.commit(world.store.claim(1).map((t) => echo(t)));
  const [onItsWay] = world.store.due(1, world.clock.now());
  await world.store.accept([message('u', 'delete my data')]);
  world.store.commit(world.store.claim(1).map((t) => ({ ...echo(t), forget: answer('Done.') })));
  expect(world.store.wipes()).toEqual([]);
  world.store.settle([{ id: onItsWay!.id, result: 'sent', sentIds: ['late'] }]);
  expect(world.store.wipes()).toEqual([expect.objectContaining({ sentIds: ['late'] })]);
});

test('hide: what waits is dropped, what is on its way is waited for, then the screen is cleared, then the rest', async () => {
  const world = openWorld();
  await world.store.accept([message('u', 'one'), message('u', 'two'), message('u', 'three')]);
  world.store.commit(world.store.claim(1).map((t) => echo(t)));
  sendAll(world.store, world.clock.now());
  world.store.commit(world.store.claim(1).map((t) => echo(t)));
  const [onItsWay] = world.store.due(1, world.clock.now());
  world.store.commit(world.store.claim(1).map((t) => echo(t)));
  await world.store.accept([message('u', 'hide')]);
  world.store.commit(world.store.claim(1).map((t) => echo(t, [{ type: 'hide' }])));
  expect(world.store.due(1, world.clock.now())).toEqual([]);
  world.store.settle([{ id: onItsWay!.id, result: 'sent', sentIds: ['second'] }]);
  world.restart();
  expect(sendAll(world.store, world.clock.now())).toEqual(['hide 2', '4: hide']);
  await world.store.accept([message('u', 'hide')]);
  world.store.commit(world.store.claim(1).map((t) => echo(t, [{ type: 'hide' }])));
  expect(sendAll(world.store, world.clock.now())).toEqual(['hide 1', '5: hide']);
});

test('only the newest 100 ids are kept', async () => {
  const world = openWorld();
  await world.store.accept(Array.from({ length: 130 }, (_, i) => message('u', `${i}`)));
  handleAll(world.store, world.clock.now());
  await world.store.accept([message('u', 'hide')]);
  world.store.commit(world.store.claim(1).map((t) => echo(t, [{ type: 'hide' }])));
  const [hide] = world.store.due(1, world.clock.now());
  expect(hide!.task.type === 'hide' && hide!.task.sentIds.length).toBe(100);
});

test('tickets are isolated: another folder’s key does not open them', async () => {
  const world = openWorld();
  await askToForget(world);
  const other = openWorld(tempDir());
  expect(other.store.wipes()).toEqual([]);
});
