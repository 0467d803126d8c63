import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { systemIds } from '../../src/clock.ts';
import { findMigrations } from '../../src/store/db.ts';
import { Staff } from '../../src/store/staff.ts';
import { type Heard, listenTo } from '../console/desk/listen.ts';
import { buildRoom, type Room } from '../console/desk/room.ts';
import { type Desk, seat } from '../console/desk.ts';
import { message, TestClock } from '../store/support.ts';
import { type Cost, measure, quantile } from './measure.ts';

const CHATS = 500;
/** Of them nobody has taken. */
const WAITING = 100;
const OPERATORS = 20;
const PER_SECOND = 50;

class LiveClock extends TestClock {
  override now(): number {
    return Date.now();
  }
}

/** When each message was given to the store, and how long it took to the page of whoever holds the chat. */
class Watch {
  readonly times: number[] = [];
  readonly #sent = new Map<string, number>();

  send(mark: string): void {
    this.#sent.set(mark, performance.now());
  }

  /** @param marks what an operator's page was told of */
  arrive(marks: readonly string[]): void {
    const now = performance.now();
    for (const mark of marks) {
      const at = this.#sent.get(mark);
      if (at === undefined) continue;
      this.#sent.delete(mark);
      this.times.push(now - at);
    }
  }

  get lost(): number {
    return this.#sent.size;
  }
}

/** Many chats, every operator's page open, one of them stalled: from accepting a message to the page of its operator. */
export async function benchDesk(seconds = 5): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'hamroh-bench-'));
  const clock = new LiveClock();
  const secret = systemIds.bytes(64);
  const staff = new Staff({ dir, migrations: findMigrations(), secret, clock, ids: systemIds });
  const desk: Desk = { dir, clock, staff, restart: () => undefined };
  const { room, close } = buildRoom(desk, join(dir, 'store'));
  const server = createAdaptorServer({ fetch: room.app.fetch });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const operators = Array.from({ length: OPERATORS }, (_, i) => seat(desk, `Operator ${i}`, 'operator').id);
    const owners = await fill(room, operators);
    const watch = new Watch();
    const pages = await Promise.all(operators.map((id) => openPage(url, room, id, owners, watch)));
    const [stalled] = pages;
    stalled?.socket.pause();
    const heard = [...owners].filter(([, { owner }]) => owner !== operators[0]);
    const before = process.memoryUsage().rss;
    const cost = await measure(seconds * PER_SECOND, () => talk(room, heard, watch, seconds));
    report(watch, cost, seconds, process.memoryUsage().rss - before);
    for (const page of pages) page.close();
  } finally {
    server.close();
    await close();
    staff.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

type Owners = Map<string, { user: string; owner: number }>;

/** People who have asked for somebody; most of them have found one. */
async function fill(room: Room, operators: readonly number[]): Promise<Owners> {
  const owners: Owners = new Map();
  for (let i = 0; i < CHATS; i += 1) {
    const ref = await room.ask(`${i}`, { lang: 'ru' });
    const owner = operators[i % OPERATORS] ?? 0;
    if (i < CHATS - WAITING) {
      room.handoffs.act(room.handoffs.find(ref)?.id ?? 0, { type: 'claim' }, owner);
      owners.set(ref, { user: `${i}`, owner });
    }
  }
  return owners;
}

/** An operator's page with one of their chats open; words of the others show as a change in the queue. */
async function openPage(url: string, room: Room, operator: number, owners: Owners, watch: Watch) {
  const cookie = room.staff.sessions.open(operator);
  const own = [...owners].filter(([, { owner }]) => owner === operator).map(([ref]) => ref);
  const chat = own[0] ?? '';
  const others = new Set(own.slice(1));
  return listenTo(url, cookie, { chat }, ({ event, data }: Heard) => {
    if (event !== 'news') return;
    const rows = [...data.matchAll(/"row":"(\w+)"/g)].map(([, ref = '']) => ref);
    const lines = [...data.matchAll(/mark-\d+-/g)].map(([mark]) => mark);
    watch.arrive([...rows.filter((ref) => others.has(ref)), ...lines]);
  });
}

/** At a steady pace, every other message in a chat that is open on its operator's page. */
async function talk(
  room: Room,
  heard: [string, { user: string; owner: number }][],
  watch: Watch,
  seconds: number,
) {
  const first = new Map(heard.toReversed().map(([ref, { owner }]) => [owner, ref]));
  const open = heard.filter(([ref, { owner }]) => first.get(owner) === ref);
  const rest = heard.filter(([ref, { owner }]) => first.get(owner) !== ref);
  const began = performance.now();
  const accepted: Promise<void>[] = [];
  for (let i = 0; i < seconds * PER_SECOND; i += 1) {
    const wait = began + (i * 1_000) / PER_SECOND - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const list = i % 2 === 0 ? open : rest;
    const [ref, { user }] = list[(i >> 1) % list.length] ?? ['', { user: '' }];
    const mark = `mark-${i}-`;
    watch.send(i % 2 === 0 ? mark : ref);
    accepted.push(room.runtime.host.accept([message(user, `${mark} что мне делать дальше`)]));
  }
  await Promise.all(accepted);
  const end = performance.now() + 5_000;
  while (watch.lost > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
}

function report(watch: Watch, cost: Cost, seconds: number, grown: number): void {
  const ms = (share: number) => `${quantile(watch.times, share).toFixed(1)} ms`;
  console.log(
    `\nOperators: ${CHATS} open chats, ${OPERATORS} pages connected and one of them stalled, ${PER_SECOND} messages a second for ${seconds} s\n`,
  );
  console.log(`accepting a message → its operator's page: p50 ${ms(0.5)}, p99 ${ms(0.99)}, longest ${ms(1)}`);
  console.log(
    `arrived ${watch.times.length} of ${cost.turns}; processor ${((cost.cpuMs / cost.ms) * 100).toFixed(0)} % of a core, memory ${(grown / 2 ** 20).toFixed(0)} MiB more`,
  );
}
