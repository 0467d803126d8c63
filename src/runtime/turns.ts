import type { Capabilities, Channel } from '../channels/channel.ts';
import { joinTurn } from '../channels/join.ts';
import type { Effect, Session, StepResult, TurnContext } from '../engine/types.ts';
import { AppError } from '../errors.ts';
import { GENERAL } from '../handoff/desk.ts';
import { codeOf, type Log } from '../log-port.ts';
import type { ChannelId, InboundMessage, Input, Lang, OutboundMessage } from '../message.ts';
import type { Store, Turn, TurnResult } from '../store/port.ts';
import type { Flood } from './flood.ts';

/** Turns in one commit: more share one wait for the disk, fewer let the event loop breathe (256 take about 20 ms). */
const BATCH = 256;
/** Most messages of one person in one commit, so that nobody fills it alone. */
const RUN = 64;
/** After a commit that the disk did not take. */
const PAUSE_MS = 250;

export type Step = (session: Session | null, input: Input, ctx: TurnContext) => StepResult;

export interface TurnsOptions {
  store: Store;
  /** The engine's pure step, bound to its environment. */
  step: Step;
  /** What a person gets when `step` threw: words that apologise; the session it returns is not used. */
  onFault: (session: Session | null, message: InboundMessage) => StepResult;
  /** The one word after "delete my data". */
  doneMessage: (lang: Lang) => OutboundMessage;
  /** What a channel can show, and whose wording fits it: some want the messages of a turn joined. */
  channel?: (id: ChannelId) => Pick<Channel, 'capabilities' | 'wording'> | undefined;
  /** Limits for people who write too fast. Default: none. */
  flood?: Flood;
  /** Who would answer a chat that this contact asks for now. Default: nobody sits there. */
  desk?: (contact: number) => NonNullable<TurnContext['desk']>;
  /** Country of stay of somebody who named none. Default: not known. */
  country?: string;
  /** Called after each commit; `forgets`: somebody asked to be forgotten in it. */
  committed: (forgets: boolean) => void;
  log: Log;
}

/** Takes waiting messages through the engine, many to a commit. Woken by {@link Turns.wake}; no timer on the way. */
export class Turns {
  /** Turns done and turns whose step threw, since the start. */
  readonly figures = { done: 0, faults: 0 };
  readonly #options: TurnsOptions;
  #scheduled = false;
  #running = false;
  #pause: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Begins, with what waited at the last stop. */
  start(): void {
    this.#running = true;
    this.wake();
  }

