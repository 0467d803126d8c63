import { timingSafeEqual } from 'node:crypto';
import { setImmediate as pause } from 'node:timers/promises';
import { hourOf } from './context.ts';
import { keyed, type StaffContext, transactStaff } from './staff-context.ts';

/** What is written down. The console has a word for each under `audit.actions`. */
export const AUDIT_ACTIONS = [
  'sign_in',
  'sign_in_slowed',
  'sign_out',
  'recovery_used',
  'recovery_renewed',
  'password_changed',
  'account_added',
  'account_set_up',
  'account_reset',
  'account_role',
  'account_removed',
  'handoff_read',
  'handoff_claimed',
  'handoff_transferred',
  'handoff_closed',
  'whatsapp_logged_out',
  'telegram_linked',
  'telegram_unlinked',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** One line of the trail. */
export interface AuditEntry {
  seq: number;
  /** Hours since 1970. */
  hour: number;
  /** `Operator.id`; 0 for the command line. */
  actor: number;
  action: AuditAction;
  /** `Operator.id` as text, a handoff's reference, or ''. */
  subject: string;
}

/** Whether the trail is whole; if not, the number of the first row that is not as it was written, or is missing. */
export type AuditState = { ok: true; rows: number } | { ok: false; seq: number };

const KEPT_HOURS = 180 * 24;
const MAC_BYTES = 32;
/** Rows read in one go: a few ms. */
const PORTION = 500;
/** In the place of a mac, for good: a trail that was found broken never looks whole again. */
const BROKEN = Buffer.alloc(MAC_BYTES);

type Row = Omit<AuditEntry, 'action'> & { action: string; mac: Buffer };

interface Ends {
  first: number;
  before: Buffer;
  last: number;
  mac: Buffer;
}

/** The audit trail: every row's mac covers the one before it, and a row of its own covers both ends. */
export class Audit {
  readonly #ctx: StaffContext;

  constructor(ctx: StaffContext) {
    this.#ctx = ctx;
    // Only in a new database: where accounts are, a missing row was taken away.
    if (this.#ends() === undefined && this.#isNew()) {
      const before = ctx.ids.bytes(MAC_BYTES);
      this.#write({ first: 1, before, last: 0 }, before);
    }
  }

  /**
   * Adds one line, in the caller's transaction if there is one.
   * @param actor `Operator.id`; 0 for the command line
   * @param subject an account's id, or a handoff's reference; nothing a person wrote
   */
  add(actor: number, action: AuditAction, subject: string | number = ''): void {
    const { db, clock } = this.#ctx;
    transactStaff(this.#ctx, () => {
      const ends = this.#ends() ?? { first: 1, before: BROKEN, last: 0, mac: BROKEN };
      const last = this.#macAt(ends);
      const whole = last !== undefined && this.#isSealed(ends, last);
      const row = {
        // Behind whatever is there: work must go on when somebody tampered.
        seq: Math.max(ends.last, this.#newest()) + 1,
        hour: hourOf(clock.now()),
        actor,
        action,
        subject: String(subject),
      };
      const mac = this.#macOf(last ?? BROKEN, row);
      db.prepare('INSERT INTO audit (seq, hour, actor, action, subject, mac) VALUES (?, ?, ?, ?, ?, ?)').run(
        row.seq,
        row.hour,
        row.actor,
        row.action,
        row.subject,
        mac,
      );
      this.#write({ ...ends, last: row.seq }, whole ? mac : undefined);
    });
  }

  /** The newest lines first. */
  list(options: { before?: number; limit: number }): AuditEntry[] {
    return this.#ctx.db
      .prepare<[number, number], AuditEntry>(
        'SELECT seq, hour, actor, action, subject FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?',
      )
      .all(options.before ?? Number.MAX_SAFE_INTEGER, options.limit);
  }

  /**
   * Reads the whole trail and says whether anything in it was changed, moved or taken away. About 7 µs a row, in
   * portions between which other work goes on.
   */
  async verify(): Promise<AuditState> {
    for (;;) {
      const first = this.#ends()?.first;
      const state = await this.#read();
      // When the old end was cut meanwhile, rows were missing that nobody took.
      if (state.ok || this.#ends()?.first === first) return state;
    }
  }

  /** Cuts off what is older than 180 days, unless it is not whole: then it stays, as evidence. */
  cut(now: number): number {
    return transactStaff(this.#ctx, () => {
      const { db } = this.#ctx;
      const ends = this.#ends();
      const until = db
        .prepare<[number], number>('SELECT max(seq) FROM audit WHERE hour < ?')
        .pluck()
        .get(hourOf(now) - KEPT_HOURS);
      if (ends === undefined || until == null) return 0;
      const last = this.#macAt(ends);
      const at = { seq: ends.first, mac: ends.before };
      const old = this.#rows(ends.first, until, Number.MAX_SAFE_INTEGER);
      const whole = this.#follow(at, old) && at.seq === until + 1;
      if (!whole || last === undefined || !this.#isSealed(ends, last)) return 0;
      const gone = db.prepare('DELETE FROM audit WHERE seq <= ?').run(until).changes;
      this.#write({ first: until + 1, before: at.mac, last: ends.last }, last);
      return gone;
    });
  }

  async #read(): Promise<AuditState> {
    const ends = this.#ends();
    const newest = ends && this.#macAt(ends);
    if (ends === undefined || newest === undefined) return { ok: false, seq: ends?.last ?? 1 };
    if (!this.#isSealed(ends, newest) || this.#newest() > ends.last) return { ok: false, seq: ends.last };
    if (this.#rows(Number.MIN_SAFE_INTEGER, ends.first - 1, 1).length > 0)
      return { ok: false, seq: ends.first };
    const at = { seq: ends.first, mac: ends.before };
    while (at.seq <= ends.last) {
      const rows = this.#rows(at.seq, ends.last, PORTION);
      if (rows.length === 0 || !this.#follow(at, rows)) return { ok: false, seq: at.seq };
      await pause();
    }
    return { ok: true, rows: at.seq - ends.first };
  }

  /** Moves `at` behind the rows as long as each continues the one before it. @returns whether all do */
  #follow(at: { seq: number; mac: Buffer }, rows: readonly Row[]): boolean {
    for (const row of rows) {
      if (row.seq !== at.seq || !equal(row.mac, this.#macOf(at.mac, row))) return false;
      at.mac = row.mac;
      at.seq += 1;
    }
    return true;
  }

  #isNew(): boolean {
    const { db } = this.#ctx;
    return db.prepare('SELECT 1 FROM operator UNION ALL SELECT 1 FROM audit LIMIT 1').get() === undefined;
  }

  #newest(): number {
    return this.#ctx.db.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM audit').pluck().get() ?? 0;
  }

  #rows(from: number, to: number, limit: number): Row[] {
    return this.#ctx.db
      .prepare<[number, number, number], Row>(
        'SELECT seq, hour, actor, action, subject, mac FROM audit WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?',
      )
      .all(from, to, limit);
  }

  #ends(): Ends | undefined {
    return this.#ctx.db
      .prepare<[], Ends>('SELECT first, before, last, mac FROM audit_ends WHERE id = 1')
      .get();
  }

  /** The mac the next row continues from; undefined when the newest row is not there. */
  #macAt({ first, before, last }: Ends): Buffer | undefined {
    if (last < first) return before;
    return this.#ctx.db.prepare<[number], Buffer>('SELECT mac FROM audit WHERE seq = ?').pluck().get(last);
  }

  #macOf(before: Buffer, row: Omit<Row, 'mac'>): Buffer {
    return keyed(this.#ctx, 'audit', before, row.seq, row.hour, row.actor, row.action, row.subject);
  }

  #isSealed(ends: Ends, last: Buffer): boolean {
    return equal(ends.mac, this.#seal(ends, last));
  }

  #seal({ first, before, last }: Omit<Ends, 'mac'>, newest: Buffer): Buffer {
    return keyed(this.#ctx, 'audit ends', first, before, last, newest);
  }

  /** @param newest mac of the newest row, or undefined when the trail is broken */
  #write(ends: Omit<Ends, 'mac'>, newest: Buffer | undefined): void {
    const mac = newest === undefined ? BROKEN : this.#seal(ends, newest);
    this.#ctx.db
      .prepare('INSERT OR REPLACE INTO audit_ends (id, first, before, last, mac) VALUES (1, ?, ?, ?, ?)')
      .run(ends.first, ends.before, ends.last, mac);
  }
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
