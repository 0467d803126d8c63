import { ServerResponse } from 'node:http';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import type { StaffRequest } from '../pages.ts';
import { mayRead } from './chat.ts';
import type { Watcher } from './events.ts';
import { type News, newsOf } from './news.ts';
import type { StreamTimes } from './options.ts';
import type { Desk } from './view.ts';

const TIMES: StreamTimes = { heartbeat: 20_000, pause: 40, stall: 20_000 };

/** `GET /console/events?chat=K7Q2MX&last=…`: what changes, as it changes, for one open page. */
export function openStream(desk: Desk, request: StaffRequest): Response {
  const { c, me } = request;
  const times = { ...TIMES, ...desk.options.times };
  const open = desk.options.handoffs.find(c.req.query('chat') ?? '');
  if (open !== undefined && mayRead(open, me.id)) desk.reads.add(me.id, open);
  const since = c.req.header('last-event-id') || c.req.query('last') || '';
  // Proxies such as nginx would hold events back otherwise.
  c.header('X-Accel-Buffering', 'no');
  return streamSSE(c, async (stream) => {
    const watcher = desk.feed.watch(me.id, since, () => {
      stream.abort();
      // A browser that takes nothing does not notice an end either: the socket has to go.
      outgoingOf(c.env)?.destroy();
    });
    stream.onAbort(() => watcher.end());
    try {
      await send(stream, { event: 'hello', data: '1', retry: 2000 }, watcher, times);
      while (!watcher.ended) {
        await watcher.something(times.heartbeat);
        if (watcher.ended) break;
        if (!request.alive()) {
          await send(stream, { event: 'over', data: '1' }, watcher, times);
          break;
        }
        await send(stream, nextEvent(watcher, desk, request, open?.id), watcher, times);
        await stream.sleep(times.pause);
      }
    } finally {
      watcher.end();
    }
  });
}

type Event = Parameters<SSEStreamingApi['writeSSE']>[0];

function nextEvent(watcher: Watcher, desk: Desk, request: StaffRequest, open: number | undefined): Event {
  const { changes, last = '' } = watcher.take();
  if (watcher.lost) {
    watcher.lost = false;
    const anew: News[] = [{ anew: true }];
    return { event: 'news', data: JSON.stringify(anew), id: desk.feed.last };
  }
  if (last === '') return { event: 'ping', data: '1' };
  return { event: 'news', data: JSON.stringify(newsOf(changes, desk, request, open)), id: last };
}

/** Writes, and waits until it is taken; not for ever. */
async function send(
  stream: SSEStreamingApi,
  event: Event,
  watcher: Watcher,
  { stall }: StreamTimes,
): Promise<void> {
  const timer = setTimeout(() => watcher.cut(), stall);
  await stream.writeSSE(event);
  clearTimeout(timer);
}

function outgoingOf(env: unknown): ServerResponse | undefined {
  const outgoing: unknown =
    typeof env === 'object' && env !== null ? Reflect.get(env, 'outgoing') : undefined;
  return outgoing instanceof ServerResponse ? outgoing : undefined;
}
