import { blob, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Tables of `hamroh.db`. Everything a person could be known by is ciphertext or an HMAC; a test compares this file
 * with the inventory in `db/README.md` and fails on a column that is not listed there.
 *
 * Times are whole hours since 1970 (UTC), so that no row says at which minute somebody wrote. There are no foreign
 * keys between the hot tables: each delete of a parent would need an index on the child, and the store deletes a
 * contact's rows by the row numbers it already knows.
 */

/** One conversation with one person on one channel. `id` is random and also names its data key in `keys.db`. */
export const contact = sqliteTable(
  'contact',
  {
    id: integer().primaryKey(),
    /** HMAC-SHA-256(index key, channel ‖ account ‖ user), first 16 bytes. */
    lookup: blob({ mode: 'buffer' }).notNull().unique(),
    created: integer().notNull(),
    seen: integer().notNull(),
    /** Sealed `{channel, address, session}`; null until the first turn is done. */
    state: blob({ mode: 'buffer' }),
    /** Sealed list of the platform's ids of what we sent, the newest 100; for "hide" and "delete my data". */
    sent: blob({ mode: 'buffer' }),
  },
  // Both columns, so that the sweep reads this small index and not the rows.
  (t) => [index('contact_age').on(t.seen, t.created)],
);

/** Messages that wait for their turn. A row is deleted in the transaction that carries out its turn. */
export const inbox = sqliteTable('inbox', {
  /** Order of arrival. */
  seq: integer().primaryKey(),
  /** Random; names the row in the ciphertext and in the ids of the answers. */
  id: integer().notNull(),
  contact: integer().notNull(),
  hour: integer().notNull(),
  /** Sealed {@link import('../src/message.ts').InboundMessage}; null once `fault` is set. */
  body: blob({ mode: 'buffer' }),
  /** An error code when the payload could not be opened; the payload is erased then. */
  fault: text(),
});

/** Answers that wait to be sent. A row is deleted when it was sent. */
export const outbox = sqliteTable('outbox', {
  seq: integer().primaryKey(),
  /** `<inbox id>.<number of the effect>`: the same turn can only ever make the same rows. */
  id: text().notNull(),
  contact: integer().notNull(),
  hour: integer().notNull(),
  /** 0 waits, 1 is being written to a socket (set before the first byte). */
  sending: integer().notNull(),
  /** Tries so far. */
  attempts: integer().notNull(),
  /** Tries of which nobody knows whether they arrived. */
  unclear: integer().notNull(),
  /** Not before this second since 1970; 0 means now. When we send, never when somebody wrote. */
  retry: integer().notNull(),
  /** Sealed `{channel, address, message}` or `{channel, address, hide: true}`. */
  body: blob({ mode: 'buffer' }).notNull(),
});

/**
 * Messages we have seen: the platform's message id as an HMAC under index key `key`. There is no time here; the rows
 * die with their index key, 24 to 48 hours after they were written. WITHOUT ROWID is added by hand in the migration
 * (half the size, one tree instead of two); a test guards it.
 */
export const guard = sqliteTable(
  'guard',
  { key: integer().notNull(), mac: blob({ mode: 'buffer' }).notNull() },
  (t) => [primaryKey({ columns: [t.key, t.mac] })],
);

/**
 * How often something happened in a week. No row stands for an event or a person. Released and deleted when the week is
 * over. WITHOUT ROWID by hand.
 */
export const counter = sqliteTable(
  'counter',
  {
    /** Monday of the week, `2026-11-16`. */
    week: text().notNull(),
    name: text().notNull(),
    a: text().notNull(),
    b: text().notNull(),
    n: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.week, t.name, t.a, t.b] })],
);

/** What is published of a week, made once: see `src/usage/release.ts`. */
export const release = sqliteTable('release', {
  /** Monday of the week, `2026-11-16`. */
  week: text().primaryKey(),
  /** JSON, the exact bytes that were hashed. */
  body: text().notNull(),
  /** SHA-256 in hex over the hash of the week before, and `body`. */
  hash: text().notNull(),
});

