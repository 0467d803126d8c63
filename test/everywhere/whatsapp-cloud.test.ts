import { describe, expect, it } from 'vitest';
import { cloud } from '../channels/fixtures/whatsapp-cloud.ts';
import type { FakeGraph } from '../fake/graph.ts';
import { WAYS } from './conversation.ts';
import { EverywhereHost } from './host.ts';
import { play, type Screen } from './play.ts';
import { share } from './transcripts.ts';

let people = 0;

function screen(graph: FakeGraph): Screen {
  people += 1;
  const person = graph.person(String(15_550_000 + people));
  return {
    user: person.userId,
    start: () => void person.send('/start'),
    text: (text) => void person.send(text),
    // A menu that does not fit a list is numbered lines, and then people type.
    tap: ({ data, number }) =>
      void (person.options.some((o) => o.id === data) ? person.tap(data) : person.send(number)),
    place: (lat, lon) => void person.location(lat, lon),
    media: () => void person.send({ type: 'sticker', sticker: { id: '1', mime_type: 'image/webp' } }),
  };
}

describe('every transcript through the Cloud API', () => {
  it.each(WAYS)('by %s', async (way) => {
    const { graph, channel } = await cloud();
    graph.throughput = 10_000;
    const host = new EverywhereHost(channel);
    await channel.start(host);
    const all = share('whatsapp', way, 3);
    await Promise.all(all.map((turns) => play(turns, way, screen(graph), host)));
    expect(all.length).toBeGreaterThan(10);
  });
});
