import { sql } from 'drizzle-orm';
import { blob, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * Tables of `staff.db`: who works with the console. Nothing of a person who writes to the bot is in it, and it stays
 * when their data is moved away. Hours are whole hours since 1970, seconds are seconds since 1970, both UTC.
 */

/** One member of staff. Handoffs and the audit trail name them by `id` only. */
export const operator = sqliteTable(
  'operator',
  {
    /** Random, 48 bits. */
    id: integer().primaryKey(),
    /** As colleagues see it. */
    name: text().notNull(),
    /** The name as it is compared at sign-in: without capitals and doubled spaces. */
    login: text().notNull(),
    /** `operator`, `coordinator`, `admin` or `auditor`. */
    role: text().notNull(),
    /** `ru`, `kk` or `en`. */
    lang: text().notNull(),
    team: text(),
    /** argon2id in PHC form; null until set up, after a reset, and once removed. */
    password: text(),
    /** The TOTP seed, sealed; null together with `password`. */
    seed: blob({ mode: 'buffer' }),
    /** Step of the newest TOTP code that was taken: that one and older ones are refused. */
    step: integer().notNull(),
    /** Hour. */
    created: integer().notNull(),
    /** Hour; the row stays without its secrets until no audit row needs the name. */
    removed: integer(),
  },
  (t) => [uniqueIndex('operator_login').on(t.login).where(sql`removed IS NULL`)],
);

/** A recovery code that was not used yet. */
export const recovery = sqliteTable(
  'recovery',
  {
    /** HMAC-SHA-256(secret, operator ‖ code). */
    hash: blob({ mode: 'buffer' }).primaryKey(),
    operator: integer().notNull(),
  },
  (t) => [index('recovery_operator').on(t.operator)],
);

/** A link that can be used once: to set up an account, the very first one included, or to set it up again. */
export const invitation = sqliteTable('invitation', {
  /** SHA-256 of the link's token. */
  hash: blob({ mode: 'buffer' }).primaryKey(),
  /** Null for the first administrator, who has no account yet. */
  operator: integer(),
  /** `first`, `setup` or `reset`. */
  purpose: text().notNull(),
  /** Second after which it does not open. */
  until: integer().notNull(),
  /** What was entered in the first of the two steps: name (for `first` only), argon2id, and the sealed TOTP seed. */
  name: text(),
  password: text(),
  seed: blob({ mode: 'buffer' }),
});

/** Somebody who is signed in. */
export const session = sqliteTable(
  'session',
  {
    /** SHA-256 of the cookie's token. */
    hash: blob({ mode: 'buffer' }).primaryKey(),
    operator: integer().notNull(),
    /** Seconds. */
    created: integer().notNull(),
    seen: integer().notNull(),
  },
  (t) => [index('session_operator').on(t.operator)],
);

/** What was done, by whom, in which hour. Each row's `mac` covers the row before it. */
export const audit = sqliteTable('audit', {
  seq: integer().primaryKey(),
  hour: integer().notNull(),
  /** `operator.id`; 0 for the command line. */
  actor: integer().notNull(),
  action: text().notNull(),
  /** `operator.id`, a handoff's reference, or empty. */
  subject: text().notNull(),
  /** HMAC-SHA-256(secret, mac before ‖ row). */
  mac: blob({ mode: 'buffer' }).notNull(),
});

/** Both ends of the audit trail, one row: what is missing at either end shows, and the old end can be cut. */
export const auditEnds = sqliteTable('audit_ends', {
  id: integer().primaryKey(),
  /** `seq` of the oldest row, and the mac of the row that stood before it. */
  first: integer().notNull(),
  before: blob({ mode: 'buffer' }).notNull(),
  /** `seq` of the newest row; 0 before there is one. */
  last: integer().notNull(),
  /** HMAC-SHA-256(secret, this row ‖ mac of the newest row). */
  mac: blob({ mode: 'buffer' }).notNull(),
});
