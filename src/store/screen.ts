import type { Statement } from 'better-sqlite3';
import { type Context, sealJson, unsealJson } from './context.ts';

/** How many of the newest message ids are kept. */
const SENT_IDS = 100;

/** What stands on a person's screen: the platform's ids of what we sent, sealed, for "hide" and "delete my data". */
export class Screen {
  readonly #ctx: Context;
  readonly #select: Statement<[number], Buffer | null>;
  readonly #update: Statement<[Buffer | null, number]>;

  constructor(ctx: Context) {
    this.#ctx = ctx;
    this.#select = ctx.db.prepare<[number], Buffer | null>('SELECT sent FROM contact WHERE id = ?').pluck();
    this.#update = ctx.db.prepare('UPDATE contact SET sent = ? WHERE id = ?');
  }

  /** Newest last. */
  read(contact: number): string[] {
    return unsealJson<string[]>(this.#ctx, 'contact.sent', contact, contact, this.#select.get(contact)) ?? [];
  }

  /** @returns false when the contact is gone */
  add(contact: number, sentIds: readonly string[]): boolean {
    if (this.#ctx.keys.get(contact) === undefined) return false;
    const ids = [...this.read(contact), ...sentIds].slice(-SENT_IDS);
    this.#update.run(sealJson(this.#ctx, 'contact.sent', contact, contact, ids) ?? null, contact);
    return true;
  }

  clear(contact: number): void {
    this.#update.run(null, contact);
  }
}
