import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { silenceLibsignal, until, userOf } from './whatsapp-nodes.ts';
import { installTestRoot } from './whatsapp-noise.ts';
import { Person } from './whatsapp-person.ts';
import type { SentStanza } from './whatsapp-router.ts';
import { type FakeWhatsAppOptions, Service } from './whatsapp-service.ts';

export type { FakeWhatsAppOptions, Person };

/** Starts a stand-in on loopback. */
export async function fakeWhatsApp(options: FakeWhatsAppOptions = {}): Promise<FakeWhatsApp> {
  silenceLibsignal();
  installTestRoot();
  const fake = new FakeWhatsApp(options);
  await fake.up();
  return fake;
}

/**
 * WhatsApp on loopback: the service, the organisation's phone, and people with phones. An unmodified Baileys connects
 * to `url`, does the Noise handshake, is linked by QR code or by code, and exchanges Signal messages that are really
 * sealed. It imitates what Baileys expects of the service; nothing here was seen on the real one.
 *
 * Assumed, because the client does not show it: that the service checks the signatures of a device and of its
 * pre-keys and refuses bad ones (400, 401, 406); that everything that waits is sent at once after `offline_batch`,
 * however much; that a message counts as delivered by an ack (also one with an error) or a receipt of any type; that
 * pre-keys are asked for when fewer than 5 are left; that a phone asked for the same message again makes a new
 * session the first time already; that `403` and `405` can end a running connection as `<failure>`, and 408 as a
 * stream error (the client usually makes that one itself); that an address nobody has gets an empty list of devices.
 */
export class FakeWhatsApp extends Service {
  #server: WebSocketServer | undefined;
  #port: number;

  constructor(options: FakeWhatsAppOptions) {
    super(options);
    this.#port = options.port ?? 0;
  }

  /** For `waWebSocketUrl`. */
  get url(): string {
    return `ws://127.0.0.1:${this.#port}/ws/chat`;
  }

  /** Message stanzas of the client, also refused ones. */
  get sent(): readonly SentStanza[] {
    return this.router.sent;
  }

  /** What the client could not handle, as it said itself. */
  get nacks(): readonly { id: string; error: string }[] {
    return this.router.nacks;
  }

  /** 'available' and 'unavailable', as the client said it. */
  get presence(): readonly string[] {
    return this.router.presence;
  }

  /** Stanzas linked devices have not confirmed yet. */
  get waiting(): number {
    return this.companions().reduce((sum, { waiting }) => sum + waiting.length, 0);
  }

  /** WebSockets open now. */
  get open(): number {
    return this.live.size;
  }

  /** A linked device is logged in and has been sent everything that waited. */
  get online(): boolean {
    return this.companions().some(({ live }) => live);
  }

  /** A stranger with a phone. Numbers and LIDs may be given as digits or as addresses. */
  person(options: { pn?: string; lid?: string; hidden?: boolean } = {}): Person {
    const count = this.phones.size;
    const digits = (value: string | undefined, other: number): string =>
      value === undefined ? String(other) : userOf(value) || value;
    const person = new Person(this, {
      pn: digits(options.pn, 15_570_000 + count),
      lid: digits(options.lid, 100_000_000_000_000 + count),
    });
    person.hidden = options.hidden ?? false;
    this.know(person);
    return person;
  }

  /** A group the organisation is in, for `send(…, { in: group })`. */
  group(members: Person[]): string {
    const jid = `12036300000000${this.groups.size}@g.us`;
    this.groups.set(jid, [this.phone.lid, ...members.map(({ lid }) => lid)]);
    return jid;
  }

  /** Waits until a linked device is logged in and has been sent everything that waited. */
  async whenOnline(timeoutMs?: number): Promise<void> {
    await until(() => this.online, 'a client that is online', timeoutMs);
  }

  /** Waits until a device shows a QR code (`'qr'`), or has asked for a code to be typed (`'code'`). */
  async whenLinking(by: 'qr' | 'code', timeoutMs?: number): Promise<void> {
    const count = (): number => (by === 'qr' ? this.linking.waiting : this.linking.codesAsked);
    await until(() => count() > 0, `a device that wants to be linked by ${by}`, timeoutMs);
  }

  /** Waits until linked devices have confirmed everything. */
  async whenConfirmed(timeoutMs?: number): Promise<void> {
    await until(() => this.waiting === 0, 'a client that has confirmed everything', timeoutMs);
  }

  /** Ends every connection as the service does for this code of `DisconnectReason`. */
  closeWith(code: number): void {
    for (const connection of this.live) connection.end(code);
  }

  /** Breaks every connection without a word. */
  cut(): void {
    for (const connection of this.live) connection.terminate();
  }

  /** The lines that are open now go dead without being closed, or come back; nothing on them is lost. */
  freeze(frozen = true): void {
    for (const connection of this.live) connection.freeze(frozen);
  }

  /** The next message of the client is refused with this error in its ack; calls add up. */
  failNext(code: number): void {
    this.faults.push({ error: code });
  }

  /** The line breaks at the next message of the client: before it was delivered, or after it and before the ack. */
  dropNext(drop: 'before' | 'after'): void {
    this.faults.push({ drop });
  }

  /** Every login and every new device is refused with this code; null ends it. */
  refuseLogin(code: number | null): void {
    this.refusal = code;
  }

  /** The same bytes once more. A message newly sealed under the same id is `person.repost(id)`. */
  redeliver(id: string): void {
    for (const companion of this.companions()) companion.repeat(id);
  }

  /** Lets the service listen, on the same port as before. */
  async up(): Promise<void> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: this.#port, path: '/ws/chat' });
    server.on('connection', (socket) => this.take(socket));
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Ends all connections and takes no more; what waits stays. */
  async down(): Promise<void> {
    this.cut();
    const server = this.#server;
    this.#server = undefined;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  /** Same state, same port. */
  async restart(): Promise<void> {
    await this.down();
    await this.up();
  }

  async stop(): Promise<void> {
    await this.down();
    for (const phone of new Set(this.phones.values())) phone.close();
  }
}
