import { readFileSync } from 'node:fs';
import type { Channel, ChannelHost } from '../../src/channels/channel.ts';
import { SendError } from '../../src/channels/channel.ts';
import { createWebChannel, type WebChannelOptions, type WebHub } from '../../src/channels/web.ts';
import { type Clock, systemClock, systemIds } from '../../src/clock.ts';
import type { Choice, InboundMessage, Lang, OutboundMessage } from '../../src/message.ts';
import { createWeb, type Web, type WebOptions } from '../../src/web/server.ts';
import { pickWords, type Words } from '../../src/web/words.ts';

/** The English texts of the page, for every language: translations are another suite's matter. */
export const words: Words = pickWords(
  JSON.parse(readFileSync(new URL('../../locales/en/web.json', import.meta.url), 'utf8')),
).words;

const choice = (data: string, label: string, number: string): Choice => ({ data, label, number });
const say = (text: string, more: Partial<OutboundMessage> = {}, lang: Lang = 'en'): OutboundMessage => ({
  lang,
  text,
  choices: [],
  ...more,
});

export const greeting: OutboundMessage = say('Salom · Салам · Сәлем · Салом · Здравствуйте · Hello', {
  choices: [
    choice('uz:welcome:lang:uz', 'Oʻzbekcha', '1'),
    choice('uz-Cyrl:welcome:lang:uz-Cyrl', 'Ўзбекча', '2'),
    choice('tg:welcome:lang:tg', 'Тоҷикӣ', '3'),
    choice('ky:welcome:lang:ky', 'Кыргызча', '4'),
    choice('kk:welcome:lang:kk', 'Қазақша', '5'),
    choice('ru:welcome:lang:ru', 'Русский', '6'),
    choice('en:welcome:lang:en', 'English', '7'),
  ],
});

const menu = say(
  'I help people who live or work away from home with health questions. I do not ask your name.\nWhat do you need?',
  {
    choices: [
      choice('en:menu:top:test', 'Where to get tested', '1'),
      choice('en:menu:top:art', 'Treatment', '2'),
      choice('en:menu:top:rights', 'My rights', '3'),
      choice('en:menu:top:urgent', 'Something happened in the last 3 days', '4'),
      choice('en:menu:top:human', 'Talk to a person', '5'),
      choice('en:menu:top:more', 'More', '6'),
    ],
  },
);

const where = say('Where are you? Send your location or write the name of the city.', {
  ask: 'location',
  choices: [
    choice('en:test:where:almaty', 'Almaty', '1'),
    choice('en:test:where:astana', 'Astana', '2'),
    choice('en:test:where:back', 'Back', '0'),
  ],
});

const site = say(
  'Free. An anonymous test needs no passport. Call first: +7 727 246 53 36. In danger: 112. Price 1120 tenge.',
  {
    note: 'Source: city HIV centre, November 2025 · checked 2026-11-22',
    place: { name: 'Almaty City Centre', address: '2 Basenov St, building 4', lat: 43.2, lon: 76.9 },
    choices: [choice('en:test:site:next', 'Next place', '1'), choice('en:test:site:menu', 'Menu', '0')],
  },
);

/** What the scripted bot answers. Words it does not know come back as they are. */
function answers(message: InboundMessage): OutboundMessage[] {
  const { input } = message;
  if (input.kind === 'start') return [greeting];
  if (input.kind === 'place') return [say(`at ${input.lat},${input.lon}`), site];
  if (input.kind === 'media' || input.kind === 'staff' || input.kind === 'desk') return [];
  const word = input.kind === 'tap' ? input.data : input.text;
  if (word === 'en:welcome:lang:en' || word === '7' || word === '/menu') return [menu];
  if (word === 'ru:welcome:lang:ru') return [say('Что вам нужно?', { choices: menu.choices }, 'ru')];
  if (word === 'en:menu:top:test') return [where];
  if (word === 'en:test:where:almaty') return [say('One moment.'), site];
  if (word === 'silent') return [];
  return [say(`echo ${word}`, { choices: [choice('en:menu:top:menu', 'Menu', '0')] })];
}

