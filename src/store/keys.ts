import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Statement } from 'better-sqlite3';
import type { Ids } from '../clock.ts';
import { AppError } from '../errors.ts';
import { placeOf, type RandomPool, seal, unseal } from './crypto.ts';
import { type Connection, KEYS_PRAGMAS, openDatabase } from './db.ts';

const KEY_BYTES = 32;
/** A channel's secret: one key to seal with, one for the HMACs. */
const SECRET_BYTES = 2 * KEY_BYTES;
const HOUR = 3_600_000;
/** An index key makes HMACs for 24 h and finds them for 24 h more. */
const INDEX_KEY_IN_USE_MS = 24 * HOUR;
const INDEX_KEY_LIFE_MS = 48 * HOUR;
/** Unwrapped data keys in memory, about 200 B each. */
const CACHE_SIZE = 10_000;

/** One key of the HMACs. */
export interface IndexKey {
  id: number;
  key: Buffer;
  /** ms since 1970 */
  created: number;
}

/** What a channel's own rows are sealed with and named by, 32 bytes each. */
export interface ChannelSecret {
  seal: Buffer;
  mac: Buffer;
}

/** `keys.db` and the root key: makes, unwraps and shreds keys. */
export class Keys {
  readonly #db: Connection;
  readonly #root: Buffer;
  readonly #ids: Ids;
  readonly #pool: RandomPool;
  readonly #cache = new Map<number, Buffer>();
  readonly #secrets = new Map<string, Buffer>();
  /** Newest first, at most two. */
  #index: IndexKey[] = [];
  readonly #select: Statement<[number], { wrapped: Buffer }>;
  readonly #insert: Statement<[number, Buffer]>;
  readonly #delete: Statement<[number]>;

  /** @throws AppError STORE_UNREADABLE when the root key and `keys.db` do not belong together */
  constructor(dir: string, migrations: string, ids: Ids, pool: RandomPool, pragmas = KEYS_PRAGMAS) {
    this.#root = readRootKey(dir, ids);
    this.#db = openDatabase(join(dir, 'keys.db'), pragmas, join(migrations, 'keys'));
    this.#ids = ids;
    this.#pool = pool;
    this.#select = this.#db.prepare('SELECT wrapped FROM data_key WHERE id = ?');
    this.#insert = this.#db.prepare('INSERT INTO data_key (id, wrapped) VALUES (?, ?)');
    this.#delete = this.#db.prepare('DELETE FROM data_key WHERE id = ?');
    try {
      this.#index = this.#readIndexKeys();
    } catch (cause) {
      this.#db.close();
      throw new AppError('STORE_UNREADABLE', 'root.key does not open keys.db.', {
        hint: 'Put back the root.key that belongs to this data folder, or move the folder away to start empty.',
        cause,
      });
    }
  }

