import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/engine/types.ts';
import { releaseWeek } from '../../src/usage/weekly.ts';
import { projectTables, seededNoise } from '../usage/support.ts';
import { scan } from './scan.ts';
import {
  answer,
  echo,
  HOUR,
  handleAll,
  message,
  openWorld,
  readCounters,
  tempDir,
  type World,
} from './support.ts';

const USER = '992918273645';
const CANARIES = [
  USER,
  'CANARY-text-7f3a',
  'CANARY-addr-91bc',
  'CANARY-sent-55d0',
  'CANARY-answer-20ee',
  'CANARY-update-8d1f',
  'CANARY-alias-40e1',
  'CANARY тюрьма',
];

const VISIT: Effect = { type: 'count', event: { name: 'visit', channel: 'telegram', lang: 'ru' } };

async function talk(world: World): Promise<void> {
  const said = message(USER, 'CANARY-text-7f3a CANARY тюрьма', {
    address: 'CANARY-addr-91bc',
    id: 'CANARY-update-8d1f',
    aliases: ['CANARY-alias-40e1'],
  });
  await world.store.accept([said]);
  world.store.commit(
    world.store.claim(1).map((turn) => ({
      ...echo(turn),
      effects: [VISIT, { type: 'send' as const, message: answer('CANARY-answer-20ee') }],
    })),
  );
  const [delivery] = world.store.due(1, world.clock.now());
  world.store.settle([{ id: delivery!.id, result: 'sent', sentIds: ['CANARY-sent-55d0'] }]);
}

function count(dir: string, file: string, sql: string): unknown {
  const db = new Database(join(dir, file), { readonly: true });
  const n = db.prepare(sql).pluck().get();
  db.close();
  return n;
}

