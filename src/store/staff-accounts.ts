import { cleanText } from '../message.ts';
import { hourOf } from './context.ts';
import type { Audit } from './staff-audit.ts';
import { hashToken, newToken, type StaffContext, secondOf, transactStaff } from './staff-context.ts';
import { type ConsoleLang, type Operator, type Outcome, type Role, refused } from './staff-types.ts';

/** How long a link opens, in seconds. */
const INVITATION_LIFE = 24 * 60 * 60;
const NAME_LENGTH = 60;
const ID_BYTES = 6;

/** A row of `operator`. */
export interface Account {
  id: number;
  name: string;
  login: string;
  role: Role;
  lang: ConsoleLang;
  team: string | null;
  password: string | null;
  seed: Buffer | null;
  step: number;
  created: number;
  removed: number | null;
}

/** A name as it is kept: one line, at most 60 characters, nothing invisible. */
export function cleanName(raw: string): string {
  const line = cleanText(raw).text.replace(/\s+/gu, ' ').trim();
  return Array.from(line).slice(0, NAME_LENGTH).join('').trim();
}

/** A name as it is compared. */
export function loginOf(name: string): string {
  return cleanName(name).normalize('NFKC').toLowerCase();
}

/** The accounts of the console. `by` is who does it: an `Operator.id`, or 0 for the command line. */
export class Accounts {
  readonly #ctx: StaffContext;
  readonly #audit: Audit;

  constructor(ctx: StaffContext, audit: Audit) {
    this.#ctx = ctx;
    this.#audit = audit;
  }

  /** Everybody who was not removed, by name. */
  list(): Operator[] {
    const rows = this.#ctx.db
      .prepare<[], Account>('SELECT * FROM operator WHERE removed IS NULL ORDER BY login')
      .all();
    return rows.map(toOperator);
  }

  /** Somebody by id, also when removed, as long as the audit trail names them. */
  get(id: number): Operator | undefined {
    const row = this.#ctx.db.prepare<[number], Account>('SELECT * FROM operator WHERE id = ?').get(id);
    return row && toOperator(row);
  }

  /** The whole row of somebody who was not removed, by name in any spelling of capitals. */
  find(name: string): Account | undefined {
    return this.#ctx.db
      .prepare<[string], Account>('SELECT * FROM operator WHERE login = ? AND removed IS NULL')
      .get(loginOf(name));
  }

  /** The whole row of somebody who was not removed. */
  row(id: number): Account | undefined {
    return this.#ctx.db
      .prepare<[number], Account>('SELECT * FROM operator WHERE id = ? AND removed IS NULL')
      .get(id);
  }

