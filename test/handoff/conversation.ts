import { join } from 'node:path';
import Database from 'better-sqlite3';
import { SendError } from '../../src/channels/channel.ts';
import { systemIds } from '../../src/clock.ts';
import { isOpen } from '../../src/handoff/machine.ts';
import type { DeskAction, DeskChange, HandoffHead, HandoffLine } from '../../src/handoff/port.ts';
import type { Input, OutboundMessage } from '../../src/message.ts';
import { createRuntime, type Runtime } from '../../src/runtime/runtime.ts';
import type { Store } from '../../src/store/port.ts';
import { openStore } from '../../src/store/sqlite.ts';
import { MemoryChannel } from '../runtime/support.ts';
import { RULES, think } from '../store/handoff-support.ts';
import { answer, message, session, TestClock } from '../store/support.ts';
import { quickDir } from '../support/temp.ts';

const USER = 'person';
const ADDRESS = `chat-${USER}`;

/** `slow`: sends do not end. `arrives`: what is sent then has arrived, or not. */
export type Network = 'up' | 'away' | 'slow-arrives' | 'slow';

/**
 * One person, two operators and a bot on a real store with a real runtime, whose process may stop at any moment. Notes
 * what everybody would see, to compare it in the end.
 */
export class Conversation {
  readonly dir = quickDir('hamroh-desk-');
  readonly clock = new TestClock();
  store!: Store;
  runtime!: Runtime;
  network: Network = 'up';
  /** The next words of an operator end in a time-out; did they arrive? */
  timeout: 'arrived' | 'lost' | undefined;
  /** Texts that arrived, in their order. */
  readonly arrived: string[] = [];
  /** What the person wrote since they last had their data deleted. */
  words: string[] = [];
  /** Words of the person's in a transcript. */
  readonly kept = new Set<string>();
  /** Operators' lines as they last were, and how often somebody asked to send them again. */
  readonly lines = new Map<number, HandoffLine>();
  readonly resent = new Map<number, number>();
  /** What must not be. */
  readonly faults: string[] = [];
  #held: number | undefined;
  /** Rows of the outbox that were there when somebody took the chat. */
  #before = new Set<string>();
  #release: () => void = () => undefined;
  #said = 0;