describe('canaries', () => {
  test('nothing of a conversation lies in any file: waiting, being sent, handled, closed', async () => {
    const world = openWorld();
    await talk(world);
    await world.store.accept([message(USER, 'CANARY-text-7f3a', { address: 'CANARY-addr-91bc' })]);
    world.store.commit(
      world.store.claim(1).map((turn) => ({
        ...echo(turn),
        effects: [{ type: 'send' as const, message: answer('CANARY-answer-20ee') }],
      })),
    );
    expect(scan(world.dir, CANARIES)).toEqual([]);
    world.store.due(1, world.clock.now());
    expect(scan(world.dir, CANARIES)).toEqual([]);
    world.store.close();
    expect(scan(world.dir, CANARIES)).toEqual([]);
  });

  test('nor in what is counted and released of it, and two releases share nothing that comes from a person', async () => {
    const world = openWorld();
    const tables = projectTables();
    const traces: Buffer[] = [];
    const contacts = new Set<string>();
    for (let week = 0; week < 2; week += 1) {
      await talk(world);
      expect(readCounters(world.dir, 'visit').map((c) => c.n)).toEqual([1]);
      traces.push(...remains(world.dir));
      contacts.add(String(count(world.dir, 'hamroh.db', 'SELECT id FROM contact')));
      world.clock.pass(7 * 24 * HOUR);
      const [due] = world.store.releases.due(world.clock.now());
      world.store.releases.freeze(
        due!,
        (counts) => releaseWeek(due!, counts, { country: 'KZ', tables, draw: seededNoise(due!) }).release,
      );
      world.store.sweep(world.clock.now());
      expect(scan(world.dir, CANARIES)).toEqual([]);
    }
    const bodies = world.store.releases.list().map((r) => Buffer.from(r.body));
    expect([bodies.length, contacts.size]).toEqual([2, 2]);
    const personal = [
      ...traces.flatMap((t) => [t, Buffer.from(t.toString('hex')), Buffer.from(t.toString('base64'))]),
    ];
    for (const body of bodies) {
      expect(personal.filter((value) => body.includes(value))).toEqual([]);
      expect([...contacts].filter((id) => body.includes(id))).toEqual([]);
    }
    expect(leftovers(world.dir, traces)).toEqual([]);
  });

  test.each([
    ['a debug line', (dir: string) => appendFileSync(join(dir, 'debug.log'), `from ${USER}`), 'utf8'],
    [
      'UTF-16',
      (dir: string) => appendFileSync(join(dir, 'x'), Buffer.from(`a${USER}`, 'utf16le')),
      'utf16le',
    ],
    ['hex', (dir: string) => appendFileSync(join(dir, 'x'), Buffer.from(USER).toString('hex')), 'hex'],
    [
      'base64 of JSON',
      (dir: string) => appendFileSync(join(dir, 'x'), Buffer.from(`{"u":"${USER}"}`).toString('base64')),
      'base64',
    ],
    [
      'an escape',
      (dir: string) => appendFileSync(join(dir, 'x'), `?q=${encodeURIComponent('CANARY тюрьма')}`),
      'url',
    ],
    [
      'a hash without a secret',
      (dir: string) => appendFileSync(join(dir, 'x'), createHash('sha256').update(USER).digest('base64')),
      'sha256 base64',
    ],
    [
      'a folder of exports',
      (dir: string) => {
        mkdirSync(join(dir, 'releases'));
        appendFileSync(join(dir, 'releases', '2026-11-16.json'), `{"who":"${USER}"}`);
      },
      'releases/2026-11-16.json: utf8',
    ],
    ['a file name', (dir: string) => appendFileSync(join(dir, `${USER}.json`), ''), 'utf8'],
    [
      'an integer column',
      (dir: string) => {
        const db = new Database(join(dir, 'leak.db'));
        db.exec(
          `CREATE TABLE leak (id INTEGER PRIMARY KEY, who INTEGER); INSERT INTO leak VALUES (1, ${USER})`,
        );
        db.close();
      },
      'integer 6 B',
    ],
    [
      'a log that was not truncated',
      (dir: string) => {
        const db = new Database(join(dir, 'leak.db'));
        db.pragma('journal_mode = wal');
        db.pragma('secure_delete = on');
        db.exec(`CREATE TABLE leak (who TEXT); INSERT INTO leak VALUES ('${USER}'); DELETE FROM leak`);
        // Kept open: the last close would truncate it.
        leaking.push(db);
      },
      'utf8',
    ],
  ])('positive control: the scan finds %s', (_, leak, form) => {
    const dir = tempDir();
    leak(dir);
    expect(scan(dir, CANARIES).join('\n')).toContain(`${form}`);
  });
});

const leaking: Database.Database[] = [];

