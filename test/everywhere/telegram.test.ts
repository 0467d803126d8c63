import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TelegramChannel } from '../../src/channels/telegram.ts';
import { telegramOn } from '../channels/fixtures/host.ts';
import { FakeTelegram } from '../fake/telegram.ts';
import { WAYS } from './conversation.ts';
import { EverywhereHost } from './host.ts';
import { play, type Screen } from './play.ts';
import { share } from './transcripts.ts';

let tg: FakeTelegram;
let channel: TelegramChannel;
let host: EverywhereHost;
let people = 1000;

beforeAll(async () => {
  tg = await FakeTelegram.start();
  ({ channel } = telegramOn(tg));
  host = new EverywhereHost(channel);
  await channel.start(host);
});
afterAll(async () => {
  await channel.stop();
  await tg.stop();
});

function screen(): Screen {
  people += 1;
  const person = tg.user(people);
  return {
    user: String(people),
    start: () => person.start(),
    text: (text) => person.text(text),
    tap: ({ label }) => person.tap(label),
    place: (lat, lon) => person.location(lat, lon),
    media: () => person.sticker(),
  };
}

describe('every transcript on Telegram', () => {
  it.each(WAYS)('by %s', async (way) => {
    const all = share('telegram', way, 0);
    await Promise.all(all.map((turns) => play(turns, way, screen(), host)));
    expect(all.length).toBeGreaterThan(10);
  });
});
