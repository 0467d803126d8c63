import {
  type AuthenticationCreds,
  initAuthCreds,
  makeWASocket,
  type proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type UserFacingSocketConfig,
  type WAMessage,
  type WASocket,
} from '@whiskeysockets/baileys';
import type { FakeWhatsApp } from './whatsapp.ts';
import { SILENT, textOf, until } from './whatsapp-nodes.ts';

/** A bare Baileys client, its state in memory, to prove the stand-in with. It comes back by itself only after 515. */
export class BareClient {
  readonly creds: AuthenticationCreds = initAuthCreds();
  /** Key rows by type and id. */
  readonly rows = new Map<keyof SignalDataTypeMap, Map<string, unknown>>();
  /** Everything that was upserted, own messages too. */
  readonly messages: (WAMessage & { live: boolean })[] = [];
  /** Status and error codes that came later for a message. */
  readonly updates: { id: string; status: unknown; errors: unknown }[] = [];
  /** Codes of ended connections. */
  readonly closes: number[] = [];
  readonly calls: { id: string; from: string; status: string }[] = [];
  readonly sent = new Map<string, proto.IMessage>();
  qr = '';
  sock!: WASocket;
  readonly #fake: FakeWhatsApp;
  readonly #config: Partial<UserFacingSocketConfig>;

  constructor(fake: FakeWhatsApp, config: Partial<UserFacingSocketConfig> = {}) {
    this.#fake = fake;
    this.#config = config;
  }

  /** Links by QR code; resolves when online. */
  async link(): Promise<void> {
    this.connect();
    await until(() => this.qr, 'a QR code');
    await this.#fake.phone.scan(this.qr);
    await this.#fake.whenOnline();
  }

  connect(): void {
    const sock = makeWASocket({
      waWebSocketUrl: this.#fake.url,
      auth: { creds: this.creds, keys: this.#keys() },
      logger: SILENT,
      markOnlineOnConnect: false,
      syncFullHistory: false,
      shouldSyncHistoryMessage: () => false,
      retryRequestDelayMs: 1,
      getMessage: async ({ id }) => this.sent.get(id ?? ''),
      ...this.#config,
    });
    this.sock = sock;
    sock.ev.on('creds.update', (update) => Object.assign(this.creds, update));
    sock.ev.on('messages.upsert', ({ messages, type }) => {
      for (const message of messages) this.messages.push(Object.assign(message, { live: type === 'notify' }));
    });
    sock.ev.on('messages.update', (updates) => {
      for (const { key, update } of updates) {
        const { status, messageStubParameters: errors } = update;
        this.updates.push({ id: key.id ?? '', status, errors });
      }
    });
    sock.ev.on('call', (calls) => this.calls.push(...calls));
    sock.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
      if (qr) this.qr = qr;
      if (connection !== 'close') return;
      const error = lastDisconnect?.error as { output?: { statusCode?: number } } | undefined;
      this.closes.push(error?.output?.statusCode ?? 0);
      if (error?.output?.statusCode === 515) this.connect();
    });
  }

  /** Connects again; resolves when everything that waited was sent. */
  async back(): Promise<void> {
    this.connect();
    await this.#fake.whenOnline();
  }

  /** Leaves without logging out; resolves when the service has seen it. */
  async leave(): Promise<void> {
    await this.sock.end(undefined);
    await until(() => this.#fake.open === 0, 'a client that has gone');
  }

  /** Sends words; remembers them in case the phone cannot read them. */
  async say(to: string, text: string): Promise<string> {
    const message = await this.sock.sendMessage(to, { text });
    const id = message?.key.id ?? '';
    if (message?.message) this.sent.set(id, message.message);
    return id;
  }

  /** The upserts of that id that have content. */
  readable(id: string) {
    return this.messages.filter(({ key, message }) => key.id === id && message);
  }

  /** Waits for a message with content. */
  heard(id: string, times = 1) {
    return until(() => {
      const found = this.readable(id);
      return found.length >= times && found.at(-1);
    }, `the message ${id} at the client`);
  }

  /** The statuses an own message went through; they come as updates, or with the message itself. */
  statuses(id: string): unknown[] {
    const own = this.messages.filter(({ key }) => key.id === id).map(({ status }) => status);
    return [...own, ...this.updates.filter((update) => update.id === id).map(({ status }) => status)];
  }

  /** Error codes the service gave for an own message; they come in the same two ways. */
  errors(id: string): unknown[] {
    const own = this.messages.filter(({ key }) => key.id === id).map((m) => m.messageStubParameters);
    const later = this.updates.filter((update) => update.id === id).map(({ errors }) => errors);
    return [...own, ...later].flat().filter(Boolean);
  }

  /** What the client read under that id. */
  async text(id: string): Promise<string> {
    return textOf((await this.heard(id)).message ?? {});
  }

  #keys() {
    const { rows } = this;
    return {
      get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
        const found: Record<string, SignalDataTypeMap[T]> = {};
        for (const id of ids) {
          const value = rows.get(type)?.get(id) as SignalDataTypeMap[T] | undefined;
          if (value) found[id] = value;
        }
        return found;
      },
      set(data: SignalDataSet) {
        for (const [name, values] of Object.entries(data)) {
          const type = name as keyof SignalDataTypeMap;
          const row = rows.get(type) ?? new Map<string, unknown>();
          rows.set(type, row);
          for (const [id, value] of Object.entries(values)) value ? row.set(id, value) : row.delete(id);
        }
      },
    };
  }
}