/** One row: the week in which counting began. Every week since then gets a release, an empty one as well. */
export const countingSince = sqliteTable('counting_since', {
  id: integer().primaryKey(),
  week: text().notNull(),
});

/** What is left of somebody who asked to be forgotten until the platform confirmed; `id` names its own key. */
export const wipe = sqliteTable('wipe', {
  id: integer().primaryKey(),
  hour: integer().notNull(),
  attempts: integer().notNull(),
  /** Sealed `{channel, address, sentIds, done}`. */
  body: blob({ mode: 'buffer' }).notNull(),
});

/** One number that `/readyz` rewrites to see whether a write reaches the disk. */
export const probe = sqliteTable('probe', { id: integer().primaryKey(), n: integer().notNull() });

/**
 * What a channel keeps for itself: WhatsApp's credentials and encryption sessions. `id` and `owner` are HMACs under the
 * channel's secret in `keys.db`, `body` is sealed under it; rows with an owner (a person) die with the conversation.
 */
export const channelRow = sqliteTable(
  'channel_row',
  {
    /** HMAC-SHA-256(secret, name), first 16 bytes; the secret is the channel's own. */
    id: blob({ mode: 'buffer' }).primaryKey(),
    /** Whose rows go when the channel's secret does. */
    channel: text().notNull(),
    /** HMAC of the platform's id of the person it is about; null for the account's own rows. */
    owner: blob({ mode: 'buffer' }),
    /** Hour of the last write, for rows with an owner; 0 otherwise. */
    hour: integer().notNull(),
    body: blob({ mode: 'buffer' }).notNull(),
  },
  (t) => [index('channel_row_owner').on(t.owner), index('channel_row_hour').on(t.hour)],
);

/**
 * Other names of a contact on the same account (WhatsApp knows a person by a number and by a hidden id). Made and found
 * as `contact.lookup` is; gone with the contact. WITHOUT ROWID by hand.
 */
export const alias = sqliteTable(
  'alias',
  {
    /** HMAC-SHA-256(index key, channel ‖ account ‖ name), first 16 bytes. */
    lookup: blob({ mode: 'buffer' }).primaryKey(),
    contact: integer().notNull(),
  },
  (t) => [index('alias_contact').on(t.contact)],
);

/**
 * One chat of a person with the organisation, from the request to 72 h after its end. `key` names its own data key: what
 * is sealed dies with it. Readable is what the queue needs and nobody could be known by.
 */
export const handoff = sqliteTable('handoff', {
  id: integer().primaryKey(),
  key: integer().notNull().unique(),
  /** Six random letters and digits to speak about it. */
  ref: text().notNull().unique(),
  /** When it was asked for. */
  hour: integer().notNull(),
  state: text().notNull(),
  /** Number of the operator who holds it; 0: somebody on the organisation's phone. */
  owner: integer(),
  team: text(),
  lang: text().notNull(),
  topic: text().notNull(),
  urgent: integer().notNull(),
  /** Sealed `{contact, channel, country, labels, openedAt, lastAt, …, way, thread}`. */
  body: blob({ mode: 'buffer' }).notNull(),
});

/** What was said in a chat; sealed under the chat's key, padded to steps of 256 bytes. */
export const handoffLine = sqliteTable(
  'handoff_line',
  {
    /** Order. */
    seq: integer().primaryKey(),
    /** Random; names the row in the ciphertext, and an operator's words in the outbox. */
    id: integer().notNull().unique(),
    handoff: integer().notNull(),
    /** Sealed `{from, by, text, at, delivery}`. */
    body: blob({ mode: 'buffer' }).notNull(),
  },
  (t) => [index('handoff_line_handoff').on(t.handoff)],
);

/** What time alone does to a chat. */
export const handoffTimer = sqliteTable(
  'handoff_timer',
  {
    handoff: integer().notNull(),
    name: text().notNull(),
    /** Whole minutes since 1970. */
    minute: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.handoff, t.name] })],
);
