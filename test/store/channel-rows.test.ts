import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { ChannelRows } from '../../src/store/port.ts';
import { filesWith, scan } from './scan.ts';
import { HOUR, openWorld, type World } from './support.ts';

const PHONE = '992918273645';
const rowsOf = (world: World): ChannelRows => world.store.channelRows('whatsapp');

/** Changes one of the databases behind the store's back. */
function edit(world: World, file: string, work: (db: Database.Database) => unknown): unknown {
  const db = new Database(join(world.dir, file));
  const result = work(db);
  db.close();
  return result;
}

const count = (world: World, table: string, file = 'hamroh.db') =>
  edit(world, file, (db) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());

describe('values', () => {
  test('are there again after a restart; a name that is not known has none', () => {
    const world = openWorld();
    expect(rowsOf(world).get(['creds'])).toEqual(new Map());
    rowsOf(world).set([
      { name: 'creds', value: '{"noise":"ключ"}' },
      { name: `session-${PHONE}.0`, value: 'x'.repeat(5_000), owner: PHONE },
    ]);
    world.restart();
    expect(rowsOf(world).get(['creds', 'creds2', `session-${PHONE}.0`])).toEqual(
      new Map([
        ['creds', '{"noise":"ключ"}'],
        [`session-${PHONE}.0`, 'x'.repeat(5_000)],
      ]),
    );
  });

  test('are replaced and deleted by name, all of a call or none of it', () => {
    const world = openWorld();
    const rows = rowsOf(world);
    rows.set([
      { name: 'a', value: '1' },
      { name: 'b', value: '2', owner: PHONE },
      { name: 'empty', value: '' },
    ]);
    rows.set([
      { name: 'a', value: '3' },
      { name: 'b', value: null },
      { name: 'never', value: null },
    ]);
    expect([...rows.get(['a', 'b', 'empty'])]).toEqual([
      ['a', '3'],
      ['empty', ''],
    ]);
    const notText: { name: string; value: string }[] = JSON.parse('[{"name":"c","value":7}]');
    expect(() => rows.set([{ name: 'a', value: '4' }, ...notText])).toThrow();
    expect([...rows.get(['a', 'c'])]).toEqual([['a', '3']]);
  });

  test('of two channels do not meet, and one is cleared without the other', () => {
    const world = openWorld();
    rowsOf(world).set([{ name: 'creds', value: 'w' }]);
    world.store.channelRows('telegram').set([{ name: 'creds', value: 't' }]);
    rowsOf(world).clear();
    expect(rowsOf(world).get(['creds']).size).toBe(0);
    expect([...world.store.channelRows('telegram').get(['creds']).values()]).toEqual(['t']);
    expect(count(world, 'channel_row')).toBe(1);
  });
});

describe('what somebody with the files sees', () => {
  const values = [PHONE, 'CANARY-name-31f2', 'CANARY-value-8a77', 'CANARY-creds-0b19', '18273645192'];

  test('no name, owner or value, in no form: written, replaced, deleted, closed', () => {
    const world = openWorld();
    const rows = rowsOf(world);
    rows.set([
      { name: 'CANARY-name-31f2', value: 'CANARY-value-8a77', owner: PHONE },
      { name: 'creds', value: `CANARY-creds-0b19 ${PHONE} 18273645192` },
      { name: `lid-${PHONE}`, value: '18273645192', owner: '18273645192' },
    ]);
    expect(scan(world.dir, values)).toEqual([]);
    rows.set([{ name: 'CANARY-name-31f2', value: `${PHONE} again`, owner: PHONE }]);
    rows.forget([PHONE]);
    expect(scan(world.dir, values)).toEqual([]);
    world.store.close();
    expect(scan(world.dir, values)).toEqual([]);
  });

  test('the same name, and the same value, looks different in another installation', () => {
    const images = [openWorld(), openWorld()].map((world) => {
      rowsOf(world).set([{ name: 'creds', value: 'v', owner: PHONE }]);
      return edit(world, 'hamroh.db', (db) => db.prepare('SELECT id, owner, body FROM channel_row').get());
    }) as { id: Buffer; owner: Buffer; body: Buffer }[];
    const [one, two] = images;
    expect(one!.id.equals(two!.id) || one!.owner.equals(two!.owner) || one!.body.equals(two!.body)).toBe(
      false,
    );
  });

  test('a value that was moved to another row does not open: an error for our own, missing for a person’s', () => {
    const world = openWorld();
    const rows = rowsOf(world);
    const swap = (names: [string, string], owner?: string) => {
      rows.clear();
      rows.set(
        names.map((name) => ({ name, value: `of ${name}`, ...(owner === undefined ? {} : { owner }) })),
      );
      edit(world, 'hamroh.db', (db) => {
        const [a, b] = db.prepare<[], { id: Buffer; body: Buffer }>('SELECT id, body FROM channel_row').all();
        db.prepare('UPDATE channel_row SET body = ? WHERE id = ?').run(a!.body, b!.id);
      });
    };
    swap(['a', 'b'], PHONE);
    expect(rows.get(['a', 'b']).size).toBe(1);
    expect(world.store.backlog(world.clock.now()).faults).toBe(1);
    swap(['a', 'b']);
    expect(() => rows.get(['a', 'b'])).toThrow(expect.objectContaining({ code: 'CIPHER_REFUSED' }));
  });
});

