import type { BinaryNode, KeyPair, proto } from '@whiskeysockets/baileys';
import type { Companion } from './whatsapp-companion.ts';
import { Connection, type ConnectionHost } from './whatsapp-connection.ts';
import type { Handset, Network } from './whatsapp-handset.ts';
import { type LinkHost, Linking } from './whatsapp-linking.ts';
import { children, node, userOf } from './whatsapp-nodes.ts';
import { type Certificate, certificate } from './whatsapp-noise.ts';
import { Person } from './whatsapp-person.ts';
import { OwnPhone } from './whatsapp-phone.ts';
import { type Fault, Router, type RouterHost, reply } from './whatsapp-router.ts';

/** How the stand-in is set up. */
export interface FakeWhatsAppOptions {
  /** Number of the organisation, digits only. */
  pn?: string;
  lid?: string;
  port?: number;
  /** QR codes before a device must ask again. */
  qrRefs?: number;
  /** Whether a device that was just linked is told that there is no history (a real phone tells it the history). */
  history?: boolean;
  /** Milliseconds. */
  now?: () => number;
}

/** Everything the parts of the stand-in ask of the whole: who there is, who is linked, what goes wrong next. */
export abstract class Service implements Network, ConnectionHost, LinkHost, RouterHost {
  readonly account: { pn: string; lid: string; name: string };
  readonly qrRefs: number;
  /** The organisation's own phone. */
  readonly phone: OwnPhone;
  /** WebSockets taken so far. */
  connections = 0;
  /** Logins that succeeded so far. */
  logins = 0;
  /** The version the client last said it is, e.g. `2.3000.1`. */
  clientVersion = '';
  /** What a real client never does. A test that expects none says so. */
  readonly problems: string[] = [];
  protected readonly linking: Linking = new Linking(this);
  protected readonly router: Router = new Router(this);
  protected readonly live = new Set<Connection>();
  protected readonly groups = new Map<string, string[]>();
  protected readonly phones = new Map<string, Handset>();
  protected readonly faults: Fault[] = [];
  /** The code every login is refused with. */
  protected refusal: number | null = null;
  readonly #options: FakeWhatsAppOptions;
  readonly #certificate: Certificate = certificate();
  readonly #companions = new Map<number, Companion>();

  constructor(options: FakeWhatsAppOptions) {
    this.#options = options;
    this.qrRefs = options.qrRefs ?? 6;
    this.account = { pn: options.pn ?? '15550000', lid: options.lid ?? '200000000000000', name: 'Org' };
    this.phone = new OwnPhone(this, () => this.linking);
    this.know(this.phone);
  }

  now(): number {
    return (this.#options.now ?? Date.now)();
  }

  companions(): Companion[] {
    return [...this.#companions.values()];
  }

  find(user: string): Handset | undefined {
    return this.phones.get(user);
  }

  tells(phone: Handset): boolean {
    return !(phone instanceof Person && phone.hidden);
  }

  members(group: string): string[] | undefined {
    return this.groups.get(group);
  }

  identity(): KeyPair {
    return this.phone.device(0).identity;
  }

  heard({ id, text, from }: { id: string; text: string; from: string }): void {
    this.phone.heard.push({ id, text, chat: from });
  }

  problem(what: string): void {
    this.problems.push(what);
  }

  fault(): Fault | undefined {
    return this.faults.shift();
  }

  link(companion: Companion): void {
    this.#companions.set(companion.device, companion);
  }

  unlinkAll(): void {
    for (const companion of this.companions()) {
      this.remove(companion);
      companion.connection?.end(401);
    }
  }

  remove(companion: Companion): void {
    this.#companions.delete(companion.device);
  }

  activate(companion: Companion): void {
    if (!companion.greeted && this.#options.history !== false) {
      this.phone.greet(companion).catch((error) => this.problem(`no greeting: ${error}`));
    }
    companion.greeted = true;
    companion.activate();
  }

  opened(connection: Connection, payload: proto.ClientPayload): void {
    const { primary, secondary, tertiary } = payload.userAgent?.appVersion ?? {};
    this.clientVersion = [primary, secondary, tertiary].join('.');
    if (this.refusal !== null) return connection.failure(this.refusal);
    if (payload.devicePairingData) return this.linking.offer(connection, payload);
    const companion = this.#companions.get(payload.device ?? 0);
    const known =
      companion?.clientKey.equals(connection.clientKey) && String(payload.username) === this.account.pn;
    if (!companion || !known) return connection.failure(401);
    connection.companion = companion;
    companion.attach(connection);
    this.logins++;
    const t = String(Math.floor(this.now() / 1000));
    connection.send(node('success', { t, lid: companion.lid, props: '1' }));
  }

  stanza(connection: Connection, stanza: BinaryNode): void {
    const { companion } = connection;
    if (companion) return this.router.stanza(connection, companion, stanza);
    const [request] = children(stanza);
    if (stanza.tag !== 'iq' || (stanza.attrs.type !== 'get' && stanza.attrs.type !== 'set')) return;
    const linking =
      request?.tag === 'link_code_companion_reg' ? this.linking.answer(connection, request) : [];
    connection.send(reply(stanza, linking));
  }

  closed(connection: Connection): void {
    this.live.delete(connection);
    this.linking.gone(connection);
    connection.companion?.detach(connection);
  }

  protected take(socket: ConstructorParameters<typeof Connection>[0]): void {
    this.connections++;
    this.live.add(new Connection(socket, this.#certificate, this));
  }

  protected know(phone: Handset): void {
    for (const jid of [phone.pn, phone.lid]) {
      if (this.phones.has(userOf(jid))) throw new Error('two phones with one address');
      this.phones.set(userOf(jid), phone);
    }
  }
}
