import type { Channel, ChannelHost } from '../../src/channels/channel.ts';
import { joinTurn } from '../../src/channels/join.ts';
import { step } from '../../src/engine/step.ts';
import type { Effect, Session } from '../../src/engine/types.ts';
import type { Desk } from '../../src/handoff/types.ts';
import type { ChannelId, DeskEvent, InboundMessage } from '../../src/message.ts';
import { Chat, world } from '../support/world.ts';
import { standingOf } from './conversation.ts';

/**
 * Store, turns and delivery in a few lines: what this suite compares is what the channels understand and show. One
 * person's messages are handled one after the other.
 */
export class EverywhereHost implements ChannelHost {
  readonly #channel: Channel;
  readonly #sessions = new Map<string, Session | null>();
  readonly #chains = new Map<string, Promise<void>>();
  readonly #turns = new Map<string, string[]>();
  readonly #sent = new Map<string, string[]>();
  readonly #chats = new Map<string, Chat>();
  readonly #last = new Map<string, InboundMessage>();
  /** What went wrong while answering. */
  readonly faults: unknown[] = [];

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Where the conversation stood after each message of this person. */
  turns(user: string): readonly string[] {
    return this.#turns.get(user) ?? [];
  }

  /** Who sits at the chat for this person. */
  sit(user: string, team: Desk | undefined): void {
    this.#chatOf(user).team = team;
  }

  /** Something happens to the chat of this person, who has written before. */
  hear(user: string, event: DeskEvent): void {
    const last = this.#last.get(user);
    if (last === undefined) throw new Error('nobody has written yet');
    this.#chatOf(user).change(event);
    void this.accept([{ ...last, input: { kind: 'desk', event } }]);
  }

  #chatOf(user: string): Chat {
    const chat = this.#chats.get(user) ?? new Chat();
    this.#chats.set(user, chat);
    return chat;
  }

  async accept(messages: InboundMessage[]): Promise<void> {
    for (const message of messages) {
      this.#last.set(message.user, message);
      const before = this.#chains.get(message.user) ?? Promise.resolve();
      const chain = before.then(() => this.#turn(message)).catch((error) => void this.faults.push(error));
      this.#chains.set(message.user, chain);
    }
  }

  reachable(_channel: ChannelId, _address: string): void {}

  async #turn(message: InboundMessage): Promise<void> {
    const { user, address } = message;
    const { wording, capabilities } = this.#channel;
    const chat = this.#chatOf(user);
    const ctx = {
      channel: message.channel,
      ...chat.context,
      ...(wording === undefined ? {} : { wording }),
    };
    const { session, effects } = step(world, this.#sessions.get(user) ?? null, message.input, ctx);
    chat.keep(effects);
    const forget = effects.some((e) => e.type === 'forget');
    this.#sessions.set(user, forget ? null : session);
    const turns = this.#turns.get(user) ?? [];
    const sent = this.#sent.get(user) ?? [];
    if (effects.some((e) => e.type === 'hide')) await this.#channel.remove(address, sent.splice(0));
    const messages = joinTurn(effects.flatMap(toMessage), capabilities);
    for (const [i, m] of messages.entries())
      sent.push(...(await this.#channel.send(address, m, `${user}.${turns.length}.${i}`)));
    this.#sent.set(user, sent);
    this.#turns.set(user, [...turns, standingOf(forget ? null : session)]);
  }
}

function toMessage(effect: Effect) {
  return effect.type === 'send' ? [effect.message] : [];
}
