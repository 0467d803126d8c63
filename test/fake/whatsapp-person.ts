import { proto } from '@whiskeysockets/baileys';
import type { Companion } from './whatsapp-companion.ts';
import { Handset, type Letter, messageId } from './whatsapp-handset.ts';
import { type Attrs, node, textOf, until } from './whatsapp-nodes.ts';

/** A message of the client on a person's screen. */
export interface Received {
  id: string;
  /** '' when it is no text. */
  text: string;
  message: proto.IMessage;
  /** The organisation's address, in the form the client used. */
  from: string;
  /** The address of this person the client wrote to: LID or number. */
  to: string;
}

/** How a person's message travels. */
export interface SendOptions {
  id?: string;
  /** Under which address it comes; LID unless said. */
  address?: 'lid' | 'pn';
  /** Whether the service adds the person's other address, as it nearly always does; true unless said. */
  alt?: boolean;
  /** From a device linked to the person's phone, e.g. 5: the address gets `:5`. */
  device?: number;
  /** In a group, a broadcast list or `status@broadcast`. */
  in?: string;
  /** Sent at, in milliseconds. */
  at?: number;
  /** What no honest phone sends: other attributes of the stanza, or content that is not sealed at all. */
  forged?: { attrs?: Attrs; plaintext?: true };
}

/** A call to the organisation, and what the client did about it. */
export interface Call {
  id: string;
  acked: boolean;
  rejected: boolean;
}

/** A stranger with a phone who writes to the organisation. */
export class Person extends Handset {
  /** What the client sent, in order, each id once; opened by the phone. */
  readonly received: Received[] = [];
  /** What the client confirmed: 'delivered', 'inactive' (delivered, nobody looks), 'read', 'retry', … */
  readonly receipts: { id: string; type: string }[] = [];
  /** 'composing', 'paused', as the client showed it. */
  readonly typing: string[] = [];
  /** Ids the client took back. */
  readonly revoked: string[] = [];
  readonly calls: Call[] = [];
  /** Shown with messages. */
  name = 'N';
  /** The organisation is blocked: its messages are taken by the service and never arrive. */
  blocked = false;
  /** The service does not say which LID belongs to this number. */
  hidden = false;
  #read = 0;

  /** Writes to the organisation. @returns the id of the message, sealed and handed to the service */
  async send(content: string | proto.IMessage, options: SendOptions = {}): Promise<string> {
    const message = typeof content === 'string' ? { conversation: content } : content;
    const { id = messageId(), address = 'lid', device = 0, forged } = options;
    const from = this.address(address, device);
    const place = options.in;
    const other = address === 'lid' ? { [place ? 'participant_pn' : 'sender_pn']: this.pn } : undefined;
    const alt = other ?? { [place ? 'participant_lid' : 'sender_lid']: this.lid };
    const attrs: Attrs = {
      from: place ?? from,
      participant: place ? from : undefined,
      addressing_mode: place ? address : undefined,
      id,
      t: options.at === undefined ? this.t : String(Math.floor(options.at / 1000)),
      type: stanzaType(message),
      notify: this.name,
      ...(options.alt === false ? {} : alt),
      ...forged?.attrs,
    };
    const plain = forged?.plaintext
      ? [node('plaintext', {}, proto.Message.encode(message).finish())]
      : undefined;
    const group = place?.endsWith('@g.us') || place === 'status@broadcast' ? { group: place } : {};
    const stanza = (sealed: Parameters<typeof node>[2]) => node('message', attrs, plain ?? sealed);
    await this.post({ id, message, device, ...group, stanza });
    if (place === undefined) this.network.heard({ id, text: textOf(message), from });
    return id;
  }

  /** Takes back an own message. */
  revoke(id: string, options?: SendOptions): Promise<string> {
    const key = { id, fromMe: true, remoteJid: this.network.account.lid };
    const { REVOKE } = proto.Message.ProtocolMessage.Type;
    return this.send({ protocolMessage: { type: REVOKE, key } }, options);
  }