describe('lifetimes', () => {
  test('a conversation lives for 24 h after the last message, not less, and is gone within the next hour', async () => {
    const world = openWorld();
    await talk(world);
    world.clock.pass(24 * HOUR - 1);
    expect(world.store.sweep(world.clock.now()).sessions).toBe(0);
    world.clock.pass(HOUR + 1);
    expect(world.store.sweep(world.clock.now()).sessions).toBe(1);
    await world.store.accept([message(USER, 'back')]);
    expect(handleAll(world.store, world.clock.now())).toEqual(['1: back']);
  });

  test('nobody is kept longer than 48 h, however often they write', async () => {
    const world = openWorld();
    for (let hour = 0; hour <= 48; hour += 8) {
      await world.store.accept([message(USER, `${hour}`)]);
      handleAll(world.store, world.clock.now());
      expect(world.store.sweep(world.clock.now()).sessions).toBe(0);
      world.clock.pass(8 * HOUR);
    }
    expect(world.store.sweep(world.clock.now()).sessions).toBe(1);
  });

  test('after 49 h no row, no key and no byte of it is left', async () => {
    const world = openWorld();
    await talk(world);
    await world.store.accept([message(USER, 'never handled')]);
    await world.store.accept([message('other', 'never sent')]);
    world.store.commit(
      world.store
        .claim(2)
        .filter((t) => t.message.user === 'other')
        .map((t) => echo(t)),
    );
    const traces = remains(world.dir);
    expect(traces.length).toBeGreaterThan(8);
    world.clock.pass(49 * HOUR);
    world.restart();
    world.store.sweep(world.clock.now());
    for (const table of ['contact', 'alias', 'inbox', 'outbox', 'guard', 'wipe']) {
      expect([table, count(world.dir, 'hamroh.db', `SELECT count(*) FROM ${table}`)]).toEqual([table, 0]);
    }
    expect(count(world.dir, 'keys.db', 'SELECT count(*) FROM data_key')).toBe(0);
    expect(count(world.dir, 'keys.db', 'SELECT count(*) FROM index_key')).toBe(1);
    expect(leftovers(world.dir, traces)).toEqual([]);
  });

  test('the same in a process that runs on, with a sweep every hour', async () => {
    const world = openWorld();
    await talk(world);
    const traces = remains(world.dir);
    for (let hour = 0; hour < 49; hour += 1) {
      world.clock.pass(HOUR);
      world.store.sweep(world.clock.now());
    }
    expect(leftovers(world.dir, traces)).toEqual([]);
  });

  test('images of the folder 49 h apart share nothing that comes from a person who writes all the time', async () => {
    const world = openWorld();
    await talk(world);
    const traces = remains(world.dir);
    for (let hour = 0; hour < 49; hour += 7) {
      world.clock.pass(7 * HOUR);
      await world.store.accept([message(USER, `${hour}`)]);
      handleAll(world.store, world.clock.now());
      world.store.sweep(world.clock.now());
    }
    expect(leftovers(world.dir, traces)).toEqual([]);
  });

  test('an answer that nobody could be given is erased with its conversation, or after 48 h', async () => {
    const world = openWorld();
    await world.store.accept([message(USER, 'a')]);
    world.store.commit(world.store.claim(1).map((t) => echo(t)));
    world.store.settle(world.store.due(1, world.clock.now()).map(({ id }) => ({ id, result: 'offline' })));
    world.clock.pass(25 * HOUR);
    world.store.sweep(world.clock.now());
    expect(count(world.dir, 'hamroh.db', 'SELECT count(*) FROM outbox')).toBe(0);
    expect(world.store.wake('telegram', `chat-${USER}`)).toBe(false);
  });

  test('a sweep of many goes in bounded pieces', async () => {
    const world = openWorld();
    await world.store.accept(Array.from({ length: 1_100 }, (_, i) => message(`u${i}`, 'x')));
    handleAll(world.store, world.clock.now());
    world.clock.pass(26 * HOUR);
    const pieces = [];
    for (let more = true; more; ) {
      const report = world.store.sweep(world.clock.now());
      pieces.push(report.sessions);
      more = report.more;
    }
    expect(pieces).toEqual([500, 500, 100]);
  });
});

/** Every value in the files that comes from a person: lookups, duplicate guards, ciphertexts, wrapped keys. */
function remains(dir: string): Buffer[] {
  const read = (file: string, sql: string) => {
    const db = new Database(join(dir, file), { readonly: true });
    const values = db.prepare<[], Buffer | null>(sql).pluck().all();
    db.close();
    return values.filter((v) => v !== null);
  };
  return [
    ...read(
      'hamroh.db',
      `SELECT lookup FROM contact UNION ALL SELECT state FROM contact UNION ALL SELECT sent FROM contact
       UNION ALL SELECT body FROM inbox UNION ALL SELECT body FROM outbox UNION ALL SELECT mac FROM guard
       UNION ALL SELECT lookup FROM alias`,
    ),
    ...read('keys.db', 'SELECT wrapped FROM data_key UNION ALL SELECT wrapped FROM index_key'),
  ];
}

function leftovers(dir: string, traces: Buffer[]): string[] {
  const files = readdirSync(dir).map((file) => ({ file, bytes: readFileSync(join(dir, file)) }));
  return traces.flatMap((t) =>
    files.filter(({ bytes }) => bytes.includes(t)).map(({ file }) => `${file}: ${t.toString('hex')}`),
  );
}
