import type { Statement } from 'better-sqlite3';
import type { ChannelId, DeskEvent, InboundMessage, Input } from '../message.ts';
import { type Context, hourOf, sealJson } from './context.ts';
import { mac } from './crypto.ts';
import { contactName, MAX_ALIASES } from './identity.ts';
import type { ContactState, Inbox, KeptNames } from './inbox.ts';
import { LIFETIME_HOURS } from './lifetimes.ts';

/** What the bot is told of a chat. */
export interface Notice {
  event: DeskEvent;
  /** With the first claim: how long it took, in minutes. */
  waited?: number;
  /** Default: where the contact last wrote from. */
  to?: { channel: ChannelId; address: string } | undefined;
}

/**
 * What a chat needs of its contact: a word to the bot in the contact's own queue, and that they are still known when the
 * keys of the lookups have changed: somebody who answers an operator on the third day must not be a stranger.
 */
export class HandoffContacts {
  readonly #ctx: Context;
  readonly #inbox: Inbox;
  readonly #keepState: Statement<[Buffer, number]>;
  readonly #age: Statement<[number, number, number]>;
  readonly #rename: Statement<[Buffer, number]>;
  readonly #deleteAliases: Statement<[number]>;
  readonly #addAlias: Statement<[Buffer, number]>;
  readonly #has: Statement<[number], number>;

  constructor(ctx: Context, inbox: Inbox) {
    this.#ctx = ctx;
    this.#inbox = inbox;
    const { db } = ctx;
    this.#keepState = db.prepare('UPDATE contact SET state = ? WHERE id = ?');
    this.#age = db.prepare('UPDATE contact SET seen = ?, created = max(created, ?) WHERE id = ?');
    this.#rename = db.prepare('UPDATE OR IGNORE contact SET lookup = ? WHERE id = ?');
    this.#deleteAliases = db.prepare('DELETE FROM alias WHERE contact = ?');
    this.#addAlias = db.prepare('INSERT OR REPLACE INTO alias (lookup, contact) VALUES (?, ?)');
    this.#has = db.prepare<[number], number>('SELECT 1 FROM contact WHERE id = ?').pluck();
  }

  exists(contact: number): boolean {
    return this.#ctx.keys.get(contact) !== undefined && this.#has.get(contact) !== undefined;
  }

  /**
   * Puts an event into the contact's queue, inside a transaction, so that it is handled in its order and once.
   * @returns what to do after the commit
   */
  notify(contact: number, { event, waited, to = this.#inbox.stateOf(contact) }: Notice): () => void {
    if (to === undefined) return () => undefined;
    const { channel, address } = to;
    const input: Input = { kind: 'desk', event, ...(waited === undefined ? {} : { waited }) };
    const message: InboundMessage = { channel, account: '', user: '', id: '', address, input };
    const item = this.#inbox.insert(contact, message, this.#ctx.clock.now());
    return () => {
      if (item !== undefined) this.#inbox.enqueue(item);
    };
  }

  /** The names to keep with the state of a contact whose chat is open. */
  names({ account, user, aliases = [] }: InboundMessage, kept?: KeptNames): KeptNames | undefined {
    // Not from a channel, but from ourselves.
    if (user === '') return kept;
    const users = new Set([user, ...aliases, ...(kept?.users ?? [])]);
    return { account, users: [...users].slice(0, 1 + MAX_ALIASES) };
  }

  /** Inside a transaction, with the end of a chat: the names go, and the conversation ends a day later at the latest. */
  letGo(contact: number): void {
    const state = this.#inbox.stateOf(contact);
    if (state === undefined) return;
    const { names: _, ...rest } = state;
    this.#write(contact, rest);
    const hour = hourOf(this.#ctx.clock.now());
    this.#age.run(hour, hour - (LIFETIME_HOURS.session - LIFETIME_HOURS.idle), contact);
  }

  /** After the index key was replaced: these contacts are found under the new one. */
  rename(contacts: readonly number[]): void {
    const { key } = this.#ctx.keys.index()[0];
    for (const contact of contacts) {
      const state = this.#inbox.stateOf(contact);
      if (state?.names === undefined) continue;
      const { account, users } = state.names;
      const [first, ...others] = users.map((user) => mac(key, contactName(state.channel, account, user)));
      if (first === undefined) continue;
      this.#rename.run(first, contact);
      this.#deleteAliases.run(contact);
      for (const lookup of others) this.#addAlias.run(lookup, contact);
    }
  }

  #write(contact: number, state: ContactState): void {
    const sealed = sealJson(this.#ctx, 'contact.state', contact, contact, state);
    if (sealed !== undefined) this.#keepState.run(sealed, contact);
  }
}
