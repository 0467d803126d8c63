import { createHmac } from 'node:crypto';

/** One piece of news for the webhook: a message, a status, or an echo of what was sent from the app. */
export interface News {
  kind: 'messages' | 'statuses' | 'message_echoes';
  item: Record<string, unknown>;
  /** The entry in `contacts` that goes with it. */
  contact?: Record<string, unknown>;
  /** Another of the account's numbers. */
  phoneId?: string;
}

/** How deliveries go wrong; each on its own or together. */
export interface Mischief {
  /** Each delivery twice. */
  doubled?: boolean;
  /** The newest news first. */
  reversed?: boolean;
}

interface WebhooksOptions {
  phoneId: string;
  /** The app secret. */
  secret: string;
  /** Pause before the same delivery is made again. */
  retryMs: number;
  /** Called after each delivery. */
  changed: () => void;
}

/** `X-Hub-Signature-256` for a body. */
export function sign(secret: string, body: string | Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/**
 * Meta's side of the webhook: batches what waits (several items in one delivery), signs it, and delivers again after a
 * pause until it is answered with 2xx.
 */
export class Webhooks {
  /** Where to deliver; undefined keeps everything. */
  url: string | undefined;
  mischief: Mischief = {};
  /** Holds deliveries back, so that several items go in one. */
  paused = false;
  /** Every delivery so far: its body, and the status it was answered with (0: not at all). */
  readonly deliveries: { body: string; status: number }[] = [];
  readonly waiting: News[] = [];
  readonly #options: WebhooksOptions;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(options: WebhooksOptions) {
    this.#options = options;
  }

  push(...news: News[]): void {
    this.waiting.push(...news);
    if (news.length > 0) this.flush();
  }

  flush(): void {
    if (this.paused || this.#closed || this.#running || this.url === undefined) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.waiting.length > 0) this.flush();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  /** The body of a delivery, as Meta nests it. */
  bodyOf(news: readonly News[]): string {
    const ordered = this.mischief.reversed ? news.toReversed() : news;
    const changes = ordered.map(({ kind, item, contact, phoneId }) => ({
      field: kind === 'message_echoes' ? 'smb_message_echoes' : 'messages',
      value: {
        messaging_product: 'whatsapp',
        metadata: { display_phone_number: '15550000', phone_number_id: phoneId ?? this.#options.phoneId },
        ...(contact ? { contacts: [contact] } : {}),
        [kind]: [item],
      },
    }));
    const entry = changes.map((change) => ({ id: '102290129340398', changes: [change] }));
    return JSON.stringify({ object: 'whatsapp_business_account', entry });
  }

  async #run(): Promise<void> {
    // One turn of the event loop, so that what belongs together goes together.
    await new Promise((resolve) => setImmediate(resolve));
    const batch = this.waiting.splice(0, 100);
    const body = this.bodyOf(batch);
    for (let times = this.mischief.doubled ? 2 : 1; times > 0 && !this.#closed; ) {
      const status = await this.#post(body);
      this.deliveries.push({ body, status });
      if (status >= 200 && status < 300) times -= 1;
      else await new Promise((resolve) => setTimeout(resolve, this.#options.retryMs));
      this.#options.changed();
    }
  }

  async #post(body: string): Promise<number> {
    const headers = {
      'content-type': 'application/json',
      'x-hub-signature-256': sign(this.#options.secret, body),
    };
    try {
      const response = await fetch(this.url ?? '', { method: 'POST', headers, body });
      await response.arrayBuffer();
      return response.status;
    } catch {
      // Nobody listens: Meta tries again, as after any other failure.
      return 0;
    }
  }
}
