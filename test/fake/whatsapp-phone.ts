import { deflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys';
import type { Companion } from './whatsapp-companion.ts';
import { Handset, type Letter, messageId, type Network } from './whatsapp-handset.ts';
import type { Linking } from './whatsapp-linking.ts';
import { type Attrs, node, textOf } from './whatsapp-nodes.ts';
import type { Person } from './whatsapp-person.ts';

/** What the organisation's own phone shows. */
export interface Shown {
  id: string;
  text: string;
  /** The other side of the chat. */
  chat: string;
  message?: proto.IMessage;
}

/** The organisation's own phone: links devices, and writes by hand. */
export class OwnPhone extends Handset {
  /** Copies of what the client sent to people. */
  readonly copies: Shown[] = [];
  /** What people wrote; the phone has everything, linked or not. */
  readonly heard: Shown[] = [];
  /** What the client asked of its phone (history, a message again). */
  readonly requests: proto.IMessage[] = [];
  readonly #linking: () => Linking;

  constructor(network: Network, linking: () => Linking) {
    super(network, network.account);
    this.#linking = linking;
  }

  /** The account's address: its number. */
  get jid(): string {
    return this.pn;
  }

  /**
   * Scans a QR code; resolves when the device is linked and told to come back.
   * @throws when nobody shows this code, or the device's keys or signature are wrong
   */
  scan(payload: string): Promise<void> {
    return this.#linking().scan(payload);
  }

  /**
   * Types the code a device shows; resolves when the device is linked.
   * @throws when no device asked for this number, or the code is wrong
   */
  enterCode(code: string): Promise<void> {
    return this.#linking().enterCode(code);
  }

  /** Logs every linked device out. */
  unlink(): void {
    this.#linking().unlink();
  }

  /** Writes to a person by hand; the client gets its copy. */
  async say(
    to: Person,
    content: string | proto.IMessage,
    options: { id?: string; address?: 'lid' | 'pn'; alt?: boolean } = {},
  ): Promise<string> {
    const { id = messageId(), address = 'lid' } = options;
    const message = typeof content === 'string' ? { conversation: content } : content;
    const chat = to.address(address);
    const alt: Attrs = address === 'lid' ? { peer_recipient_pn: to.pn } : { peer_recipient_lid: to.lid };
    const attrs: Attrs = {
      from: this.address(address),
      recipient: chat,
      id,
      t: this.t,
      type: 'text',
      ...(options.alt === false ? {} : alt),
    };
    to.show({ id, text: textOf(message), message, from: this.address(address), to: chat });
    const copy = { deviceSentMessage: { destinationJid: chat, message } };
    await this.post({ id, message: copy, device: 0, stanza: (sealed) => node('message', attrs, sealed) });
    return id;
  }

  /** Tells a device that was just linked that there is no history. */
  async greet(companion: Companion): Promise<void> {
    const { Type } = proto.Message.ProtocolMessage;
    const { INITIAL_BOOTSTRAP } = proto.HistorySync.HistorySyncType;
    const history = proto.HistorySync.encode({ syncType: INITIAL_BOOTSTRAP, conversations: [] }).finish();
    const keyData = {
      keyData: Buffer.alloc(32, 1),
      fingerprint: { rawId: 1 },
      timestamp: this.network.now(),
    };
    await this.#tell(companion, {
      type: Type.APP_STATE_SYNC_KEY_SHARE,
      appStateSyncKeyShare: { keys: [{ keyId: { keyId: Buffer.from([0, 0, 0, 1]) }, keyData }] },
    });
    await this.#tell(companion, {
      type: Type.HISTORY_SYNC_NOTIFICATION,
      historySyncNotification: {
        syncType: INITIAL_BOOTSTRAP,
        progress: 100,
        chunkOrder: 1,
        initialHistBootstrapInlinePayload: deflateSync(history),
      },
    });
  }

  protected override read(message: proto.IMessage, { id, category }: Letter): void {
    const copy = message.deviceSentMessage;
    if (copy?.message) {
      this.copies.push({
        id,
        text: textOf(copy.message),
        chat: copy.destinationJid ?? '',
        message: copy.message,
      });
    } else if (category === 'peer') this.requests.push(message);
    else this.network.problem('a message to the own phone that is no copy of another');
  }

  // An own phone confirms nothing to the devices linked to it (assumed).
  protected override receipt(_companion: Companion): void {}

  #tell(only: Companion, protocolMessage: proto.Message.IProtocolMessage): Promise<void> {
    const id = messageId();
    const attrs = { from: this.pn, id, t: this.t, type: 'text', category: 'peer' };
    const message = { protocolMessage };
    return this.post({ id, message, only, device: 0, stanza: (sealed) => node('message', attrs, sealed) });
  }
}
