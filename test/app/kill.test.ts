import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { isoDate, systemClock, systemIds } from '../../src/clock.ts';
import type { Session } from '../../src/engine/types.ts';
import { LANGS } from '../../src/message.ts';
import { openStore } from '../../src/store/sqlite.ts';
import { FakeTelegram } from '../fake/telegram.ts';
import type { FakePerson } from '../fake/telegram-person.ts';
import { world } from '../support/world.ts';
import { Child, tempDir } from './child.ts';
import { type Conversation, converse, countCopies, perform, shown } from './conversation.ts';
import { between, seeded } from './random.ts';

const SEED = 20261122;
const PEOPLE = 50;
const TURNS = 10;
const KILLS = 10;

interface Chat extends Conversation {
  id: number;
  person: FakePerson;
  /** How many of the inputs were done. */
  said: number;
  /** For each life of the process, how many messages the chat held when that life began. */
  marks: number[];
}

/** Fifty people whose conversations are known beforehand, and what they still have to say, in a mixed order. */
class Crowd {
  readonly chats: Chat[];
  readonly #queue: Chat[];

  constructor(telegram: FakeTelegram, random: () => number) {
    const env = { ...world, today: isoDate(systemClock.now()) };
    this.chats = Array.from({ length: PEOPLE }, (_, i): Chat => {
      const id = 910_000_001 + i * 7919;
      const hint = i % 8 === 7 ? undefined : LANGS[i % 7];
      const person = telegram.user(id, hint === undefined ? {} : { language: hint.slice(0, 2) });
      // Telegram knows no scripts: its "uz" is the Latin one.
      const known = hint === 'uz-Cyrl' ? 'uz' : hint;
      return { id, person, said: 0, marks: [], ...converse(env, random, TURNS, known) };
    });
    const turns = this.chats.flatMap((chat) => chat.inputs.map(() => ({ chat, at: random() })));
    this.#queue = turns.sort((a, b) => a.at - b.at).map(({ chat }) => chat);
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** The next so many messages, whoever's they are. */
  say(count: number): void {
    for (const chat of this.#queue.splice(0, count)) {
      const input = chat.inputs[chat.said];
      if (input === undefined) throw new Error('everything is said');
      chat.said += 1;
      perform(chat.person, input);
    }
  }

  /** A new life of the process begins. */
  mark(): void {
    for (const chat of this.chats) chat.marks.push(chat.person.chat.messages.length);
  }

  /** Per life, what the bot showed in a chat. */
  livesOf({ marks, person }: Chat): string[][] {
    const { messages } = person.chat;
    return marks.map((from, life) =>
      messages.slice(from, marks[life + 1]).flatMap((m) => (m.from === 'bot' ? [shown(m)] : [])),
    );
  }

  copiesIn(chat: Chat): number | undefined {
    return countCopies(this.livesOf(chat), chat.expected);
  }

  /** Whether somebody has written and has no answer yet. */
  get unanswered(): number {
    return this.chats.filter((c) => c.said > 0 && this.livesOf(c).flat().length < c.said).length;
  }
}

/**
 * One life of the process, to its SIGKILL: while it starts, or after a random number of answers and up to 6 ms more
 * (accepting, committing, sending and writing down take about two).
 */
async function liveAndDie(
  child: Child,
  {
    telegram,
    crowd,
    random,
    lives,
  }: { telegram: FakeTelegram; crowd: Crowd; random: () => number; lives: number },
): Promise<void> {
  const allowance = Math.ceil(crowd.waiting / lives);
  const sends = () => telegram.calls.filter((c) => /^send/i.test(c.method)).length;
  // People do not wait for us: some write while nothing runs.
  const meanwhile = between(random, 1, Math.ceil(allowance / 2));
  crowd.say(meanwhile);
  if (lives % 4 === 0) {
    await sleep(between(random, 30, 900));
  } else {
    const goal = sends() + between(random, 1, allowance);
    const pauses = Array.from({ length: allowance - meanwhile }, () => random() * 4);
    const jitter = random() * 6;
    await child.started();
    for (const ms of pauses) {
      if (sends() >= goal) break;
      crowd.say(1);
      await sleep(ms);
    }
    await telegram.until(() => sends() >= goal, 20_000);
    await sleep(jitter);
  }
  expect(await child.end('SIGKILL'), child.output).toEqual({ code: null, signal: 'SIGKILL' });
  // What it wrote to its sockets before is still read, and belongs to this life.
  await sleep(30);
}

/** Every conversation as it lies on the disk, by the person's id. */
async function storedSessions(
  dir: string,
  crowd: Crowd,
  account: string,
): Promise<Map<string, Session | null>> {
  const store = openStore({ dir, clock: systemClock, ids: systemIds });
  onTestFinished(() => store.close());
  await store.accept(
    crowd.chats.map(({ id }) => ({
      channel: 'telegram',
      account,
      user: String(id),
      id: `look-${id}`,
      address: String(id),
      input: { kind: 'media' },
    })),
  );
  return new Map(store.claim(PEOPLE * 2).map((turn) => [turn.message.user, turn.session]));
}

function checkFiles(dir: string): void {
  for (const name of ['hamroh.db', 'keys.db']) {
    const db = new Database(join(dir, name), { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  }
  const db = new Database(join(dir, 'hamroh.db'), { readonly: true });
  const left = ['inbox', 'outbox'].map((t) =>
    db.prepare(`SELECT count(*) FROM ${t} WHERE body IS NOT NULL`).pluck().get(),
  );
  db.close();
  expect(left).toEqual([0, 0]);
}

test('500 messages from 50 people, killed ten times: all are answered, no step is taken twice', {
  timeout: 120_000,
}, async () => {
  const random = seeded(SEED);
  const telegram = await FakeTelegram.start();
  onTestFinished(() => telegram.stop());
  const crowd = new Crowd(telegram, random);
  expect(crowd.waiting).toBe(PEOPLE * TURNS);
  expect(new Set(crowd.chats.map((c) => c.session.lang)).size).toBe(LANGS.length);
  expect(new Set(crowd.chats.map((c) => c.session.at?.flow)).size).toBeGreaterThanOrEqual(5);
  const dataDir = join(tempDir(), 'data');
  const env = { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.root };
  let interrupted = 0;
  for (let lives = KILLS + 1; lives > 1; lives -= 1) {
    crowd.mark();
    await liveAndDie(new Child({ dataDir, env }), { telegram, crowd, random, lives });
    if (telegram.pending.length > 0 || crowd.unanswered > 0) interrupted += 1;
  }
  // A process killed while it has nothing to do would prove nothing.
  expect(interrupted).toBeGreaterThanOrEqual(KILLS / 2);
  crowd.mark();
  const last = new Child({ dataDir, env });
  await last.started();
  crowd.say(crowd.waiting);
  await telegram.until(() => telegram.pending.length === 0, 20_000);
  expect(await last.end('SIGTERM'), last.output).toEqual({ code: 0, signal: null });

  const wrong = crowd.chats.filter((chat) => crowd.copiesIn(chat) === undefined);
  expect(wrong.map((chat) => ({ got: crowd.livesOf(chat), want: chat.expected }))).toEqual([]);
  const copies = crowd.chats.map((chat) => crowd.copiesIn(chat) ?? 0);
  expect(Math.max(...copies)).toBeLessThanOrEqual(KILLS);
  checkFiles(dataDir);
  const stored = await storedSessions(dataDir, crowd, String(telegram.bot.id));
  expect(stored).toEqual(new Map(crowd.chats.map((chat) => [String(chat.id), chat.session])));
});
