import type { BinaryNode } from '@whiskeysockets/baileys';
import type { Companion } from './whatsapp-companion.ts';
import type { Connection } from './whatsapp-connection.ts';
import type { Handset, Letter } from './whatsapp-handset.ts';
import { answer, type IqHost } from './whatsapp-iq.ts';
import { child, children, deviceOf, node, SERVER, userOf } from './whatsapp-nodes.ts';
import { Person } from './whatsapp-person.ts';

/** What becomes of the next message of the client. */
export type Fault = { error: number } | { drop: 'before' | 'after' };

/** One message stanza as the client sent it. */
export interface SentStanza {
  id: string;
  to: string;
  type: string;
  category: string | undefined;
}

export interface RouterHost extends IqHost {
  now(): number;
  /** Takes what was scripted for the next message. */
  fault(): Fault | undefined;
}

/** Everything a logged-in client sends, and where it goes. */
export class Router {
  /** Message stanzas, also those that were refused. */
  readonly sent: SentStanza[] = [];
  /** Errors the client gave in an ack: it could not handle what it got. */
  readonly nacks: { id: string; error: string }[] = [];
  /** 'available', 'unavailable', as the client said it. */
  readonly presence: string[] = [];
  readonly #host: RouterHost;

  constructor(host: RouterHost) {
    this.#host = host;
  }

  stanza(connection: Connection, companion: Companion, stanza: BinaryNode): void {
    switch (stanza.tag) {
      case 'iq':
        this.#later(this.#iq(connection, companion, stanza));
        break;
      case 'message':
        this.#message(connection, companion, stanza);
        break;
      case 'receipt':
        this.#receipt(connection, companion, stanza);
        break;
      case 'ack':
        this.#ack(companion, stanza);
        break;
      case 'call':
        this.#call(connection, stanza);
        break;
      case 'chatstate':
        this.#person(stanza.attrs.to)?.typing.push(children(stanza)[0]?.tag ?? '');
        break;
      case 'presence':
        if (stanza.attrs.type) this.presence.push(stanza.attrs.type);
        break;
      case 'ib':
        if (child(stanza, 'offline_batch')) companion.catchUp();
        break;
      default:
        this.#host.problem(`a stanza <${stanza.tag}>`);
    }
  }

  async #iq(connection: Connection, companion: Companion, iq: BinaryNode): Promise<void> {
    const result = await answer(this.#host, companion, iq);
    connection.send(reply(iq, result));
  }

  #message(connection: Connection, companion: Companion, stanza: BinaryNode): void {
    const { id = '', to = '', type = '', category } = stanza.attrs;
    this.sent.push({ id, to, type, category });
    const fault = category === 'peer' ? undefined : this.#host.fault();
    if (fault && 'drop' in fault) {
      if (fault.drop === 'after') this.#deliver(companion, stanza);
      connection.terminate();
      return;
    }
    const t = String(Math.floor(this.#host.now() / 1000));
    const error = fault?.error.toString();
    connection.send(node('ack', { class: 'message', id, from: to, t, error }));
    if (!fault) this.#deliver(companion, stanza);
  }

  #deliver(companion: Companion, stanza: BinaryNode): void {
    const { id = '', to = '', category, recipient } = stanza.attrs;
    const sealed = children(child(stanza, 'participants')).map((part) => ({
      part,
      jid: part.attrs.jid ?? '',
    }));
    const direct = children(stanza).some(({ tag, attrs }) => tag === 'enc' && attrs.type !== 'skmsg');
    const parts = direct ? [...sealed, { part: stanza, jid: to }] : sealed;
    for (const { part, jid } of parts) {
      const enc = child(part, 'enc');
      const phone = this.#host.find(userOf(jid));
      const type = enc?.attrs.type;
      if (!phone?.devices.includes(deviceOf(jid)) || !(enc?.content instanceof Uint8Array)) continue;
      if (type !== 'pkmsg' && type !== 'msg') continue;
      if (type === 'pkmsg' && !child(stanza, 'device-identity'))
        this.#host.problem('a first message without identity');
      const letter: Letter = {
        id,
        to: recipient ?? to,
        device: deviceOf(jid),
        sealed: { type, ciphertext: Buffer.from(enc.content) },
        ...(category ? { category } : {}),
      };
      this.#later(phone.take(companion, letter));
    }
  }

  #receipt(connection: Connection, companion: Companion, receipt: BinaryNode): void {
    const { id = '', to = '', type, participant } = receipt.attrs;
    companion.settle(receipt);
    connection.send(node('ack', { class: 'receipt', id, from: to, type }));
    const from = participant ?? to;
    const ids = [id, ...children(child(receipt, 'list')).map(({ attrs }) => attrs.id ?? '')];
    for (const each of ids) this.#person(from)?.receipts.push({ id: each, type: type ?? 'delivered' });
    if (type === 'retry') this.#later(this.#host.find(userOf(from))?.again(companion, receipt));
  }

  #ack(companion: Companion, ack: BinaryNode): void {
    const { id = '', error, class: kind } = ack.attrs;
    companion.settle(ack);
    if (error) this.nacks.push({ id, error });
    if (kind !== 'call') return;
    const call = this.#person(ack.attrs.to)?.calls.find((known) => id === `${known.id}-offer`);
    if (call) call.acked = true;
  }

  #call(connection: Connection, stanza: BinaryNode): void {
    const { id, to } = stanza.attrs;
    const reject = child(stanza, 'reject');
    const call = this.#person(to)?.calls.find((known) => known.id === reject?.attrs['call-id']);
    if (call) call.rejected = true;
    connection.send(node('ack', { class: 'call', id, from: to }));
  }

  #person(jid: string | undefined): Person | undefined {
    const phone: Handset | undefined = this.#host.find(userOf(jid));
    return phone instanceof Person ? phone : undefined;
  }

  #later(work: Promise<void> | undefined): void {
    work?.catch((error) => this.#host.problem(`something could not be delivered: ${error}`));
  }
}

/** The answer to an iq. */
export function reply(iq: BinaryNode, result: BinaryNode[] | number): BinaryNode {
  const attrs = { from: iq.attrs.to ?? SERVER, id: iq.attrs.id };
  if (typeof result !== 'number')
    return node('iq', { ...attrs, type: 'result' }, result.length ? result : undefined);
  const error = node('error', {
    code: String(result),
    text: result === 404 ? 'item-not-found' : 'bad-request',
  });
  return node('iq', { ...attrs, type: 'error' }, [error]);
}
