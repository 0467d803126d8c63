import type { Statement } from 'better-sqlite3';
import { AppError } from '../errors.ts';
import type { ChannelId } from '../message.ts';
import { type Context, checkpoint, hourOf, transact } from './context.ts';
import { mac, placeOf, seal, unseal } from './crypto.ts';
import type { ChannelSecret } from './keys.ts';
import type { ChannelRows } from './port.ts';

interface Row {
  body: Buffer;
  /** 1: of the account itself, 0: about a person */
  own: number;
}

/** {@link ChannelRows} of one channel. Statements are prepared once: an encryption session is read and written per message. */
export class SealedRows implements ChannelRows {
  readonly #ctx: Context;
  readonly #channel: ChannelId;
  readonly #select: Statement<[Buffer], Row>;
  readonly #put: Statement<[Buffer, ChannelId, Buffer | null, number, Buffer]>;
  readonly #delete: Statement<[Buffer]>;
  readonly #deleteOwner: Statement<[Buffer]>;
  readonly #deleteAll: Statement<[ChannelId]>;

  constructor(ctx: Context, channel: ChannelId) {
    this.#ctx = ctx;
    this.#channel = channel;
    const { db } = ctx;
    this.#select = db.prepare('SELECT body, owner IS NULL AS own FROM channel_row WHERE id = ?');
    this.#put = db.prepare(
      `INSERT INTO channel_row (id, channel, owner, hour, body) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET owner = excluded.owner, hour = excluded.hour, body = excluded.body`,
    );
    this.#delete = db.prepare('DELETE FROM channel_row WHERE id = ?');
    this.#deleteOwner = db.prepare('DELETE FROM channel_row WHERE owner = ?');
    this.#deleteAll = db.prepare('DELETE FROM channel_row WHERE channel = ?');
  }

  get(names: readonly string[]): Map<string, string> {
    const values = new Map<string, string>();
    const secret = this.#ctx.keys.secret(this.#channel);
    if (secret === undefined || names.length === 0) return values;
    // One transaction: all the values are of the same moment, and the file is locked once.
    this.#ctx.db.transaction(() => {
      for (const name of names) {
        const value = this.#open(secret, idOf(secret, name));
        if (value !== undefined) values.set(name, value);
      }
    })();
    return values;
  }

  set(rows: readonly { name: string; value: string | null; owner?: string }[]): void {
    if (rows.length === 0) return;
    const { keys, clock } = this.#ctx;
    const known = keys.secret(this.#channel);
    if (known === undefined) keys.createSecret(this.#channel);
    const secret = known ?? keys.secret(this.#channel);
    if (secret === undefined) throw new Error('the secret of a channel is missing');
    const hour = hourOf(clock.now());
    transact(this.#ctx, () => {
      // What an interrupted clear() left cannot be read any more, and would never be found again.
      if (known === undefined) this.#deleteAll.run(this.#channel);
      for (const { name, value, owner } of rows) {
        const id = idOf(secret, name);
        if (value === null) this.#delete.run(id);
        else if (owner === undefined) this.#write(secret, id, null, 0, value);
        else this.#write(secret, id, ownerOf(secret, owner), hour, value);
      }
    });
  }

  forget(owners: readonly string[]): void {
    const secret = this.#ctx.keys.secret(this.#channel);
    if (secret === undefined || owners.length === 0) return;
    transact(this.#ctx, () => {
      for (const owner of owners) this.#deleteOwner.run(ownerOf(secret, owner));
    });
  }

  clear(): void {
    // The secret first: from here on nothing opens, whatever happens to the rows.
    this.#ctx.keys.shredSecret(this.#channel);
    transact(this.#ctx, () => this.#deleteAll.run(this.#channel));
    checkpoint(this.#ctx);
  }

  #write(secret: ChannelSecret, id: Buffer, owner: Buffer | null, hour: number, value: string): void {
    const body = seal(secret.seal, this.#ctx.pool.iv(), this.#place(id), value);
    this.#put.run(id, this.#channel, owner, hour, body);
  }

  /**
   * An encryption session that does not open counts as missing: the platform makes a new one. The account's own rows
   * are not made again by anybody, so there it is an error.
   */
  #open(secret: ChannelSecret, id: Buffer): string | undefined {
    const row = this.#select.get(id);
    if (row === undefined) return undefined;
    try {
      return unseal(secret.seal, this.#place(id), row.body).toString('utf8');
    } catch (error) {
      if (row.own === 1 || !(error instanceof AppError)) throw error;
      this.#ctx.faults += 1;
      return undefined;
    }
  }

  /** The id is an HMAC under this secret and so names the key as well. */
  #place(id: Buffer): string {
    return placeOf('channel_row.body', `${this.#channel}:${id.toString('hex')}`, 0);
  }
}

function idOf(secret: ChannelSecret, name: string): Buffer {
  return mac(secret.mac, `name\0${name}`);
}

function ownerOf(secret: ChannelSecret, owner: string): Buffer {
  return mac(secret.mac, `owner\0${owner}`);
}
