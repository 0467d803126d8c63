import { blob, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * Tables of `keys.db`, which is never in a backup and never has a WAL: deleting a row here is the shredding.
 * All keys are wrapped with AES-256-GCM under the root key.
 */

/** The key of one contact or one wipe ticket, under the same random id. */
export const dataKey = sqliteTable('data_key', {
  id: integer().primaryKey(),
  wrapped: blob({ mode: 'buffer' }).notNull(),
});

/** The keys of the HMACs: the newest is in use, the one before still finds, older ones do not exist. */
export const indexKey = sqliteTable('index_key', {
  id: integer().primaryKey(),
  /** Milliseconds since 1970. */
  created: integer().notNull(),
  wrapped: blob({ mode: 'buffer' }).notNull(),
});

/** What a channel's rows are sealed with (32 bytes) and named by (32 bytes); deleted at logout. */
export const channelSecret = sqliteTable('channel_secret', {
  channel: text().primaryKey(),
  wrapped: blob({ mode: 'buffer' }).notNull(),
});
