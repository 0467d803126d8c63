import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Secret } from 'otpauth';
import { expect, test } from 'vitest';
import { type Ids, systemIds } from '../../src/clock.ts';
import { findMigrations } from '../../src/store/db.ts';
import { Staff } from '../../src/store/staff.ts';
import { stepOf } from '../../src/store/staff-codes.ts';
import { Passwords } from '../../src/store/staff-password.ts';
import { staffSecret } from '../../src/store/staff-secret.ts';
import { Tries } from '../../src/store/staff-tries.ts';
import {
  codeOf,
  type Desk,
  hire,
  type Member,
  openDesk,
  PASSWORD,
  STEP_MS,
  seat,
  settle,
} from '../console/desk.ts';
import { scan, textForms } from './scan.ts';
import { HOUR, TestClock, tempDir } from './support.ts';

const MINUTE = 60_000;

/** Every column of `staff.db`, and why it may exist. */
const INVENTORY: Record<string, string> = {
  'operator.id': 'random',
  'operator.name': 'staff: as colleagues see it',
  'operator.login': 'staff: the name as it is compared',
  'operator.role': 'word of ours',
  'operator.lang': 'word of ours',
  'operator.team': 'staff',
  'operator.password': 'argon2id',
  'operator.seed': 'sealed',
  'operator.step': 'figure',
  'operator.created': 'hour',
  'operator.removed': 'hour',
  'recovery.hash': 'hmac',
  'recovery.operator': 'random',
  'invitation.hash': 'sha-256 of 256 random bits',
  'invitation.operator': 'random',
  'invitation.purpose': 'word of ours',
  'invitation.until': 'second',
  'invitation.name': 'staff',
  'invitation.password': 'argon2id',
  'invitation.seed': 'sealed',
  'session.hash': 'sha-256 of 256 random bits',
  'session.operator': 'random',
  'session.created': 'second',
  'session.seen': 'second',
  'audit.seq': 'figure',
  'audit.hour': 'hour',
  'audit.actor': 'random',
  'audit.action': 'word of ours',
  'audit.subject': 'random, or a reference',
  'audit.mac': 'hmac',
  'audit_ends.id': 'figure',
  'audit_ends.first': 'figure',
  'audit_ends.before': 'hmac',
  'audit_ends.last': 'figure',
  'audit_ends.mac': 'hmac',
};

function columns(dir: string): string[] {
  const db = new Database(join(dir, 'staff.db'), { readonly: true });
  const names = db
    .prepare<[], string>(
      `SELECT t.name || '.' || c.name FROM sqlite_master t, pragma_table_info(t.name) c
       WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name != '__drizzle_migrations'`,
    )
    .pluck()
    .all();
  db.close();
  return names;
}

const enter = (desk: Desk, who: Member, given: { password?: string; code?: string; address?: string } = {}) =>
  desk.staff.signIn({
    name: who.operator.name,
    password: PASSWORD,
    code: codeOf(who.key, desk.clock.now()),
    address: '192.0.2.1',
    ...given,
  });

test('staff.db holds what the inventory lists, in a file of mode 0600', () => {
  const { dir } = openDesk();
  expect(columns(dir).sort()).toEqual(Object.keys(INVENTORY).sort());
  expect(statSync(join(dir, 'staff.db')).mode & 0o777).toBe(0o600);
});

test('passwords: argon2id with 64 MiB, 3 passes, 1 lane; 15 to 128 characters; two at once, the queue bounded', async () => {
  const desk = openDesk();
  const link = desk.staff.firstLink()?.split('/').at(-1) ?? '';
  const name = 'First';
  const tries = ['x'.repeat(14), 'ә'.repeat(14), 'x'.repeat(129)].map((password) =>
    desk.staff.invites.begin(link, { name, password }),
  );
  expect((await Promise.all(tries)).map((t) => !t.ok && t.why)).toEqual([
    'password_short',
    'password_short',
    'password_long',
  ]);
  const { session } = await settle(desk, link, { name, password: '🔑'.repeat(15) });
  expect(desk.staff.sessions.find(session, true)).toMatchObject({ name, role: 'admin', state: 'active' });
  const stored = desk.staff.accounts.find(name)?.password;
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);

  let begun = 0;
  const counting: Ids = {
    ...systemIds,
    bytes: (n) => {
      if (n === 16) begun += 1;
      return systemIds.bytes(n);
    },
  };
  const passwords = new Passwords(counting, 1);
  begun = 0;
  const hashes = Array.from({ length: 4 }, () => passwords.hash(PASSWORD));
  expect(begun).toBe(2);
  // The fourth does not wait, and neither does the check of somebody who does not exist.
  expect(await hashes[3]).toBeUndefined();
  expect(await passwords.verify(undefined, PASSWORD)).toBeUndefined();
  const [one, two, three] = await Promise.all(hashes);
  expect(new Set([one, two, three]).size).toBe(3);
  expect(begun).toBe(3);
  expect(await passwords.verify(one, PASSWORD)).toBe(true);
  expect(await passwords.verify(undefined, PASSWORD)).toBe(false);
});

