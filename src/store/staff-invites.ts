import { type Accounts, cleanName } from './staff-accounts.ts';
import type { Audit } from './staff-audit.ts';
import { describeSeed, newSeed, renewRecovery, stepOf } from './staff-codes.ts';
import {
  hashToken,
  openSeed,
  type StaffContext,
  sealSeed,
  secondOf,
  transactStaff,
} from './staff-context.ts';
import { type Passwords, passwordProblem } from './staff-password.ts';
import type { Sessions } from './staff-sessions.ts';
import type { Tries } from './staff-tries.ts';
import { type ConsoleLang, type Outcome, refused } from './staff-types.ts';

/** A link that still opens. */
export interface Invitation {
  purpose: 'first' | 'setup' | 'reset';
  /** Absent for the first administrator, who chooses one. */
  name?: string;
}

interface Row {
  hash: Buffer;
  operator: number | null;
  purpose: Invitation['purpose'];
  name: string | null;
  password: string | null;
  seed: Buffer | null;
}

/** What links are made of. */
export interface InvitesParts {
  ctx: StaffContext;
  accounts: Accounts;
  sessions: Sessions;
  audit: Audit;
  passwords: Passwords;
  tries: Tries;
}

/** The way from a link to an account that works: a password, then a second factor, then it is done. */
export class Invites {
  readonly #parts: InvitesParts;
  #first: string | undefined;

  constructor(parts: InvitesParts) {
    this.#parts = parts;
  }

  /**
   * While there is no account: the path of the first administrator's link, new at each start (the one before is void
   * then) and good for 24 hours. Undefined as soon as somebody has an account.
   */
  firstLink(): string | undefined {
    const { ctx, accounts } = this.#parts;
    if (accounts.list().length > 0) return undefined;
    this.#first ??= transactStaff(ctx, () => accounts.invite('first', null));
    return invitePath(this.#first);
  }

  /** What a link is for; undefined when it does not open. */
  look(token: string): Invitation | undefined {
    const row = this.#row(token);
    if (row === undefined) return undefined;
    const name = row.operator === null ? undefined : this.#parts.accounts.get(row.operator)?.name;
    return { purpose: row.purpose, ...(name === undefined ? {} : { name }) };
  }

  /**
   * First step: the password (and the first administrator's name). Nothing changes for the account yet.
   * @returns a fresh seed for the app: the text of its QR code, and the same to type
   */
  async begin(
    token: string,
    given: { name?: string; password: string },
  ): Promise<Outcome<{ uri: string; text: string }>> {
    const { ctx, accounts, passwords } = this.#parts;
    const before = this.#row(token);
    if (before === undefined) return refused('gone');
    const name = before.operator === null ? cleanName(given.name ?? '') : accounts.get(before.operator)?.name;
    if (name === undefined) return refused('gone');
    if (name === '') return refused('name_empty');
    const problem = passwordProblem(given.password);
    if (problem !== undefined) return refused(problem);
    const password = await passwords.hash(given.password);
    if (password === undefined) return refused('busy');
    const seed = newSeed(ctx.ids);
    return transactStaff(ctx, () => {
      // It may have been used, or made void, while the password was hashed.
      const row = this.#row(token);
      if (row === undefined) return refused('gone');
      const own = row.operator === null ? name : null;
      const sealed = sealSeed(ctx, 'invitation', row.hash.toString('hex'), seed);
      ctx.db
        .prepare('UPDATE invitation SET name = ?, password = ?, seed = ? WHERE hash = ?')
        .run(own, password, sealed, row.hash);
      return { ok: true, ...describeSeed(seed, name) };
    });
  }

  /** The seed of a second step that has begun, to be shown again after a code that was not right. */
  again(token: string): { uri: string; text: string } | undefined {
    const row = this.#row(token);
    if (row?.seed == null) return undefined;
    const name = row.name ?? this.look(token)?.name ?? '';
    return describeSeed(this.#seedOf(row, row.seed), name);
  }

  /**
   * Second step: the first code of the app. Sets the account up, signs in, and uses the link up.
   * @returns the session's token and the recovery codes, shown once
   */
  finish(token: string, code: string, lang: ConsoleLang): Outcome<{ session: string; recovery: string[] }> {
    const { ctx, tries } = this.#parts;
    const found = this.#row(token);
    if (found === undefined) return refused('gone');
    const wait = tries.take(`link ${found.hash.toString('hex')}`);
    if (wait > 0) return refused('slow', wait);
    return transactStaff(ctx, () => {
      const row = this.#row(token);
      if (row?.password == null || row.seed === null) return refused('gone');
      const seed = this.#seedOf(row, row.seed);
      const step = stepOf(seed, code, ctx.clock.now(), 0);
      if (step === undefined) return refused('wrong');
      return this.#complete(row, { password: row.password, seed, step, lang });
    });
  }

  /** Deletes links that have expired. */
  sweep(now: number): void {
    this.#parts.ctx.db.prepare('DELETE FROM invitation WHERE until <= ?').run(secondOf(now));
  }

  #complete(
    row: Row,
    made: { password: string; seed: Buffer; step: number; lang: ConsoleLang },
  ): Outcome<{ session: string; recovery: string[] }> {
    const { ctx, accounts, sessions, audit } = this.#parts;
    let id = row.operator;
    if (id === null) {
      if (accounts.list().length > 0) return refused('gone');
      const first = accounts.insert({ name: row.name ?? '', role: 'admin', lang: made.lang });
      if (!first.ok) return first;
      id = first.operator.id;
    }
    ctx.db
      .prepare('UPDATE operator SET password = ?, seed = ?, step = ? WHERE id = ?')
      .run(made.password, sealSeed(ctx, 'operator', id, made.seed), made.step, id);
    ctx.db.prepare('DELETE FROM invitation WHERE hash = ?').run(row.hash);
    const recovery = renewRecovery(ctx, id);
    audit.add(id, 'account_set_up', id);
    audit.add(id, 'sign_in');
    return { ok: true, session: sessions.open(id), recovery };
  }

  #seedOf(row: Row, sealed: Buffer): Buffer {
    return openSeed(this.#parts.ctx, 'invitation', row.hash.toString('hex'), sealed);
  }

  #row(token: string): Row | undefined {
    const { db, clock } = this.#parts.ctx;
    const hash = hashToken(token);
    if (hash === undefined) return undefined;
    return db
      .prepare<[Buffer, number], Row>(
        'SELECT hash, operator, purpose, name, password, seed FROM invitation WHERE hash = ? AND until > ?',
      )
      .get(hash, secondOf(clock.now()));
  }
}

/** Where a link leads, below the console's address. */
export function invitePath(token: string): string {
  return `/console/invite/${token}`;
}