  /** The data key of a contact or ticket, or undefined when it was shredded. */
  get(id: number): Buffer | undefined {
    const cached = this.#cache.get(id);
    if (cached !== undefined) return cached;
    const row = this.#select.get(id);
    if (row === undefined) return undefined;
    const key = unseal(this.#root, placeOf('data_key.wrapped', id, 0), row.wrapped);
    this.#remember(id, key);
    return key;
  }

  /** Runs `work`, which only reads keys, under one lock of the file instead of one per key. */
  reading<T>(work: () => T): T {
    return this.#db.transaction(work).deferred();
  }

  /** Makes a data key for each id, durably, in one transaction. Comes before the row that needs the key. */
  create(ids: readonly number[]): void {
    if (ids.length === 0) return;
    const made = this.#ids.bytes(KEY_BYTES * ids.length);
    this.#write(() => {
      ids.forEach((id, i) => {
        const key = Buffer.from(made.subarray(i * KEY_BYTES, (i + 1) * KEY_BYTES));
        this.#insert.run(id, seal(this.#root, this.#pool.iv(), placeOf('data_key.wrapped', id, 0), key));
        this.#remember(id, key);
      });
    });
    made.fill(0);
  }

  /** Deletes keys, durably, in one transaction: what they sealed can never be read again. */
  shred(ids: readonly number[]): void {
    if (ids.length === 0) return;
    this.#write(() => {
      for (const id of ids) this.#delete.run(id);
    });
    for (const id of ids) {
      this.#cache.get(id)?.fill(0);
      this.#cache.delete(id);
    }
  }

  /** The secret of a channel's rows, or undefined when there is none. */
  secret(channel: string): ChannelSecret | undefined {
    let bytes = this.#secrets.get(channel);
    if (bytes === undefined) {
      const wrapped = this.#db
        .prepare<[string], Buffer>('SELECT wrapped FROM channel_secret WHERE channel = ?')
        .pluck()
        .get(channel);
      if (wrapped === undefined) return undefined;
      bytes = unseal(this.#root, placeOf('channel_secret.wrapped', channel, 0), wrapped);
      this.#secrets.set(channel, bytes);
    }
    return { seal: bytes.subarray(0, KEY_BYTES), mac: bytes.subarray(KEY_BYTES, SECRET_BYTES) };
  }

  /** Makes the secret of a channel's rows, durably. Comes before the first row. */
  createSecret(channel: string): void {
    const bytes = this.#ids.bytes(SECRET_BYTES);
    const wrapped = seal(this.#root, this.#pool.iv(), placeOf('channel_secret.wrapped', channel, 0), bytes);
    const add = this.#db.prepare('INSERT INTO channel_secret (channel, wrapped) VALUES (?, ?)');
    this.#write(() => add.run(channel, wrapped));
    bytes.fill(0);
  }

  /** Deletes a channel's secret, durably: its rows can never be read again. */
  shredSecret(channel: string): void {
    const remove = this.#db.prepare('DELETE FROM channel_secret WHERE channel = ?');
    this.#write(() => remove.run(channel));
    this.#secrets.get(channel)?.fill(0);
    this.#secrets.delete(channel);
  }

  /** Ids of all data keys. */
  all(): Set<number> {
    return new Set(this.#db.prepare<[], number>('SELECT id FROM data_key').pluck().all());
  }

  /** Keys of the HMACs, the one in use first, then the one that still finds. */
  index(): readonly [IndexKey, ...IndexKey[]] {
    const [current, ...before] = this.#index;
    if (current === undefined) throw new Error('there is no index key');
    return [current, ...before];
  }

  /** When {@link rotate} has something to do, in ms since 1970. */
  rotateAt(): number {
    const [current, previous] = this.#index;
    if (current === undefined) return 0;
    const end = previous === undefined ? Number.POSITIVE_INFINITY : previous.created + INDEX_KEY_LIFE_MS;
    return Math.min(current.created + INDEX_KEY_IN_USE_MS, end);
  }

  /**
   * Destroys index keys older than 48 h and puts a new one into use when the newest is older than 24 h.
   * @returns ids of the keys that are gone, and whether a new one came
   */
  rotate(now: number): { destroyed: number[]; replaced: boolean } {
    if (now < this.rotateAt()) return { destroyed: [], replaced: false };
    const newest = this.#index[0];
    const replaced = newest === undefined || newest.created + INDEX_KEY_IN_USE_MS <= now;
    const kept = this.#index.filter((k) => now < k.created + INDEX_KEY_LIFE_MS);
    const gone = this.#index.filter((k) => !kept.includes(k));
    const fresh = replaced ? this.#freshIndexKey(newest, now) : undefined;
    this.#write(() => {
      for (const k of gone) this.#db.prepare('DELETE FROM index_key WHERE id = ?').run(k.id);
      if (fresh !== undefined) {
        const wrapped = seal(
          this.#root,
          this.#pool.iv(),
          placeOf('index_key.wrapped', fresh.id, 0),
          fresh.key,
        );
        this.#db
          .prepare('INSERT INTO index_key (id, created, wrapped) VALUES (?, ?, ?)')
          .run(fresh.id, fresh.created, wrapped);
      }
    });
    for (const k of gone) k.key.fill(0);
    this.#index = fresh === undefined ? kept : [fresh, ...kept];
    return { destroyed: gone.map((k) => k.id), replaced };
  }

  /** Closes the file and overwrites the keys in memory. */
  close(): void {
    for (const key of this.#cache.values()) key.fill(0);
    this.#cache.clear();
    for (const k of this.#index) k.key.fill(0);
    for (const secret of this.#secrets.values()) secret.fill(0);
    this.#secrets.clear();
    this.#root.fill(0);
    this.#db.close();
  }

  #write(work: () => void): void {
    this.#db.transaction(work).immediate();
  }

  #remember(id: number, key: Buffer): void {
    if (this.#cache.size >= CACHE_SIZE) {
      // Oldest first: a Map keeps the order of insertion. Not overwritten here, because a caller may be using it.
      for (const old of this.#cache.keys()) {
        this.#cache.delete(old);
        break;
      }
    }
    this.#cache.set(id, key);
  }

  #freshIndexKey(newest: IndexKey | undefined, now: number): IndexKey {
    return { id: (newest?.id ?? 0) + 1, key: this.#ids.bytes(KEY_BYTES), created: now };
  }

  #readIndexKeys(): IndexKey[] {
    const rows = this.#db
      .prepare<[], { id: number; created: number; wrapped: Buffer }>(
        'SELECT id, created, wrapped FROM index_key ORDER BY id DESC',
      )
      .all();
    return rows.map(({ id, created, wrapped }) => ({
      id,
      created,
      key: unseal(this.#root, placeOf('index_key.wrapped', id, 0), wrapped),
    }));
  }
}

/** The 32 bytes in `root.key` (mode 0600), made when the data folder is new. */
function readRootKey(dir: string, ids: Ids): Buffer {
  const file = join(dir, 'root.key');
  if (existsSync(file)) {
    const key = readFileSync(file);
    if (key.length === KEY_BYTES) return key;
    throw new AppError('STORE_UNREADABLE', `root.key is ${key.length} bytes long, not ${KEY_BYTES}.`, {
      hint: 'Put back the root.key that belongs to this data folder, or move the folder away to start empty.',
    });
  }
  if (existsSync(join(dir, 'keys.db'))) {
    throw new AppError('STORE_UNREADABLE', 'root.key is missing, but keys.db is there.', {
      hint: 'Put back root.key, or delete keys.db to start empty: conversations in progress are lost.',
    });
  }
  const key = ids.bytes(KEY_BYTES);
  writeDurably(dir, file, key);
  return key;
}

/** Whole or not at all, and on the disk before it is used. */
function writeDurably(dir: string, file: string, bytes: Buffer): void {
  const fresh = `${file}.new`;
  const fd = openSync(fresh, 'w', 0o600);
  writeSync(fd, bytes);
  fsyncSync(fd);
  closeSync(fd);
  renameSync(fresh, file);
  const folder = openSync(dir, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