  /** There may be messages. */
  wake(): void {
    if (this.#scheduled || !this.#running || this.#pause !== undefined) return;
    this.#scheduled = true;
    setImmediate(() => this.#pass());
  }

  /** Resolves when nothing waits, or when `signal` says that there is no more time. Nothing is claimed after it. */
  async drain(signal: AbortSignal): Promise<void> {
    if (this.#scheduled || this.#pause !== undefined) {
      await new Promise<void>((resolve) => {
        this.#idle.push(resolve);
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    this.#running = false;
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }

  #pass(): void {
    this.#scheduled = false;
    if (!this.#running) return;
    try {
      const turns = this.#options.store.claim(BATCH, RUN);
      if (turns.length > 0) {
        this.#commit(this.#takeAll(turns));
        this.wake();
        return;
      }
    } catch (error) {
      this.#options.log.error('turns.not-committed', { code: codeOf(error) });
      this.#options.flood?.drop();
      // Nothing is lost: the messages wait, and are claimed again when the disk takes writes.
      if (!(error instanceof AppError)) throw error;
      this.#pause = setTimeout(() => {
        this.#pause = undefined;
        this.wake();
      }, PAUSE_MS);
      return;
    }
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #commit(results: TurnResult[]): void {
    const { store, committed } = this.#options;
    try {
      store.commit(results);
    } catch (error) {
      if (error instanceof AppError) throw error;
      // One result cannot be written down (it is not JSON, say): the others must not wait for it.
      for (const result of results) this.#commitAlone(result);
    }
    this.#options.flood?.keep();
    this.figures.done += results.length;
    committed(results.some((r) => r.forget !== undefined));
  }

  #commitAlone(result: TurnResult): void {
    const { store } = this.#options;
    try {
      store.commit([result]);
    } catch (error) {
      if (error instanceof AppError) throw error;
      this.#fault(error);
      store.commit([
        { turn: result.turn, session: null, effects: this.#apology(result.turn, result.turn.session) },
      ]);
    }
  }

  #takeAll(turns: readonly Turn[]): TurnResult[] {
    let session: Session | null = null;
    return turns.map((turn) => {
      if (!turn.follows) session = turn.session;
      const result = this.#take(turn, session);
      session = result.session ?? session;
      return result;
    });
  }

  #take(turn: Turn, session: Session | null): TurnResult {
    const { message } = turn;
    const desk = this.#options.desk?.(turn.contact);
    const channel = this.#options.channel?.(message.channel);
    const ctx: TurnContext = {
      channel: message.channel,
      ...(channel?.wording === undefined ? {} : { wording: channel.wording }),
      ...(message.langHint === undefined ? {} : { langHint: message.langHint }),
      ...(turn.handoff === undefined ? {} : { handoff: turn.handoff }),
      ...(desk === undefined ? {} : { desk }),
    };
    try {
      const limited = this.#limited(turn, session);
      if (limited !== undefined)
        return { turn, session: null, effects: limited.map((m) => ({ type: 'send', message: m })) };
      const result = this.#options.step(session, message.input, ctx);
      const forget = result.effects.find((e) => e.type === 'forget');
      const done = forget === undefined ? {} : { forget: this.#options.doneMessage(forget.lang) };
      const effects = joined(result.effects, channel?.capabilities);
      return { turn, session: result.session, effects, ...done, ...this.#phone(turn, session) };
    } catch (error) {
      this.#fault(error);
      return { turn, session: null, effects: this.#apology(turn, session) };
    }
  }

  #limited(turn: Turn, session: Session | null): OutboundMessage[] | undefined {
    // What we told ourselves is nobody's flood.
    if (turn.message.input.kind === 'desk') return undefined;
    return this.#options.flood?.check(turn, session, turn.handoff === 'claimed');
  }

  /** For a chat that the organisation's phone takes. */
  #phone({ message, contact }: Turn, session: Session | null): Pick<TurnResult, 'phone'> {
    if (message.input.kind !== 'staff') return {};
    const named = session?.vars.country;
    const lang = session?.lang ?? message.langHint ?? 'en';
    const country = typeof named === 'string' ? named : (this.#options.country ?? '');
    const desk = this.#options.desk?.(contact)({ topic: GENERAL, lang, country });
    return { phone: { lang, country, topic: GENERAL, team: desk?.team ?? null } };
  }

  #apology({ message }: Turn, session: Session | null): TurnResult['effects'] {
    try {
      return this.#options.onFault(session, message).effects.filter((e) => e.type !== 'forget');
    } catch (error) {
      this.#fault(error);
      return [];
    }
  }

  /** A fault in one conversation is counted and must not stop the others; what the person wrote stays out of it. */
  #fault(error: unknown): void {
    this.figures.faults += 1;
    this.#options.log.error('turns.fault', { code: codeOf(error) });
  }
}

/** The sends of a turn as their channel wants them, in the place of the first. */
function joined(effects: Effect[], capabilities: Capabilities | undefined): Effect[] {
  if (capabilities?.messagesPerTurn === undefined) return effects;
  const first = effects.findIndex((e) => e.type === 'send');
  const messages = effects.flatMap((e) => (e.type === 'send' ? [e.message] : []));
  if (messages.length < 2) return effects;
  const sends = joinTurn(messages, capabilities).map((message): Effect => ({ type: 'send', message }));
  return effects.flatMap((e, i) => (i === first ? sends : e.type === 'send' ? [] : [e]));
}
