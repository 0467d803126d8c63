import { join } from 'node:path';
import type { Clock, Ids } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { DeskRules } from '../handoff/machine-types.ts';
import type { ChannelId, InboundMessage } from '../message.ts';
import { SealedRows } from './channel-rows.ts';
import { Commits } from './commit.ts';
import { type Context, checkpoint } from './context.ts';
import { Counting } from './counting.ts';
import { RandomPool } from './crypto.ts';
import {
  type Connection,
  findMigrations,
  guarded,
  hasty,
  KEYS_PRAGMAS,
  MAIN_PRAGMAS,
  openDatabase,
  openFolder,
  storeError,
  takeLock,
} from './db.ts';
import { HandoffDesk } from './handoffs.ts';
import { Inbox } from './inbox.ts';
import { Keys } from './keys.ts';
import { Merger } from './merge.ts';
import { Outbox } from './outbox.ts';
import type {
  Backlog,
  ChannelRows,
  Delivery,
  DeliveryOutcome,
  Store,
  StoreHandoffs,
  StoreReleases,
  SweepReport,
  Turn,
  TurnResult,
  Wipe,
} from './port.ts';
import { Releases } from './releases.ts';
import { Sweeper } from './sweep.ts';
import { Wipes } from './wipes.ts';

export interface StoreOptions {
  /** The data folder; made with mode 0700 when it is missing. */
  dir: string;
  clock: Clock;
  ids: Ids;
  /** Where `db/migrations` is, when it is not beside the code. */
  migrations?: string;
  /** The organisation's teams. Default: nobody has to be waited for long, and there is no canned reply. */
  desk?: DeskRules;
  /** What is added to UTC (ms since 1970) for the clocks of the deployment's country, in ms. Default: nothing. */
  clockOffset?: (now: number) => number;
  /** Nobody in it is real: commits do not wait for the disk, and what is deleted is not overwritten. */
  throwAway?: true;
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
    const tuned = options.throwAway ? hasty : (pragmas: typeof MAIN_PRAGMAS) => pragmas;
    const keys = new Keys(dir, migrations, ids, pool, tuned(KEYS_PRAGMAS));
    opened.push(keys);
    const db = openDatabase(join(dir, 'hamroh.db'), tuned(MAIN_PRAGMAS), migrations);
    opened.push(db);
    return start({ db, keys, pool, clock, faults: 0 }, lock, options);
  } catch (cause) {
    for (const open of opened.reverse()) open.close();
    throw cause instanceof AppError ? cause : storeError(cause, `The data folder ${dir} cannot be opened.`);
  }
}

function start(ctx: Context, lock: Connection, { desk, clockOffset = () => 0 }: StoreOptions): Store {
  const counting = new Counting(ctx, clockOffset);
  const releases = new Releases(ctx);
  const inbox = new Inbox(ctx, {
    rotate: (now) => void sweeper.rotate(now),
    join: (one, other) => {
      const stays = merger.join(one, other);
      if (stays !== undefined) counting.visitors.join(stays, stays === one ? other : one);
      return stays;
    },
    ended: (committed) => merger.ended(committed),
    handoff: (contact) => handoffs.turns.stateOf(contact),
  });
  const outbox = new Outbox(ctx, {
    stopped: (contact) => {
      // They wrote again meanwhile: then they are not gone, and what they wrote is answered.
      if (inbox.lanes.of(contact).length > 0) return;
      handoffs.book.run(() => handoffs.turns.left(contact));
      wipes.shred([contact]);
    },
    arrivedLate: (contact, sentIds) => wipes.addSent(contact, sentIds),
    fate: (id, fate) => handoffs.words.fate(id, fate),
    ended: (committed) => (committed ? handoffs.book.finish() : handoffs.book.abandon()),
  });
  const handoffs = new HandoffDesk(ctx, inbox, outbox, desk);
  const wipes = new Wipes(ctx, inbox, outbox);
  const merger = new Merger(ctx, inbox, outbox, wipes, handoffs);
  const sweeper = new Sweeper(ctx, inbox, outbox, wipes, handoffs, counting);
  const commits = new Commits(ctx, inbox, outbox, wipes, handoffs, counting);
  sweeper.rotate(ctx.clock.now());
  const orphans = sweeper.orphans();
  releases.load();
  handoffs.load();
  inbox.load();
  outbox.load();
  return new SqliteStore({ ctx, lock, inbox, outbox, wipes, sweeper, commits, handoffs, releases, orphans });
}

interface Parts {
  ctx: Context;
  lock: Connection;
  inbox: Inbox;
  outbox: Outbox;
  wipes: Wipes;
  sweeper: Sweeper;
  commits: Commits;
  handoffs: HandoffDesk;
  releases: Releases;
  /** Keys without rows and rows without keys that the start deleted. */
  orphans: number;
}

/** The {@link Store} on SQLite: `hamroh.db` and `keys.db` in one folder, one process. */
class SqliteStore implements Store {
  readonly #parts: Parts;
  readonly #channelRows = new Map<ChannelId, ChannelRows>();
  #open = true;
  readonly handoffs: StoreHandoffs;
  readonly releases: StoreReleases;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.handoffs = parts.handoffs;
    this.releases = parts.releases;
  }

  accept(messages: InboundMessage[]): Promise<void> {
    return this.#parts.inbox.accept(messages);
  }

  claim(limit: number, run?: number): Turn[] {
    return guarded(() => this.#parts.inbox.claim(limit, run));
  }

  commit(results: TurnResult[]): void {
    guarded(() => this.#parts.commits.commit(results));
  }

  due(limit: number, now: number): Delivery[] {
    return guarded(() => this.#parts.outbox.due(limit, now));
  }

  settle(outcomes: DeliveryOutcome[]): void {
    guarded(() => this.#parts.outbox.settle(outcomes));
  }

  nextDueAt(): number | undefined {
    return this.#parts.outbox.lanes.nextAt();
  }

  wake(channel: ChannelId, address: string): boolean {
    return this.#parts.outbox.wake(channel, address);
  }

  wipes(): Wipe[] {
    return guarded(() => this.#parts.wipes.list());
  }

  tryWipe(id: number): void {
    guarded(() => this.#parts.wipes.try(id));
  }

  checkpoint(): void {
    guarded(() => checkpoint(this.#parts.ctx));
  }

  endWipe(id: number): void {
    guarded(() => this.#parts.wipes.end(id));
  }

  sweep(now: number): SweepReport {
    return guarded(() => {
      const report = this.#parts.sweeper.sweep(now);
      const keys = this.#parts.orphans;
      this.#parts.orphans = 0;
      return { ...report, keys };
    });
  }

  channelRows(channel: ChannelId): ChannelRows {
    let rows = this.#channelRows.get(channel);
    if (rows === undefined) {
      const sealed = new SealedRows(this.#parts.ctx, channel);
      rows = {
        get: (names) => guarded(() => sealed.get(names)),
        set: (changed) => guarded(() => sealed.set(changed)),
        forget: (owners) => guarded(() => sealed.forget(owners)),
        clear: () => guarded(() => sealed.clear()),
      };
      this.#channelRows.set(channel, rows);
    }
    return rows;
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
}
