import { createHash } from 'node:crypto';
import { proto, type WASocket } from '@whiskeysockets/baileys';
import type { Clock, Ids } from '../clock.ts';
import type { OutboundMessage, Place } from '../message.ts';
import { type Capabilities, SendError } from './channel.ts';
import { pause } from './network.ts';
import type { Pace } from './pace.ts';
import { render } from './render.ts';
import { isRestriction, toSendError } from './whatsapp-errors.ts';
import { type Person, personOf } from './whatsapp-inbound.ts';

/** How long things take, in ms. Tests make them short. */
export interface SendTimings {
  /** Longest wait for the server's answer; after it nobody knows. */
  ack: number;
  /** Longest wait for our turn by the pace; a longer one is left to the outbox, which holds nobody up. */
  patience: number;
  /** When to try again while there is no connection. */
  offline: number;
  /** How long "typing …" shows before a text of so many characters. 0: not at all. */
  typing(characters: number): number;
}

export interface SenderOptions {
  capabilities: Capabilities;
  pace: Pace;
  clock: Clock;
  ids: Ids;
  timings: SendTimings;
  /** The socket while it is logged in. */
  open(): WASocket | undefined;
  /** Our account's standing, as the last answer showed it. */
  onStanding(restricted: boolean): void;
}

/** What became of one written message. */
type Answer = { is: 'taken' } | { is: 'refused'; code: string } | { is: 'lost' } | { is: 'silence' };

const TAKEN: Answer = { is: 'taken' };
const LOST: Answer = { is: 'lost' };
const SILENCE: Answer = { is: 'silence' };

/** Messages kept in memory for devices that could not read them, and how long. */
const RECALL_LIMIT = 500;
const RECALL_MS = 24 * 3_600_000;
/** Ids kept to tell our own messages from those a person types on the phone, and parts sent from parts to send. */
const IDS_LIMIT = 10_000;

