import { onTestFinished } from 'vitest';
import type { Capabilities, Channel, ChannelState } from '../../src/channels/channel.ts';
import { systemClock, systemIds } from '../../src/clock.ts';
import type { Effect, StepResult } from '../../src/engine/types.ts';
import type { LogFields } from '../../src/log-port.ts';
import type { ChannelId, OutboundMessage } from '../../src/message.ts';
import { createRuntime, type Runtime, type RuntimeOptions } from '../../src/runtime/runtime.ts';
import type { Store } from '../../src/store/port.ts';
import { openStore } from '../../src/store/sqlite.ts';
import { answer, session, tempDir } from '../store/support.ts';

/** A channel into memory. `fail` decides about each send by throwing; `hold` keeps sends open. */
export class MemoryChannel implements Channel {
  readonly id: ChannelId;
  capabilities: Capabilities = {
    textLimit: 4096,
    menus: [],
    place: false,
    askLocation: false,
    remove: true,
  };
  readonly sent: { address: string; text: string }[] = [];
  readonly removed: { address: string; sentIds: string[] }[] = [];
  /** Ids of the outbox rows, one for every try. */
  readonly tries: string[] = [];
  /** What was done about a person, in its order. */
  readonly acts: string[] = [];
  open = 0;
  fail: (address: string, text: string, nth: number) => void = () => undefined;
  failRemove: () => void = () => undefined;
  hold: Promise<void> = Promise.resolve();

  constructor(id: ChannelId = 'telegram') {
    this.id = id;
  }
  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  state(): ChannelState {
    return { state: 'up' };
  }
  async send(address: string, message: OutboundMessage, id: string): Promise<string[]> {
    this.open += 1;
    try {
      await this.hold;
      this.tries.push(id);
      this.acts.push(`send ${message.text}`);
      this.fail(address, message.text, this.tries.length);
      this.sent.push({ address, text: message.text });
      return [`id-${this.sent.length}`];
    } finally {
      this.open -= 1;
    }
  }
  async remove(address: string, sentIds: string[]): Promise<void> {
    this.acts.push('remove');
    this.failRemove();
    this.removed.push({ address, sentIds });
  }
  async dropKeys(address: string): Promise<void> {
    this.acts.push(`forget ${address}`);
  }
  texts(address?: string): string[] {
    return this.sent.filter((s) => address === undefined || s.address === address).map((s) => s.text);
  }
}

/** Counts turns in the session and answers `<n>: <text>`; words that start with ! do something else. */
export const step: RuntimeOptions['step'] = (before, input): StepResult => {
  const n = Number(before?.vars.n ?? 0) + 1;
  const said = input.kind === 'text' ? input.text : input.kind;
  if (said === '!throw') throw new TypeError(`cannot read ${said}`);
  const effects: Effect[] = [{ type: 'send', message: answer(`${n}: ${said}`) }];
  if (said === '!hide') effects.unshift({ type: 'hide' });
  if (said === '!forget') effects.push({ type: 'forget', lang: 'ru' });
  const next = session({ n });
  // What a bug in a step could make: a session that is not JSON.
  if (said === '!circular') Object.assign(next.vars, { self: next });
  return { session: next, effects };
};

export interface Running {
  store: Store;
  channel: MemoryChannel;
  runtime: Runtime;
  log: { level: string; event: string; fields: LogFields }[];
}

/** A whole runtime on a real store with one channel into memory. */
export function run(
  options: Partial<RuntimeOptions> & { dir?: string; channel?: MemoryChannel } = {},
): Running {
  const log: Running['log'] = [];
  const write = (level: string) => (event: string, fields: LogFields) =>
    void log.push({ level, event, fields });
  const store =
    options.store ?? openStore({ dir: options.dir ?? tempDir(), clock: systemClock, ids: systemIds });
  const channel = options.channel ?? new MemoryChannel();
  const runtime = createRuntime({
    store,
    step,
    onFault: (before) => ({
      session: before ?? session(),
      effects: [{ type: 'send', message: answer('sorry') }],
    }),
    doneMessage: () => answer('Done.'),
    channels: new Map([[channel.id, channel]]),
    clock: systemClock,
    ids: systemIds,
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    ...options,
  });
  runtime.start();
  onTestFinished(async () => {
    await runtime.stop(50);
    store.close();
  });
  return { store, channel, runtime, log };
}

/** Waits until a condition holds; fails after 25 seconds, or so many ms. */
export async function until(
  condition: () => boolean,
  what = 'the condition',
  timeoutMs = 25_000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what} did not come true`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
