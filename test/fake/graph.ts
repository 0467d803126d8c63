import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { GraphFailure, readMessage, type ValidMessage } from './graph-limits.ts';
import { FakeWriter, type Network } from './graph-person.ts';
import { Webhooks } from './graph-webhooks.ts';
import { Watchers } from './watchers.ts';

/** One call as it arrived, and how it was answered (0: not at all). */
export interface GraphCall {
  method: string;
  path: string;
  body: unknown;
  authorization: string | undefined;
  status: number;
  code?: number;
}

/** Something that goes wrong instead of, or after, a call. */
export type GraphFault =
  /** A refusal with Meta's code. */
  | { code: number }
  /** The call is answered with success, and a status says that it failed. */
  | { later: number }
  /** An answer that is not the API's. */
  | { body: string; status: number; headers?: Record<string, string> }
  /** The connection breaks before the message is taken, or after and before the answer. */
  | { drop: 'before' | 'after'; later?: number }
  /** No answer until `release()`; the message is taken all the same when `taken` says so. */
  | { hang: true; taken?: boolean };

const DAY = 24 * 3_600_000;
const PAIR = { everyMs: 6000, burst: 45 };
const RANDOM_TOKEN = 'EAAstandinTokenThatMustNotBeInAnyLog';

/**
 * A Graph API server on loopback for one WhatsApp number, that refuses what Meta refuses, and delivers signed webhooks.
 * Another process can use it through `root`.
 *
 * From Meta's documentation (2026): paths, bearer token, every limit in graph-limits.ts, `to` before `recipient`, the
 * 24-hour window (131047), one message in six seconds per person with a burst of 45 (131056), 80 a second (130429), the
 * shape of webhooks, their signature over the raw body, statuses in any order and more than once, delivery again until
 * it is answered with 2xx, fields `user_id`, `from_user_id`, `recipient_user_id`, phone numbers left out for people with
 * a username, `biz_opaque_callback_data` coming back in statuses.
 *
 * Assumed: lengths counted in UTF-16 units (the strictest way); which of answer and status tells 131047 (`windowBy`
 * has both); a blocked person's messages stay "sent"; `to_user_id` in echoes; the pause between deliveries (Meta's
 * grows, ours is short); HTTP statuses of the refusals.
 */
export class FakeGraph {
  /** `WHATSAPP_CLOUD_API_ROOT`. */
  readonly root: string;
  readonly token = RANDOM_TOKEN;
  readonly phoneId = '106540352242922';
  readonly appSecret = 'app-secret-of-the-stand-in';
  readonly calls: GraphCall[] = [];
  readonly people = new Map<string, FakeWriter>();
  readonly webhooks: Webhooks;
  /** Approved templates, `<name>:<language>`. */
  readonly templates = new Set<string>();
  /** Which statuses follow a message. */
  ladder: readonly ('sent' | 'delivered' | 'read')[] = ['sent', 'delivered', 'read'];
  /** Where a closed window is told. */
  windowBy: 'answer' | 'status' = 'answer';
  /** Messages a second, over everybody. */
  throughput = 80;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #watchers = new Watchers();
  #faults: { fault: GraphFault; left: number }[] = [];
  #hanging: ServerResponse[] = [];
  #offset = 0;
  #standsAt: number | undefined;
  #ids = 0;
  #recent: number[] = [];

