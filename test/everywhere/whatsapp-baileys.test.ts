import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_PACE, type World, world } from '../channels/whatsapp-kit.ts';
import { WAYS } from './conversation.ts';
import { EverywhereHost } from './host.ts';
import { play, type Screen } from './play.ts';
import { share } from './transcripts.ts';

let wa: World;
let host: EverywhereHost;

beforeAll(async () => {
  wa = await world({ pace: NO_PACE });
  host = new EverywhereHost(wa.channel);
  await wa.channel.start(host);
  await wa.pair();
});
afterAll(() => wa.end());

/** Nothing can be pressed here: numbers, labels and words are all there is. */
function screen(): Screen {
  const person = wa.fake.person();
  const send = async (content: Parameters<typeof person.send>[0]) => void (await person.send(content));
  return {
    user: person.lid,
    start: () => send('/start'),
    text: (text) => send(text),
    place: (lat, lon) => send({ locationMessage: { degreesLatitude: lat, degreesLongitude: lon } }),
    media: () =>
      send({ stickerMessage: { url: 'https://example.org/never-fetched', mimetype: 'image/webp' } }),
  };
}

/** All transcripts take the encryption of two phones a minute or two. */
const PATIENT = { timeout: 300_000 };

describe('every transcript through a paired phone', PATIENT, () => {
  it.each(WAYS)('by %s', async (way) => {
    const all = share('whatsapp', way, 2, 6);
    await Promise.all(all.map((turns) => play(turns, way, screen(), host)));
    expect(all.length).toBeGreaterThan(2);
    expect(wa.fake.problems).toEqual([]);
  });
});
