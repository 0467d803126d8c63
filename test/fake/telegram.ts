import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Bot } from './telegram-bot.ts';
import { Chats } from './telegram-chats.ts';
import { FakeForum } from './telegram-forum.ts';
import { METHODS } from './telegram-methods.ts';
import { FakeGroup, FakePerson } from './telegram-person.ts';
import { ApiFailure, type Params, readParams } from './telegram-request.ts';
import { type Update, Updates } from './telegram-updates.ts';
import { Watchers } from './watchers.ts';

/** One call as it arrived, and how it was answered (0: not at all). */
export interface Call {
  method: string;
  params: Params;
  status: number;
}

/** Something that goes wrong instead of, or after, a method. */
export type Fault =
  /** An answer of the API, e.g. 500, or 429 with `retryAfter` in seconds. */
  | { status: number; description?: string; retryAfter?: number }
  /** An answer that is not the API's, e.g. a proxy's 502 page. */
  | { body: string; httpStatus?: number }
  /** The connection breaks before the method ran, or after it ran and before the answer. */
  | { drop: 'before' | 'after' }
  /** No answer until `release()`, or ever; the method does not run. */
  | { hang: true };

interface Script {
  method: string;
  fault: Fault;
  left: number;
  chat: number | undefined;
}

/**
 * A Bot API server on loopback that refuses what Telegram refuses. One bot, any number of people. It imitates the
 * behaviour in the list of the design (offsets, conflicts, limits, wordings); a comment marks what is assumed.
 * Another process can use it through `root`.
 */
export class FakeTelegram {
  /** `TELEGRAM_API_ROOT`. */
  readonly root: string;
  readonly token: string;
  /** Every call so far, oldest first. */
  readonly calls: Call[] = [];
  readonly bot: Bot;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #scripts: Script[] = [];
  readonly #watchers = new Watchers();
  #hanging: ServerResponse[] = [];
  #offset = 0;
  #queries = 0;

