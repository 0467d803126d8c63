import { join } from 'node:path';
import type { Clock, Ids } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { ChannelId, InboundMessage } from '../message.ts';
import { Commits } from './commit.ts';
import type { Context } from './context.ts';
import { RandomPool } from './crypto.ts';
import {
  type Connection,
  findMigrations,
  isStorageFault,
  MAIN_PRAGMAS,
  openDatabase,
  openFolder,
  storeError,
  takeLock,
} from './db.ts';
import { Inbox } from './inbox.ts';
import { Keys } from './keys.ts';
import { Outbox } from './outbox.ts';
import type {
  Backlog,
  Delivery,
  DeliveryOutcome,
  Store,
  SweepReport,
  Turn,
  TurnResult,
  Wipe,
} from './port.ts';
import { checkpoint, Sweeper } from './sweep.ts';
import { Wipes } from './wipes.ts';

export interface StoreOptions {
  /** The data folder; made with mode 0700 when it is missing. */
  dir: string;
  clock: Clock;
  ids: Ids;
  /** Where `db/migrations` is, when it is not beside the code. */
  migrations?: string;
}

/**
 * Opens the data folder: takes its lock, reads the root key, checks and migrates both databases, finishes what a
 * crash left half done, and fills the queues.
 *
 * @throws AppError STORE_LOCKED, STORE_UNREADABLE or STORE_FULL; nothing stays open then
 */
export function openStore(options: StoreOptions): Store {
  const { dir, clock, ids } = options;
  const opened: { close(): void }[] = [];
  try {
    openFolder(dir);
    const lock = takeLock(dir);
    opened.push(lock);
    const migrations = options.migrations ?? findMigrations();
    const pool = new RandomPool(ids);
    const keys = new Keys(dir, migrations, ids, pool);
    opened.push(keys);
    const db = openDatabase(join(dir, 'hamroh.db'), MAIN_PRAGMAS, migrations);
    opened.push(db);
    return start({ db, keys, pool, clock, faults: 0 }, lock);
  } catch (cause) {
    for (const open of opened.reverse()) open.close();
    throw cause instanceof AppError ? cause : storeError(cause, `The data folder ${dir} cannot be opened.`);
  }
}

function start(ctx: Context, lock: Connection): Store {
  const inbox = new Inbox(ctx, (now) => sweeper.rotate(now));
  const outbox = new Outbox(ctx, {
    stopped: (contact) => {
      // They wrote again meanwhile: then they are not gone, and what they wrote is answered.
      if (inbox.lanes.of(contact).length > 0) return;
      wipes.shred([contact]);
    },
    arrivedLate: (contact, sentIds) => wipes.addSent(contact, sentIds),
  });
  const wipes = new Wipes(ctx, inbox, outbox);
  const sweeper = new Sweeper(ctx, inbox, outbox, wipes);
  const commits = new Commits(ctx, inbox, outbox, wipes);
  sweeper.rotate(ctx.clock.now());
  const orphans = sweeper.orphans();
  inbox.load();
  outbox.load();
  return new SqliteStore({ ctx, lock, inbox, outbox, wipes, sweeper, commits, orphans });
}

interface Parts {
  ctx: Context;
  lock: Connection;
  inbox: Inbox;
  outbox: Outbox;
  wipes: Wipes;
  sweeper: Sweeper;
  commits: Commits;
  /** Keys without rows and rows without keys that the start deleted. */
  orphans: number;
}

/** The {@link Store} on SQLite: `hamroh.db` and `keys.db` in one folder, one process. */
class SqliteStore implements Store {
  readonly #parts: Parts;
  #open = true;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  accept(messages: InboundMessage[]): Promise<void> {
    return this.#parts.inbox.accept(messages);
  }

  claim(limit: number, run?: number): Turn[] {
    return this.#guarded(() => this.#parts.inbox.claim(limit, run));
  }

  commit(results: TurnResult[]): void {
    this.#guarded(() => this.#parts.commits.commit(results));
  }

  due(limit: number, now: number): Delivery[] {
    return this.#guarded(() => this.#parts.outbox.due(limit, now));
  }

  settle(outcomes: DeliveryOutcome[]): void {
    this.#guarded(() => this.#parts.outbox.settle(outcomes));
  }

  nextDueAt(): number | undefined {
    return this.#parts.outbox.lanes.nextAt();
  }

  wake(channel: ChannelId, address: string): boolean {
    return this.#parts.outbox.wake(channel, address);
  }

  wipes(): Wipe[] {
    return this.#guarded(() => this.#parts.wipes.list());
  }

  tryWipe(id: number): void {
    this.#guarded(() => this.#parts.wipes.try(id));
  }

  checkpoint(): void {
    this.#guarded(() => checkpoint(this.#parts.ctx));
  }

  endWipe(id: number): void {
    this.#guarded(() => this.#parts.wipes.end(id));
  }

  sweep(now: number): SweepReport {
    return this.#guarded(() => {
      const report = this.#parts.sweeper.sweep(now);
      const keys = this.#parts.orphans;
      this.#parts.orphans = 0;
      return { ...report, keys };
    });
  }

  probe(): boolean {
    try {
      this.#parts.ctx.db
        .prepare('INSERT INTO probe (id, n) VALUES (1, 1) ON CONFLICT DO UPDATE SET n = n + 1')
        .run();
      return true;
    } catch (cause) {
      // The answer is the report: `/readyz` turns red.
      if (cause instanceof Error) return false;
      throw cause;
    }
  }

  backlog(now: number): Backlog {
    const { inbox, outbox, ctx } = this.#parts;
    const oldestIn = inbox.lanes.oldest();
    const oldestOut = outbox.lanes.oldest();
    return {
      ...(oldestIn === undefined ? {} : { inbox: now - oldestIn }),
      ...(oldestOut === undefined ? {} : { outbox: now - oldestOut }),
      faults: ctx.faults,
    };
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    const { ctx, lock } = this.#parts;
    // The last connection to close moves the log into the file and deletes it.
    ctx.db.close();
    ctx.keys.close();
    lock.close();
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw isStorageFault(cause) ? storeError(cause, 'The store failed.') : cause;
    }
  }
}
