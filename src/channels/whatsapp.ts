import type { WAVersion } from '@whiskeysockets/baileys';
import type { Clock, Ids } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log-port.ts';
import type { OutboundMessage } from '../message.ts';
import { CAPABILITIES } from './capabilities.ts';
import type { Capabilities, Channel, ChannelHost, ChannelState } from './channel.ts';
import { createPace, type PaceLimits } from './pace.ts';
import { type Auth, createAuth, type KeyRows } from './whatsapp-auth.ts';
import { RESTRICTED } from './whatsapp-errors.ts';
import { personOf } from './whatsapp-inbound.ts';
import { Intake } from './whatsapp-intake.ts';
import { silenceLibraries } from './whatsapp-quiet.ts';
import { Sender, type SendTimings } from './whatsapp-send.ts';
import { Connection, type SocketTimings } from './whatsapp-socket.ts';

/**
 * The version of WhatsApp Web that is spoken unless `WHATSAPP_VERSION` says otherwise: the one Baileys 7.0.0-rc14 was
 * made for. Nothing is looked up at start; WhatsApp says 405 when it wants a newer one.
 */
export const WHATSAPP_VERSION: WAVersion = [2, 3000, 1_043_857_760];

export type WhatsAppTimings = SocketTimings & SendTimings;

export const WHATSAPP_TIMINGS: WhatsAppTimings = {
  backoff: 1000,
  maxBackoff: 60_000,
  recheck: 10 * 60_000,
  stable: 30_000,
  answer: 20_000,
  close: 2000,
  pairingRounds: 20,
  ack: 20_000,
  patience: 2000,
  offline: 5000,
  typing: (characters) => Math.min(1200, 300 + characters),
};

/**
 * How fast we send. WhatsApp publishes no limits for linked devices and bans what looks like a machine, so this is our
 * choice: what two people at two keyboards might do.
 */
export const WHATSAPP_PACE: PaceLimits = { perSecond: 4, perContact: { everyMs: 1000, burst: 5 } };

export interface WhatsAppOptions {
  rows: KeyRows;
  /** A stand-in on this machine instead of WhatsApp. */
  wsUrl?: string;
  version?: WAVersion;
  log: Log;
  clock: Clock;
  ids: Ids;
  capabilities?: Capabilities;
  pace?: PaceLimits;
  timings?: Partial<WhatsAppTimings>;
}

/** How far the pairing with the organisation's phone is. */
export interface Pairing {
  /** `waiting`: a code is shown and has to be scanned or typed on the phone. */
  state: 'unpaired' | 'waiting' | 'paired';
  /** To be drawn as a QR code; replaced every 20 to 60 seconds. */
  qr?: string;
  /** Eight letters and digits to be typed on the phone, after {@link WhatsAppChannel.requestCode}. */
  code?: string;
}

/** WhatsApp as a device linked to a phone of the organisation. */
export interface WhatsAppChannel extends Channel {
  pairing(): Pairing;
  /** Called with every new code to scan, at once with one that is shown already. @returns stops it */
  onQr(listener: (qr: string) => void): () => void;
  /** Offers codes (again): they stop after about an hour, and when the phone throws us out. */
  pair(): void;
  /**
   * A code to type on the phone instead of scanning.
   *
   * @param phone of the phone, with the country, e.g. +7 700 …; what is no digit is ignored
   * @throws {AppError} CHANNEL_REFUSED when paired already or this is no number, CHANNEL_BUSY when WhatsApp is not there
   */
  requestCode(phone: string): Promise<string>;
  /** Takes this device off the phone's list and deletes all keys. */
  logout(): Promise<void>;
}

/**
 * Makes the channel. `start` resolves at once and never rejects for WhatsApp's sake: without a paired phone, without
 * a connection or locked out, the state says so and the other channels run.
 *
 * WhatsApp is told "received" after our commit, although the library would do it before: see whatsapp-client.ts.
 *
 * No read receipts: they would tell a person, and whoever holds their phone, that somebody read at that hour, which
 * no one did. The answer itself says that the message arrived.
 */
export function createWhatsApp(options: WhatsAppOptions): WhatsAppChannel {
  silenceLibraries();
  return new WhatsApp(options);
}

class WhatsApp implements WhatsAppChannel {
  readonly id = 'whatsapp';
  readonly capabilities: Capabilities;
  readonly #options: WhatsAppOptions;
  readonly #timings: WhatsAppTimings;
  readonly #auth: Auth;
  readonly #connection: Connection;
  readonly #sender: Sender;
  readonly #listeners = new Set<(qr: string) => void>();
  readonly #intake: Intake;
  #started = false;
  #restricted = false;
  #qr: string | undefined;
  #code: string | undefined;