test('a code counts once, for its owner, at most one step early or late; a recovery code counts once', async () => {
  const desk = openDesk();
  const [anna, boris] = [await hire(desk, 'Анна', 'operator'), await hire(desk, 'Boris', 'auditor')];
  desk.clock.pass(10 * STEP_MS);
  const now = desk.clock.now();
  expect((await enter(desk, anna)).ok).toBe(true);
  for (const code of [codeOf(anna.key, now), codeOf(boris.key, now)]) {
    expect(await enter(desk, anna, { code, address: code })).toEqual({ ok: false, why: 'wrong' });
  }
  expect((await enter(desk, anna, { code: codeOf(anna.key, now + STEP_MS) })).ok).toBe(true);
  const seed = Buffer.from(Secret.fromBase32(anna.key).bytes);
  const step = Math.floor(now / STEP_MS);
  const taken = [-2, -1, 0, 1, 2].map((off) => stepOf(seed, codeOf(anna.key, now + off * STEP_MS), now, 0));
  expect(taken).toEqual([undefined, step - 1, step, step + 1, undefined]);
  const late = [-1, 0, 1].map((off) => stepOf(seed, codeOf(anna.key, now + off * STEP_MS), now, step));
  expect(late).toEqual([undefined, undefined, step + 1]);
  const other = ['', 'abc', '1234567', codeOf(boris.key, now)].map((code) => stepOf(seed, code, now, 0));
  expect(other).toEqual([undefined, undefined, undefined, undefined]);
  desk.clock.pass(5 * MINUTE);
  const [first = '', second = ''] = anna.recovery;
  expect((await enter(desk, boris, { code: first })).ok).toBe(false);
  expect((await enter(desk, anna, { code: ` ${first.toUpperCase().replace('-', ' ')}` })).ok).toBe(true);
  desk.restart();
  expect((await enter(desk, anna, { code: first })).ok).toBe(false);
  expect(desk.staff.recoveryLeft(anna.operator.id)).toBe(9);
  const renewed = await desk.staff.newRecovery(anna.operator.id, PASSWORD);
  expect(renewed.ok && renewed.recovery.length).toBe(10);
  expect((await enter(desk, anna, { code: second })).ok).toBe(false);
  expect((await desk.staff.audit.verify()).ok).toBe(true);
});

test('tries: five a minute, then one after a delay that doubles from 1 to 5 minutes, forgotten after an hour', () => {
  const clock = new TestClock();
  const tries = new Tries(clock);
  const take = (n: number, ...keys: string[]) => Array.from({ length: n }, () => tries.take(...keys));
  expect(take(6, 'a')).toEqual([0, 0, 0, 0, 0, MINUTE]);
  const waits = Array.from({ length: 5 }, () => {
    const wait = tries.take('a');
    clock.pass(wait);
    expect(tries.take('a')).toBe(0);
    return wait / MINUTE;
  });
  expect(waits).toEqual([1, 2, 4, 5, 5]);
  // A try that has to wait for one key is not held against the other.
  expect(take(3, 'a', 'b').every((wait) => wait > 0)).toBe(true);
  expect(take(5, 'b')).toEqual([0, 0, 0, 0, 0]);
  tries.giveBack('b');
  expect(take(2, 'b')).toEqual([0, MINUTE]);
  tries.clear('a');
  expect(tries.take('a')).toBe(0);
  // Not more than five in any minute.
  for (let n = 0; n < 4; n += 1) {
    clock.pass(20_000);
    expect(tries.take('c')).toBe(0);
  }
  expect(take(3, 'c')).toEqual([0, 0, MINUTE]);
  clock.pass(61 * MINUTE);
  tries.sweep(clock.now());
  expect(take(5, 'b')).toEqual([0, 0, 0, 0, 0]);
});

