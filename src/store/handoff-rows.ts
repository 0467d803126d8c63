import type { Statement } from 'better-sqlite3';
import { AppError } from '../errors.ts';
import type { TimerName, Timers } from '../handoff/machine-types.ts';
import type { HandoffHead, HandoffLine, HandoffState, HandoffWay } from '../handoff/port.ts';
import type { Lang } from '../message.ts';
import { type Context, hourOf, unsealJson } from './context.ts';
import { placeOf, type SealedColumn, seal } from './crypto.ts';

const PAD_BYTES = 256;
const MINUTE_MS = 60_000;

/** One chat as it stands in the database; replaced whole, never changed. */
export interface Entry {
  head: HandoffHead;
  /** Id of its data key. */
  key: number;
  /** null once it was erased. */
  contact: number | null;
  way: readonly HandoffWay[];
  /** What the operators' group keeps about it: the number of its topic there. */
  thread?: number;
  /** Lines of the person's, so that nobody fills the disk. */
  said: number;
  /** Whole minutes since 1970. */
  timers: ReadonlyMap<TimerName, number>;
}

/** What `handoff.body` holds: everything that is not a column. */
type Sealed = Pick<Entry, 'contact' | 'way' | 'thread' | 'said'> & {
  head: Omit<HandoffHead, 'id' | 'ref' | 'state' | 'owner' | 'team' | 'lang' | 'topic' | 'urgent'>;
};

interface Row {
  id: number;
  key: number;
  ref: string;
  state: HandoffState;
  owner: number | null;
  team: string | null;
  lang: Lang;
  topic: string;
  urgent: number;
  body: Buffer;
}

interface LineRow {
  id: number;
  body: Buffer;
}

/** The tables `handoff`, `handoff_line` and `handoff_timer`; all but the loading belongs inside a transaction. */
export class HandoffRows {
  readonly #ctx: Context;
  readonly #add: Statement<
    [number, number, string, number, string, number | null, string | null, string, string, number, Buffer]
  >;
  readonly #change: Statement<
    [
      number,
      string,
      number | null,
      string | null,
      string,
      number,
      Buffer,
      number,
      HandoffState,
      number | null,
    ]
  >;
  readonly #delete: Statement<[number]>;
  readonly #addLine: Statement<[number, number, Buffer]>;
  readonly #keepLine: Statement<[Buffer, number]>;
  readonly #lines: Statement<[number], LineRow>;
  readonly #line: Statement<[number], LineRow & { handoff: number }>;
  readonly #deleteLines: Statement<[number]>;
  readonly #setTimer: Statement<[number, string, number]>;
  readonly #stopTimer: Statement<[number, string]>;
  readonly #stopTimers: Statement<[number]>;