/** A small in-memory stand-in for store, turns and deliveries: dedupe by id, in order, again until confirmed. */
export class Bot implements ChannelHost {
  readonly accepted: InboundMessage[] = [];
  /** What `send` threw, in order. */
  readonly refusals: string[] = [];
  /** Stands for a full disk. */
  broken = false;
  readonly #waiting = new Map<string, (OutboundMessage | 'hide')[]>();
  readonly #running = new Set<string>();
  #channel: Channel | undefined;

  attach(channel: Channel): void {
    this.#channel = channel;
  }

  async accept(messages: InboundMessage[]): Promise<void> {
    if (this.broken) throw new Error('disk full');
    for (const message of messages) {
      if (this.accepted.some(({ id }) => id === message.id)) continue;
      this.accepted.push(message);
      const word = message.input.kind === 'text' ? message.input.text : '';
      if (word === '/hide') this.queue(message.address, 'hide', say('Hello. Write to me any time.'));
      else if (word === '/forget') this.queue(message.address, say('Done.'));
      else this.queue(message.address, ...answers(message));
    }
  }

  reachable(_channel: string, address: string): void {
    void this.#deliver(address);
  }

  queue(address: string, ...messages: (OutboundMessage | 'hide')[]): void {
    this.#waiting.set(address, [...(this.#waiting.get(address) ?? []), ...messages]);
    setImmediate(() => void this.#deliver(address));
  }

  pending(address: string): number {
    return this.#waiting.get(address)?.length ?? 0;
  }

  async #deliver(address: string): Promise<void> {
    const queue = this.#waiting.get(address) ?? [];
    const channel = this.#channel;
    if (!channel || this.#running.has(address)) return;
    this.#running.add(address);
    try {
      for (let next = queue[0]; next !== undefined; next = queue[0]) {
        if (next === 'hide') await channel.remove(address, []);
        else await channel.send(address, next, 'x.0');
        queue.shift();
      }
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      this.refusals.push(error.message);
      if (error.kind === 'stopped') queue.length = 0;
      if (error.kind === 'ambiguous') setTimeout(() => void this.#deliver(address), 20);
    } finally {
      this.#running.delete(address);
    }
  }
}

export interface Server {
  bot: Bot;
  channel: Channel & WebHub;
  web: Web;
  url: string;
  stop(): Promise<void>;
}

type Changes = Partial<WebOptions> & { bot?: Bot; channelOptions?: Partial<WebChannelOptions> };

/** Channel, bot and web server without a socket. */
export async function build(changes: Changes = {}): Promise<Omit<Server, 'url' | 'stop'>> {
  const { bot = new Bot(), channelOptions, ...options } = changes;
  const clock: Clock = options.clock ?? systemClock;
  const channel = createWebChannel({ clock, ids: systemIds, ...channelOptions });
  bot.attach(channel);
  await channel.start(bot);
  const web = createWeb({
    host: '127.0.0.1',
    port: 0,
    clock,
    ids: systemIds,
    channel,
    greeting: () => greeting,
    chrome: () => words,
    phones: ['112', '8 800 350-22-99'],
    health: () => ({ ready: true, checks: { store: { ok: true } } }),
    ...options,
  });
  return { bot, channel, web };
}

/** The same, listening on a free port of 127.0.0.1. */
export async function serve(changes: Changes = {}): Promise<Server> {
  const built = await build(changes);
  const { url } = await built.web.listen();
  return {
    ...built,
    url,
    stop: async () => {
      await built.channel.stop();
      await built.web.close();
    },
  };
}

/** A tab id as browsers make it. */
export const newTab = (): string => systemIds.bytes(16).toString('base64url');
