import { type Api, GrammyError, HttpError } from 'grammy';
import type { ChannelState } from '../channels/channel.ts';
import { pause } from '../channels/network.ts';
import { createPace, type Pace, type PaceLimits } from '../channels/pace.ts';
import { errorWord, retryAfterMs, statusOf } from '../channels/telegram-errors.ts';
import type { Clock } from '../clock.ts';
import { codeOf, type Log } from '../log-port.ts';
import { checkTelegramGroup, describe, refusedGroup } from './telegram-group-check.ts';

/** In ms unless the name says otherwise. Tests make them short. */
export interface GroupTimings {
  /** Calls to the group. Telegram lets a bot write 20 messages a minute there: 8 at once and one each 5 s are never more. */
  pace: PaceLimits;
  /** So long is waited for more to come, so that a rush is looked at once. */
  gather: number;
  /** How often is looked whether somebody has waited long enough to say so. */
  tick: number;
  /** First pause after a failure; doubles up to `maxBackoff`. */
  backoff: number;
  maxBackoff: number;
  /** How often is looked whether a group that refused the bot takes it now. */
  recheck: number;
  /** What calls may still take when we stop. */
  lastCalls: number;
}

export const GROUP_TIMINGS: GroupTimings = {
  pace: { perSecond: 1, perContact: { everyMs: 5000, burst: 8 } },
  gather: 250,
  tick: 15_000,
  backoff: 1000,
  maxBackoff: 60_000,
  recheck: 60_000,
  lastCalls: 1500,
};

/** One call to Telegram. */
export interface Call {
  run(): Promise<void>;
  /** Telegram said no. @returns whether that settles it */
  refused(why: string): boolean;
  /** Telegram said no, and the group itself is in order: do not ask for this again. */
  leave(): void;
  /** It may or may not have worked, or certainly did not; it is asked for again unless given up here. */
  failed?(): void;
}

export interface LaneOptions {
  api: Api;
  chat: number;
  clock: Clock;
  log: Log;
  timings: GroupTimings;
  /** The most important call now. */
  next(): Call | undefined;
  /** The group takes the bot, perhaps again. */
  ready(): void;
}

/** Makes one call after the other, no faster than Telegram allows, as long as the group takes the bot. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #pace: Pace;
  /** Ends calls that are under way. */
  readonly cut = new AbortController();
  readonly #stopping = new AbortController();
  /** Ends a rest. */
  #poke = new AbortController();
  #woken = false;
  /** Only `recheck` ends this rest. */
  #deaf = false;
  #asked = false;
  #state: ChannelState = { state: 'connecting' };
  #running: Promise<void> = Promise.resolve();
  #failures = 0;
  #checked = false;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#pace = createPace(options.timings.pace, options.clock);
  }

  get state(): ChannelState {
    return this.#state;
  }

  /** There may be something to do. */
  wake(): void {
    this.#woken = true;
    if (!this.#deaf) this.#poke.abort();
  }

  /** What the bot may do in the group was changed. */
  recheck(): void {
    this.#checked = false;
    this.#asked = true;
    this.#woken = true;
    this.#poke.abort();
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when nothing more is sent. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#poke.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { next, timings, log } = this.#options;
    while (!this.#stopping.signal.aborted) {
      try {
        if (!this.#checked && !(await this.#check())) continue;
        const call = next();
        if (call === undefined) {
          await this.#rest(timings.tick);
          await pause(timings.gather, this.#stopping.signal);
          continue;
        }
        const wait = this.#pace.take('group');
        if (wait > 0) await pause(wait, this.#stopping.signal);
        else await this.#make(call);
      } catch (error) {
        // The store or a text: whatever it is, the console works on and so must we.
        log.error('group.fault', { code: codeOf(error) });
        await this.#retreat();
      }
    }
  }

  async #make(call: Call): Promise<void> {
    try {
      await call.run();
      this.#failures = 0;
      this.#state = { state: 'up' };
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      if (!(error instanceof GrammyError || error instanceof HttpError)) throw error;
      const status = statusOf(error);
      if (status === 400 || status === 403) return this.#refused(call, error);
      call.failed?.();
      this.#options.log.info('group.retry', { reason: errorWord(error) });
      const wait = retryAfterMs(error);
      if (wait !== undefined) await pause(wait, this.#stopping.signal);
      else await this.#retreat();
    }
  }

  #refused(call: Call, error: unknown): void {
    const down = refusedGroup(error);
    if (down === undefined && call.refused(describe(error))) return;
    call.leave();
    this.#options.log.warn('group.refused', { reason: errorWord(error) });
    // Perhaps the whole group: a look tells.
    this.#checked = false;
  }

  /** @returns whether calls make sense; otherwise a pause has passed */
  async #check(): Promise<boolean> {
    const { api, chat, timings, log, ready } = this.#options;
    this.#checked = true;
    this.#asked = false;
    const before = this.#state.state;
    const now = await checkTelegramGroup(api, chat, this.cut.signal);
    // Somebody changed something meanwhile.
    if (this.#asked || this.#stopping.signal.aborted) return false;
    if (now.state === 'up') {
      this.#state = now;
      if (before !== 'up') ready();
      return true;
    }
    this.#checked = false;
    if (now.state === 'connecting') {
      this.#state = now;
      await this.#retreat();
      return false;
    }
    if (before !== 'down') log.error('group.down', { reason: now.reason, hint: now.hint });
    this.#state = now;
    this.#deaf = true;
    await this.#sleep(timings.recheck);
    this.#deaf = false;
    return false;
  }

  async #retreat(): Promise<void> {
    const { backoff, maxBackoff } = this.#options.timings;
    const ms = Math.min(maxBackoff, backoff * 2 ** Math.min(this.#failures, 20));
    this.#failures += 1;
    if (this.#state.state === 'up') this.#state = { state: 'connecting' };
    await pause(ms, this.#stopping.signal);
  }

  async #rest(ms: number): Promise<void> {
    if (!this.#woken) await this.#sleep(ms);
    this.#woken = false;
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    this.#poke = new AbortController();
    await pause(ms, this.#poke.signal);
  }
}
