import { ApiFailure, badRequest, flag, integer, list, nested, type Params } from './telegram-request.ts';

export type Update = { update_id: number } & Record<string, unknown>;

interface Queued {
  update: Update;
  /** When it was created, by the stand-in's clock. */
  at: number;
  /** Deliveries of one chat follow each other. */
  chat: number;
}

interface Waiting {
  limit: number;
  resolve(updates: Update[]): void;
  reject(error: ApiFailure): void;
  timer: NodeJS.Timeout;
}

interface Webhook {
  url: string;
  secret: string | undefined;
  maxConnections: number;
  lastError?: string;
  lastErrorAt?: number;
}

const DAY_MS = 24 * 3600_000;
// Kinds that Telegram leaves out unless they are asked for.
const NOT_BY_DEFAULT = ['chat_member', 'message_reaction', 'message_reaction_count'];

/** The queue of updates of one bot, and the two ways to get them. */
export class Updates {
  /** Pause before a webhook delivery is repeated, in ms. */
  webhookRetryMs = 25;
  /** Highest number of deliveries that were in flight at once. */
  webhookPeak = 0;
  webhook: Webhook | undefined;
  readonly #now: () => number;
  /** Runs a method that a webhook's answer asked for. */
  readonly #call: (method: string, params: Params) => void;
  #queue: Queued[] = [];
  #nextId: number;
  #allowed: string[] = [];
  #waiting: Waiting | undefined;
  #flying = new Map<number, number>();
  #closed = false;

  constructor(now: () => number, call: (method: string, params: Params) => void, firstId: number) {
    this.#now = now;
    this.#call = call;
    this.#nextId = firstId;
  }

  /** Queues an update unless its kind was not asked for. Filters at creation: a later wish does not bring it back. */
  push(kind: string, body: unknown, chat: number): void {
    const wanted = this.#allowed.length > 0 ? this.#allowed.includes(kind) : !NOT_BY_DEFAULT.includes(kind);
    if (wanted) this.pushRaw({ [kind]: body }, chat);
  }

  /** Queues anything, also what no Telegram would send; `update_id` may be overridden. */
  pushRaw(body: Record<string, unknown>, chat = 0): void {
    const update = { update_id: this.#nextId, ...body };
    this.#nextId += 1;
    this.#queue.push({ update, at: this.#now(), chat });
    this.#wake();
  }

  /** The next id, as after a week of silence: higher or lower. */
  jump(id: number): void {
    this.#nextId = id;
  }

  /** Updates that nobody has confirmed. */
  get pending(): Update[] {
    this.#queue = this.#queue.filter((q) => q.at > this.#now() - DAY_MS);
    return this.#queue.map((q) => q.update);
  }

  async get(params: Params): Promise<Update[]> {
    if (this.webhook) {
      throw new ApiFailure(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    // The newest question wins; the older one is told so.
    this.#release((waiting) =>
      waiting.reject(
        new ApiFailure(
          409,
          'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
        ),
      ),
    );
    this.#allow(params);
    this.#confirm(integer(params.offset, 0));
    const limit = Math.min(100, Math.max(1, integer(params.limit, 100)));
    const seconds = Math.min(50, Math.max(0, integer(params.timeout, 0)));
    const ready = this.pending.slice(0, limit);
    if (ready.length > 0 || seconds === 0) return ready;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#release((w) => w.resolve([])), seconds * 1000);
      this.#waiting = { limit, resolve, reject, timer };
    });
  }

  /** A poller that went away waits no more. */
  hangUp(): void {
    this.#release((w) => w.resolve([]));
  }

