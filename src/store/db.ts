import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { AppError } from '../errors.ts';

export type Connection = Database.Database;

const BUSY_TIMEOUT_MS = 5_000;
/** 16 MiB of log between two checkpoints: a checkpoint blocks a commit for some ms, so not every 150 turns. */
const WAL_PAGES = 4_000;
const CACHE_KIB = 32_768;

/** What every connection must answer, asked after the setting because SQLite ignores what it does not know. */
const COMMON: Record<string, string | number> = {
  synchronous: 2, // FULL: on the disk before the platform is told "received"
  secure_delete: 1, // freed bytes are overwritten
  foreign_keys: 1,
  temp_store: 2, // MEMORY: no temporary file ever holds a row
  busy_timeout: BUSY_TIMEOUT_MS,
  trusted_schema: 0,
};

/** Settings of `hamroh.db`. */
export const MAIN_PRAGMAS: Readonly<Record<string, string | number>> = {
  journal_mode: 'wal',
  ...COMMON,
  wal_autocheckpoint: WAL_PAGES,
  cache_size: -CACHE_KIB,
};

/** Settings of `keys.db`: no log that could keep a deleted key. */
export const KEYS_PRAGMAS: Readonly<Record<string, string | number>> = { journal_mode: 'delete', ...COMMON };

/**
 * The same for a folder of which nothing has to be kept safe or secret: no waiting for the disk, no journal as a file,
 * nothing overwritten.
 */
export function hasty(pragmas: Readonly<Record<string, string | number>>): Record<string, string | number> {
  const journal = pragmas.journal_mode === 'delete' ? { journal_mode: 'memory' } : {};
  return { ...pragmas, ...journal, synchronous: 0, secure_delete: 0 };
}

/** Makes the data folder (0700) when it is missing and takes it away from other users when it is not. */
export function openFolder(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if ((statSync(dir).mode & 0o077) === 0) return;
  try {
    chmodSync(dir, 0o700);
  } catch (cause) {
    throw new AppError(
      'STORE_UNREADABLE',
      'The data folder is open to other users and is not ours to close.',
      {
        hint: `Run: chmod 700 ${dir}`,
        cause,
      },
    );
  }
}

/**
 * Opens one database file (made with mode 0600; SQLite gives its log and journal the same mode), sets and verifies
 * its pragmas, checks the file and brings it to the newest schema.
 *
 * @throws AppError STORE_UNREADABLE when the file is not a whole SQLite database
 */
export function openDatabase(
  file: string,
  pragmas: Readonly<Record<string, string | number>>,
  migrations: string,
): Connection {
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  let db: Connection | undefined;
  try {
    db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    applyPragmas(db, pragmas);
    const check = db.pragma('quick_check(1)', { simple: true });
    if (check !== 'ok') throw new Error(`quick_check: ${String(check)}`);
    migrate(drizzle(db), { migrationsFolder: migrations });
    return db;
  } catch (cause) {
    db?.close();
    if (cause instanceof AppError) throw cause;
    const name = file.split('/').at(-1) ?? file;
    throw storeError(cause, `${name} cannot be opened.`);
  }
}

/** Sets the pragmas and asks for each of them again. */
export function applyPragmas(db: Connection, pragmas: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(pragmas)) {
    db.pragma(`${name} = ${value}`);
    const is = db.pragma(name, { simple: true });
    if (is !== value) {
      throw new AppError(
        'STORE_UNREADABLE',
        `SQLite did not take ${name} = ${value} (it is ${String(is)}).`,
        {
          hint: 'The data folder may be on a network disk; move it to a local one.',
        },
      );
    }
  }
}

/**
 * Takes the data folder for this process: an exclusive SQLite lock on `lock.db`, held while the connection is open.
 * The operating system drops it with the process, so a killed process leaves no stale lock.
 *
 * @throws AppError STORE_LOCKED
 */
export function takeLock(dir: string): Connection {
  const file = join(dir, 'lock.db');
  closeSync(openSync(file, 'a', 0o600));
  const db = new Database(file, { timeout: 0 });
  try {
    // Nothing is ever written to it, so it needs no journal file.
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (cause) {
    db.close();
    if (codeOf(cause).startsWith('SQLITE_BUSY')) {
      throw new AppError('STORE_LOCKED', `Another Hamroh process uses ${dir}.`, {
        hint: 'Stop the other process, or give this one its own HAMROH_DATA_DIR.',
        cause,
      });
    }
    throw storeError(cause, 'lock.db cannot be opened.');
  }
}

/** Finds `db/migrations`, both from the sources and from `dist/`. */
export function findMigrations(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  for (const up of ['../..', '../../..']) {
    const folder = join(here, up, 'db', 'migrations');
    if (existsSync(join(folder, 'meta', '_journal.json'))) return folder;
  }
  throw new AppError('STORE_UNREADABLE', 'The folder db/migrations is missing from the installation.', {
    hint: 'Install Hamroh again, with its db/ folder.',
  });
}

/** Whether SQLite or the disk failed, and not our own code. */
function isStorageFault(cause: unknown): boolean {
  return cause instanceof AppError || codeOf(cause) !== '';
}

/** Runs `work`; what SQLite or the disk throws comes out as an AppError. */
export function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw isStorageFault(cause) ? storeError(cause, 'The store failed.') : cause;
  }
}

/** Turns what SQLite throws into an error its reader can act on. */
export function storeError(cause: unknown, what: string): AppError {
  if (cause instanceof AppError) return cause;
  const code = codeOf(cause);
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR') || code === 'ENOSPC') {
    return new AppError('STORE_FULL', `${what} The disk did not take a write (${code}).`, {
      hint: 'Free some space on the disk of the data folder; Hamroh goes on by itself.',
      retryable: true,
      cause,
    });
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new AppError('STORE_LOCKED', `${what} Another program holds the database.`, {
      hint: 'Close the program that has the database open; Hamroh goes on by itself.',
      retryable: true,
      cause,
    });
  }
  return new AppError('STORE_UNREADABLE', `${what} ${code}`.trim(), {
    hint: 'Put the data folder back from a backup, or move it away to start empty (conversations in progress are lost).',
    cause,
  });
}

function codeOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return '';
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  // drizzle wraps what the driver threw
  return 'cause' in cause ? codeOf(cause.cause) : '';
}
