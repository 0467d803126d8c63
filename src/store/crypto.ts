import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { Ids } from '../clock.ts';
import { AppError } from '../errors.ts';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MAC_BYTES = 16;
const POOL_BYTES = 12 * 512;

/** Goes into every ciphertext's additional data; a new layout of sealed values gets a new number. */
const SCHEMA_VERSION = 1;

/** Sealed columns, as they are named in the additional data. */
export type SealedColumn =
  | 'contact.state'
  | 'contact.sent'
  | 'inbox.body'
  | 'outbox.body'
  | 'wipe.body'
  | 'handoff.body'
  | 'handoff_line.body'
  | 'channel_row.body'
  | 'data_key.wrapped'
  | 'index_key.wrapped'
  | 'channel_secret.wrapped';

/**
 * Where a sealed value belongs: schema version ‖ table.column ‖ row id ‖ key id. A value moved to another row or
 * column, or put under another key, does not open.
 */
export function placeOf(column: SealedColumn, row: number | string, key: number): string {
  return `${SCHEMA_VERSION}|${column}|${row}|${key}`;
}

/**
 * AES-256-GCM with a random 96-bit IV.
 *
 * @param key 32 bytes
 * @param place from {@link placeOf}
 * @returns IV (12 bytes) ‖ tag (16 bytes) ‖ ciphertext
 */
export function seal(key: Buffer, iv: Buffer, place: string, plain: string | Buffer): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, iv);
  cipher.setAAD(Buffer.from(place, 'latin1'));
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  // GCM is a stream: final() adds no bytes, but the tag exists only after it.
  cipher.final();
  return Buffer.concat([iv, cipher.getAuthTag(), body], IV_BYTES + TAG_BYTES + body.length);
}

/**
 * The reverse of {@link seal}.
 *
 * @throws AppError CIPHER_REFUSED when the value was changed, moved or belongs to another key
 */
export function unseal(key: Buffer, place: string, sealed: Buffer): Buffer {
  if (sealed.length < IV_BYTES + TAG_BYTES) throw refused(place);
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, IV_BYTES));
  decipher.setAAD(Buffer.from(place, 'latin1'));
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const body = decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES));
  try {
    decipher.final();
  } catch (cause) {
    throw refused(place, cause);
  }
  return body;
}

function refused(place: string, cause?: unknown): AppError {
  // Only the column is named: the row's id has no business in a log.
  return new AppError('CIPHER_REFUSED', `A value in ${place.split('|')[1]} does not open with its key.`, {
    hint: 'The row was moved or changed, or keys.db belongs to another database. Run `hamroh doctor`.',
    cause,
  });
}

/** HMAC-SHA-256 truncated to 16 bytes: a value that says nothing without the key, and is short as an index. */
export function mac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest().subarray(0, MAC_BYTES);
}

/** Random bytes in small portions. One system call serves some hundred of them (0.1 µs instead of 2.4 µs each). */
export class RandomPool {
  readonly #ids: Ids;
  #pool: Buffer = Buffer.alloc(0);
  #used = 0;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  /** A fresh 96-bit IV. */
  iv(): Buffer {
    return this.#take(IV_BYTES);
  }

  /** A random row id: 48 bits, never 0. */
  rowId(): number {
    return this.#take(6).readUIntBE(0, 6) || this.rowId();
  }

  #take(length: number): Buffer {
    if (this.#used + length > this.#pool.length) {
      this.#pool = this.#ids.bytes(POOL_BYTES);
      this.#used = 0;
    }
    const part = this.#pool.subarray(this.#used, this.#used + length);
    this.#used += length;
    return part;
  }
}