  /** Makes an account and the link to set it up. @returns the link's token, shown once */
  add(
    person: { name: string; role: Role; lang: ConsoleLang; team?: string },
    by: number,
  ): Outcome<{ operator: Operator; token: string }> {
    return transactStaff(this.#ctx, () => {
      const made = this.insert(person);
      if (!made.ok) return made;
      this.#ctx.db.exec("DELETE FROM invitation WHERE purpose = 'first'");
      this.#audit.add(by, 'account_added', made.operator.id);
      return { ...made, token: this.invite('setup', made.operator.id) };
    });
  }

  /** The row alone; part of the caller's transaction. */
  insert(person: {
    name: string;
    role: Role;
    lang: ConsoleLang;
    team?: string;
  }): Outcome<{ operator: Operator }> {
    const name = cleanName(person.name);
    if (name === '') return refused('name_empty');
    if (this.find(name) !== undefined) return refused('name_taken');
    const { db, ids, clock } = this.#ctx;
    const id = ids.bytes(ID_BYTES).readUIntBE(0, ID_BYTES) || 1;
    const team = cleanName(person.team ?? '') || null;
    db.prepare(
      'INSERT INTO operator (id, name, login, role, lang, team, step, created) VALUES (?, ?, ?, ?, ?, ?, 0, ?)',
    ).run(id, name, loginOf(name), person.role, person.lang, team, hourOf(clock.now()));
    const operator = this.get(id);
    return operator === undefined ? refused('unknown') : { ok: true, operator };
  }

  /**
   * Locks an account at once (password, second factor, recovery codes, sessions) and makes a link to set it up again.
   * @returns the link's token, shown once
   */
  reset(id: number, by: number): Outcome<{ operator: Operator; token: string }> {
    return transactStaff(this.#ctx, () => {
      if (id === by) return refused('self');
      if (this.row(id) === undefined) return refused('unknown');
      this.#lock(id);
      this.#audit.add(by, 'account_reset', id);
      const operator = this.get(id);
      return operator === undefined
        ? refused('unknown')
        : { ok: true, operator, token: this.invite('reset', id) };
    });
  }

  /** Gives somebody another role and team; a new role ends their sessions. */
  change(id: number, to: { role: Role; team?: string }, by: number): Outcome {
    return transactStaff(this.#ctx, () => {
      const row = this.row(id);
      if (row === undefined) return refused('unknown');
      if (row.role !== to.role) {
        const why = this.#keepsAdmin(row, by);
        if (why !== undefined) return refused(why);
        this.#endSessions(id);
        this.#audit.add(by, 'account_role', id);
      }
      this.#ctx.db
        .prepare('UPDATE operator SET role = ?, team = ? WHERE id = ?')
        .run(to.role, cleanName(to.team ?? '') || null, id);
      return { ok: true };
    });
  }

  /** Removes somebody for good. The name stays as long as the audit trail needs it. */
  remove(id: number, by: number): Outcome {
    return transactStaff(this.#ctx, () => {
      const row = this.row(id);
      if (row === undefined) return refused('unknown');
      const why = this.#keepsAdmin(row, by);
      if (why !== undefined) return refused(why);
      this.#lock(id);
      const { db, clock } = this.#ctx;
      db.prepare('UPDATE operator SET removed = ? WHERE id = ?').run(hourOf(clock.now()), id);
      this.#audit.add(by, 'account_removed', id);
      return { ok: true };
    });
  }

  /** Language of the console for somebody. */
  setLang(id: number, lang: ConsoleLang): void {
    this.#ctx.db.prepare('UPDATE operator SET lang = ? WHERE id = ?').run(lang, id);
  }

  /** A fresh link; earlier ones for the same account are void. */
  invite(purpose: 'first' | 'setup' | 'reset', operator: number | null): string {
    const { db, clock } = this.#ctx;
    const token = newToken(this.#ctx);
    db.prepare('DELETE FROM invitation WHERE operator IS ?').run(operator);
    db.prepare('INSERT INTO invitation (hash, operator, purpose, until) VALUES (?, ?, ?, ?)').run(
      hashToken(token),
      operator,
      purpose,
      secondOf(clock.now()) + INVITATION_LIFE,
    );
    return token;
  }

  /** Deletes the rows of removed people whom the audit trail does not name any more. */
  sweep(): void {
    this.#ctx.db.exec(
      `DELETE FROM operator WHERE removed IS NOT NULL
       AND id NOT IN (SELECT actor FROM audit) AND CAST(id AS TEXT) NOT IN (SELECT subject FROM audit)`,
    );
  }

  #lock(id: number): void {
    const { db } = this.#ctx;
    db.prepare('UPDATE operator SET password = NULL, seed = NULL WHERE id = ?').run(id);
    db.prepare('DELETE FROM recovery WHERE operator = ?').run(id);
    db.prepare('DELETE FROM invitation WHERE operator = ?').run(id);
    this.#endSessions(id);
  }

  #endSessions(id: number): void {
    this.#ctx.db.prepare('DELETE FROM session WHERE operator = ?').run(id);
  }

  /** Why the role may not be taken from somebody, if so. */
  #keepsAdmin(row: Account, by: number): 'self' | 'last_admin' | undefined {
    if (row.id === by) return 'self';
    if (row.role !== 'admin' || row.password === null) return undefined;
    const others = this.#ctx.db.prepare(
      `SELECT 1 FROM operator WHERE role = 'admin' AND removed IS NULL AND password IS NOT NULL AND id != ?`,
    );
    return others.get(row.id) === undefined ? 'last_admin' : undefined;
  }
}

function toOperator(row: Account): Operator {
  const { id, name, role, lang, team, created } = row;
  const state = row.removed !== null ? 'removed' : row.password === null ? 'invited' : 'active';
  return { id, name, role, lang, state, created, ...(team === null ? {} : { team }) };
}