test('guessing is slowed by name and by address, the same for a name nobody has, and never for ever', async () => {
  const desk = openDesk();
  const anna = await hire(desk, 'Anna', 'operator');
  desk.clock.pass(MINUTE);
  const guess = (name: string, address: string) =>
    desk.staff.signIn({ name, password: 'wrong wrong wrong', code: '000000', address });
  const six = [1, 2, 3, 4, 5, 6];
  // At the same moment: they count all the same.
  const rounds = [
    await Promise.all(six.map((n) => guess('Anna', `there ${n}`))),
    await Promise.all(six.map((n) => guess('Nobody', `here ${n}`))),
    await Promise.all(six.map((n) => guess(`N${n}`, 'one place'))),
  ];
  for (const round of rounds) {
    expect(round.slice(0, 5)).toEqual(Array(5).fill({ ok: false, why: 'wrong' }));
    expect(round[5]).toEqual({ ok: false, why: 'slow', waitMs: MINUTE });
  }
  const written = desk.staff.audit.list({ limit: 10 }).filter((e) => e.action === 'sign_in_slowed');
  expect(written.map((e) => e.actor)).toEqual([anna.operator.id]);
  expect(await enter(desk, anna)).toEqual({ ok: false, why: 'slow', waitMs: MINUTE });
  desk.clock.pass(MINUTE);
  expect((await enter(desk, anna)).ok).toBe(true);
  // From where she came in, she does so again, whatever others guess elsewhere.
  for (const n of six) await guess('anna', `elsewhere ${n}`);
  desk.clock.pass(STEP_MS);
  expect(await enter(desk, anna, { address: '192.0.2.9' })).toMatchObject({ why: 'slow' });
  expect((await enter(desk, anna)).ok).toBe(true);
});

test('a session ends: idle, after 8 hours, at sign-out, by role, reset, removal, and a new password', async () => {
  const desk = openDesk();
  const { staff, clock } = desk;
  const alive = (token: string, touch = true) => desk.staff.sessions.find(token, touch) !== undefined;
  const [a, b, c] = [seat(desk, 'A', 'operator'), seat(desk, 'B', 'operator'), seat(desk, 'C', 'operator')];
  const idle = staff.sessions.open(a.id);
  clock.pass(14 * MINUTE);
  expect(alive(idle, false)).toBe(true);
  clock.pass(MINUTE);
  expect(alive(idle)).toBe(false);
  const busy = staff.sessions.open(a.id);
  for (let minutes = 0; minutes < 470; minutes += 10) {
    expect(alive(busy)).toBe(true);
    clock.pass(10 * MINUTE);
  }
  desk.restart();
  expect(alive(busy)).toBe(true);
  clock.pass(10 * MINUTE);
  expect(alive(busy)).toBe(false);

  const tokens = [a, b, c].map(({ id }) => desk.staff.sessions.open(id));
  expect(tokens.map((t) => alive(t))).toEqual([true, true, true]);
  expect(desk.staff.accounts.change(a.id, { role: 'auditor' }, 0).ok).toBe(true);
  expect(desk.staff.accounts.change(b.id, { role: 'operator', team: 'North' }, 0).ok).toBe(true);
  expect(desk.staff.accounts.reset(c.id, 0).ok).toBe(true);
  expect(tokens.map((t) => alive(t))).toEqual([false, true, false]);
  desk.staff.accounts.remove(b.id, 0);
  expect(tokens.map((t) => alive(t))).toEqual([false, false, false]);
  expect(alive('A'.repeat(43))).toBe(false);
  const again = desk.staff.sessions.open(a.id);
  desk.staff.signOut(again);
  desk.staff.signOut(again);
  expect(alive(again)).toBe(false);
  expect(desk.staff.audit.list({ limit: 1 })[0]).toMatchObject({ actor: a.id, action: 'sign_out' });

  const d = await hire(desk, 'D', 'operator');
  const other = desk.staff.sessions.open(d.operator.id);
  const changed = await desk.staff.changePassword(d.operator.id, PASSWORD, 'another four words here');
  expect(changed.ok && alive(changed.session)).toBe(true);
  expect([alive(d.session), alive(other)]).toEqual([false, false]);
  expect(await desk.staff.changePassword(d.operator.id, PASSWORD, 'another four words here')).toMatchObject({
    why: 'wrong',
  });
});

