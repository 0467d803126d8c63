import type { Statement } from 'better-sqlite3';
import { type Context, sealJson } from './context.ts';
import type { HandoffDesk } from './handoffs.ts';
import type { Inbox } from './inbox.ts';
import type { Outbox } from './outbox.ts';
import { Screen } from './screen.ts';
import type { Wipes } from './wipes.ts';

interface Pair {
  stays: number;
  goes: number;
}

/**
 * Two contacts that prove to be one person: WhatsApp shows somebody by their number, then by a hidden id, then by both.
 * The newer conversation stays. What waits for its turn or to be sent, what stands on the screen and the names move to
 * it, sealed anew; the other's key is destroyed. All rows move in the transaction that stores the message which told us.
 */
export class Merger {
  readonly #ctx: Context;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #wipes: Wipes;
  readonly #handoffs: HandoffDesk;
  readonly #screen: Screen;
  /** In the open transaction. */
  #begun: Pair[] = [];
  readonly #newest: Statement<[number, number, number], number>;
  readonly #moveInbox: Statement<[number, Buffer | null, number]>;
  readonly #moveOutbox: Statement<[number, Buffer | null, number]>;
  readonly #moveAliases: Statement<[number, number]>;
  readonly #keepLookup: Statement<[number, number]>;
  readonly #delete: Statement<[number]>;

  constructor(ctx: Context, inbox: Inbox, outbox: Outbox, wipes: Wipes, handoffs: HandoffDesk) {
    this.#ctx = ctx;
    this.#inbox = inbox;
    this.#outbox = outbox;
    this.#wipes = wipes;
    this.#handoffs = handoffs;
    this.#screen = new Screen(ctx);
    const { db } = ctx;
    // A conversation before none, then the one written in last, then the one under the name used now.
    this.#newest = db
      .prepare<[number, number, number], number>(
        `SELECT id FROM contact WHERE id IN (?, ?)
         ORDER BY state IS NOT NULL DESC, seen DESC, created DESC, id = ? DESC LIMIT 1`,
      )
      .pluck();
    // One that does not open moves as it is, and is found broken when its turn comes.
    this.#moveInbox = db.prepare('UPDATE inbox SET contact = ?, body = coalesce(?, body) WHERE seq = ?');
    this.#moveOutbox = db.prepare('UPDATE outbox SET contact = ?, body = coalesce(?, body) WHERE seq = ?');
    this.#moveAliases = db.prepare('UPDATE alias SET contact = ? WHERE contact = ?');
    this.#keepLookup = db.prepare(
      'INSERT OR REPLACE INTO alias (lookup, contact) SELECT lookup, ? FROM contact WHERE id = ?',
    );
    this.#delete = db.prepare('DELETE FROM contact WHERE id = ?');
  }

  /**
   * Moves the rows, inside a transaction; then call {@link ended}.
   * @returns which of the two stays; undefined while one of them has something handed out: the next message tries again
   */
  join(one: number, other: number): number | undefined {
    if (this.#isBusy(one) || this.#isBusy(other)) return undefined;
    const stays = this.#newest.get(one, other, one);
    if (stays === undefined) return undefined;
    const goes = stays === one ? other : one;
    for (const item of this.#inbox.lanes.of(goes)) {
      this.#moveInbox.run(
        stays,
        this.#sealed('inbox.body', item.id, stays, this.#inbox.peek(item)),
        item.seq,
      );
    }
    for (const item of this.#outbox.lanes.of(goes)) {
      this.#moveOutbox.run(
        stays,
        this.#sealed('outbox.body', item.id, stays, this.#outbox.peek(item)),
        item.seq,
      );
    }
    this.#handoffs.turns.adopt(stays, goes);
    this.#screen.addOlder(stays, this.#screen.read(goes));
    this.#moveAliases.run(stays, goes);
    this.#keepLookup.run(stays, goes);
    this.#delete.run(goes);
    this.#begun.push({ stays, goes });
    return stays;
  }

  /** After the transaction: memory follows the disk, and the keys of those who went are destroyed. */
  ended(committed: boolean): void {
    if (this.#begun.length === 0) return;
    const begun = this.#begun;
    this.#begun = [];
    if (!committed) return this.#handoffs.book.abandon();
    for (const { stays, goes } of begun) {
      this.#inbox.adopt(stays, goes);
      this.#outbox.adopt(stays, goes);
    }
    this.#wipes.shredRest(begun.map((p) => p.goes));
    this.#handoffs.book.finish();
  }

  #sealed(column: 'inbox.body' | 'outbox.body', row: number | string, contact: number, value: unknown) {
    return value === undefined ? null : (sealJson(this.#ctx, column, row, contact, value) ?? null);
  }

  #isBusy(contact: number): boolean {
    return (
      this.#inbox.lanes.busy(contact) ||
      this.#outbox.inFlight(contact) ||
      this.#begun.some((p) => p.stays === contact || p.goes === contact)
    );
  }
}
