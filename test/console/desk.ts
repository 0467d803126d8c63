import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Secret, TOTP } from 'otpauth';
import { onTestFinished } from 'vitest';
import { systemIds } from '../../src/clock.ts';
import { findMigrations } from '../../src/store/db.ts';
import { Staff } from '../../src/store/staff.ts';
import type { ConsoleLang, Operator, Role } from '../../src/store/staff-types.ts';
import { TestClock, tempDir } from '../store/support.ts';

const SECRET = systemIds.bytes(64);
export const PASSWORD = 'four quiet words in a row';
export const STEP_MS = 30_000;

/** Somebody whose account works: who, and the app on their phone. */
export interface Member {
  operator: Operator;
  /** The seed as the page showed it. */
  key: string;
  recovery: string[];
  /** The session of the set-up. */
  session: string;
}

/** Folder, clock, store: everything below the pages. */
export interface Desk {
  dir: string;
  clock: TestClock;
  staff: Staff;
  /** Closes and opens again, as a restart does. */
  restart(): void;
}

export function openDesk(dir = tempDir(), clock = new TestClock()): Desk {
  const open = () =>
    new Staff({ dir, migrations: findMigrations(), secret: Buffer.from(SECRET), clock, ids: systemIds });
  const desk: Desk = {
    dir,
    clock,
    staff: open(),
    restart() {
      desk.staff.close();
      desk.staff = open();
    },
  };
  onTestFinished(() => desk.staff.close());
  return desk;
}

/** The code that the app shows now. */
export function codeOf(key: string, now: number): string {
  return TOTP.generate({ secret: Secret.fromBase32(key), timestamp: now });
}

/** Goes the whole way from a link to an account, and moves the clock on so that the next code is a new one. */
export async function settle(desk: Desk, token: string, given: { name?: string; password?: string } = {}) {
  const begun = await desk.staff.invites.begin(token, { password: PASSWORD, ...given });
  if (!begun.ok) throw new Error(begun.why);
  const done = desk.staff.invites.finish(token, codeOf(begun.text, desk.clock.now()), 'en');
  if (!done.ok) throw new Error(done.why);
  desk.clock.pass(STEP_MS);
  return { key: begun.text, recovery: done.recovery, session: done.session };
}

export async function hire(desk: Desk, name: string, role: Role, lang: ConsoleLang = 'en'): Promise<Member> {
  const made = desk.staff.accounts.add({ name, role, lang }, 0);
  if (!made.ok) throw new Error(made.why);
  const settled = await settle(desk, made.token);
  const operator = desk.staff.accounts.get(made.operator.id);
  if (operator === undefined) throw new Error('gone');
  return { operator, ...settled };
}

/** A hash of nothing anybody knows, cheap to compare with. */
const NOTHING = `$argon2id$v=19$m=8,t=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** An account that counts as set up, without the work of a password: for what begins after sign-in. */
export function seat(desk: Desk, name: string, role: Role, lang: ConsoleLang = 'en'): Operator {
  const made = desk.staff.accounts.add({ name, role, lang }, 0);
  if (!made.ok) throw new Error(made.why);
  const db = new Database(join(desk.dir, 'staff.db'));
  db.prepare('UPDATE operator SET password = ? WHERE id = ?').run(NOTHING, made.operator.id);
  db.close();
  return { ...made.operator, state: 'active' };
}