  setWebhook(params: Params): true {
    const url = String(params.url ?? '');
    if (url === '') return this.deleteWebhook(params);
    const loopback = /^http:\/\/127\.0\.0\.1:\d+\//.test(url);
    if (!url.startsWith('https://') && !loopback) {
      throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
    }
    const secret = params.secret_token;
    if (secret !== undefined && !/^[A-Za-z0-9_-]{1,256}$/.test(String(secret))) {
      throw badRequest('secret token contains unallowed characters');
    }
    this.#allow(params);
    if (flag(params.drop_pending_updates)) this.#queue = [];
    const maxConnections = Math.min(100, Math.max(1, integer(params.max_connections, 40)));
    this.webhook = { url, secret: secret === undefined ? undefined : String(secret), maxConnections };
    this.#release((w) =>
      w.reject(
        new ApiFailure(
          409,
          'Conflict: terminated by setWebhook request; use deleteWebhook to delete the webhook first',
        ),
      ),
    );
    this.#deliver();
    return true;
  }

  deleteWebhook(params: Params): true {
    if (flag(params.drop_pending_updates)) this.#queue = [];
    this.webhook = undefined;
    return true;
  }

  webhookInfo(): unknown {
    const { url = '', maxConnections = 40, lastError, lastErrorAt } = this.webhook ?? {};
    return {
      url,
      has_custom_certificate: false,
      pending_update_count: this.pending.length,
      max_connections: maxConnections,
      allowed_updates: this.#allowed,
      ...(lastError
        ? { last_error_message: lastError, last_error_date: Math.floor((lastErrorAt ?? 0) / 1000) }
        : {}),
    };
  }

  close(): void {
    this.#closed = true;
    this.#queue = [];
    this.hangUp();
  }

  /** Sticky: stays as it is until it is given again; an empty list means the default. */
  #allow(params: Params): void {
    const given = nested(params.allowed_updates, 'allowed_updates');
    if (given !== undefined) this.#allowed = list(given, 'allowed_updates must be an Array').map(String);
  }

  #confirm(offset: number): void {
    if (offset < 0) this.#queue = this.#queue.slice(offset);
    // An offset beyond every id given out is not one of ours (assumed from the server's source): confirms nothing.
    if (offset > 0 && offset <= this.#nextId)
      this.#queue = this.#queue.filter((q) => q.update.update_id >= offset);
  }

  #wake(): void {
    if (this.webhook) return this.#deliver();
    this.#release((w) => w.resolve(this.pending.slice(0, w.limit)));
  }

  #release(end: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = undefined;
    clearTimeout(waiting.timer);
    end(waiting);
  }

  #deliver(): void {
    const hook = this.webhook;
    if (!hook || this.#closed) return;
    for (const queued of this.#queue) {
      if (this.#flying.size >= hook.maxConnections) return;
      if (this.#flying.has(queued.chat) || [...this.#flying.values()].includes(queued.update.update_id))
        continue;
      this.#flying.set(queued.chat, queued.update.update_id);
      this.webhookPeak = Math.max(this.webhookPeak, this.#flying.size);
      void this.#post(hook, queued);
    }
  }

  async #post(hook: Webhook, queued: Queued): Promise<void> {
    const failure = await this.#attempt(hook, queued.update);
    if (failure === undefined) this.#queue = this.#queue.filter((q) => q !== queued);
    else {
      hook.lastError = failure;
      hook.lastErrorAt = this.#now();
      await new Promise((resolve) => setTimeout(resolve, this.webhookRetryMs));
    }
    this.#flying.delete(queued.chat);
    this.#deliver();
  }

  /** @returns what went wrong, or undefined */
  async #attempt(hook: Webhook, update: Update): Promise<string | undefined> {
    const headers = {
      'content-type': 'application/json',
      ...(hook.secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': hook.secret }),
    };
    try {
      const response = await fetch(hook.url, { method: 'POST', headers, body: JSON.stringify(update) });
      const text = await response.text();
      if (!response.ok) return `Wrong response from the webhook: ${response.status} ${response.statusText}`;
      const reply: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
      if (typeof reply === 'object' && reply !== null && 'method' in reply)
        this.#call(String(reply.method), { ...reply });
      return undefined;
    } catch {
      return 'Connection refused';
    }
  }
}
