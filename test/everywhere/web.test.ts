import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel } from '../../src/channels/channel.ts';
import { createWebChannel, type WebHub } from '../../src/channels/web.ts';
import { systemClock, systemIds } from '../../src/clock.ts';
import { createWeb, type Web } from '../../src/web/server.ts';
import { greeting, newTab, words } from '../web/bot.ts';
import { WAYS } from './conversation.ts';
import { EverywhereHost } from './host.ts';
import { play, type Screen } from './play.ts';
import { share } from './transcripts.ts';

/** For the page's limits time flies: each look at the clock is a minute later. */
let minutes = 0;
const clock = { ...systemClock, now: () => systemClock.now() + 60_000 * minutes++ };

let channel: Channel & WebHub;
let web: Web;
let url: string;
let host: EverywhereHost;

beforeAll(async () => {
  channel = createWebChannel({ clock: systemClock, ids: systemIds });
  host = new EverywhereHost(channel);
  await channel.start(host);
  web = createWeb({
    host: '127.0.0.1',
    port: 0,
    clock,
    ids: systemIds,
    channel,
    greeting: () => greeting,
    chrome: () => words,
    health: () => ({ ready: true, checks: {} }),
  });
  ({ url } = await web.listen());
});
afterAll(async () => {
  await channel.stop();
  await web.close();
});

/** A tab: what it writes is posted, what it is shown comes over its stream and is confirmed. */
async function screen(): Promise<Screen & { close(): void }> {
  const t = newTab();
  const end = new AbortController();
  const post = (path: string, body: object) =>
    fetch(`${url}/chat/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ t, ...body }),
    });
  const stream = await fetch(`${url}/chat/stream?t=${t}&last=`, { signal: end.signal });
  void confirm(stream, (id) => post('seen', { ids: [id] })).catch((error: unknown) => {
    if (!end.signal.aborted) throw error;
  });
  const say = async (body: object) => {
    const answer = await post('say', { id: newTab(), ...body });
    expect(answer.status).toBe(202);
  };
  return {
    user: t,
    start: () => say({ start: true }),
    text: (text) => say({ text }),
    tap: ({ data }) => say({ data }),
    place: (lat, lon) => say({ lat, lon }),
    // The page has no button for it; a photo only ever comes from messengers.
    media: () => channel.say(t, newTab(), { kind: 'media' }).then(() => undefined),
    close: () => end.abort(),
  };
}

async function confirm(stream: Response, seen: (id: string) => Promise<unknown>): Promise<void> {
  let event = '';
  let rest = '';
  for await (const chunk of stream.body ?? []) {
    rest += Buffer.from(chunk).toString('utf8');
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('event:')) event = line.slice(6).trim();
      if (!line.startsWith('data:') || event === 'ping' || event === 'clear') continue;
      const data: unknown = JSON.parse(line.slice(5));
      if (typeof data === 'object' && data !== null && 'id' in data) await seen(String(data.id));
    }
  }
}

describe('every transcript in the browser chat', () => {
  it.each(WAYS)('by %s', async (way) => {
    const all = share('web', way, 1);
    const screens = await Promise.all(all.map(screen));
    await Promise.all(all.map((turns, i) => play(turns, way, screens[i]!, host)));
    for (const s of screens) s.close();
    expect(all.length).toBeGreaterThan(10);
  });
});
