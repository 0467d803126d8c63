import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import {
  act,
  bot,
  chat,
  type Desk,
  handle,
  MINUTE,
  openDesk,
  pass,
  say,
  told,
  USER,
} from './handoff-support.ts';
import { scan } from './scan.ts';
import { HOUR, message, sendAll } from './support.ts';

const CANARIES = [
  USER,
  'CANARY-person-7f3a',
  'CANARY-operator-91bc',
  'CANARY-note-55d0',
  'CANARY-label-8d1f',
];

/** A chat with canaries wherever somebody can write something. */
async function canaryChat(desk: Desk): Promise<void> {
  await say(desk, 'person');
  await say(desk, 'CANARY-person-7f3a');
  act(desk, { type: 'claim' });
  handle(desk);
  await say(desk, 'CANARY-person-7f3a again');
  act(desk, { type: 'reply', text: 'CANARY-operator-91bc' });
  act(desk, { type: 'note', text: 'CANARY-note-55d0' });
  act(desk, { type: 'labels', labels: ['CANARY-label-8d1f'] });
  handle(desk);
}

/** Every value of a chat in the files: ciphertexts and the wrapped key, references. */
function remains(dir: string): Buffer[] {
  const read = (file: string, sql: string) => {
    const db = new Database(join(dir, file), { readonly: true });
    const values = db.prepare<[], Buffer | string>(sql).pluck().all();
    db.close();
    return values.map((v) => Buffer.from(v));
  };
  const keys = read('hamroh.db', 'SELECT CAST(key AS text) FROM handoff').join(',');
  return [
    ...read(
      'hamroh.db',
      'SELECT body FROM handoff UNION ALL SELECT body FROM handoff_line UNION ALL SELECT ref FROM handoff',
    ),
    ...read('keys.db', `SELECT wrapped FROM data_key WHERE id IN (${keys})`),
  ];
}

function leftovers(dir: string, traces: Buffer[]): string[] {
  const files = readdirSync(dir).map((file) => ({ file, bytes: readFileSync(join(dir, file)) }));
  return traces.flatMap((t) =>
    files
      .filter(({ bytes }) => bytes.includes(t))
      .map(({ file }) => `${file}: ${t.toString('hex').slice(0, 40)}`),
  );
}

function count(dir: string, table: string): unknown {
  const db = new Database(join(dir, 'hamroh.db'), { readonly: true });
  const n = db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  db.close();
  return n;
}

describe('what is written', () => {
  test('nothing of a chat can be read in any file, open or closed', async () => {
    const desk = openDesk();
    await canaryChat(desk);
    expect(scan(desk.dir, CANARIES)).toEqual([]);
    act(desk, { type: 'close' });
    handle(desk);
    desk.store.close();
    expect(scan(desk.dir, CANARIES)).toEqual([]);
    // Positive control: the chat is there, for who has the keys.
    desk.restart();
    expect(told(desk).join()).toContain('CANARY-note-55d0');
  });

  test('lines are as long as others: steps of 256 bytes', async () => {
    const desk = openDesk();
    await canaryChat(desk);
    await say(desk, 'x'.repeat(700));
    const db = new Database(join(desk.dir, 'hamroh.db'), { readonly: true });
    const lengths = db
      .prepare<[], number>('SELECT DISTINCT length(body) - 28 FROM handoff_line')
      .pluck()
      .all();
    db.close();
    expect(lengths.sort()).toEqual([256, 768]);
  });

  test('a line that was moved to another place does not open, and hides no other', async () => {
    const desk = openDesk();
    await canaryChat(desk);
    const before = told(desk);
    desk.store.close();
    const db = new Database(join(desk.dir, 'hamroh.db'));
    db.exec(`UPDATE handoff_line SET body = (SELECT body FROM handoff_line ORDER BY seq LIMIT 1 OFFSET 1)
             WHERE seq = (SELECT min(seq) FROM handoff_line)`);
    db.close();
    desk.restart();
    expect(told(desk)).toEqual(before.slice(1));
    expect(desk.store.backlog(desk.clock.now()).faults).toBe(1);
  });

  test('a chat that does not open is deleted at the start, and stops nothing', async () => {
    const desk = openDesk();
    await canaryChat(desk);
    desk.store.close();
    const db = new Database(join(desk.dir, 'hamroh.db'));
    db.exec('UPDATE handoff SET body = zeroblob(300)');
    db.close();
    desk.restart();
    expect(desk.store.handoffs.heads()).toEqual([]);
    expect(['handoff', 'handoff_line', 'handoff_timer'].map((t) => count(desk.dir, t))).toEqual([0, 0, 0]);
    expect(await say(desk, 'hello')).toEqual(['bot: hello']);
  });
});

