import { type BinaryNode, jidEncode } from '@whiskeysockets/baileys';
import type { Bundle, NumberedKey } from './whatsapp-keys.ts';
import { children, node, SERVER, userOf } from './whatsapp-nodes.ts';

/** Below this many pre-keys the service asks for more (assumed; Baileys acts on fewer than 5). */
const FEW_PRE_KEYS = 5;
/** How many stanzas stay known so that they can be sent again. */
const REMEMBERED = 500;

/** A connection, as far as a linked device is concerned. */
export interface Line {
  send(stanza: BinaryNode): void;
  /** Ends it with a code of `DisconnectReason`. */
  end(code: number): void;
}

/** What the service knows of one linked device: its keys, and what waits for it. */
export class Companion {
  readonly device: number;
  /** `<number>:<device>@s.whatsapp.net` */
  readonly jid: string;
  /** `<lid>:<device>@lid`: also how every simulated phone names its session with this device. */
  readonly lid: string;
  readonly clientKey: Buffer;
  /** Whether it has been told about the history already. */
  greeted = false;
  #bundle: Bundle;
  #preKeys: NumberedKey[] = [];
  #waiting: BinaryNode[] = [];
  readonly #sent = new Map<string, BinaryNode>();
  #connection: Line | undefined;
  #live = false;

  constructor(user: { pn: string; lid: string }, device: number, bundle: Bundle, clientKey: Buffer) {
    this.device = device;
    this.jid = jidEncode(user.pn, 's.whatsapp.net', device);
    this.lid = jidEncode(user.lid, 'lid', device);
    this.#bundle = bundle;
    this.clientKey = clientKey;
  }

  get connection(): Line | undefined {
    return this.#connection;
  }

  /** Connected and told everything that waited. */
  get live(): boolean {
    return this.#live;
  }

  /** Stanzas the device has not confirmed yet. */
  get waiting(): readonly BinaryNode[] {
    return this.#waiting;
  }

  get preKeyCount(): number {
    return this.#preKeys.length;
  }

  /** A new login; the one before, if it is still there, is told to go. */
  attach(connection: Line): void {
    const before = this.#connection;
    this.#connection = connection;
    this.#live = false;
    before?.end(440);
  }

  detach(connection: Line): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#live = false;
  }

  /** The device wants to hear what waits. */
  activate(): void {
    if (this.#waiting.length === 0) this.catchUp();
    else {
      const count = String(this.#waiting.length);
      const attrs = { count, message: count, receipt: '0', notification: '0', appdata: '0' };
      this.#connection?.send(node('ib', { from: SERVER }, [node('offline_preview', attrs)]));
    }
  }

  /** Sends what waits, marked as old, and says that this was all. */
  catchUp(): void {
    const batch = [...this.#waiting];
    batch.forEach((stanza, index) => {
      this.#connection?.send({ ...stanza, attrs: { ...stanza.attrs, offline: String(index) } });
    });
    this.#live = this.#connection !== undefined;
    this.#connection?.send(node('ib', { from: SERVER }, [node('offline', { count: String(batch.length) })]));
  }

  /** Sends a stanza that has to be confirmed, now or when the device is back. */
  deliver(stanza: BinaryNode): void {
    this.#waiting.push(stanza);
    this.#sent.set(stanza.attrs.id ?? '', stanza);
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > REMEMBERED && oldest !== undefined) this.#sent.delete(oldest);
    if (this.#live) this.#connection?.send(stanza);
  }

  /** Sends the very same bytes again, as a service does that has missed a confirmation. */
  repeat(id: string): void {
    const stanza = this.#sent.get(id);
    if (!stanza) throw new Error('no such stanza was sent to this device');
    this.deliver(stanza);
  }

  /** Takes an ack or a receipt: what it names need not be sent again. */
  settle(reply: BinaryNode): void {
    const ids = new Set([reply.attrs.id, ...children(children(reply)[0]).map((item) => item.attrs.id)]);
    const tag = reply.tag === 'ack' ? reply.attrs.class : 'message';
    const to = userOf(reply.attrs.to);
    this.#waiting = this.#waiting.filter(({ tag: kind, attrs }) => {
      const mine = to === '' || to === userOf(attrs.from) || to === userOf(attrs.recipient);
      return !(kind === tag && ids.has(attrs.id) && mine);
    });
  }

  /** Keys to begin a session with this device; a pre-key is given away once. */
  takeBundle(): Bundle {
    const preKey = this.#preKeys.shift();
    const count = this.#preKeys.length;
    if (preKey && count < FEW_PRE_KEYS) {
      const low = node('count', { value: String(count) });
      const id = `low${count}-${preKey.id}`;
      this.deliver(node('notification', { from: SERVER, type: 'encrypt', id, t: '0' }, [low]));
    }
    return { ...this.#bundle, ...(preKey ? { preKey } : {}) };
  }

  /** The device has uploaded keys. */
  stock(bundle: Bundle, keys: NumberedKey[]): void {
    this.#bundle = bundle;
    this.#preKeys.push(...keys);
  }

  /** The device has changed its signed pre-key. */
  rotate(signed: Bundle['signed']): void {
    this.#bundle = { ...this.#bundle, signed };
  }

  get bundle(): Bundle {
    return this.#bundle;
  }
}
