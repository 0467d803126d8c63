import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { systemIds } from '../../src/clock.ts';
import { mac, placeOf, RandomPool, seal, unseal } from '../../src/store/crypto.ts';
import { echo, handleAll, message, openWorld } from './support.ts';

const key = systemIds.bytes(32);
const pool = new RandomPool(systemIds);
const place = placeOf('inbox.body', 17, 99);
const REFUSED = expect.objectContaining({ code: 'CIPHER_REFUSED' });

test('a value opens in its own place', () => {
  expect(unseal(key, place, seal(key, pool.iv(), place, 'салом 👋')).toString()).toBe('салом 👋');
});

test.each([
  ['another row', placeOf('inbox.body', 18, 99)],
  ['another column', placeOf('outbox.body', 17, 99)],
  ['another key id', placeOf('inbox.body', 17, 98)],
])('a value moved to %s does not open', (_, elsewhere) => {
  const sealed = seal(key, pool.iv(), place, 'text');
  expect(() => unseal(key, elsewhere, sealed)).toThrow(REFUSED);
});

test('a changed bit, a cut end and another key are refused', () => {
  const sealed = seal(key, pool.iv(), place, 'text');
  for (let i = 0; i < sealed.length; i += 1) {
    const changed = Buffer.from(sealed);
    changed[i] = changed[i]! ^ 1;
    expect(() => unseal(key, place, changed)).toThrow(REFUSED);
  }
  expect(() => unseal(key, place, sealed.subarray(0, 20))).toThrow(REFUSED);
  expect(() => unseal(systemIds.bytes(32), place, sealed)).toThrow(REFUSED);
});

test('IVs and row ids do not repeat', () => {
  const ivs = new Set(Array.from({ length: 5_000 }, () => pool.iv().toString('hex')));
  const ids = new Set(Array.from({ length: 5_000 }, () => pool.rowId()));
  expect([ivs.size, ids.size]).toEqual([5_000, 5_000]);
  for (const id of ids) expect(Number.isSafeInteger(id) && id > 0).toBe(true);
});

test('an HMAC is 16 bytes and needs its key', () => {
  expect(mac(key, 'a')).toHaveLength(16);
  expect(mac(key, 'a').equals(mac(systemIds.bytes(32), 'a'))).toBe(false);
});

/** Swaps a column between the only two rows of a table. */
function swap(dir: string, table: string, column: string, id: string): void {
  const db = new Database(join(dir, 'hamroh.db'));
  const rows = db
    .prepare<[], { id: number; value: Buffer }>(`SELECT ${id} id, ${column} value FROM ${table}`)
    .all();
  expect(rows).toHaveLength(2);
  rows.forEach((row, i) => {
    db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${id} = ?`).run(rows[1 - i]!.value, row.id);
  });
  db.close();
}

test('payloads swapped between two people are refused, erased, and stop nobody else', async () => {
  const world = openWorld();
  await world.store.accept([message('a', 'of a'), message('b', 'of b')]);
  world.store.close();
  swap(world.dir, 'inbox', 'body', 'seq');
  world.restart();
  expect(world.store.claim(10)).toEqual([]);
  expect(world.store.backlog(world.clock.now()).faults).toBe(2);
  await world.store.accept([message('a', 'again')]);
  expect(handleAll(world.store, world.clock.now())).toEqual(['1: again']);
  const db = new Database(join(world.dir, 'hamroh.db'));
  const left = db.prepare('SELECT body, fault FROM inbox').all();
  db.close();
  expect(left).toEqual([
    { body: null, fault: 'CIPHER_REFUSED' },
    { body: null, fault: 'CIPHER_REFUSED' },
  ]);
});

test('sessions swapped between two people do not open: both start again, and both are answered', async () => {
  const world = openWorld();
  await world.store.accept([message('a', 'one'), message('b', 'one')]);
  handleAll(world.store, world.clock.now());
  world.store.close();
  swap(world.dir, 'contact', 'state', 'id');
  world.restart();
  await world.store.accept([message('a', 'two'), message('b', 'two')]);
  const turns = world.store.claim(10);
  expect(turns.map((t) => t.session)).toEqual([null, null]);
  world.store.commit(turns.map((t) => echo(t)));
  expect(world.store.backlog(world.clock.now()).faults).toBe(2);
});
