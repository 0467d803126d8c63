import { EventEmitter, once } from 'node:events';
import type { WASocket } from '@whiskeysockets/baileys';
import type { Clock, Ids } from '../clock.ts';
import { AppError } from '../errors.ts';
import { codeOf } from '../log-port.ts';
import type { ChannelState } from './channel.ts';
import { pause } from './network.ts';
import type { Auth } from './whatsapp-auth.ts';
import { type ClientOptions, type ClientTimings, connectClient } from './whatsapp-client.ts';
import { afterClose, closeCode, FAULT, NOT_PAIRED, type RetryTimings } from './whatsapp-errors.ts';

/** How long things take, in ms unless the name says otherwise. Tests make them short. */
export interface SocketTimings extends RetryTimings, ClientTimings {
  /** A connection that lasted this long was a good one: the counting of failures begins anew. */
  stable: number;
  /** Longest time to say goodbye. */
  close: number;
  /** Connections in a row that offer codes, each for about three minutes, before nobody is expected any more. */
  pairingRounds: number;
}

export interface SocketOptions extends Omit<ClientOptions, 'onCreds' | 'timings'> {
  auth: Auth;
  clock: Clock;
  ids: Ids;
  timings: SocketTimings;
  /** The connection is gone: no answer will come any more. */
  onLost(): void;
  /** A new code to scan; undefined when the last one is worth nothing any more. */
  onQr(qr: string | undefined): void;
}

/** How a connection ended. */
interface Ending {
  code: number;
  /** For how long we were logged in, in ms; 0 for never. */
  lasted: number;
  /** Codes to scan were shown. */
  offered: boolean;
}

/** The one connection to WhatsApp: made, lost and made again until somebody has to help, or `stop`. */
export class Connection {
  readonly #options: SocketOptions;
  readonly #signs = new EventEmitter();
  #state: ChannelState = { state: 'connecting' };
  #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #open: WASocket | undefined;
  /** Shows codes and waits for a phone. */
  #offering: WASocket | undefined;
  #saving = false;
  #leaving = false;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  /** The socket while it is logged in. */
  get open(): WASocket | undefined {
    return this.#open;
  }

  state(): ChannelState {
    return this.#state;
  }

