import type { WebDelivery, WebHub } from '../channels/web.ts';
import type { Input, Lang } from '../message.ts';

/** One round of the chat without script: what was posted, and the answers that came in time. */
export interface Exchange {
  messages: WebDelivery[];
  /** Whether the end of the text was cut off. */
  cut: boolean;
  /** The person asked to hide: their own words are not shown again. */
  cleared: boolean;
}

/** How long a form post waits for the bot. */
export interface ExchangeTimes {
  /** At most, in ms. */
  waitMs: number;
  /** After a message, for another one, in ms: an answer may be several messages. */
  quietMs: number;
}

/** Most tabs whose last answer is kept. */
const MEMORY = 2000;

/** Form posts and their answers; see {@link createExchanges}. */
export interface Exchanges {
  /**
   * Sends what was posted and waits for the answers.
   * @param input absent: only look for messages that are waiting
   * @returns undefined when the server has no room for another viewer
   * @throws when the store cannot take the message
   */
  run(tab: string, id: string, input: Input | undefined, langHint?: Lang): Promise<Exchange | undefined>;
  /** Nothing of this tab stays in memory. */
  forget(tab: string): void;
}

/**
 * Keeps each tab's last answer in memory until its next post, so that a page that was lost on a bad network is
 * shown again by the browser's "reload": the same post with the same id.
 */
export function createExchanges(hub: WebHub, times: ExchangeTimes): Exchanges {
  const last = new Map<string, { id: string; exchange: Exchange }>();
  return {
    async run(tab, id, input, langHint) {
      const before = last.get(tab);
      if (before?.id === id && before.exchange.messages.length) return before.exchange;
      const exchange = await exchangeOnce(hub, times, { tab, id, input, langHint });
      last.delete(tab);
      if (exchange && !exchange.cleared) last.set(tab, { id, exchange });
      const [oldest] = last.keys();
      if (last.size > MEMORY && oldest !== undefined) last.delete(oldest);
      return exchange;
    },
    forget: (tab) => void last.delete(tab),
  };
}

interface Post {
  tab: string;
  id: string;
  input: Input | undefined;
  langHint: Lang | undefined;
}

async function exchangeOnce(hub: WebHub, times: ExchangeTimes, post: Post): Promise<Exchange | undefined> {
  const exchange: Exchange = { messages: [], cut: false, cleared: false };
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let timer = setTimeout(finish, times.waitMs);
  let open = true;
  let said = false;
  const finishSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(finish, times.quietMs);
  };
  const stop = hub.watch(post.tab, {
    deliver(delivery) {
      if (!open) return;
      if (exchange.messages.every(({ id }) => id !== delivery.id)) exchange.messages.push(delivery);
      // What waited from before must not end the wait for the answer.
      if (said) finishSoon();
      hub.seen(post.tab, [delivery.id]);
    },
    clear() {
      exchange.messages = [];
      exchange.cleared = true;
    },
    end: finish,
  });
  if (!stop) {
    clearTimeout(timer);
    return undefined;
  }
  try {
    if (post.input) exchange.cut = (await hub.say(post.tab, post.id, post.input, post.langHint)).cut;
    said = true;
    if (exchange.messages.length) finishSoon();
    await finished;
  } finally {
    open = false;
    clearTimeout(timer);
    stop();
  }
  return exchange;
}
