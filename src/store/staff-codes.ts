import { Secret, TOTP } from 'otpauth';
import type { Ids } from '../clock.ts';
import { keyed, type StaffContext } from './staff-context.ts';

/** As authenticator apps expect it: SHA-1, six digits, 30 seconds. */
const KIND = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const SEED_BYTES = 20;
/** One step early or late, for clocks that are a little off. */
const WINDOW = 1;
/** What the app shows above the codes. */
const ISSUER = 'Hamroh';

const RECOVERY_CODES = 10;
const RECOVERY_LENGTH = 10;
/** 32 signs without those that look alike: five bits each, 50 bits in all. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz123456789';

/** A fresh TOTP seed. */
export function newSeed(ids: Ids): Buffer {
  return Buffer.from(ids.bytes(SEED_BYTES));
}

/** A seed as people take it into their app: the text of the QR code, and the same to type. */
export function describeSeed(seed: Buffer, name: string): { uri: string; text: string } {
  const text = secretOf(seed).base32;
  // Without what every app takes for granted: a coarser picture is easier to scan.
  const uri = `otpauth://totp/${ISSUER}:${encodeURIComponent(name)}?secret=${text}&issuer=${ISSUER}`;
  return { uri, text };
}

/**
 * The step (30 s since 1970) that a code belongs to.
 * @param after the newest step that was taken before: a code of that or an older step is refused
 */
export function stepOf(seed: Buffer, code: string, now: number, after: number): number | undefined {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const delta = TOTP.validate({ ...KIND, token, secret: secretOf(seed), timestamp: now, window: WINDOW });
  if (delta === null) return undefined;
  const step = TOTP.counter({ period: KIND.period, timestamp: now }) + delta;
  return step > after ? step : undefined;
}

/** Gives somebody ten new recovery codes; the ones before are void. Only their hashes are kept. */
export function renewRecovery(ctx: StaffContext, operator: number): string[] {
  const codes = Array.from({ length: RECOVERY_CODES }, () => newRecoveryCode(ctx.ids));
  const insert = ctx.db.prepare('INSERT INTO recovery (hash, operator) VALUES (?, ?)');
  ctx.db.prepare('DELETE FROM recovery WHERE operator = ?').run(operator);
  for (const code of codes) insert.run(recoveryHash(ctx, operator, code), operator);
  return codes;
}

/** Uses a recovery code up. @returns whether it was one */
export function useRecovery(ctx: StaffContext, operator: number, code: string): boolean {
  const remove = ctx.db.prepare('DELETE FROM recovery WHERE hash = ?');
  return remove.run(recoveryHash(ctx, operator, code)).changes === 1;
}

/** How many recovery codes somebody has left. */
export function countRecovery(ctx: StaffContext, operator: number): number {
  const count = ctx.db.prepare<[number], number>('SELECT count(*) FROM recovery WHERE operator = ?');
  return count.pluck().get(operator) ?? 0;
}

function secretOf(seed: Buffer): Secret {
  return new Secret({ buffer: Uint8Array.from(seed).buffer });
}

function newRecoveryCode(ids: Ids): string {
  const signs = [...ids.bytes(RECOVERY_LENGTH)].map((byte) => SIGNS[byte % SIGNS.length]).join('');
  return `${signs.slice(0, RECOVERY_LENGTH / 2)}-${signs.slice(RECOVERY_LENGTH / 2)}`;
}

function recoveryHash(ctx: StaffContext, operator: number, code: string): Buffer {
  return keyed(ctx, 'recovery', operator, code.toLowerCase().replace(/[^a-z0-9]/g, ''));
}