  constructor(ctx: Context) {
    this.#ctx = ctx;
    const { db } = ctx;
    this.#add = db.prepare(
      `INSERT INTO handoff (id, key, ref, hour, state, owner, team, lang, topic, urgent, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    // Nothing moves from where it is not any more: of two who claim, the second changes no row.
    this.#change = db.prepare(
      `UPDATE handoff SET key = ?, state = ?, owner = ?, team = ?, topic = ?, urgent = ?, body = ?
       WHERE id = ? AND state = ? AND owner IS ?`,
    );
    this.#delete = db.prepare('DELETE FROM handoff WHERE id = ?');
    this.#addLine = db.prepare('INSERT INTO handoff_line (id, handoff, body) VALUES (?, ?, ?)');
    this.#keepLine = db.prepare('UPDATE handoff_line SET body = ? WHERE id = ?');
    this.#lines = db.prepare('SELECT id, body FROM handoff_line WHERE handoff = ? ORDER BY seq');
    this.#line = db.prepare('SELECT id, handoff, body FROM handoff_line WHERE id = ?');
    this.#deleteLines = db.prepare('DELETE FROM handoff_line WHERE handoff = ?');
    this.#setTimer = db.prepare(
      'INSERT OR REPLACE INTO handoff_timer (handoff, name, minute) VALUES (?, ?, ?)',
    );
    this.#stopTimer = db.prepare('DELETE FROM handoff_timer WHERE handoff = ? AND name = ?');
    this.#stopTimers = db.prepare('DELETE FROM handoff_timer WHERE handoff = ?');
  }

  /** All chats there are, inside a transaction. One that does not open is deleted; its key goes with the next start. */
  load(): Entry[] {
    const timers = new Map<number, Map<TimerName, number>>();
    const all = this.#ctx.db
      .prepare<[], { handoff: number; name: TimerName; minute: number }>('SELECT * FROM handoff_timer')
      .all();
    for (const { handoff, name, minute } of all) {
      const of = timers.get(handoff) ?? new Map<TimerName, number>();
      timers.set(handoff, of.set(name, minute));
    }
    const rows = this.#ctx.db.prepare<[], Row>('SELECT * FROM handoff').all();
    return rows.flatMap((row) => {
      const { id, key, ref, state, owner, team, lang, topic, body } = row;
      const sealed = this.#open<Sealed>('handoff.body', id, key, body);
      if (sealed === undefined) {
        this.remove(id);
        return [];
      }
      const { head, ...rest } = sealed;
      const known = { id, ref, state, owner, team, lang, topic, urgent: row.urgent === 1 };
      return [{ ...rest, key, head: { ...head, ...known }, timers: timers.get(id) ?? new Map() }];
    });
  }

  /** @returns false when the key is gone: then there is nothing to write */
  add(entry: Entry): boolean {
    const { id, ref, state, owner, team, lang, topic, urgent, openedAt } = entry.head;
    const body = this.#sealed(entry);
    if (body === undefined) return false;
    const hour = hourOf(openedAt);
    this.#add.run(id, entry.key, ref, hour, state, owner, team, lang, topic, Number(urgent), body);
    return true;
  }

  /** @returns false when the chat is not any more what it was `before`, or its key is gone: then nothing was changed */
  change(before: Entry, after: Entry): boolean {
    const { id, state, owner, team, topic, urgent } = after.head;
    const body = this.#sealed(after);
    if (body === undefined) return false;
    const { state: was, owner: of } = before.head;
    const { changes } = this.#change.run(
      after.key,
      state,
      owner,
      team,
      topic,
      Number(urgent),
      body,
      id,
      was,
      of,
    );
    return changes === 1;
  }

  /** Deletes a chat and all that belongs to it. */
  remove(id: number): void {
    this.removeLines(id);
    this.#stopTimers.run(id);
    this.#delete.run(id);
  }

  removeLines(id: number): void {
    this.#deleteLines.run(id);
  }

  /** Writes what changes of the timers. @returns the timers as they are then */
  setTimers({ head, timers }: Entry, changes: Timers): Map<TimerName, number> {
    const next = new Map(timers);
    for (const [name, at] of Object.entries(changes) as [TimerName, number | null][]) {
      // Never early, and at most a minute late: no row says at which second somebody wrote.
      const minute = at === null ? undefined : Math.ceil(at / MINUTE_MS);
      if (minute === next.get(name)) continue;
      if (minute === undefined) {
        next.delete(name);
        this.#stopTimer.run(head.id, name);
      } else {
        next.set(name, minute);
        this.#setTimer.run(head.id, name, minute);
      }
    }
    return next;
  }

  addLine({ head, key }: Entry, line: HandoffLine): void {
    const body = this.#seal('handoff_line.body', line.id, key, line);
    if (body !== undefined) this.#addLine.run(line.id, head.id, body);
  }

  keepLine({ key }: Entry, line: HandoffLine): void {
    const body = this.#seal('handoff_line.body', line.id, key, line);
    if (body !== undefined) this.#keepLine.run(body, line.id);
  }

  /** Oldest first. */
  lines({ head, key }: Entry): HandoffLine[] {
    return this.#lines.all(head.id).flatMap((row) => this.#openLine(row, key) ?? []);
  }

  line({ head, key }: Entry, id: number): HandoffLine | undefined {
    const row = this.#line.get(id);
    return row === undefined || row.handoff !== head.id ? undefined : this.#openLine(row, key);
  }

  /** Which chat a line belongs to. */
  handoffOf(line: number): number | undefined {
    return this.#line.get(line)?.handoff;
  }

  #openLine({ id, body }: LineRow, key: number): HandoffLine | undefined {
    return this.#open<HandoffLine>('handoff_line.body', id, key, body);
  }

  #open<T>(column: SealedColumn, row: number, key: number, body: Buffer): T | undefined {
    try {
      return unsealJson<T>(this.#ctx, column, row, key, body);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#ctx.faults += 1;
      return undefined;
    }
  }

  #sealed({ head, key, contact, way, thread, said }: Entry): Buffer | undefined {
    const { id, ref: _, state: _s, owner: _o, team: _t, lang: _l, topic: _p, urgent: _u, ...rest } = head;
    const value: Sealed = { head: rest, contact, way, said, ...(thread === undefined ? {} : { thread }) };
    return this.#seal('handoff.body', id, key, value);
  }

  /** Padded, so that the length of a row says little about the words in it. JSON does not mind spaces at its end. */
  #seal(column: SealedColumn, row: number, keyId: number, value: unknown): Buffer | undefined {
    const key = this.#ctx.keys.get(keyId);
    if (key === undefined) return undefined;
    const json = Buffer.from(JSON.stringify(value), 'utf8');
    const padded = Buffer.alloc(Math.ceil(json.length / PAD_BYTES) * PAD_BYTES, ' ');
    json.copy(padded);
    return seal(key, this.#ctx.pool.iv(), placeOf(column, row, keyId), padded);
  }
}
