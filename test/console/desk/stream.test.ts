import type { AddressInfo, Server } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { expect, onTestFinished, test } from 'vitest';
import type { DeskChange } from '../../../src/handoff/port.ts';
import { DeskFeed } from '../../../src/web/console/desk/events.ts';
import type { News } from '../../../src/web/console/desk/news.ts';
import { TestClock } from '../../store/support.ts';
import { seat } from '../desk.ts';
import { type Listener, listenTo } from './listen.ts';
import { eventually, openRoom, type Room } from './room.ts';

const TIMES = { heartbeat: 20, pause: 1, stall: 50 };

async function open(times = {}) {
  const room = openRoom({ times: { ...TIMES, ...times } });
  const server = createAdaptorServer({ fetch: room.app.fetch }) as Server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connections = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  const join = async (
    query: Record<string, string> = {},
    id = seat(room, crypto.randomUUID(), 'operator').id,
  ) => {
    const cookie = room.staff.sessions.open(id);
    const listener = await listenTo(url, cookie, query);
    onTestFinished(() => listener.close());
    await eventually(() => listener.heard.length).toBeGreaterThan(0);
    return { ...listener, listener, id, cookie };
  };
  return { room, join, connections };
}

/** The newest row of a chat that a page was told. */
function rowOf(listener: Listener, ref: string) {
  const rows = listener
    .news()
    .filter((n): n is Extract<News, { row: string }> => 'row' in n && n.row === ref);
  return rows.at(-1);
}
const saysLine = (listener: Listener, text: string) =>
  listener.news().some((n) => 'line' in n && JSON.stringify(n.line).includes(text));
const id = (room: Room, ref: string) => room.handoffs.find(ref)?.id ?? 0;

test('a page hears of every chat, and words only of the one it shows and holds', async () => {
  const { room, join } = await open();
  const watcher = await join();
  const ref = await room.ask('1', { says: ['SECRET-1'] });
  await eventually(() => rowOf(watcher.listener, ref)).toMatchObject({ group: 'waiting', calls: true });
  const curious = await join({ chat: ref });
  const owner = await join({ chat: ref });
  room.handoffs.act(id(room, ref), { type: 'claim' }, owner.id);
  await eventually(() => rowOf(owner.listener, ref)).toMatchObject({ group: 'mine', calls: true });
  await eventually(() => rowOf(watcher.listener, ref)).toMatchObject({ group: 'others', calls: false });
  await room.write('1', ['SECRET-2']);
  await eventually(() => saysLine(owner.listener, 'SECRET-2')).toBe(true);
  // The page that is open beside it is told what the chat is now, so that it asks anew.
  expect(owner.news().some((n) => 'mode' in n && n.mode === 'mine')).toBe(true);
  room.handoffs.act(id(room, ref), { type: 'release' }, owner.id);
  await eventually(() => owner.news().at(-1)).toMatchObject({ mode: 'free' });
  await room.write('1', ['SECRET-3']);
  await eventually(() => owner.heard.filter(({ event }) => event === 'ping').length).toBeGreaterThan(2);
  expect(saysLine(owner.listener, 'SECRET-3')).toBe(false);
  for (const other of [watcher, curious]) expect(JSON.stringify(other.heard)).not.toContain('SECRET');
  expect(JSON.stringify(owner.heard)).not.toContain('chat-1');
  const opened = room.staff.audit.list({ limit: 9 }).filter(({ action }) => action === 'handoff_read');
  expect(opened).toEqual([]); // it was nobody's when these pages were opened, and none has asked anew
});

test('whoever is signed out hears nothing more', async () => {
  const { room, join } = await open();
  const page = await join();
  await eventually(() => page.heard.at(-1)?.event).toBe('ping');
  room.staff.signOut(page.cookie);
  const ref = await room.ask('1');
  await eventually(() => page.listener.ended).toBe(true);
  expect(page.heard.at(-1)?.event).toBe('over');
  expect(JSON.stringify(page.heard)).not.toContain(ref);
});

test('a page that comes back gets what it missed, or is told to ask for everything', async () => {
  const { room, join } = await open();
  const first = await join();
  const a = await room.ask('1');
  await eventually(() => rowOf(first.listener, a)).toBeDefined();
  const last = first.heard.findLast((heard) => heard.id !== undefined)?.id ?? '';
  first.close();
  const b = await room.ask('2');
  const back = await join({ last }, first.id);
  await eventually(() => rowOf(back.listener, b)).toBeDefined();
  expect(rowOf(back.listener, a)).toBeUndefined();
  for (const unknown of ['', 'x-1', last.replace(/-.*/, '-99999')]) {
    const lost = await join({ last: unknown }, first.id);
    await eventually(() => lost.news()).toEqual([{ anew: true }]);
    expect(lost.heard.find((h) => h.event === 'news')?.id).toMatch(/^[a-z0-9]+-\d+$/);
  }
});

test('a browser that takes nothing is cut off, and others hear everything meanwhile', async () => {
  const { room, join, connections } = await open({ heartbeat: 5_000 });
  const ref = await room.ask('1');
  const [stalled, well] = [await join({ chat: ref }), await join({ chat: ref })];
  room.handoffs.act(id(room, ref), { type: 'claim' }, stalled.id);
  stalled.socket.pause();
  // Until the socket's buffers are full.
  const text = '𓀀'.repeat(4_000);
  for (let i = 0; i < 2_000 && (await connections()) === 2; i += 1) {
    room.handoffs.act(id(room, ref), { type: 'note', text: `${i} ${text}` }, stalled.id);
    if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  // The browser still takes nothing, and does not even know.
  await eventually(connections).toBe(1);
  expect(stalled.listener.ended).toBe(false);
  room.handoffs.act(id(room, ref), { type: 'release' }, stalled.id);
  await eventually(() => rowOf(well.listener, ref)?.group).toBe('waiting');
});

test('what waits for a page is bounded; eight pages each, the oldest makes room', () => {
  let tell: (change: DeskChange) => void = () => undefined;
  const handoffs = {
    onChange: (listener: typeof tell) => {
      tell = listener;
      return () => undefined;
    },
  };
  const feed = new DeskFeed(handoffs, new TestClock());
  const dropped: number[] = [];
  const watch = (n: number, owner = 1) => feed.watch(owner, feed.last, () => void dropped.push(n));
  const gone = (n: number): DeskChange => ({ type: 'gone', id: n, ref: 'A' });
  const slow = watch(0);
  for (let n = 0; n < 2_000; n += 1) tell(gone(n));
  expect([slow.ended, dropped]).toEqual([false, []]);
  tell(gone(0));
  expect([slow.ended, dropped]).toEqual([true, [0]]);
  expect(slow.take()).toEqual({ changes: [] });
  const pages = Array.from({ length: 9 }, (_, n) => watch(n + 1));
  watch(99, 2);
  expect(pages.map(({ ended }) => ended)).toEqual([true, ...Array(8).fill(false)]);
  // Each chat only as it is now, in the order of the last change.
  for (const n of [1, 2, 1]) tell(gone(n));
  expect(pages[1]?.take()).toEqual({ changes: [gone(2), gone(1)], last: feed.last });
  expect(pages[1]?.take()).toEqual({ changes: [] });
});