/** The sending half of the channel. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  readonly #recent = new Map<string, { to: string; content: proto.IMessage; at: number }>();
  /** Ids of what we have written, and whether the server has it. */
  readonly #written = new Map<string, boolean>();
  #stopping = new AbortController();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopping = new AbortController();
  }

  /** What waits for its turn gives up. */
  stop(): void {
    this.#stopping.abort();
    this.lost();
  }

  /**
   * @param id of the outbox row: message ids are made from it, so a second try is the same message to WhatsApp
   * @throws {SendError}
   */
  async send(address: string, message: OutboundMessage, id: string): Promise<string[]> {
    const to = person(address);
    const sentIds: string[] = [];
    for (const [part, content] of this.#parts(message).entries()) {
      const messageId = idOf(`${id}/${part}`);
      if (this.#written.get(messageId) !== true) {
        await this.#turn(to);
        await this.#type(to, content);
        await this.#deliver(to, messageId, content);
      }
      sentIds.push(messageId);
    }
    return sentIds;
  }

  /**
   * Takes messages back on the person's phone too. WhatsApp lets that be for about two days and keeps silent after.
   *
   * @throws {SendError} when it makes sense to try again
   */
  async remove(address: string, sentIds: string[]): Promise<void> {
    const to = person(address);
    // At once, not at the pace of sending: somebody may be looking over their shoulder.
    const all = sentIds.map(async (id) => {
      const key = { remoteJid: to.jid, fromMe: true, id };
      const content = { protocolMessage: { key, type: proto.Message.ProtocolMessage.Type.REVOKE } };
      this.#recent.delete(id);
      await this.#deliver(to, idOf(`revoke/${id}`), content, { edit: '7' });
    });
    const failed = (await Promise.allSettled(all)).flatMap((r) =>
      r.status === 'rejected' ? [r.reason] : [],
    );
    const again = failed.find(
      (e) => !(e instanceof SendError && (e.kind === 'permanent' || e.kind === 'stopped')),
    );
    if (again !== undefined) throw again;
  }

  /** The server has a message, or has refused it. */
  answered(id: string, refusal?: string): void {
    if (this.#written.has(id)) this.#written.set(id, refusal === undefined);
    this.#waiting.get(id)?.(refusal === undefined ? TAKEN : { is: 'refused', code: refusal });
  }

  /** The connection is gone. */
  lost(): void {
    for (const settle of this.#waiting.values()) settle(LOST);
  }

  /** Whether this is the id of a message of ours. */
  sent(id: string): boolean {
    return this.#written.has(id);
  }

  /** A message of ours, to be encrypted again for a device that could not read it. */
  recall(id: string): proto.IMessage | undefined {
    const kept = this.#recent.get(id);
    return kept && this.#options.clock.now() - kept.at < RECALL_MS ? kept.content : undefined;
  }

  /** Drops what is kept of the messages to this person. */
  forget(jids: readonly string[]): void {
    for (const [id, { to }] of this.#recent) if (jids.includes(to)) this.#recent.delete(id);
  }

  /** What is written, in order: the point before the text, so that the choices stay under the last thing read. */
  #parts(message: OutboundMessage): proto.IMessage[] {
    return render(message, this.#options.capabilities).flatMap(({ place, text }) => [
      ...(place ? [{ locationMessage: toLocation(place) }] : []),
      // The secret is what a phone needs to report a message; every app of WhatsApp sends one.
      ...(text.trim() === ''
        ? []
        : [{ conversation: text, messageContextInfo: { messageSecret: this.#options.ids.bytes(32) } }]),
    ]);
  }

  /** Waits for our turn by the pace. */
  async #turn(to: Person): Promise<void> {
    const { pace, timings } = this.#options;
    this.#socket();
    const wait = pace.take(to.jid, timings.patience);
    if (wait > timings.patience) throw new SendError('retry', 'pace', { retryAfterMs: wait });
    if (wait > 0) await pause(wait, this.#stopping.signal);
  }

  /** "Typing …", so that an answer does not fall on somebody in the same instant. */
  async #type(to: Person, content: proto.IMessage): Promise<void> {
    const ms = this.#options.timings.typing(content.conversation?.length ?? 0);
    if (ms <= 0) return;
    // Only an ornament: when it fails, so does the message right after, and that is reported.
    await this.#socket()
      .sendPresenceUpdate('composing', to.jid)
      .catch(() => undefined);
    await pause(ms, this.#stopping.signal);
  }

  /** Writes one message and waits for the server's answer. */
  async #deliver(
    to: Person,
    id: string,
    content: proto.IMessage,
    additionalAttributes: { [name: string]: string } = {},
  ): Promise<void> {
    const sock = this.#socket();
    this.#remember(id, to, content);
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    const patience = new AbortController();
    let written = false;
    try {
      const writing = write(sock, to, content, { messageId: id, additionalAttributes }).then(() => {
        written = true;
      });
      const early = await Promise.race([writing, answer]);
      const silence = pause(this.#options.timings.ack, patience.signal).then(() => SILENCE);
      await this.#conclude(sock, to, early ?? (await Promise.race([answer, silence])), written);
    } finally {
      patience.abort();
      this.#waiting.delete(id);
    }
  }

  async #conclude(sock: WASocket, to: Person, answer: Answer, written: boolean): Promise<void> {
    const { onStanding, timings } = this.#options;
    if (answer.is === 'taken') return onStanding(false);
    if (answer.is === 'refused') {
      if (isRestriction(answer.code)) onStanding(true);
      // "Stale devices": the next try has to ask for them anew.
      if (answer.code === '479') await sock.userDevicesCache.del(to.user);
      throw toSendError(answer.code);
    }
    if (!written) throw new SendError('retry', 'whatsapp-offline', { retryAfterMs: timings.offline });
    throw new SendError('ambiguous', answer.is === 'lost' ? 'whatsapp-lost' : 'whatsapp-no-answer');
  }

  #socket(): WASocket {
    const sock = this.#stopping.signal.aborted ? undefined : this.#options.open();
    if (sock) return sock;
    throw new SendError('retry', 'whatsapp-offline', { retryAfterMs: this.#options.timings.offline });
  }

  #remember(id: string, to: Person, content: proto.IMessage): void {
    if (!this.#written.has(id)) this.#written.set(id, false);
    trim(this.#written, IDS_LIMIT);
    this.#recent.delete(id);
    this.#recent.set(id, { to: to.jid, content, at: this.#options.clock.now() });
    trim(this.#recent, RECALL_LIMIT);
  }
}

/** Throws `retry` when nothing was written, and `stopped` when there is nobody to write to. */
async function write(
  sock: WASocket,
  to: Person,
  content: proto.IMessage,
  options: { messageId: string; additionalAttributes: { [name: string]: string } },
): Promise<void> {
  try {
    // The library asks for the devices anyway, and remembers them; without any it sends to nobody and reports success.
    const devices = await sock.getUSyncDevices([to.jid], true, false);
    if (!devices.some(({ user }) => user === to.user)) throw await absence(sock, to);
    await sock.relayMessage(to.jid, content, options);
  } catch (error) {
    // Nothing of the library's error goes on: it may carry what we said and to whom.
    throw error instanceof SendError ? error : new SendError('retry', 'whatsapp-not-written');
  }
}

/** No devices: the number is not on WhatsApp, or the server did not answer. */
async function absence(sock: WASocket, to: Person): Promise<SendError> {
  const found = to.kind === 'pn' ? await sock.onWhatsApp(to.jid) : undefined;
  // The library lists only those who are there.
  const gone = found !== undefined && !found.some(({ exists }) => exists);
  return new SendError(gone ? 'stopped' : 'retry', gone ? 'whatsapp-not-there' : 'whatsapp-no-devices');
}

function toLocation({ lat, lon, name, address }: Place): proto.Message.ILocationMessage {
  return { degreesLatitude: lat, degreesLongitude: lon, name, address };
}

/** A message id as WhatsApp's own apps make them, the same for the same words. */
function idOf(seed: string): string {
  return `3EB0${createHash('sha256').update(seed).digest('hex').slice(0, 18).toUpperCase()}`;
}

function person(address: string): Person {
  const found = personOf(address);
  if (!found) throw new SendError('permanent', 'whatsapp-address');
  return found;
}

/** Drops the oldest entries beyond a limit. */
function trim(map: Map<string, unknown>, limit: number): void {
  for (const key of map.keys()) {
    if (map.size <= limit) return;
    map.delete(key);
  }
}
