import { createHash, createHmac } from 'node:crypto';
import type { Clock, Ids } from '../clock.ts';
import { seal, unseal } from './crypto.ts';
import type { Connection } from './db.ts';

const TOKEN_BYTES = 32;
const IV_BYTES = 12;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** What the parts of `staff.db` share. */
export interface StaffContext {
  db: Connection;
  clock: Clock;
  ids: Ids;
  /** 32 bytes that seal TOTP seeds. */
  sealKey: Buffer;
  /** 32 bytes for recovery codes, the audit trail and form tokens. */
  macKey: Buffer;
}

/** Runs `work` in one write transaction; inside another one it is part of that. */
export function transactStaff<T>(ctx: StaffContext, work: () => T): T {
  return ctx.db.transaction(work).immediate();
}

/** 256 random bits for a link or a cookie: 43 characters that need no escaping in an address. */
export function newToken(ctx: StaffContext): string {
  return ctx.ids.bytes(TOKEN_BYTES).toString('base64url');
}

/** How a token is stored. Undefined when it does not look like one of ours. */
export function hashToken(token: string): Buffer | undefined {
  return TOKEN.test(token) ? createHash('sha256').update(token).digest() : undefined;
}

/** HMAC-SHA-256 under the staff secret. `use` keeps the values of one purpose apart from those of another. */
export function keyed(ctx: StaffContext, use: string, ...parts: (string | number | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', ctx.macKey);
  for (const part of [use, ...parts]) {
    const bytes = Buffer.isBuffer(part) ? part : Buffer.from(String(part), 'utf8');
    // The length first, so that no two lists of parts read the same.
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hmac.update(length).update(bytes);
  }
  return hmac.digest();
}

/** Seconds since 1970. */
export function secondOf(ms: number): number {
  return Math.floor(ms / 1000);
}

/** Seals a TOTP seed for one row; in another row it does not open. */
export function sealSeed(
  ctx: StaffContext,
  table: 'operator' | 'invitation',
  row: string | number,
  seed: Buffer,
) {
  return seal(ctx.sealKey, ctx.ids.bytes(IV_BYTES), seedPlace(table, row), seed);
}

/** @throws AppError CIPHER_REFUSED */
export function openSeed(
  ctx: StaffContext,
  table: 'operator' | 'invitation',
  row: string | number,
  sealed: Buffer,
): Buffer {
  return unseal(ctx.sealKey, seedPlace(table, row), sealed);
}

/** As `placeOf` writes it: schema version ‖ table.column ‖ row ‖ key. */
function seedPlace(table: string, row: string | number): string {
  return `1|${table}.seed|${row}|staff`;
}
