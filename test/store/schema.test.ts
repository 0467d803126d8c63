import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import {
  applyPragmas,
  findMigrations,
  KEYS_PRAGMAS,
  MAIN_PRAGMAS,
  openDatabase,
} from '../../src/store/db.ts';
import { message, openWorld, tempDir } from './support.ts';

/**
 * The data inventory (db/README.md): every column that exists, and why it may. `random`: says nothing; `sealed`:
 * AES-256-GCM; `hmac`; `hour`: whole hours; `figure`: our own bookkeeping;
 * `queue`: what operators have to see of a chat before anybody takes it, and nobody could be known by.
 */
const INVENTORY: Record<string, string> = {
  'contact.id': 'random',
  'contact.lookup': 'hmac',
  'contact.created': 'hour',
  'contact.seen': 'hour',
  'contact.state': 'sealed',
  'contact.sent': 'sealed',
  'inbox.seq': 'figure',
  'inbox.id': 'random',
  'inbox.contact': 'random',
  'inbox.hour': 'hour',
  'inbox.body': 'sealed',
  'inbox.fault': 'figure',
  'outbox.seq': 'figure',
  'outbox.id': 'random',
  'outbox.contact': 'random',
  'outbox.hour': 'hour',
  'outbox.sending': 'figure',
  'outbox.attempts': 'figure',
  'outbox.unclear': 'figure',
  'outbox.retry': 'figure',
  'outbox.body': 'sealed',
  'guard.key': 'figure',
  'guard.mac': 'hmac',
  'counter.week': 'figure',
  'counter.name': 'figure',
  'counter.a': 'figure',
  'counter.b': 'figure',
  'counter.n': 'figure',
  'release.week': 'figure',
  // What is published: sums of many with noise, and their hash.
  'release.body': 'figure',
  'release.hash': 'figure',
  'counting_since.id': 'figure',
  'counting_since.week': 'figure',
  'wipe.id': 'random',
  'wipe.hour': 'hour',
  'wipe.attempts': 'figure',
  'wipe.body': 'sealed',
  'alias.lookup': 'hmac',
  'alias.contact': 'random',
  'channel_row.id': 'hmac',
  'channel_row.channel': 'figure',
  'channel_row.owner': 'hmac',
  'channel_row.hour': 'hour',
  'channel_row.body': 'sealed',
  'handoff.id': 'random',
  'handoff.key': 'random',
  'handoff.ref': 'random',
  'handoff.hour': 'hour',
  'handoff.state': 'queue',
  'handoff.owner': 'queue',
  'handoff.team': 'queue',
  'handoff.lang': 'queue',
  'handoff.topic': 'queue',
  'handoff.urgent': 'queue',
  'handoff.body': 'sealed',
  'handoff_line.seq': 'figure',
  'handoff_line.id': 'random',
  'handoff_line.handoff': 'random',
  'handoff_line.body': 'sealed',
  'handoff_timer.handoff': 'random',
  'handoff_timer.name': 'queue',
  // When the next thing happens to a chat, in whole minutes; the person's words have no time outside the seal.
  'handoff_timer.minute': 'queue',
  'probe.id': 'figure',
  'probe.n': 'figure',
  'data_key.id': 'random',
  'data_key.wrapped': 'sealed',
  'index_key.id': 'figure',
  'index_key.created': 'figure',
  'index_key.wrapped': 'sealed',
  'channel_secret.channel': 'figure',
  'channel_secret.wrapped': 'sealed',
};

function columnsOf(file: string): string[] {
  const db = new Database(file, { readonly: true });
  const rows = db
    .prepare<[], string>(
      `SELECT t.name || '.' || c.name FROM sqlite_master t, pragma_table_info(t.name) c
       WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name != '__drizzle_migrations'`,
    )
    .pluck()
    .all();
  db.close();
  return rows;
}

test('every column in both databases is in the inventory, and nothing else is', () => {
  const { dir } = openWorld();
  const columns = [...columnsOf(join(dir, 'hamroh.db')), ...columnsOf(join(dir, 'keys.db'))];
  expect(columns.sort()).toEqual(Object.keys(INVENTORY).sort());
});

test('sealed and hmac columns hold bytes of the promised form, the others only numbers and words of ours', async () => {
  const { dir, store } = openWorld();
  await store.accept([message('992900000001', 'салом')]);
  const db = new Database(join(dir, 'hamroh.db'), { readonly: true });
  const row = db.prepare<[], { lookup: Buffer; id: number; created: number }>('SELECT * FROM contact').get()!;
  expect(row.lookup).toHaveLength(16);
  expect(row.created).toBe(Math.floor(Date.parse('2026-11-22T10:30:00Z') / 3_600_000));
  const { body } = db.prepare<[], { body: Buffer }>('SELECT body FROM inbox').get()!;
  expect(body.includes(Buffer.from('салом'))).toBe(false);
  expect(db.prepare<[], Buffer>('SELECT mac FROM guard').pluck().get()!).toHaveLength(16);
  db.close();
});

test('tables that were made WITHOUT ROWID by hand still are', () => {
  const { dir } = openWorld();
  const db = new Database(join(dir, 'hamroh.db'), { readonly: true });
  const sql = db
    .prepare<[], string>("SELECT sql FROM sqlite_master WHERE name IN ('guard', 'counter', 'alias')")
    .pluck()
    .all();
  db.close();
  expect(sql).toHaveLength(3);
  for (const s of sql) expect(s).toMatch(/WITHOUT ROWID/);
});

test('every connection has its pragmas, asked again after setting', () => {
  const dir = tempDir();
  const main = openDatabase(join(dir, 'a.db'), MAIN_PRAGMAS, findMigrations());
  for (const [name, value] of Object.entries({
    journal_mode: 'wal',
    synchronous: 2,
    secure_delete: 1,
    foreign_keys: 1,
  })) {
    expect([name, main.pragma(name, { simple: true })]).toEqual([name, value]);
  }
  main.close();
  const keys = openDatabase(join(dir, 'k.db'), KEYS_PRAGMAS, join(findMigrations(), 'keys'));
  for (const [name, value] of Object.entries({ journal_mode: 'delete', synchronous: 2, secure_delete: 1 })) {
    expect([name, keys.pragma(name, { simple: true })]).toEqual([name, value]);
  }
  keys.close();
});

test('a pragma that SQLite does not take stops the start', () => {
  const memory = new Database(':memory:');
  // A database in memory has no write-ahead log, whatever one asks for.
  expect(() => applyPragmas(memory, { journal_mode: 'wal' })).toThrow(
    expect.objectContaining({ code: 'STORE_UNREADABLE' }),
  );
  memory.close();
});

test('the folder is 0700 and every file in it 0600', async () => {
  const { dir, store } = openWorld();
  await store.accept([message('1', 'a')]);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  const files = readdirSync(dir);
  expect(files.sort()).toEqual([
    'hamroh.db',
    'hamroh.db-shm',
    'hamroh.db-wal',
    'keys.db',
    'lock.db',
    'root.key',
  ]);
  for (const file of files) expect([file, statSync(join(dir, file)).mode & 0o777]).toEqual([file, 0o600]);
});