  private constructor(server: Server, token: string, root: string, now: () => number) {
    this.#server = server;
    this.token = token;
    this.root = root;
    const clock = (): number => now() + this.#offset;
    const chats = new Chats(clock);
    const updates = new Updates(
      clock,
      (method, params) => void this.#run(method.toLowerCase(), params),
      700_000_000,
    );
    const id = Number(token.split(':')[0]);
    this.bot = {
      id,
      username: 'hamroh_bot',
      chats,
      updates,
      queries: new Map(),
      commands: new Map(),
      now: clock,
    };
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request, response) => void this.#handle(request, response));
  }

  /** Listens on a free port of 127.0.0.1, or on the given one (to come back after `stop`). */
  static async start(options: { token?: string; port?: number } = {}): Promise<FakeTelegram> {
    const server = createServer();
    server.listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const token = options.token ?? '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1';
    return new FakeTelegram(server, token, `http://127.0.0.1:${port}`, () => Date.now());
  }

  async stop(): Promise<void> {
    this.bot.updates.close();
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  get port(): number {
    return Number(new URL(this.root).port);
  }

  /** A person; the same id is the same person. They have to write before the bot may. */
  user(id: number, options: { language?: string; met?: 'group' } = {}): FakePerson {
    const chat = this.bot.chats.open(id, 'private', options.language);
    if (options.met === 'group') chat.standing = 'seen';
    return new FakePerson(this.bot, chat, () => {
      this.#queries += 1;
      return `${id}${String(this.#queries).padStart(6, '0')}`;
    });
  }

  group(id: number): FakeGroup {
    return new FakeGroup(this.bot, this.bot.chats.open(id, 'group'));
  }

  /** A supergroup with topics in which the bot is an administrator; the same id is the same group. */
  forum(id: number): FakeForum {
    return new FakeForum(this.bot, id);
  }

  /** Makes the next `times` calls of a method ('*': any) go wrong, for one chat or for all. */
  fault(method: string, fault: Fault, options: { times?: number; chat?: number } = {}): void {
    this.#scripts.push({ method: method.toLowerCase(), fault, left: options.times ?? 1, chat: options.chat });
  }

  /** Ends all faults; calls that hang lose their connection. */
  release(): void {
    this.#scripts = [];
    for (const response of this.#hanging.splice(0)) response.destroy();
  }

  /** Lets at most so many messages a time through to one chat. */
  limit(perChat: { messages: number; ms: number } | undefined): void {
    this.bot.chats.perChat = perChat;
  }

  /** Moves the stand-in's clock, for what expires after hours. */
  advance(ms: number): void {
    this.#offset += ms;
  }

  /** Queues an update of any shape. */
  push(body: Record<string, unknown>): void {
    this.bot.updates.pushRaw(body);
  }

  /** Updates that were not confirmed, by an offset or by a 200. */
  get pending(): Update[] {
    return this.bot.updates.pending;
  }

  count(method: string): number {
    return this.calls.filter((c) => c.method.toLowerCase() === method.toLowerCase()).length;
  }

  /** Waits until something is so; looks after every call, and every 20 ms for what does not come by a call. */
  until(what: () => boolean, timeoutMs?: number): Promise<void> {
    return this.#watchers.until(what, timeoutMs);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    const [, token, method = ''] = /^\/bot([^/]*)\/([^/?]+)/.exec(request.url ?? '') ?? [];
    try {
      if (token === undefined || !/^\d+:[\w-]{35}$/.test(token)) throw new ApiFailure(404, 'Not Found');
      if (token !== this.token) throw new ApiFailure(401, 'Unauthorized');
      const params = await readParams(request);
      const call: Call = { method, params, status: 0 };
      this.calls.push(call);
      await this.#answer(call, request, response);
    } catch (error) {
      reply(response, failure(error));
    }
    this.#watchers.look();
  }

  async #answer(call: Call, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.#takeFault(call);
    if (fault && 'hang' in fault) {
      this.#hanging.push(response);
      return;
    }
    if (fault && 'drop' in fault) {
      if (fault.drop === 'after') await this.#run(call.method.toLowerCase(), call.params);
      request.socket.destroy();
      return;
    }
    if (fault && 'body' in fault) {
      call.status = fault.httpStatus ?? 502;
      response.writeHead(call.status, { 'content-type': 'text/html' }).end(fault.body);
      return;
    }
    const isPoll = call.method.toLowerCase() === 'getupdates';
    if (isPoll) response.on('close', () => response.writableFinished || this.bot.updates.hangUp());
    const result = fault ? failure(scripted(fault)) : await this.#run(call.method.toLowerCase(), call.params);
    call.status = result.status;
    reply(response, result);
  }

  #takeFault(call: Call): Fault | undefined {
    const script = this.#scripts.find(
      (s) =>
        s.left > 0 &&
        (s.method === '*' || s.method === call.method.toLowerCase()) &&
        (s.chat === undefined || s.chat === Number(call.params.chat_id)),
    );
    if (script) script.left -= 1;
    return script?.fault;
  }

  async #run(method: string, params: Params): Promise<Answer> {
    try {
      const run = METHODS[method];
      if (!run) throw new ApiFailure(404, 'Not Found: method not found');
      return { status: 200, body: { ok: true, result: await run(this.bot, params) } };
    } catch (error) {
      return failure(error);
    }
  }
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

function scripted(fault: { status: number; description?: string; retryAfter?: number }): ApiFailure {
  const { status, retryAfter } = fault;
  const words: Record<number, string> = {
    401: 'Unauthorized',
    403: 'Forbidden: bot was blocked by the user',
    429: `Too Many Requests: retry after ${retryAfter ?? 1}`,
    500: 'Internal Server Error',
    502: 'Bad Gateway',
  };
  const parameters = status === 429 ? { retry_after: retryAfter ?? 1 } : undefined;
  return new ApiFailure(status, fault.description ?? words[status] ?? 'Bad Request', parameters);
}

function failure(error: unknown): Answer {
  if (!(error instanceof ApiFailure)) throw error;
  const { code, message: description, parameters } = error;
  return {
    status: code,
    body: { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) },
  };
}

function reply(response: ServerResponse, { status, body }: Answer): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
