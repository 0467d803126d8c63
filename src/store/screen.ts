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
    this.#keep(contact, [...this.read(contact), ...sentIds]);
    return true;
  }

  /** What somebody else's screen showed, who turned out to be this contact. */
  addOlder(contact: number, sentIds: readonly string[]): void {
    if (sentIds.length > 0) this.#keep(contact, [...sentIds, ...this.read(contact)]);
  }

  #keep(contact: number, ids: readonly string[]): void {
    const sealed = sealJson(this.#ctx, 'contact.sent', contact, contact, ids.slice(-SENT_IDS));
    this.#update.run(sealed ?? null, contact);
  }

  clear(contact: number): void {
    this.#update.run(null, contact);
  }
}
