import type { OutboundMessage } from '../message.ts';
import type { Capabilities } from './channel.ts';
import { joinBlocks } from './pages.ts';
import { render } from './render.ts';

/**
 * The messages of one turn as the channel should get them: where each has its price or its pace, neighbours are
 * joined until at most `messagesPerTurn` are sent. Opening sentences are joined with each other first, so that the
 * question stays a message of its own. A turn that cannot be joined without a loss is sent in more messages.
 *
 * Pure: the messages given are not changed, and a turn that is short enough is returned as it is.
 */
export function joinTurn(messages: readonly OutboundMessage[], caps: Capabilities): OutboundMessage[] {
  const joined = [...messages];
  if (caps.messagesPerTurn === undefined) return joined;
  while (sum(joined.map((m) => countSent(m, caps))) > caps.messagesPerTurn) {
    const pairs = joined.slice(1).map((next, i) => joinPair(joined[i], next, caps));
    const at = pairs.findIndex((pair) => pair !== undefined);
    const pair = pairs[at];
    if (pair === undefined) break;
    joined.splice(at, 2, pair);
  }
  return joined;
}

/** How many messages the platform gets for one of ours: its pages, and a point on the map is one more. */
export function countSent(message: OutboundMessage, caps: Capabilities): number {
  return sum(render(message, caps).map((part) => (part.place && part.text.trim() !== '' ? 2 : 1)));
}

/** Two neighbours as one message, or undefined when that saves nothing or anything would be lost by it. */
function joinPair(
  first: OutboundMessage | undefined,
  next: OutboundMessage,
  caps: Capabilities,
): OutboundMessage | undefined {
  // Choices and the location button belong to the words right above them.
  if (first === undefined || first.choices.length > 0 || first.ask !== undefined) return undefined;
  if (first.lang !== next.lang || (first.place && next.place)) return undefined;
  const place = first.place ?? next.place;
  const text = joinBlocks([first.text, first.note ?? '', next.text]);
  const pair: OutboundMessage = { ...next, text, ...(place ? { place } : {}) };
  const [whole, ...more] = render(pair, caps);
  const alone = render(next, caps).at(-1);
  // A longer text may be too long for the buttons or for the location request that the short one had.
  if (more.length > 0 || !whole || (alone?.menu && !whole.menu)) return undefined;
  if (alone?.askLocation && !whole.askLocation) return undefined;
  return countSent(pair, caps) < countSent(first, caps) + countSent(next, caps) ? pair : undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