  start(): void {
    this.store = openStore({ dir: this.dir, clock: this.clock, ids: systemIds, desk: RULES });
    const channel = new Platform(this);
    const fault = (event: string) => void this.faults.push(event);
    this.runtime = createRuntime({
      store: this.store,
      step: (_, input, ctx) => ({ session: session(), effects: think(input, ctx.handoff) }),
      onFault: () => ({ session: session(), effects: [] }),
      doneMessage: () => answer('Done.'),
      channels: new Map([[channel.id, channel]]),
      clock: this.clock,
      ids: systemIds,
      log: { info: () => undefined, warn: () => undefined, error: fault },
    });
    this.runtime.handoffs.onChange((change) => this.#hear(change));
    // What the start itself found out about words that were on their way.
    for (const { id } of this.runtime.handoffs.heads())
      for (const line of this.runtime.handoffs.lines(id)) this.#hear({ type: 'line', id, line });
    this.runtime.start();
  }

  /** Stops the process where it is: nothing is waited for, and what is on its way has no outcome. */
  async stop(): Promise<void> {
    await this.runtime.stop(0);
    this.store.close();
  }

  async restart(): Promise<void> {
    await this.stop();
    this.#release();
    if (this.network.startsWith('slow')) this.network = 'up';
    this.start();
  }

  async say(input: Input): Promise<void> {
    await this.runtime.host.accept([message(USER, '', { input })]);
  }

  /** Something nobody said before. */
  async word(): Promise<string> {
    this.#said += 1;
    const word = `w${this.#said}`;
    this.words.push(word);
    await this.say({ kind: 'text', text: word });
    return word;
  }

  /** The chat that is open, or the last one. */
  head(): HandoffHead | undefined {
    const heads = [...this.runtime.handoffs.heads()].sort((a, b) => b.openedAt - a.openedAt);
    return heads.find(isOpen) ?? heads[0];
  }

  act(action: DeskAction['type'], by: number, other: number): void {
    const head = this.head();
    if (head === undefined) return;
    this.#said += 1;
    const text = `o${this.#said}`;
    const line = [...this.lines.values()].find((l) => l.delivery === 'unknown' || l.delivery === 'failed');
    const actions: Record<DeskAction['type'], DeskAction> = {
      claim: { type: 'claim' },
      reply: { type: 'reply', text },
      canned: { type: 'canned', canned: 'hello' },
      note: { type: 'note', text: 'note' },
      labels: { type: 'labels', labels: ['label'] },
      transfer: { type: 'transfer', to: { operator: other } },
      release: { type: 'release' },
      close: { type: 'close' },
      reopen: { type: 'reopen' },
      resend: { type: 'resend', line: line?.id ?? 0 },
    };
    const result = this.runtime.handoffs.act(head.id, actions[action], by);
    if (action === 'reply' && result.ok && head.owner !== by)
      this.faults.push(`${text} was taken from ${by}`);
    if (action === 'resend' && result.ok && line !== undefined)
      this.resent.set(line.id, (this.resent.get(line.id) ?? 0) + 1);
  }

  /** Time passes for the chats; the machine's own timers stand still. */
  pass(ms: number): void {
    this.clock.pass(ms);
    for (let at: number | undefined = 0; at !== undefined && at <= this.clock.now(); )
      at = this.store.handoffs.tick(this.clock.now());
  }

  set(network: Network): void {
    this.network = network;
    if (network.startsWith('slow')) return;
    this.#release();
    if (network === 'up') this.runtime.host.reachable('telegram', ADDRESS);
  }

  /** Lets the loops run for some passes, or until none has anything to do. */
  async turn(passes: number): Promise<void> {
    for (let n = 0; n < passes; n += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  async settle(): Promise<void> {
    for (let quiet = 0, n = 0; quiet < 4; n += 1) {
      await this.turn(1);
      const idle =
        this.store.backlog(this.clock.now()).inbox === undefined && this.store.nextDueAt() === undefined;
      quiet = idle ? quiet + 1 : 0;
      if (n > 5_000) throw new Error('the loops do not come to rest');
    }
  }

  async send(text: string, id: string): Promise<void> {
    const operator = id.startsWith('h');
    // That somebody is there now, and that their data is deleted, are said in any case.
    const apart = operator || text === 'bot: desk claimed' || text === 'Done.';
    if (!apart && this.#held !== undefined && !this.#before.has(id))
      this.faults.push(`the bot said "${text}" to somebody who talked with a person`);
    const { network, timeout } = this;
    if (network === 'away') throw new SendError('offline', 'away');
    if (operator && timeout !== undefined) {
      this.timeout = undefined;
      if (timeout === 'arrived') this.arrived.push(text);
      throw new SendError('ambiguous', 'timeout');
    }
    if (network === 'slow') {
      await new Promise<void>((_, reject) => {
        this.#release = () => reject(new SendError('offline', 'never left'));
      });
    }
    this.arrived.push(text);
    if (network === 'slow-arrives')
      await new Promise<void>((resolve) => {
        this.#release = resolve;
      });
  }

  #hear(change: DeskChange): void {
    if (change.type === 'line') {
      if (change.line.from === 'person') this.kept.add(change.line.text);
      if (change.line.from === 'operator') this.lines.set(change.line.id, change.line);
    }
    if (change.type !== 'head') return;
    const { id, state } = change.head;
    if (state === 'claimed' && this.#held === undefined) {
      this.#held = id;
      this.#before = this.#outbox();
    } else if (state !== 'claimed' && this.#held === id) {
      this.#held = undefined;
    }
  }

  #outbox(): Set<string> {
    const db = new Database(join(this.dir, 'hamroh.db'), { readonly: true });
    const ids = db.prepare<[], string>('SELECT id FROM outbox').pluck().all();
    db.close();
    return new Set(ids);
  }
}

class Platform extends MemoryChannel {
  readonly #conversation: Conversation;
  constructor(conversation: Conversation) {
    super();
    this.#conversation = conversation;
  }
  override async send(_address: string, { text }: OutboundMessage, id: string): Promise<string[]> {
    await this.#conversation.send(text, id);
    return [id];
  }
}