describe('lifetimes', () => {
  test('72 h after the end nothing of a chat is left in any file, and not before', async () => {
    const desk = openDesk();
    await canaryChat(desk);
    act(desk, { type: 'close' });
    handle(desk);
    const gone: string[] = [];
    desk.store.handoffs.onChange((c) => c.type === 'gone' && gone.push(c.ref));
    const { id, ref } = chat(desk);
    const traces = remains(desk.dir);
    expect(traces.length).toBeGreaterThan(8);
    pass(desk, 72 * HOUR - 1);
    expect(told(desk).join()).toContain('CANARY-person-7f3a');
    expect(leftovers(desk.dir, traces)).not.toEqual([]);
    pass(desk, MINUTE);
    expect(gone).toEqual([ref]);
    expect([desk.store.handoffs.head(id), desk.store.handoffs.lines(id)]).toEqual([undefined, []]);
    expect(['handoff', 'handoff_line', 'handoff_timer', 'contact'].map((t) => count(desk.dir, t))).toEqual([
      0, 0, 0, 0,
    ]);
    expect(leftovers(desk.dir, traces)).toEqual([]);
    expect(scan(desk.dir, [...CANARIES, ref])).toEqual([]);
    desk.store.close();
    expect(leftovers(desk.dir, traces)).toEqual([]);
  });

  test('a crash between the key and the rows ends the same', async () => {
    const desk = openDesk();
    await canaryChat(desk);
    desk.store.close();
    const db = new Database(join(desk.dir, 'hamroh.db'), { readonly: true });
    const key = db.prepare('SELECT key FROM handoff').pluck().get();
    db.close();
    const keys = new Database(join(desk.dir, 'keys.db'));
    keys.prepare('DELETE FROM data_key WHERE id = ?').run(key);
    keys.close();
    desk.restart();
    expect(desk.store.handoffs.heads()).toEqual([]);
    expect(['handoff', 'handoff_line', 'handoff_timer'].map((t) => count(desk.dir, t))).toEqual([0, 0, 0]);
  });

  test('a chat whose person is gone from the disk has ended', async () => {
    const desk = openDesk();
    await canaryChat(desk);
    desk.store.close();
    const db = new Database(join(desk.dir, 'hamroh.db'));
    db.exec('DELETE FROM contact');
    db.close();
    desk.restart();
    expect(chat(desk)).toMatchObject({ state: 'withdrawn', ended: 'stopped' });
    expect(told(desk).at(-1)).toBe('event: stopped');
  });

  test('whoever waits or talks stays known, though the keys of the lookups change every day', async () => {
    const desk = openDesk();
    await desk.store.accept([message('lid-1', 'person', { aliases: ['phone-1'] })]);
    handle(desk);
    act(desk, { type: 'claim' });
    act(desk, { type: 'reply', text: 'hi' });
    handle(desk);
    for (let day = 0; day < 6; day += 1) pass(desk, 24 * HOUR);
    await say(desk, 'after six days', 'phone-1');
    expect(told(desk).at(-1)).toBe('person: after six days');
    pass(desk, 10 * MINUTE);
    await say(desk, 'and by the other name', 'lid-1');
    expect(told(desk).at(-1)).toBe('person: and by the other name');
    // Also when nothing ran for days.
    act(desk, { type: 'reply', text: 'hi' });
    desk.store.close();
    desk.clock.pass(5 * 24 * HOUR);
    desk.restart();
    await say(desk, 'after five days more', 'phone-1');
    expect(told(desk).at(-1)).toBe('person: after five days more');
  });

  test('with the end of a chat the conversation has a day more, and the names go at once', async () => {
    const desk = openDesk();
    await say(desk, 'person');
    act(desk, { type: 'claim' });
    act(desk, { type: 'reply', text: 'hi' });
    for (let day = 0; day < 5; day += 1) pass(desk, 24 * HOUR);
    act(desk, { type: 'close' });
    expect(handle(desk)).toEqual(['bot: desk closed']);
    pass(desk, 20 * HOUR);
    expect(count(desk.dir, 'contact')).toBe(1);
    await say(desk, 'thank you');
    pass(desk, 6 * HOUR);
    expect(count(desk.dir, 'contact')).toBe(0);
  });

  test('the sweep takes others and leaves who waits or talks', async () => {
    const desk = openDesk();
    await desk.store.accept(Array.from({ length: 10 }, (_, i) => message(`p${i}`, 'person')));
    await desk.store.accept(Array.from({ length: 30 }, (_, i) => message(`o${i}`, 'hello')));
    handle(desk);
    for (const { id } of desk.store.handoffs.heads().slice(0, 6)) {
      desk.store.handoffs.act(id, { type: 'claim' }, 1);
      desk.store.handoffs.act(id, { type: 'reply', text: 'hi' }, 1);
    }
    handle(desk);
    pass(desk, 50 * HOUR);
    // The other four were told that nobody came, and have a day from then on.
    expect(count(desk.dir, 'contact')).toBe(10);
    pass(desk, 26 * HOUR);
    expect(count(desk.dir, 'contact')).toBe(6);
  });
});