  constructor(options: WhatsAppOptions) {
    const { rows, clock, ids, log, wsUrl, version = WHATSAPP_VERSION } = options;
    this.#options = options;
    this.#timings = { ...WHATSAPP_TIMINGS, ...options.timings };
    this.capabilities = options.capabilities ?? CAPABILITIES['whatsapp-baileys'];
    this.#auth = createAuth(rows, clock);
    this.#sender = new Sender({
      capabilities: this.capabilities,
      pace: createPace(options.pace ?? WHATSAPP_PACE, clock),
      clock,
      ids,
      timings: this.#timings,
      open: () => this.#connection.open,
      onStanding: (restricted) => this.#standing(restricted),
    });
    this.#intake = new Intake({
      auth: this.#auth,
      log,
      sent: (id) => this.#sender.sent(id),
    });
    this.#connection = new Connection({
      auth: this.#auth,
      ...(wsUrl === undefined ? {} : { wsUrl }),
      version,
      log,
      clock,
      ids,
      timings: this.#timings,
      onMessage: (stanza, plaintext) => this.#intake.read(stanza, plaintext),
      onResent: (messages) => this.#intake.resent(messages),
      onAnswer: (id, refusal) => this.#sender.answered(id, refusal),
      onLost: () => this.#sender.lost(),
      onQr: (qr) => this.#show(qr),
      recall: (id) => this.#sender.recall(id),
    });
  }

  state(): ChannelState {
    const state = this.#connection.state();
    return state.state === 'up' && this.#restricted ? { state: 'down', ...RESTRICTED } : state;
  }

  async start(host: ChannelHost): Promise<void> {
    this.#started = true;
    this.#intake.start(host);
    this.#sender.start();
    this.#connection.start();
  }

  async stop(): Promise<void> {
    this.#started = false;
    this.#sender.stop();
    await this.#connection.stop();
    await this.#intake.stop();
  }

  send(address: string, message: OutboundMessage, id: string): Promise<string[]> {
    return this.#sender.send(address, message, id);
  }

  remove(address: string, sentIds: string[]): Promise<void> {
    return this.#sender.remove(address, sentIds);
  }

  async dropKeys(address: string): Promise<void> {
    const person = personOf(address);
    if (!person) return;
    const alias = this.#auth.aliasOf(person.jid);
    this.#auth.forget(person.jid);
    this.#sender.forget(alias === undefined ? [person.jid] : [person.jid, alias]);
    const sock = this.#connection.open;
    // What the library remembers of its own has no way to forget one person; it fills again from the rows.
    sock?.signalRepository.close?.();
    sock?.messageRetryManager?.clear();
    for (const jid of [person.jid, alias]) {
      if (jid !== undefined) await sock?.userDevicesCache.del(personOf(jid)?.user ?? '');
    }
  }

  pairing(): Pairing {
    if (this.#auth.paired()) return { state: 'paired' };
    if (this.#qr === undefined) return { state: 'unpaired' };
    return { state: 'waiting', qr: this.#qr, ...(this.#code === undefined ? {} : { code: this.#code }) };
  }

  onQr(listener: (qr: string) => void): () => void {
    this.#listeners.add(listener);
    if (this.#qr !== undefined) listener(this.#qr);
    return () => this.#listeners.delete(listener);
  }

  pair(): void {
    if (this.#started) this.#connection.start();
  }

  async requestCode(phone: string): Promise<string> {
    const digits = phone.replace(/\D/g, '');
    if (this.#auth.paired()) {
      throw new AppError('CHANNEL_REFUSED', 'A phone is paired already.', {
        hint: 'Log out first (npx hamroh whatsapp logout) to pair another one.',
      });
    }
    if (digits.length < 7 || digits.length > 15) {
      throw new AppError('CHANNEL_REFUSED', 'This is no phone number.', {
        hint: 'Write it with the country code, as WhatsApp shows it on the phone.',
      });
    }
    this.#code = await this.#connection.requestCode(digits);
    return this.#code;
  }

  async logout(): Promise<void> {
    await this.#connection.logout();
    this.#restricted = false;
  }

  #show(qr: string | undefined): void {
    this.#qr = qr;
    if (qr === undefined) this.#code = undefined;
    else for (const listener of this.#listeners) listener(qr);
  }

  #standing(restricted: boolean): void {
    if (restricted && !this.#restricted) {
      this.#options.log.error('WhatsApp has restricted this number', { channel: 'whatsapp', ...RESTRICTED });
    }
    this.#restricted = restricted;
  }
}
