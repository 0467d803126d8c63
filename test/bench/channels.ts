import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Channel, ChannelHost } from '../../src/channels/channel.ts';
import { createTelegram } from '../../src/channels/telegram.ts';
import { createWhatsAppCloud } from '../../src/channels/whatsapp-cloud.ts';
import { systemClock, systemIds } from '../../src/clock.ts';
import type { InboundMessage } from '../../src/message.ts';
import { NO_PACE, world as whatsappWorld } from '../channels/whatsapp-kit.ts';
import { FakeGraph } from '../fake/graph.ts';
import { FakeTelegram } from '../fake/telegram.ts';
import { table, thousands } from './measure.ts';

const PEOPLE = 40;
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Answers every message with its own words; no engine and no store, so that the channel alone is measured. */
class Echo implements ChannelHost {
  answered = 0;
  readonly #channel: Channel;
  #id = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
  }
  async accept(messages: InboundMessage[]): Promise<void> {
    for (const { address, input } of messages) {
      const text = input.kind === 'text' ? input.text : input.kind;
      this.#id += 1;
      void this.#channel
        .send(address, { lang: 'en', text, choices: [] }, `${this.#id}.0`)
        .then(() => (this.answered += 1));
    }
  }
  reachable(): void {}
  async until(count: number): Promise<void> {
    while (this.answered < count) await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

interface Rate {
  name: string;
  /** Messages in and answers out, in a second. */
  perSecond: number;
}

async function rate(
  name: string,
  echo: Echo,
  rounds: number,
  send: (person: number) => unknown,
): Promise<Rate> {
  // The first round makes the sessions; it is not measured.
  for (let person = 0; person < PEOPLE; person += 1) await send(person);
  await echo.until(PEOPLE);
  const began = performance.now();
  for (let round = 1; round <= rounds; round += 1) {
    for (let person = 0; person < PEOPLE; person += 1) await send(person);
    await echo.until(PEOPLE * (round + 1));
  }
  return { name, perSecond: (PEOPLE * rounds * 1000) / (performance.now() - began) };
}

async function telegram(): Promise<Rate> {
  const tg = await FakeTelegram.start();
  const channel = createTelegram({
    token: tg.token,
    apiRoot: tg.root,
    log: LOG,
    clock: systemClock,
    commands: [],
    locationLabel: () => 'x',
  });
  const echo = new Echo(channel);
  await channel.start(echo);
  const people = Array.from({ length: PEOPLE }, (_, i) => tg.user(1000 + i));
  const result = await rate('Telegram, long polling', echo, 10, (i) => people[i]?.text('hello'));
  await channel.stop();
  await tg.stop();
  return result;
}

async function cloud(): Promise<Rate> {
  const graph = await FakeGraph.start();
  graph.throughput = 1_000_000;
  const channel = createWhatsAppCloud({
    token: graph.token,
    phoneId: graph.phoneId,
    appSecret: graph.appSecret,
    verifyToken: 'a-word-for-the-handshake',
    apiRoot: graph.root,
    listLabel: () => 'Choose',
    log: LOG,
    clock: systemClock,
    ids: systemIds,
    pace: { perSecond: 1_000_000, perContact: { everyMs: 0, burst: 1000 } },
  });
  const echo = new Echo(channel);
  await channel.start(echo);
  const server = createAdaptorServer({ fetch: (request) => channel.webhookHandler(request), createServer });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  graph.webhooks.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const people = Array.from({ length: PEOPLE }, (_, i) => graph.person(String(15_550_000 + i)));
  const result = await rate('WhatsApp, Cloud API webhook', echo, 10, (i) => people[i]?.send('hello'));
  await channel.stop();
  await graph.stop();
  server.close();
  return result;
}

async function baileys(): Promise<Rate> {
  const wa = await whatsappWorld({ pace: NO_PACE });
  const echo = new Echo(wa.channel);
  await wa.channel.start(echo);
  await wa.pair();
  const people = Array.from({ length: PEOPLE }, () => wa.fake.person());
  const result = await rate('WhatsApp, paired phone (Signal encryption)', echo, 5, (i) =>
    people[i]?.send('hello'),
  );
  await wa.end();
  return result;
}

/** Messages a second through each messenger's adapter and real sockets to its stand-in, beside Telegram's. */
export async function benchChannels(): Promise<void> {
  const rates = [await telegram(), await cloud(), await baileys()];
  const base = rates[0]?.perSecond ?? 1;
  console.log('\nChannels: one message in and its answer out, 40 people, stand-in in the same process\n');
  console.log(
    table(
      ['', 'messages/s', '÷ Telegram'],
      rates.map(({ name, perSecond }) => [name, thousands(perSecond), (perSecond / base).toFixed(2)]),
    ),
  );
}
