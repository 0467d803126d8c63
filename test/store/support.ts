import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { type Clock, systemIds } from '../../src/clock.ts';
import type { Effect, Session } from '../../src/engine/types.ts';
import type { InboundMessage, OutboundMessage } from '../../src/message.ts';
import type { Store, Turn, TurnResult } from '../../src/store/port.ts';
import { openStore, type StoreOptions } from '../../src/store/sqlite.ts';
import type { Count } from '../../src/usage/event.ts';
import { quickDir } from '../support/temp.ts';

export const HOUR = 3_600_000;

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  #now: number;
  constructor(now = Date.parse('2026-11-22T10:30:00Z')) {
    this.#now = now;
  }
  now(): number {
    return this.#now;
  }
  pass(ms: number): void {
    this.#now += ms;
  }
}

export function tempDir(): string {
  const dir = quickDir('hamroh-store-');
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export interface World {
  dir: string;
  clock: TestClock;
  store: Store;
  /** Closes and opens again, as a restart does. */
  restart(): void;
}

export function openWorld(dir = tempDir(), clock = new TestClock(), more: Partial<StoreOptions> = {}): World {
  const open = () => openStore({ dir, clock, ids: systemIds, ...more });
  const world: World = {
    dir,
    clock,
    store: open(),
    restart() {
      world.store.close();
      world.store = open();
    },
  };
  onTestFinished(() => world.store.close());
  return world;
}

/** The raw counters that lie in a data folder, as somebody with the file would read them. */
export function readCounters(dir: string, name?: string): (Count & { week: string })[] {
  const db = new Database(join(dir, 'hamroh.db'), { readonly: true });
  const rows = db
    .prepare<[string | null, string | null], Count & { week: string }>(
      'SELECT week, name, a, b, n FROM counter WHERE ? IS NULL OR name = ? ORDER BY week, name, a, b',
    )
    .all(name ?? null, name ?? null);
  db.close();
  return rows;
}

let counter = 0;

export function message(user: string, text: string, extra: Partial<InboundMessage> = {}): InboundMessage {
  counter += 1;
  return {
    channel: 'telegram',
    account: '7000000001',
    user,
    id: `update-${counter}`,
    address: `chat-${user}`,
    input: { kind: 'text', text },
    ...extra,
  };
}

export function answer(text: string): OutboundMessage {
  return { lang: 'ru', text, choices: [] };
}

export function session(vars: Session['vars'] = {}): Session {
  return { v: 1, lang: 'ru', vars, calls: [], back: [], misses: 0 };
}

/** A turn's result: counts the contact's turns and answers `<n>: <text>`. */
export function echo(turn: Turn, more: Effect[] = []): TurnResult {
  const n = Number(turn.session?.vars.n ?? 0) + 1;
  const said = turn.message.input.kind === 'text' ? turn.message.input.text : turn.message.input.kind;
  return {
    turn,
    session: session({ n }),
    effects: [...more, { type: 'send', message: answer(`${n}: ${said}`) }],
  };
}

/** Handles everything that waits; returns the texts that were sent. */
export function handleAll(
  store: Store,
  now: number,
  result: (turn: Turn) => TurnResult = (t) => echo(t),
): string[] {
  for (let turns = store.claim(100); turns.length > 0; turns = store.claim(100))
    store.commit(turns.map(result));
  return sendAll(store, now);
}

let sentCounter = 0;

/** Sends everything that is due; returns the texts. */
export function sendAll(store: Store, now: number): string[] {
  const texts: string[] = [];
  for (let due = store.due(100, now); due.length > 0; due = store.due(100, now)) {
    for (const { task } of due)
      texts.push(task.type === 'send' ? task.message.text : `hide ${task.sentIds.length}`);
    store.settle(
      due.map(({ id, task }) => {
        sentCounter += 1;
        return { id, result: 'sent', sentIds: task.type === 'send' ? [`sent-${sentCounter}`] : [] };
      }),
    );
  }
  return texts;
}
