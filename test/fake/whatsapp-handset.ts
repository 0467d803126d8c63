import { randomBytes } from 'node:crypto';
import { type BinaryNode, encodeBigEndian, jidEncode, type proto } from '@whiskeysockets/baileys';
import type { Companion } from './whatsapp-companion.ts';
import { type Sealed, SignalDevice } from './whatsapp-device.ts';
import { bundleHolds, bundleNodes, readRetryKeys } from './whatsapp-keys.ts';
import { node } from './whatsapp-nodes.ts';

/** What a simulated phone may ask of the service. */
export interface Network {
  /** Milliseconds. */
  now(): number;
  /** Users (no server) and shown name of the organisation's account. */
  readonly account: { pn: string; lid: string; name: string };
  /** The linked devices of the account, which get a copy of everything. */
  companions(): Companion[];
  /** A message has reached the account. */
  heard(message: { id: string; text: string; from: string }): void;
  /** Something a real client never does. */
  problem(what: string): void;
}

/** A message on its way from the client to one device of a phone. */
export interface Letter {
  id: string;
  /** The address the client wrote to: of the person, a group … */
  to: string;
  device: number;
  sealed: Sealed;
  /** Peer messages are for the account's own phone only. */
  category?: string;
}

/** A message on its way from a phone to the client. */
export interface Post {
  id: string;
  message: proto.IMessage;
  device: number;
  /** Seals for this group instead of for each device. */
  group?: string;
  /** For this linked device alone. */
  only?: Companion;
  /** The stanza around what was sealed. */
  stanza(sealed: BinaryNode[]): BinaryNode;
}

/** Phones ask again this often for a message they cannot read. */
const MAX_RETRIES = 5;

/** A new message id, as phones make them. */
export function messageId(): string {
  return `3A${randomBytes(9).toString('hex').toUpperCase()}`;
}

/** `<enc>` around something sealed. */
export function enc(type: string, ciphertext: Uint8Array, count?: string): BinaryNode {
  return node('enc', { v: '2', type, count }, ciphertext);
}

/** A phone with WhatsApp and the devices linked to it: everything that has an identity and reads what is sealed. */
export abstract class Handset {
  /** `<number>@s.whatsapp.net` */
  readonly pn: string;
  /** `<lid>@lid` */
  readonly lid: string;
  /** Confirms what arrives with a delivery receipt. */
  confirms = true;
  protected readonly network: Network;
  readonly #users: { pn: string; lid: string };
  readonly #devices = new Map<number, SignalDevice>();
  readonly #posts = new Map<string, Post>();
  readonly #seen = new Set<string>();
  readonly #asked = new Map<string, number>();

  constructor(network: Network, users: { pn: string; lid: string }) {
    this.network = network;
    this.#users = users;
    this.pn = jidEncode(users.pn, 's.whatsapp.net');
    this.lid = jidEncode(users.lid, 'lid');
    this.device(0);
  }

  /** 0 is the phone itself; others begin to exist when they are asked for. */
  device(number: number): SignalDevice {
    const known = this.#devices.get(number) ?? new SignalDevice();
    this.#devices.set(number, known);
    return known;
  }

  get devices(): number[] {
    return [...this.#devices.keys()];
  }

  address(kind: 'lid' | 'pn', device = 0): string {
    return kind === 'lid'
      ? jidEncode(this.#users.lid, 'lid', device)
      : jidEncode(this.#users.pn, 's.whatsapp.net', device);
  }

  /** Seconds. */
  get t(): string {
    return String(Math.floor(this.network.now() / 1000));
  }

  /** Sends to every linked device of the account. */
  async post(post: Post): Promise<void> {
    this.#posts.set(post.id, post);
    await this.device(post.device).run(async () => {
      const devices = post.only ? [post.only] : this.network.companions();
      for (const companion of devices) companion.deliver(post.stanza(await this.#seal(companion, post)));
    });
  }

  /** The post of that id again, newly sealed. */
  async repost(id: string): Promise<void> {
    const post = this.#posts.get(id);
    if (!post) throw new Error('this phone has sent no such message');
    await this.post(post);
  }

  /** The client could not read a message: a new session, and the message again. Answers a retry receipt. */
  async again(companion: Companion, receipt: BinaryNode): Promise<void> {
    const post = this.#posts.get(receipt.attrs.id ?? '');
    if (!post) return;
    const device = this.device(post.device);
    await device.run(async () => {
      const bundle = readRetryKeys(receipt) ?? companion.takeBundle();
      if (!bundleHolds(bundle)) this.network.problem('a pre-key whose signature does not hold');
      await device.begin(companion.lid, bundle);
      const { type, ciphertext } = await device.seal(companion.lid, post.message);
      const count = receipt.attrs.type === 'retry' ? '1' : undefined;
      companion.deliver(post.stanza([enc(type, ciphertext, count)]));
    });
  }

  /** Something arrives from the client. */
  take(companion: Companion, letter: Letter): Promise<void> {
    const device = this.device(letter.device);
    return device.run(async () => {
      let message: proto.IMessage;
      try {
        message = await device.open(companion.lid, letter.sealed);
      } catch {
        return this.#cannotRead(companion, letter);
      }
      if (this.confirms && letter.category !== 'peer') this.receipt(companion, letter);
      if (this.#seen.has(letter.id)) return;
      this.#seen.add(letter.id);
      this.read(message, letter);
    });
  }

  /** What to do with an opened message. */
  protected abstract read(message: proto.IMessage, letter: Letter): void;

  /** Sends a receipt for something the client sent; without a type it says "delivered". */
  protected receipt(companion: Companion, letter: Pick<Letter, 'id' | 'to' | 'device'>, type?: string): void {
    const from = this.address(letter.to.endsWith('@lid') ? 'lid' : 'pn', letter.device);
    companion.deliver(node('receipt', { from, id: letter.id, t: this.t, type }));
  }

  /** This phone forgets its sessions with the client: it cannot read the next message and asks for it again. */
  async loseSessions(): Promise<void> {
    for (const device of this.#devices.values()) {
      for (const companion of this.network.companions()) {
        await device.run(() => device.forget(companion.lid));
      }
    }
  }

  close(): void {
    for (const device of this.#devices.values()) device.close();
  }

  async #seal(companion: Companion, { device: number, message, group }: Post): Promise<BinaryNode[]> {
    const device = this.device(number);
    const { lid } = companion;
    if (!device.hasSession(lid)) await device.begin(lid, companion.takeBundle());
    if (group === undefined) {
      const { type, ciphertext } = await device.seal(lid, message);
      return [enc(type, ciphertext)];
    }
    const { ciphertext, senderKey } = await device.sealGroup(group, this.address('lid', number), message);
    const key = await device.seal(lid, senderKey);
    return [enc(key.type, key.ciphertext), enc('skmsg', ciphertext)];
  }

  /** A retry receipt; from the second on with keys for a new session. */
  async #cannotRead(companion: Companion, { id, to, device }: Letter): Promise<void> {
    const count = (this.#asked.get(id) ?? 0) + 1;
    this.#asked.set(id, count);
    if (count > MAX_RETRIES) return;
    const bundle = await this.device(device).bundle();
    const [, ...keys] = bundleNodes(bundle);
    const from = this.address(to.endsWith('@lid') ? 'lid' : 'pn', device);
    const content = [
      node('retry', { count: String(count), id, t: this.t, v: '1' }),
      node('registration', {}, encodeBigEndian(bundle.registrationId)),
      ...(count > 1 ? [node('keys', {}, keys)] : []),
    ];
    companion.deliver(node('receipt', { from, id, t: this.t, type: 'retry' }, content));
  }
}
