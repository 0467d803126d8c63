import { rmSync } from 'node:fs';
import type { ChannelHost } from '../../src/channels/channel.ts';
import {
  createWhatsApp,
  type WhatsAppChannel,
  type WhatsAppOptions,
  type WhatsAppTimings,
} from '../../src/channels/whatsapp.ts';
import { systemClock, systemIds } from '../../src/clock.ts';
import { AppError } from '../../src/errors.ts';
import type { LogFields } from '../../src/log-port.ts';
import type { InboundMessage, OutboundMessage } from '../../src/message.ts';
import type { Store } from '../../src/store/port.ts';
import { openStore } from '../../src/store/sqlite.ts';
import { type FakeWhatsApp, type FakeWhatsAppOptions, fakeWhatsApp } from '../fake/whatsapp.ts';
import { until } from '../fake/whatsapp-nodes.ts';
import { quickDir } from '../support/temp.ts';

export { until };

/** Nothing waits for long, and nobody pretends to type. */
export const FAST: Partial<WhatsAppTimings> = {
  backoff: 20,
  maxBackoff: 100,
  recheck: 300,
  stable: 1,
  offline: 20,
  typing: () => 0,
};

/** Fast enough that a test never waits for its turn. */
export const NO_PACE = { perSecond: 100_000, perContact: { everyMs: 0, burst: 1000 } };

/** What the store throws when the disk is full. */
export const FULL = new AppError('STORE_FULL', 'The disk is full.', { hint: 'Make room.', retryable: true });

/** Keeps what is accepted, each id once, as the store does. */
export class TestHost implements ChannelHost {
  readonly messages: InboundMessage[] = [];
  /** Called before each batch: throw to refuse it. */
  refuse: (messages: InboundMessage[]) => void = () => undefined;

  /** The store is slow: nothing is stored before this. */
  hold: Promise<void> = Promise.resolve();
  /** How often it was asked to store something. */
  asked = 0;

  async accept(messages: InboundMessage[]): Promise<void> {
    this.asked += 1;
    this.refuse(messages);
    await this.hold;
    for (const message of messages) {
      if (!this.messages.some(({ id }) => id === message.id)) this.messages.push(message);
    }
  }
  reachable(): void {}

  texts(user?: string): string[] {
    return this.messages
      .filter((m) => user === undefined || m.user === user)
      .map(({ input }) => (input.kind === 'text' ? input.text : input.kind));
  }
  /** The n-th message, from 1. */
  nth(count: number): Promise<InboundMessage> {
    return until(() => this.messages[count - 1], `${count} accepted messages`);
  }
}

export interface LogLine {
  level: string;
  event: string;
  fields: LogFields;
}

export interface World {
  fake: FakeWhatsApp;
  dir: string;
  store: Store;
  host: TestHost;
  channel: WhatsAppChannel;
  log: LogLine[];
  /** Another channel on the same keys, as after a restart; not started. */
  again(options?: Partial<WhatsAppOptions>): WhatsAppChannel;
  /** Scans the code that is shown, and waits until the device is in. */
  pair(): Promise<void>;
  end(): Promise<void>;
}

/** A stand-in, a real store and a channel between them; not started. */
export async function world(
  options: Partial<WhatsAppOptions> = {},
  fakeOptions: FakeWhatsAppOptions = {},
): Promise<World> {
  const fake = await fakeWhatsApp(fakeOptions);
  const dir = quickDir('hamroh-whatsapp-');
  const store = openStore({ dir, clock: systemClock, ids: systemIds });
  const log: LogLine[] = [];
  const write = (level: string) => (event: string, fields: LogFields) =>
    void log.push({ level, event, fields });
  const made: WhatsAppChannel[] = [];
  const again = (more: Partial<WhatsAppOptions> = {}): WhatsAppChannel => {
    const channel = createWhatsApp({
      rows: store.channelRows('whatsapp'),
      wsUrl: fake.url,
      log: { info: write('info'), warn: write('warn'), error: write('error') },
      clock: systemClock,
      ids: systemIds,
      pace: NO_PACE,
      ...options,
      ...more,
      timings: { ...FAST, ...options.timings, ...more.timings },
    });
    made.push(channel);
    return channel;
  };
  const channel = again();
  return {
    fake,
    dir,
    store,
    host: new TestHost(),
    channel,
    log,
    again,
    async pair() {
      await fake.phone.scan(await until(() => channel.pairing().qr, 'a QR code'));
      await fake.whenOnline();
      await until(() => channel.state().state === 'up', 'the channel to be up');
    },
    async end() {
      for (const each of made) await each.stop();
      await fake.stop();
      store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A plain message in Russian. */
export function say(text: string, more: Partial<OutboundMessage> = {}): OutboundMessage {
  return { lang: 'ru', text, choices: [], ...more };
}