  private constructor(server: Server, root: string) {
    this.#server = server;
    this.root = root;
    const { phoneId, appSecret: secret } = this;
    this.webhooks = new Webhooks({ phoneId, secret, retryMs: 20, changed: () => this.#watchers.look() });
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request, response) => void this.#handle(request, response));
  }

  /** Listens on a free port of 127.0.0.1, or on the given one (to come back after `stop`). */
  static async start(options: { port?: number } = {}): Promise<FakeGraph> {
    const server = createServer();
    server.listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new FakeGraph(server, `http://127.0.0.1:${port}/v26.0`);
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await this.webhooks.close();
    await closed;
  }

  get port(): number {
    return Number(new URL(this.root).port);
  }

  /** A person; the same number is the same person. */
  person(phone: string): FakeWriter {
    const known = this.people.get(phone);
    if (known) return known;
    const network: Network = {
      now: () => this.now(),
      wamid: () => this.wamid(),
      push: (...news) => this.webhooks.push(...news),
      until: (what) => this.until(what),
    };
    const person = new FakeWriter(network, phone, `KZ.${phone}77`);
    this.people.set(phone, person);
    return person;
  }

  now(): number {
    return (this.#standsAt ?? Date.now()) + this.#offset;
  }

  /** Its clock stands still but for {@link advance}: what a limit lets through then depends on nobody's speed. */
  freeze(): void {
    this.#standsAt = Date.now();
  }

  /** Moves the stand-in's clock, for what expires after hours. */
  advance(ms: number): void {
    this.#offset += ms;
  }

  wamid(): string {
    this.#ids += 1;
    return `wamid.HBg${Buffer.from(`standin-${this.#ids}`).toString('base64')}`;
  }

  /** Makes the next `times` calls that send go wrong. */
  fault(fault: GraphFault, times = 1): void {
    this.#faults.push({ fault, left: times });
  }

  /** Ends all faults; calls that hang lose their connection. */
  release(): void {
    this.#faults = [];
    for (const response of this.#hanging.splice(0)) response.destroy();
  }

  /** The calls that were to send something. */
  get sends(): GraphCall[] {
    return this.calls.filter((c) => c.method === 'POST');
  }

  /** Waits until something is so; looks after every call and delivery, and every 10 ms for what does not come by one. */
  until(what: () => boolean, timeoutMs?: number): Promise<void> {
    return this.#watchers.until(what, timeoutMs);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    const { method = '', url = '', headers } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const { authorization } = headers;
    const call: GraphCall = { method, path: url, body: undefined, authorization, status: 0 };
    this.calls.push(call);
    try {
      if (authorization !== `Bearer ${this.token}`) throw new GraphFailure(190);
      if (url.includes('access_token')) throw new GraphFailure(100, 'the token belongs into the header');
      const [, version, id, edge] = /^\/(v\d+\.\d+)\/(\d+)(\/messages)?(?:\?|$)/.exec(url) ?? [];
      if (version === undefined) throw new GraphFailure(2500, 'unknown path');
      if (id !== this.phoneId) throw new GraphFailure(100, `Object with ID '${id}' does not exist`);
      if (method === 'GET') this.#reply(call, response, 200, { id });
      else if (method !== 'POST' || edge === undefined) throw new GraphFailure(100, 'unsupported request');
      else {
        call.body = parsed(text);
        await this.#answer(call, request, response);
      }
    } catch (error) {
      if (!(error instanceof GraphFailure)) throw error;
      call.code = error.code;
      this.#reply(call, response, error.status, error.body());
    }
    this.#watchers.look();
  }

  async #answer(call: GraphCall, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const script = this.#faults.find((f) => f.left > 0);
    if (script) script.left -= 1;
    const fault = script?.fault;
    if (!fault) return this.#reply(call, response, 200, this.#take(call.body));
    if ('code' in fault) throw new GraphFailure(fault.code, 'to 15550001');
    if ('later' in fault && !('drop' in fault))
      return this.#reply(call, response, 200, this.#take(call.body, fault.later));
    if ('body' in fault) {
      call.status = fault.status;
      response.writeHead(fault.status, { 'content-type': 'text/html', ...fault.headers }).end(fault.body);
      return;
    }
    if ('hang' in fault) {
      if (fault.taken) this.#take(call.body);
      this.#hanging.push(response);
      return;
    }
    if (fault.drop === 'after') this.#take(call.body, fault.later);
    request.socket.destroy();
  }

  /** Takes a message, or throws what Meta would answer. */
  #take(body: unknown, failure?: number): object {
    const message = readMessage(body);
    const person = this.#find(message);
    this.#limit();
    if (!person) throw new GraphFailure(131026, 'no such account');
    const closed = person.wroteAt === undefined || this.now() - person.wroteAt >= DAY;
    if (message.type === 'template' && !this.templates.has(message.template ?? ''))
      throw new GraphFailure(132001);
    const refused = message.type !== 'template' && closed ? 131047 : undefined;
    if (refused !== undefined && this.windowBy === 'answer') throw new GraphFailure(refused);
    this.#pair(person);
    const wamid = this.wamid();
    const failed = failure ?? refused;
    if (failed === undefined && !person.blocked) person.received.push({ ...message, wamid });
    this.#climb(person, message, wamid, failed);
    const input = message.to ?? message.recipient;
    const known = message.to === undefined ? { user_id: message.recipient } : { wa_id: person.phone };
    return { messaging_product: 'whatsapp', contacts: [{ input, ...known }], messages: [{ id: wamid }] };
  }

  #find({ to, recipient }: ValidMessage): FakeWriter | undefined {
    if (to !== undefined) return this.people.get(to.replace(/^\+/, ''));
    return [...this.people.values()].find((p) => p.userId === recipient);
  }

  #limit(): void {
    const now = this.now();
    this.#recent = this.#recent.filter((at) => now - at < 1000);
    if (this.#recent.length >= this.throughput) throw new GraphFailure(130429);
    this.#recent.push(now);
  }

  #pair(person: FakeWriter): void {
    const now = this.now();
    const full = Math.max(person.fullAt, now);
    if (full - now > (PAIR.burst - 1) * PAIR.everyMs) throw new GraphFailure(131056);
    person.fullAt = full + PAIR.everyMs;
  }

  #climb(person: FakeWriter, message: ValidMessage, wamid: string, code: number | undefined): void {
    const steps = code === undefined ? this.ladder : (['failed'] as const);
    const reached = person.blocked ? steps.filter((s) => s === 'sent') : steps;
    const at = this.now();
    this.webhooks.push(...reached.map((status) => person.status(message, { wamid, status, at, code })));
  }

  #reply(call: GraphCall, response: ServerResponse, status: number, body: object): void {
    call.status = status;
    if (response.destroyed) return;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new GraphFailure(100, 'the body is no JSON');
  }
}
