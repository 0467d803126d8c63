import {
  type BinaryNode,
  decodeMessageNode,
  proto,
  unpadRandomMax16,
  type WAMessage,
} from '@whiskeysockets/baileys';
import { AppError } from '../errors.ts';
import { codeOf, type Log } from '../log-port.ts';
import type { InboundMessage } from '../message.ts';
import type { ChannelHost } from './channel.ts';
import type { Auth } from './whatsapp-auth.ts';
import { toInbound } from './whatsapp-inbound.ts';

export interface IntakeOptions {
  auth: Pick<Auth, 'own' | 'aliasOf' | 'learn'>;
  log: Log;
  /** Whether this is the id of something that we sent ourselves. */
  sent(id: string): boolean;
}

/** How often a message may fail for a reason that does not pass by itself. */
const TRIES = 5;

/** What arrives, on its way into the store. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #pending = new Set<Promise<void>>();
  /** By message id, of those that failed and came again. */
  readonly #failures = new Map<string, number>();
  #host: ChannelHost | undefined;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  start(host: ChannelHost): void {
    this.#host = host;
  }

  /** Resolves when nothing more will be accepted. */
  async stop(): Promise<void> {
    this.#host = undefined;
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /**
   * Stores what a stanza says; only then may WhatsApp be told "received".
   *
   * @param plaintext as it was sealed
   * @throws when it is not stored and has to be delivered again
   */
  async read(stanza: BinaryNode, plaintext: Uint8Array): Promise<void> {
    const own = this.#options.auth.own();
    const content = contentOf(plaintext);
    if (!own || !content) return;
    const lid = own.lid === undefined ? '' : `${own.lid}@lid`;
    const { fullMessage } = decodeMessageNode(stanza, `${own.pn}@s.whatsapp.net`, lid);
    // Our own phone wraps its copies; from anybody else the wrapper is forged, and is left for `toInbound` to see.
    const copy = fullMessage.key.fromMe ? content.deviceSentMessage?.message : undefined;
    const id = fullMessage.key.id ?? '';
    try {
      await this.#accept([{ ...fullMessage, message: copy ?? content }]);
      this.#failures.delete(id);
    } catch (error) {
      if (!this.#givesUp(id, error)) throw error;
      this.#report('a message was lost: it cannot be stored', error);
    }
  }

  /**
   * Stores what our phone has sent on, because the sender's phone had not sealed it for us (as with advertisements).
   * The phone was told "received" already.
   */
  resent(messages: WAMessage[]): void {
    const work = this.#accept(messages).catch((error: unknown) => {
      this.#report('a message was lost: the store did not take it', error);
    });
    this.#pending.add(work);
    void work.finally(() => this.#pending.delete(work));
  }

  async #accept(messages: WAMessage[]): Promise<void> {
    const { auth, sent } = this.#options;
    const own = auth.own();
    if (!own || !this.#host) throw new Error('nobody takes messages now');
    const context = { own, sent, aliasOf: (jid: string) => auth.aliasOf(jid) };
    const found = messages.flatMap((message) => toInbound(message, context) ?? []);
    if (found.length === 0) return;
    await this.#host.accept(found);
    this.#learn(found);
  }

  /** A message that breaks the store each time must not come again for ever, and hold up everybody behind it. */
  #givesUp(id: string, error: unknown): boolean {
    if (!this.#host || (error instanceof AppError && error.retryable)) return false;
    const failures = (this.#failures.get(id) ?? 0) + 1;
    this.#failures.set(id, failures);
    return failures >= TRIES;
  }

  /** Remembers which JIDs are one person; without it their next message may count as somebody else's. */
  #learn(found: InboundMessage[]): void {
    try {
      for (const { user, aliases } of found) if (aliases?.[0]) this.#options.auth.learn(user, aliases[0]);
    } catch (error) {
      this.#report('a pair of ids was not stored', error);
    }
  }

  #report(event: string, error: unknown): void {
    this.#options.log.error(event, { channel: 'whatsapp', code: codeOf(error) });
  }
}

/** Undefined for bytes that are no message: anybody can seal such bytes. */
function contentOf(plaintext: Uint8Array): proto.Message | undefined {
  try {
    return proto.Message.decode(unpadRandomMax16(plaintext));
  } catch {
    // The library finds out as well, and asks for the message again as for one it could not open.
    return undefined;
  }
}