test('a link works once and for a day; the first one until somebody has an account; a reset locks at once', async () => {
  const desk = openDesk();
  const tokenOf = (path: string | undefined) => path?.split('/').at(-1) ?? '';
  const before = tokenOf(desk.staff.firstLink());
  expect(desk.staff.firstLink()).toContain(before);
  desk.restart();
  const first = tokenOf(desk.staff.firstLink());
  expect(desk.staff.invites.look(before)).toBeUndefined();
  expect(desk.staff.invites.look(first)).toEqual({ purpose: 'first' });
  desk.clock.pass(24 * HOUR);
  expect(desk.staff.invites.look(first)).toBeUndefined();
  desk.restart();
  const second = tokenOf(desk.staff.firstLink());
  const begun = await desk.staff.invites.begin(second, { name: ' Ай гүл\n', password: PASSWORD });
  if (!begun.ok) throw new Error(begun.why);
  expect(begun.uri).toBe(
    `otpauth://totp/Hamroh:${encodeURIComponent('Ай гүл')}?secret=${begun.text}&issuer=Hamroh`,
  );
  expect(desk.staff.accounts.list()).toEqual([]);
  expect(desk.staff.invites.finish(second, '000000', 'kk')).toEqual({ ok: false, why: 'wrong' });
  const done = desk.staff.invites.finish(second, codeOf(begun.text, desk.clock.now()), 'kk');
  expect(done.ok).toBe(true);
  expect(desk.staff.accounts.list()).toMatchObject([{ name: 'Ай гүл', role: 'admin', lang: 'kk' }]);
  expect(desk.staff.invites.finish(second, codeOf(begun.text, desk.clock.now()), 'kk')).toMatchObject({
    why: 'gone',
  });
  desk.restart();
  expect(desk.staff.firstLink()).toBeUndefined();

  const anna = await hire(desk, 'Anna', 'operator');
  const reset = desk.staff.accounts.reset(anna.operator.id, 0);
  expect(desk.staff.sessions.find(anna.session, true)).toBeUndefined();
  expect((await enter(desk, anna)).ok).toBe(false);
  expect((await enter(desk, anna, { code: anna.recovery[0] ?? '' })).ok).toBe(false);
  const newer = desk.staff.accounts.reset(anna.operator.id, 0);
  if (!reset.ok || !newer.ok) throw new Error('not reset');
  expect(desk.staff.invites.look(reset.token)).toBeUndefined();
  expect(desk.staff.invites.look(newer.token)).toEqual({ purpose: 'reset', name: 'Anna' });
  const settled = await settle(desk, newer.token);
  expect((await enter(desk, { ...anna, ...settled })).ok).toBe(true);
  expect(desk.staff.invites.look(newer.token)).toBeUndefined();
  expect(await desk.staff.invites.begin(newer.token, { password: PASSWORD })).toMatchObject({ why: 'gone' });
});

test('an account added by hand makes the first link void', async () => {
  const desk = openDesk();
  const first = desk.staff.firstLink()?.split('/').at(-1) ?? '';
  const begun = await desk.staff.invites.begin(first, { name: 'Mallory', password: PASSWORD });
  expect(begun.ok).toBe(true);
  desk.staff.accounts.add({ name: 'Anna', role: 'admin', lang: 'ru' }, 0);
  expect(desk.staff.invites.look(first)).toBeUndefined();
  expect(desk.staff.invites.finish(first, '000000', 'ru')).toEqual({ ok: false, why: 'gone' });
});

