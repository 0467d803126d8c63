import { systemClock, systemIds } from '../../src/clock.ts';
import type { InboundMessage, Input } from '../../src/message.ts';
import { Turns } from '../../src/runtime/turns.ts';
import type { Store } from '../../src/store/port.ts';
import { openStore } from '../../src/store/sqlite.ts';
import { type Cost, measure } from './measure.ts';
import type { BenchStep } from './standin.ts';

/** Messages that are under way at the same time in the throughput runs. */
const WINDOW = 1_024;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface BenchOptions {
  dir: string;
  step: BenchStep;
  /** What people send, one after the other, from the beginning again when it ends. */
  inputs: readonly Input[];
}

/** The whole path of a turn on a real store: accept → claim → step → commit with the outbox row. */
export class StoreBench {
  readonly #options: BenchOptions;
  readonly #turns: Turns;
  #next = 0;
  #committed: () => void = () => undefined;
  readonly #said = new Map<number, number>();
  readonly store: Store;

  constructor(options: BenchOptions) {
    this.#options = options;
    this.store = openStore({ dir: options.dir, clock: systemClock, ids: systemIds });
    this.#turns = new Turns({
      store: this.store,
      step: options.step,
      onFault: () => {
        throw new Error('the step threw');
      },
      doneMessage: (lang) => ({ lang, text: '', choices: [] }),
      committed: () => this.#committed(),
      log: SILENT,
    });
    this.#turns.start();
  }

  /** One turn for each of `contacts` people, so that they have sessions. */
  async seed(contacts: number): Promise<void> {
    await this.#drive(contacts, (i) => i);
    this.drain();
  }

  /** Durable turns of `contacts` people in random order, as many under way as {@link WINDOW}. */
  throughput(contacts: number, turns: number): Promise<Cost> {
    return measure(turns, () => this.#drive(turns, (i) => (contacts === 1 ? 0 : (i * 7_919) % contacts)));
  }

  /** Times in ms of lone turns, from the call of accept to the committed answer. */
  async lone(turns: number, who: (i: number) => number): Promise<number[]> {
    const times: number[] = [];
    for (let i = 0; i < turns; i += 1) {
      const start = performance.now();
      const done = this.#nextCommit();
      await this.store.accept([this.#message(who(i))]);
      this.#turns.wake();
      await done;
      times.push(performance.now() - start);
      this.drain();
    }
    return times;
  }

  /** Everything in the outbox counts as sent. */
  drain(): void {
    for (let due = this.store.due(500, systemClock.now()); due.length > 0; ) {
      this.store.settle(due.map(({ id }) => ({ id, result: 'sent', sentIds: ['123456'] })));
      due = this.store.due(500, systemClock.now());
    }
  }

  async close(): Promise<void> {
    await this.#turns.drain(new AbortController().signal);
    if (this.#turns.figures.faults > 0) throw new Error(`${this.#turns.figures.faults} turns failed`);
    this.store.close();
  }

  #nextCommit(): Promise<void> {
    return new Promise((resolve) => {
      this.#committed = resolve;
    });
  }

  async #drive(turns: number, who: (i: number) => number): Promise<void> {
    const goal = this.#turns.figures.done + turns;
    for (let sent = 0; sent < turns; ) {
      const size = Math.min(WINDOW / 2, turns - sent);
      const accepts = Array.from({ length: size }, (_, k) =>
        this.store.accept([this.#message(who(sent + k))]),
      );
      await Promise.all(accepts);
      sent += size;
      this.#turns.wake();
      while (this.#turns.figures.done < goal - turns + sent - WINDOW / 2) await this.#nextCommit();
    }
    while (this.#turns.figures.done < goal) await this.#nextCommit();
  }

  #message(contact: number): InboundMessage {
    const { inputs } = this.#options;
    const n = this.#said.get(contact) ?? 0;
    this.#said.set(contact, n + 1);
    this.#next += 1;
    const user = String(5_000_000_000 + contact);
    return {
      channel: 'telegram',
      account: '7000000001',
      user,
      id: String(900_000_000 + this.#next),
      address: user,
      input: inputs[n % inputs.length] ?? { kind: 'start' },
      langHint: 'uz',
    };
  }
}