  /** Puts an emoji on a message of the client; '' takes it away. */
  react(id: string, text: string, options?: SendOptions): Promise<string> {
    const key = { id, fromMe: false, remoteJid: this.address(options?.address ?? 'lid') };
    return this.send({ reactionMessage: { key, text, senderTimestampMs: this.network.now() } }, options);
  }

  /** Has read a message of the client, or all of them. */
  look(id?: string): void {
    for (const { id: known, to } of this.received) {
      if (id !== undefined && id !== known) continue;
      for (const companion of this.network.companions()) {
        this.receipt(companion, { id: known, to, device: 0 }, 'read');
      }
    }
  }

  /** Shows the client that the person is writing. */
  type(state: 'composing' | 'paused' = 'composing'): void {
    const stanza = node('chatstate', { from: this.lid }, [node(state)]);
    for (const companion of this.network.companions()) if (companion.live) companion.connection?.send(stanza);
  }

  /** Calls the organisation. @returns the call, whose fields change when the client acts */
  call({ video = false }: { video?: boolean } = {}): Call {
    const call: Call = { id: messageId(), acked: false, rejected: false };
    this.calls.push(call);
    const offer = node('offer', { 'call-id': call.id, 'call-creator': this.lid, caller_pn: this.pn }, [
      node(video ? 'video' : 'audio'),
    ]);
    this.#call(call, offer);
    return call;
  }

  /** Ends a call nobody took. */
  hangUp({ id }: Call, reason: 'timeout' | 'hangup' = 'timeout'): void {
    this.#call({ id }, node('terminate', { 'call-id': id, 'call-creator': this.lid, reason }));
  }

  /** The next message of the client that was not taken yet and fits; those before it count as taken. */
  next(fits: (message: Received) => boolean = () => true, timeoutMs?: number): Promise<Received> {
    const find = (): Received | undefined => {
      const at = this.received.findIndex((message, index) => index >= this.#read && fits(message));
      if (at >= 0) this.#read = at + 1;
      return this.received[at];
    };
    return until(find, `a message for ${this.lid}`, timeoutMs);
  }

  /** Texts of the client that were not taken back, oldest first. */
  get screen(): string[] {
    return this.received.filter(({ id }) => !this.revoked.includes(id)).map(({ text }) => text);
  }

  /** Gets a new identity, as after installing WhatsApp again; `told`: the service tells the client so. */
  reinstall({ told = true }: { told?: boolean } = {}): void {
    this.device(0).reinstall();
    if (!told) return;
    for (const companion of this.network.companions()) {
      const attrs = { from: this.lid, type: 'encrypt', id: messageId(), t: this.t };
      companion.deliver(node('notification', attrs, [node('identity')]));
    }
  }

  override take(companion: Companion, letter: Letter): Promise<void> {
    return this.blocked ? Promise.resolve() : super.take(companion, letter);
  }

  /** A message the organisation wrote by hand on its own phone. */
  show(received: Received): void {
    this.received.push(received);
  }

  protected override read(message: proto.IMessage, { id, to }: Letter): void {
    const { type, key } = message.protocolMessage ?? {};
    if (type === proto.Message.ProtocolMessage.Type.REVOKE && key?.id) {
      this.revoked.push(key.id);
      return;
    }
    const { pn, lid } = this.network.account;
    const from = to.endsWith('@lid') ? `${lid}@lid` : `${pn}@s.whatsapp.net`;
    this.received.push({ id, text: textOf(message), message, from, to });
  }

  #call({ id }: { id: string }, content: ReturnType<typeof node>): void {
    const attrs = { from: this.lid, id: `${id}-${content.tag}`, t: this.t, notify: this.name };
    for (const companion of this.network.companions()) companion.deliver(node('call', attrs, [content]));
  }
}

function stanzaType(message: proto.IMessage): string {
  if (message.reactionMessage) return 'reaction';
  const words = ['conversation', 'extendedTextMessage', 'protocolMessage', 'deviceSentMessage'];
  return words.some((key) => key in message) ? 'text' : 'media';
}