test('names are one line and used once; the last administrator stays; nobody acts on themselves', () => {
  const desk = openDesk();
  const { accounts } = desk.staff;
  const add = (name: string) => accounts.add({ name, role: 'operator', lang: 'ru' }, 0);
  expect(
    [add(' \u202E\n '), add('Анна'), add('АННА '), add('x'.repeat(100))].map((r) => r.ok || r.why),
  ).toEqual(['name_empty', true, 'name_taken', true]);
  expect(accounts.list().map((o) => o.name)).toEqual(['x'.repeat(60), 'Анна']);
  const boss = seat(desk, 'Boss', 'admin');
  for (const by of [boss.id, 0]) {
    const why = by === 0 ? 'last_admin' : 'self';
    expect(accounts.remove(boss.id, by)).toEqual({ ok: false, why });
    expect(accounts.change(boss.id, { role: 'operator' }, by)).toEqual({ ok: false, why });
  }
  expect(accounts.reset(boss.id, boss.id)).toEqual({ ok: false, why: 'self' });
  const second = seat(desk, 'Second', 'admin');
  expect(accounts.remove(boss.id, second.id)).toEqual({ ok: true });
  expect(accounts.remove(boss.id, second.id)).toEqual({ ok: false, why: 'unknown' });
  expect(accounts.get(boss.id)).toMatchObject({ name: 'Boss', state: 'removed' });
  expect(add('Boss').ok).toBe(true);
  // The name of somebody removed goes when the trail does not need it any more.
  desk.staff.sweep(desk.clock.now() + 182 * 24 * HOUR);
  expect(accounts.get(boss.id)).toBeUndefined();
});

test('nothing secret lies in a file as it is: passwords, seeds, codes, tokens', async () => {
  const desk = openDesk();
  const link = desk.staff.firstLink()?.split('/').at(-1) ?? '';
  const first = await settle(desk, link, { name: 'Canary Keeper' });
  const open = desk.staff.accounts.add({ name: 'Waiting', role: 'operator', lang: 'ru' }, 0);
  if (!open.ok) throw new Error(open.why);
  const pending = await desk.staff.invites.begin(open.token, { password: 'pending pending pending' });
  if (!pending.ok) throw new Error(pending.why);
  const seeds = [first.key, pending.text];
  const codes = first.recovery.flatMap((code) => [code, code.replace('-', '')]);
  const secrets = [PASSWORD, 'pending pending pending', ...seeds, ...codes];
  expect(scan(desk.dir, secrets)).toEqual([]);
  // Of a token, 256 random bits, the hash is kept: nobody gets from there to the token.
  expect(scan(desk.dir, [link, open.token, first.session], textForms)).toEqual([]);
  const files = readdirSync(desk.dir).map((file) => readFileSync(join(desk.dir, file)));
  expect(files.length).toBeGreaterThanOrEqual(2);
  for (const seed of seeds) {
    const raw = Buffer.from(Secret.fromBase32(seed).bytes);
    expect(files.some((bytes) => bytes.includes(raw))).toBe(false);
  }
  // The same search finds what is there.
  expect(scan(desk.dir, ['Canary Keeper']).length).toBeGreaterThan(0);
});

test('another root key is refused at the start; a second process may write at the same time', async () => {
  const desk = openDesk();
  await hire(desk, 'Anna', 'admin');
  const options = { dir: desk.dir, migrations: findMigrations(), clock: desk.clock, ids: systemIds };
  expect(() => new Staff({ ...options, secret: systemIds.bytes(64) })).toThrow(
    'root.key does not open staff.db',
  );
  const other = openDesk(desk.dir, desk.clock);
  for (let n = 0; n < 5; n += 1) {
    expect(other.staff.accounts.add({ name: `There ${n}`, role: 'operator', lang: 'ru' }, 0).ok).toBe(true);
    expect(desk.staff.accounts.add({ name: `Here ${n}`, role: 'operator', lang: 'ru' }, 0).ok).toBe(true);
  }
  expect(desk.staff.accounts.list()).toHaveLength(11);
  expect(await desk.staff.audit.verify()).toEqual({ ok: true, rows: 13 });
});

test('the secret comes from the root key, which a new folder is given first', () => {
  const dir = tempDir();
  const [clock, migrations] = [new TestClock(), findMigrations()];
  const secret = staffSecret(dir, clock, systemIds, migrations);
  expect(secret).toHaveLength(64);
  expect(staffSecret(dir, clock, systemIds, migrations)).toEqual(secret);
  expect(secret.includes(readFileSync(join(dir, 'root.key')))).toBe(false);
  expect(staffSecret(tempDir(), clock, systemIds, migrations)).not.toEqual(secret);
});
