import { CAPABILITIES, type CapabilityRow } from '../channels/capabilities.ts';
import type { Capabilities, Channel, ChannelState } from '../channels/channel.ts';
import type { ChannelId, OutboundMessage } from '../message.ts';

/** The ways the demo's people come by, and what each of them can show. */
const ROWS = { telegram: 'telegram', whatsapp: 'whatsapp-baileys', web: 'web' } as const satisfies Partial<
  Record<ChannelId, CapabilityRow>
>;
/** One of these ways. */
export type DemoChannel = keyof typeof ROWS;
/** All of them. */
export const DEMO_CHANNELS = Object.keys(ROWS) as DemoChannel[];

/** Gets every message that reaches a person. */
export type Hear = (address: string, message: OutboundMessage) => void;

/** A messenger without a network: takes every message at once and shows it to the person. */
export class Messenger implements Channel {
  readonly id: ChannelId;
  readonly capabilities: Capabilities;
  readonly #hear: Hear;

  constructor(id: DemoChannel, hear: Hear) {
    this.id = id;
    this.capabilities = CAPABILITIES[ROWS[id]];
    this.#hear = hear;
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async send(address: string, message: OutboundMessage): Promise<string[]> {
    this.#hear(address, message);
    // Nothing is there that could be taken off a screen.
    return [];
  }

  async remove(): Promise<void> {}

  state(): ChannelState {
    return { state: 'up' };
  }
}