describe('how long', () => {
  test('a person’s rows go 48 h after they were last written, with every byte; our own stay', () => {
    const world = openWorld();
    rowsOf(world).set([
      { name: 'creds', value: 'ours' },
      { name: 'old', value: 'theirs', owner: PHONE },
      { name: 'kept', value: 'theirs', owner: PHONE },
    ]);
    const [body] = edit(world, 'hamroh.db', (db) =>
      db.prepare('SELECT body FROM channel_row WHERE owner IS NOT NULL').pluck().all(),
    ) as Buffer[];
    expect(filesWith(world.dir, body!)).not.toEqual([]);
    world.clock.pass(24 * HOUR);
    rowsOf(world).set([{ name: 'kept', value: 'again', owner: PHONE }]);
    world.clock.pass(24 * HOUR);
    expect(world.store.sweep(world.clock.now()).channelRows).toBe(0);
    world.clock.pass(HOUR);
    expect(world.store.sweep(world.clock.now()).channelRows).toBe(1);
    expect([...rowsOf(world).get(['creds', 'old', 'kept'])]).toEqual([
      ['creds', 'ours'],
      ['kept', 'again'],
    ]);
    expect(filesWith(world.dir, body!)).toEqual([]);
    world.clock.pass(1_000 * HOUR);
    expect(world.store.sweep(world.clock.now()).channelRows).toBe(1);
    expect([...rowsOf(world).get(['creds', 'kept']).keys()]).toEqual(['creds']);
  });

  test('a sweep of many goes in bounded pieces', () => {
    const world = openWorld();
    rowsOf(world).set(Array.from({ length: 1_500 }, (_, i) => ({ name: `${i}`, value: 'x', owner: `${i}` })));
    world.clock.pass(50 * HOUR);
    const pieces = [0, 1].map(() => world.store.sweep(world.clock.now()));
    expect(pieces.map((p) => [p.channelRows, p.more])).toEqual([
      [1_000, true],
      [500, false],
    ]);
  });

  test('forget: all rows of these owners and no others', () => {
    const world = openWorld();
    const rows = rowsOf(world);
    rows.set(
      ['a', 'b', 'c'].flatMap((owner) => [1, 2].map((n) => ({ name: `${owner}${n}`, value: 'x', owner }))),
    );
    rows.set([{ name: 'creds', value: 'x' }]);
    rows.forget(['a', 'c', 'nobody']);
    expect([...rows.get(['a1', 'a2', 'b1', 'b2', 'c1', 'c2', 'creds']).keys()]).toEqual([
      'b1',
      'b2',
      'creds',
    ]);
  });
});

describe('clear', () => {
  test('destroys the key and every row; what comes after has a new key', () => {
    const world = openWorld();
    rowsOf(world).set([{ name: 'creds', value: 'old' }]);
    const secret = () =>
      edit(world, 'keys.db', (db) => db.prepare('SELECT wrapped FROM channel_secret').pluck().all());
    const [before] = secret() as Buffer[];
    expect(filesWith(world.dir, before!)).toEqual(['keys.db']);
    rowsOf(world).clear();
    expect([secret(), count(world, 'channel_row')]).toEqual([[], 0]);
    expect(filesWith(world.dir, before!)).toEqual([]);
    rowsOf(world).set([{ name: 'creds', value: 'new' }]);
    expect((secret() as Buffer[])[0]!.equals(before!)).toBe(false);
    world.restart();
    expect([...rowsOf(world).get(['creds']).values()]).toEqual(['new']);
  });

  test('a crash between key and rows: the next start deletes the rows', () => {
    const world = openWorld();
    rowsOf(world).set([{ name: 'creds', value: 'x' }]);
    world.store.close();
    edit(world, 'keys.db', (db) => db.exec('DELETE FROM channel_secret'));
    world.restart();
    expect(count(world, 'channel_row')).toBe(0);
  });

  test('rows without a key that a running process still finds go when a new key is made', () => {
    const world = openWorld();
    rowsOf(world).set([{ name: 'creds', value: 'x' }]);
    const [row] = edit(world, 'hamroh.db', (db) => db.prepare('SELECT * FROM channel_row').all()) as {
      id: Buffer;
      body: Buffer;
    }[];
    rowsOf(world).clear();
    edit(world, 'hamroh.db', (db) =>
      db.prepare("INSERT INTO channel_row VALUES (?, 'whatsapp', NULL, 0, ?)").run(row!.id, row!.body),
    );
    rowsOf(world).set([{ name: 'other', value: 'y' }]);
    expect(count(world, 'channel_row')).toBe(1);
    expect([...rowsOf(world).get(['creds', 'other']).keys()]).toEqual(['other']);
  });

  test('a crash after the key was made and before the first row: nothing is lost, the key is used', () => {
    const world = openWorld();
    rowsOf(world).set([{ name: 'creds', value: 'x' }]);
    world.store.close();
    edit(world, 'hamroh.db', (db) => db.exec('DELETE FROM channel_row'));
    world.restart();
    expect(rowsOf(world).get(['creds']).size).toBe(0);
    rowsOf(world).set([{ name: 'creds', value: 'y' }]);
    expect([...rowsOf(world).get(['creds']).values()]).toEqual(['y']);
    expect(count(world, 'channel_secret', 'keys.db')).toBe(1);
  });

  test('without keys.db nothing opens', () => {
    const world = openWorld();
    rowsOf(world).set([{ name: 'creds', value: 'x' }]);
    world.store.close();
    rmSync(join(world.dir, 'keys.db'));
    world.restart();
    expect(rowsOf(world).get(['creds']).size).toBe(0);
    expect(count(world, 'channel_row')).toBe(0);
  });
});
