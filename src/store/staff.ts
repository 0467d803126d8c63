import { timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import type { Clock, Ids } from '../clock.ts';
import { AppError } from '../errors.ts';
import { type Connection, MAIN_PRAGMAS, openDatabase } from './db.ts';
import { type Account, Accounts, loginOf } from './staff-accounts.ts';
import { Audit } from './staff-audit.ts';
import { countRecovery, renewRecovery, stepOf, useRecovery } from './staff-codes.ts';
import { keyed, newToken, openSeed, type StaffContext, transactStaff } from './staff-context.ts';
import { Invites } from './staff-invites.ts';
import { Passwords, passwordProblem } from './staff-password.ts';
import { Sessions } from './staff-sessions.ts';
import { Tries } from './staff-tries.ts';
import { type Operator, type Outcome, refused } from './staff-types.ts';

const SECRET_BYTES = 64;
const KEY_BYTES = 32;
/** How long it is remembered, in RAM, from where somebody signed in. */
const KNOWN_MS = 24 * 60 * 60 * 1000;

export interface StaffOptions {
  /** The data folder, which exists. Whoever holds its lock need not be this process. */
  dir: string;
  /** `db/migrations`. */
  migrations: string;
  /** 64 bytes from `staffSecret`. */
  secret: Buffer;
  clock: Clock;
  ids: Ids;
}

/** What somebody enters to sign in. */
export interface Credentials {
  name: string;
  password: string;
  /** A code of the app, or a recovery code. */
  code: string;
  /** Where the request came from; counted in RAM, never written down. */
  address: string;
}

/**
 * `staff.db`: accounts, links, sessions, audit trail. Keeps nothing in memory but the counts of tries, so that a second
 * process (`hamroh operator`) may write at the same time, and a restart changes nothing.
 */
export class Staff {
  readonly audit: Audit;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly invites: Invites;
  readonly #ctx: StaffContext;
  readonly #passwords: Passwords;
  readonly #tries: Tries;
  /** Name and address of those who signed in from there since the start: others' guesses do not slow them. */
  readonly #known = new Map<string, number>();

  /** @throws AppError STORE_UNREADABLE when the file is broken or belongs to another root key */
  constructor({ dir, migrations, secret, clock, ids }: StaffOptions) {
    if (secret.length !== SECRET_BYTES) throw new Error(`the staff secret has ${secret.length} bytes`);
    const db = openDatabase(join(dir, 'staff.db'), MAIN_PRAGMAS, join(migrations, 'staff'));
    const [sealKey, macKey] = [secret.subarray(0, KEY_BYTES), secret.subarray(KEY_BYTES)];
    this.#ctx = { db, clock, ids, sealKey: Buffer.from(sealKey), macKey: Buffer.from(macKey) };
    try {
      checkSecret(this.#ctx);
      this.audit = new Audit(this.#ctx);
    } catch (cause) {
      db.close();
      throw cause;
    }
    this.#tries = new Tries(clock);
    this.#passwords = new Passwords(ids);
    this.accounts = new Accounts(this.#ctx, this.audit);
    this.sessions = new Sessions(this.#ctx, this.accounts);
    this.invites = new Invites({
      ctx: this.#ctx,
      accounts: this.accounts,
      sessions: this.sessions,
      audit: this.audit,
      passwords: this.#passwords,
      tries: this.#tries,
    });
    this.sweep(clock.now());
  }

  /**
   * Checks name, password and code together; what was wrong is not said, and takes as long for a name nobody has.
   * @returns the token of a new session
   */
  async signIn(given: Credentials): Promise<Outcome<{ session: string; operator: Operator }>> {
    const login = loginOf(given.name);
    const key = this.#keyOf(login, given.address);
    const slowed = this.#tries.isSlowed(key);
    const wait = this.#tries.take(key, `address ${given.address}`);
    if (wait > 0) return refused('slow', wait);
    const before = this.accounts.find(login);
    if (!slowed && this.#tries.isSlowed(key) && before) this.audit.add(before.id, 'sign_in_slowed');
    const right = await this.#passwords.verify(before?.password, given.password);
    if (right === undefined) return refused('busy');
    return transactStaff(this.#ctx, () => {
      // The account may have been changed while the password was checked.
      const row = this.accounts.find(login);
      if (!right || row === undefined || row.password !== before?.password) return refused('wrong');
      const operator = this.accounts.get(row.id);
      if (operator === undefined || !this.#useCode(row, given.code)) return refused('wrong');
      this.#tries.clear(key);
      this.#tries.giveBack(`address ${given.address}`);
      this.#known.set(`${login} ${given.address}`, this.#ctx.clock.now());
      this.audit.add(row.id, 'sign_in');
      return { ok: true, session: this.sessions.open(row.id), operator };
    });
  }

  /** Ends a session for good. */
  signOut(session: string): void {
    transactStaff(this.#ctx, () => {
      const operator = this.sessions.find(session, false);
      if (operator !== undefined && this.sessions.end(session)) this.audit.add(operator.id, 'sign_out');
    });
  }

  /** @returns the token of a new session; all others of this account have ended */
  async changePassword(id: number, current: string, next: string): Promise<Outcome<{ session: string }>> {
    const problem = passwordProblem(next);
    if (problem !== undefined) return refused(problem);
    const checked = await this.#confirm(id, current);
    if (!checked.ok) return checked;
    const password = await this.#passwords.hash(next);
    if (password === undefined) return refused('busy');
    return transactStaff(this.#ctx, () => {
      if (this.accounts.row(id)?.password !== checked.password) return refused('wrong');
      this.#ctx.db.prepare('UPDATE operator SET password = ? WHERE id = ?').run(password, id);
      this.sessions.endAll(id);
      this.audit.add(id, 'password_changed', id);
      return { ok: true, session: this.sessions.open(id) };
    });
  }

  /** Ten new recovery codes, shown once; the ones before are void. */
  async newRecovery(id: number, current: string): Promise<Outcome<{ recovery: string[] }>> {
    const checked = await this.#confirm(id, current);
    if (!checked.ok) return checked;
    return transactStaff(this.#ctx, () => {
      if (this.accounts.row(id)?.password !== checked.password) return refused('wrong');
      this.audit.add(id, 'recovery_renewed', id);
      return { ok: true, recovery: renewRecovery(this.#ctx, id) };
    });
  }

  /** How many recovery codes somebody has left. */
  recoveryLeft(id: number): number {
    return countRecovery(this.#ctx, id);
  }

  /** See {@link Invites.firstLink}. */
  firstLink(): string | undefined {
    return this.invites.firstLink();
  }

  /** A cookie for somebody who is not signed in: their form tokens hang on it, nothing else. */
  guestToken(): string {
    return newToken(this.#ctx);
  }

  /** What a form must carry to be taken from the holder of this cookie. */
  formToken(cookie: string): string {
    return keyed(this.#ctx, 'form', cookie).toString('base64url');
  }

  /** Whether a form was made for the holder of this cookie. */
  isFormToken(cookie: string, given: string): boolean {
    const [right, said] = [Buffer.from(this.formToken(cookie)), Buffer.from(given)];
    return right.length === said.length && timingSafeEqual(right, said);
  }

  /** Deletes what is over: sessions, links, audit rows of more than 180 days, names nobody needs. Once an hour. */
  sweep(now: number): void {
    transactStaff(this.#ctx, () => {
      this.sessions.sweep(now);
      this.invites.sweep(now);
      this.audit.cut(now);
      this.accounts.sweep();
    });
    this.#tries.sweep(now);
    for (const [who, at] of this.#known) if (now - at > KNOWN_MS) this.#known.delete(who);
  }

  /** Closes the file and overwrites the keys in memory. */
  close(): void {
    this.#ctx.db.close();
    this.#ctx.sealKey.fill(0);
    this.#ctx.macKey.fill(0);
  }

  /** Whoever is signed in enters their password again. */
  async #confirm(id: number, current: string): Promise<Outcome<{ password: string }>> {
    const key = `account ${id}`;
    const wait = this.#tries.take(key);
    if (wait > 0) return refused('slow', wait);
    const password = this.accounts.row(id)?.password;
    const right = await this.#passwords.verify(password, current);
    if (right === undefined) return refused('busy');
    if (!right || password == null) return refused('wrong');
    this.#tries.clear(key);
    return { ok: true, password };
  }

  /** A code counts once: the step is written down, the recovery code deleted. */
  #useCode(row: Account, code: string): boolean {
    if (row.seed === null) return false;
    const seed = openSeed(this.#ctx, 'operator', row.id, row.seed);
    const step = stepOf(seed, code, this.#ctx.clock.now(), row.step);
    if (step !== undefined) {
      this.#ctx.db.prepare('UPDATE operator SET step = ? WHERE id = ?').run(step, row.id);
      return true;
    }
    if (!useRecovery(this.#ctx, row.id, code)) return false;
    this.audit.add(row.id, 'recovery_used', row.id);
    return true;
  }

  #keyOf(login: string, address: string): string {
    return this.#known.has(`${login} ${address}`) ? `name ${login} from ${address}` : `name ${login}`;
  }
}

/** With another root key nobody could sign in; better said at the start. */
function checkSecret(ctx: StaffContext): void {
  const row = newestSeed(ctx.db);
  if (row === undefined) return;
  try {
    openSeed(ctx, 'operator', row.id, row.seed);
  } catch (cause) {
    throw new AppError('STORE_UNREADABLE', 'root.key does not open staff.db.', {
      hint: 'Put back the root.key that belongs to it, or move staff.db away to set up the accounts anew.',
      cause,
    });
  }
}

function newestSeed(db: Connection): { id: number; seed: Buffer } | undefined {
  return db
    .prepare<[], { id: number; seed: Buffer }>(
      'SELECT id, seed FROM operator WHERE seed IS NOT NULL ORDER BY created DESC LIMIT 1',
    )
    .get();
}
