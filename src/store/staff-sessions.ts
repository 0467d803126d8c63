import type { Accounts } from './staff-accounts.ts';
import { hashToken, newToken, type StaffContext, secondOf } from './staff-context.ts';
import type { Operator } from './staff-types.ts';

/** In seconds. */
export const SESSION_LIFE = { idle: 15 * 60, whole: 8 * 60 * 60 } as const;
/** A request is written down at most this often, in seconds: a session may end that much early, never late. */
const TOUCH = 30;

/** Who is signed in: a random token in the cookie, its hash here. */
export class Sessions {
  readonly #ctx: StaffContext;
  readonly #accounts: Accounts;

  constructor(ctx: StaffContext, accounts: Accounts) {
    this.#ctx = ctx;
    this.#accounts = accounts;
  }

  /** Begins a session. @returns the token for the cookie; always a new one */
  open(operator: number): string {
    const token = newToken(this.#ctx);
    const now = secondOf(this.#ctx.clock.now());
    this.#ctx.db
      .prepare('INSERT INTO session (hash, operator, created, seen) VALUES (?, ?, ?, ?)')
      .run(hashToken(token), operator, now, now);
    return token;
  }

  /**
   * Who is behind a token, if the session has not ended.
   * @param touch whether this counts as the person doing something; false for what a page does by itself
   */
  find(token: string, touch: boolean): Operator | undefined {
    const hash = hashToken(token);
    if (hash === undefined) return undefined;
    const { db, clock } = this.#ctx;
    const row = db
      .prepare<[Buffer], { operator: number; created: number; seen: number }>(
        'SELECT operator, created, seen FROM session WHERE hash = ?',
      )
      .get(hash);
    if (row === undefined) return undefined;
    const now = secondOf(clock.now());
    const operator = this.#accounts.get(row.operator);
    const over = now >= row.seen + SESSION_LIFE.idle || now >= row.created + SESSION_LIFE.whole;
    if (over || operator?.state !== 'active') {
      this.end(token);
      return undefined;
    }
    if (touch && now - row.seen >= TOUCH) {
      db.prepare('UPDATE session SET seen = ? WHERE hash = ?').run(now, hash);
    }
    return operator;
  }

  /** Ends one session. @returns whether there was one */
  end(token: string): boolean {
    const hash = hashToken(token);
    if (hash === undefined) return false;
    return this.#ctx.db.prepare('DELETE FROM session WHERE hash = ?').run(hash).changes === 1;
  }

  /** Ends every session of somebody. */
  endAll(operator: number): void {
    this.#ctx.db.prepare('DELETE FROM session WHERE operator = ?').run(operator);
  }

  /** Deletes the rows of sessions that are over. */
  sweep(now: number): void {
    const second = secondOf(now);
    this.#ctx.db
      .prepare('DELETE FROM session WHERE seen <= ? OR created <= ?')
      .run(second - SESSION_LIFE.idle, second - SESSION_LIFE.whole);
  }
}