describe('"delete my data"', () => {
  test('during a chat: the operator sees that it was erased, and no word is left', async () => {
    const desk = openDesk();
    await canaryChat(desk);
    act(desk, { type: 'reply', text: 'CANARY-operator-91bc on its way' });
    const { id, ref } = chat(desk);
    const traces = remains(desk.dir).filter((t) => t.toString() !== ref);
    const heads: unknown[] = [];
    desk.store.handoffs.onChange((c) => c.type === 'head' && heads.push(c.head.ended));
    await say(desk, 'forget');
    expect(heads).toEqual(['erased']);
    for (const wipe of desk.store.wipes()) desk.store.endWipe(wipe.id);
    desk.store.checkpoint();
    const erased = { ref, state: 'withdrawn', ended: 'erased', labels: [] };
    expect([chat(desk), told(desk), desk.store.handoffs.way(id)]).toMatchObject([erased, [], []]);
    expect(leftovers(desk.dir, traces)).toEqual([]);
    expect(sendAll(desk.store, desk.clock.now())).toEqual([]);
    expect(act(desk, { type: 'reply', text: 'hello?' })).toEqual({ ok: false, reason: 'ended' });
    desk.restart();
    expect(chat(desk)).toMatchObject(erased);
    expect(await say(desk, 'hello')).toEqual(['bot: hello']);
    pass(desk, 72 * HOUR + MINUTE);
    expect(desk.store.handoffs.heads()).toEqual([]);
    expect(leftovers(desk.dir, [Buffer.from(ref)])).toEqual([]);
  });

  test('after a chat: its transcript goes as well', async () => {
    const desk = openDesk();
    await canaryChat(desk);
    act(desk, { type: 'close' });
    handle(desk);
    await say(desk, 'forget');
    expect([chat(desk).ended, told(desk)]).toEqual(['erased', []]);
  });

  test('a crash before the old key was destroyed: the next start does it', async () => {
    const desk = openDesk();
    await canaryChat(desk);
    const keysOf = (sql: string) => {
      const keys = new Database(join(desk.dir, 'keys.db'));
      const ids = keys.prepare<[], number>(sql).pluck().all();
      keys.close();
      return ids;
    };
    const db = new Database(join(desk.dir, 'hamroh.db'), { readonly: true });
    const key = Number(db.prepare('SELECT key FROM handoff').pluck().get());
    db.close();
    await say(desk, 'forget');
    expect(keysOf('SELECT id FROM data_key')).not.toContain(key);
    desk.store.close();
    keysOf(`INSERT INTO data_key VALUES (${key}, x'00') RETURNING id`);
    desk.restart();
    expect(keysOf('SELECT id FROM data_key')).not.toContain(key);
    expect([chat(desk).ended, told(desk)]).toEqual(['erased', []]);
  });
});

describe('two contacts that prove to be one', () => {
  test('the chat goes on with the one that stays', async () => {
    const desk = openDesk();
    await say(desk, 'person', 'phone-1');
    act(desk, { type: 'claim' });
    handle(desk);
    await say(desk, 'who is this?', 'lid-1');
    await desk.store.accept([message('lid-1', 'it is me', { aliases: ['phone-1'] })]);
    handle(desk);
    expect(told(desk).at(-1)).toBe('person: it is me');
    act(desk, { type: 'reply', text: 'hi' });
    expect(sendAll(desk.store, desk.clock.now())).toEqual(['hi']);
    for (let day = 0; day < 4; day += 1) pass(desk, 24 * HOUR);
    await say(desk, 'still me', 'phone-1');
    expect(told(desk).at(-1)).toBe('person: still me');
    desk.restart();
    await say(desk, 'and after a restart', 'lid-1');
    expect(told(desk).at(-1)).toBe('person: and after a restart');
  });

  test('of two open chats the one that somebody answers goes on', async () => {
    const desk = openDesk();
    await say(desk, 'person', 'phone-1');
    const [held] = desk.store.handoffs.heads();
    act(desk, { type: 'claim' });
    handle(desk);
    await say(desk, 'person', 'lid-1');
    await desk.store.accept([message('lid-1', 'it is me', { aliases: ['phone-1'] })]);
    handle(desk);
    expect(desk.store.handoffs.head(held!.id)).toMatchObject({ state: 'claimed' });
    expect(told(desk, held!.id).at(-1)).toBe('person: it is me');
    expect(
      desk.store.handoffs
        .heads()
        .map((h) => h.state)
        .sort(),
    ).toEqual(['claimed', 'withdrawn']);
  });
});

test('a turn that cannot be written down leaves no trace of a chat, in memory or on the disk', async () => {
  const desk = openDesk();
  await desk.store.accept([message(USER, 'person')]);
  const [turn] = desk.store.claim(1);
  const result = bot(turn!);
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  Object.assign(result.session!.vars, circular);
  expect(() => desk.store.commit([result])).toThrow(TypeError);
  expect(desk.store.handoffs.heads()).toEqual([]);
  expect(handle(desk)).toEqual(['one moment', 'you are in the queue']);
  expect(desk.store.handoffs.heads()).toHaveLength(1);
});