  /** Begins to connect; nothing new when it already tries. */
  start(): void {
    if (this.#running !== undefined) return;
    this.#stopping = new AbortController();
    this.#state = { state: 'connecting' };
    this.#running = this.#run(this.#stopping.signal)
      .catch((error: unknown) => {
        this.#state = { state: 'down', ...FAULT };
        this.#options.log.error('the connection cannot go on', { channel: 'whatsapp', code: codeOf(error) });
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Ends the connection, and never begins another. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /**
   * A code to type on the phone that has this number, instead of scanning.
   *
   * @param phone digits only, country first
   * @throws {AppError} CHANNEL_BUSY when WhatsApp cannot be reached now
   */
  async requestCode(phone: string): Promise<string> {
    this.start();
    const signal = AbortSignal.timeout(this.#options.timings.answer);
    try {
      if (!this.#offering) await once(this.#signs, 'offering', { signal });
      if (!this.#offering) throw new Error('gone again');
      return await this.#offering.requestPairingCode(phone);
    } catch (error) {
      throw new AppError('CHANNEL_BUSY', 'WhatsApp gives no pairing code now.', {
        hint: 'Check the connection to the internet and try again in a minute.',
        retryable: true,
        cause: codeOf(error),
      });
    }
  }

  /** Takes this device off the phone's list, and forgets the credentials. */
  async logout(): Promise<void> {
    const { auth, log } = this.#options;
    this.#leaving = true;
    try {
      await this.#open?.logout();
    } catch (error) {
      log.warn('WhatsApp was not told that we leave', { channel: 'whatsapp', code: codeOf(error) });
    }
    await this.stop();
    this.#leaving = false;
    auth.clear();
    this.#state = { state: 'down', ...NOT_PAIRED };
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { auth, ids, log, timings } = this.#options;
    let attempts = 0;
    for (let rounds = 0; !signal.aborted; ) {
      const { code, lasted, offered } = await this.#connection(signal);
      if (signal.aborted || this.#leaving) return;
      if (!auth.paired() && offered && code === 408) {
        // The codes have run out. A new connection brings new ones, as long as somebody may be standing there.
        rounds += 1;
        if (rounds < timings.pairingRounds) continue;
        log.warn('nobody paired a phone; asking no more', { channel: 'whatsapp' });
        return;
      }
      attempts = lasted >= timings.stable ? 1 : attempts + 1;
      const plan = afterClose(code, attempts, timings);
      if (plan.next !== 'again') {
        const { reason, hint } = plan;
        this.#state = { state: 'down', reason, hint };
        log.error('WhatsApp does not let us in', { channel: 'whatsapp', code, reason, hint });
      } else if (auth.paired()) this.#state = { state: 'connecting' };
      if (plan.next === 'stop') {
        if (plan.wipe) this.#wipe();
        return;
      }
      const ms = jittered(plan.wait, ids);
      if (plan.next === 'again' && ms > 0)
        log.warn('the connection ended', { channel: 'whatsapp', code, attempts, ms });
      await pause(ms, signal);
    }
  }

  /** One connection from its beginning to its end. */
  async #connection(signal: AbortSignal): Promise<Ending> {
    const { auth, clock, onLost, onQr, timings } = this.#options;
    const keys = auth.begin();
    const { sock, idle } = connectClient(keys, { ...this.#options, onCreds: () => this.#save(signal) });
    const over = new AbortController();
    let openedAt: number | undefined;
    const code = await new Promise<number>((resolve) => {
      sock.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
        if (qr !== undefined) this.#offer(sock, qr);
        if (connection === 'open') {
          openedAt = clock.now();
          this.#open = sock;
          this.#state = { state: 'up' };
        }
        if (connection !== 'close') return;
        // What our phone has sent on may still be held back; in the next step the library throws it away.
        sock.ev.flush();
        resolve(closeCode(lastDisconnect?.error));
      });
      const leave = (): void => {
        // By the transport: only then do the library's own open questions end at once.
        void Promise.resolve(sock.ws.close()).catch(() => resolve(0));
        void pause(timings.close, over.signal).then(() => resolve(0));
      };
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true, signal: over.signal });
    });
    over.abort();
    keys.end();
    await within(timings.close, idle());
    const offered = this.#offering !== undefined;
    this.#open = undefined;
    this.#offering = undefined;
    onQr(undefined);
    onLost();
    return { code, offered, lasted: openedAt === undefined ? 0 : Math.max(1, clock.now() - openedAt) };
  }

  #offer(sock: WASocket, qr: string): void {
    this.#offering = sock;
    this.#state = { state: 'down', ...NOT_PAIRED };
    this.#options.onQr(qr);
    this.#signs.emit('offering');
  }

  /** What cannot be deleted now is refused again at the next start, and deleted then. */
  #wipe(): void {
    try {
      this.#options.auth.clear();
    } catch (error) {
      const fields = { channel: 'whatsapp', code: codeOf(error) };
      this.#options.log.error('credentials that are worth nothing could not be deleted', fields);
    }
  }

  #save(signal: AbortSignal): void {
    const { auth, log, timings } = this.#options;
    try {
      auth.save();
    } catch (error) {
      log.error('the credentials were not stored, trying again', {
        channel: 'whatsapp',
        code: codeOf(error),
      });
      if (this.#saving) return;
      this.#saving = true;
      void pause(timings.backoff, signal).then(() => {
        this.#saving = false;
        this.#save(signal);
      });
    }
  }
}

/** Between half and the whole of it, so that many do not come back at once. */
function jittered(ms: number, ids: Ids): number {
  return Math.round(ms * (0.5 + ids.bytes(2).readUInt16BE() / 131_072));
}

/** Waits for something, but not for ever. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, pause(ms, done.signal)]);
  done.abort();
}
