import type { ValidMessage } from './graph-limits.ts';
import type { News } from './graph-webhooks.ts';

/** A message of the bot's on a person's phone. */
export interface Received extends ValidMessage {
  wamid: string;
}

interface Step {
  wamid: string;
  status: 'sent' | 'delivered' | 'read' | 'failed';
  /** When, in ms. */
  at: number;
  /** Meta's code, of a failure. */
  code: number | undefined;
}

const PRICING = { billable: true, pricing_model: 'PMP', category: 'service' };

/** What a person's phone needs of the server. */
export interface Network {
  now(): number;
  wamid(): string;
  push(...news: News[]): void;
  until(what: () => boolean): Promise<void>;
}

/** A person with WhatsApp on their phone. */
export class FakeWriter {
  readonly phone: string;
  readonly userId: string;
  readonly received: Received[] = [];
  /** Adopted a username: webhooks no longer carry the number. */
  hidden = false;
  /** Has blocked the business: nothing arrives, and nobody is told. */
  blocked = false;
  /** When they last wrote, in ms; free-form messages are taken for 24 hours after it. */
  wroteAt: number | undefined;
  /** For the pair rate: when the allowance is full again. */
  fullAt = 0;
  readonly #network: Network;
  #seen = 0;

  constructor(network: Network, phone: string, userId: string) {
    this.#network = network;
    this.phone = phone;
    this.userId = userId;
  }

  get texts(): string[] {
    return this.received.flatMap((m) => (m.text === undefined ? [] : [m.text]));
  }

  /** What can be tapped in the newest message that has something. */
  get options(): { id: string; title: string; description?: string }[] {
    const menu = this.received.findLast((m) => optionsOf(m).length > 0);
    return menu ? optionsOf(menu) : [];
  }

  /** Waits for the next message that was not looked at yet. */
  async next(): Promise<Received> {
    await this.#network.until(() => this.received.length > this.#seen);
    this.#seen += 1;
    return this.received[this.#seen - 1]!;
  }

  /** Writes: words, or content of any type, e.g. `{ type: 'sticker', sticker: { id: '1' } }`. */
  send(content: string | { type: string; [key: string]: unknown }): string {
    const body = typeof content === 'string' ? { type: 'text', text: { body: content } } : content;
    const now = this.#network.now();
    this.wroteAt = now;
    const id = this.#network.wamid();
    const from = this.hidden ? {} : { from: this.phone };
    this.#network.push({
      kind: 'messages',
      item: { ...from, from_user_id: this.userId, id, timestamp: `${Math.floor(now / 1000)}`, ...body },
      contact: this.contact(),
    });
    return id;
  }

  location(latitude: number, longitude: number): string {
    return this.send({
      type: 'location',
      location: { latitude, longitude, name: 'Home', address: 'Street 1' },
    });
  }

  /** Taps what says this, in the newest message that offers it. */
  tap(title: string): string {
    for (const message of this.received.toReversed()) {
      const option = optionsOf(message).find((o) => o.title === title || o.id === title);
      if (!option) continue;
      const kind = message.interactive?.type === 'list' ? 'list_reply' : 'button_reply';
      return this.send({
        type: 'interactive',
        context: { from: '15550000', id: message.wamid },
        interactive: { type: kind, [kind]: option },
      });
    }
    throw new Error(`nothing to tap says "${title}"`);
  }

  /** Somebody of the organisation writes to them from the organisation's own phone. */
  echo(body: string, type = 'text'): void {
    const to = this.hidden ? {} : { to: this.phone };
    const item = { from: '15550000', ...to, to_user_id: this.userId, id: this.#network.wamid(), type };
    this.#network.push({ kind: 'message_echoes', item: { ...item, timestamp: '1', text: { body } } });
  }

  /** A status of a message to them; Meta leaves their ids out of some. */
  status(message: ValidMessage, { wamid, status, at, code }: Step): News {
    const failed = status === 'failed';
    const item = {
      id: wamid,
      status,
      timestamp: `${Math.floor(at / 1000)}`,
      ...(this.hidden ? {} : { recipient_id: this.phone }),
      ...(failed && message.to !== undefined ? {} : { recipient_user_id: this.userId }),
      ...(message.mark === undefined ? {} : { biz_opaque_callback_data: message.mark }),
      ...(status === 'sent' || status === 'delivered' ? { pricing: PRICING } : {}),
      ...(failed ? { errors: [{ code, title: 'Failed', message: `to ${this.phone}` }] } : {}),
    };
    return { kind: 'statuses', item };
  }

  /** The entry in `contacts`: the name is there to be found where it must not be. */
  contact(): Record<string, unknown> {
    const number = this.hidden ? {} : { wa_id: this.phone };
    return {
      profile: { name: `Name of ${this.phone}`, ...(this.hidden ? { username: 'a_username' } : {}) },
      ...number,
      user_id: this.userId,
    };
  }
}

function optionsOf({ interactive }: Received): { id: string; title: string; description?: string }[] {
  if (interactive?.type === 'button') return interactive.action.buttons.map((b) => b.reply);
  if (interactive?.type !== 'list') return [];
  return interactive.action.sections.flatMap((s) =>
    s.rows.map(({ description, ...row }) => ({ ...row, ...(description ? { description } : {}) })),
  );
}
