import { expect } from 'vitest';
import type { Choice } from '../../src/message.ts';
import { until } from '../runtime/support.ts';
import { inWay, type Turn, type Way } from './conversation.ts';
import type { EverywhereHost } from './host.ts';

/** One person's end of a channel. What they do goes through the platform's stand-in and its real client. */
export interface Screen {
  /** As the adapter names the person. */
  user: string;
  start(): void | Promise<void>;
  text(text: string): void | Promise<void>;
  /** Presses what the screen shows for this choice; absent where nothing can be pressed. */
  tap?(choice: Choice): void | Promise<void>;
  place(lat: number, lon: number): void | Promise<void>;
  media(): void | Promise<void>;
}

/** A person goes through a transcript in one way; after each line they wait for the answer, as people do. */
export async function play(turns: Turn[], way: Way, screen: Screen, host: EverywhereHost): Promise<void> {
  host.sit(screen.user, turns[0]?.team);
  for (const [i, turn] of turns.entries()) {
    if (turn.input.kind === 'desk') host.hear(screen.user, turn.input.event);
    else await act(screen, turn, way);
    await until(
      () => host.turns(screen.user).length > i || host.faults.length > 0,
      `answer ${i + 1}`,
      240_000,
    );
    expect(host.faults).toEqual([]);
    const what = `line ${i + 1}: ${JSON.stringify(inWay(turn, way))}`;
    expect(JSON.parse(host.turns(screen.user)[i] ?? ''), what).toEqual(JSON.parse(turn.after));
  }
}

async function act(screen: Screen, turn: Turn, way: Way): Promise<void> {
  const input = inWay(turn, way);
  switch (input.kind) {
    case 'start':
      return screen.start();
    case 'text':
      return screen.text(input.text);
    case 'place':
      return screen.place(input.lat, input.lon);
    case 'media':
      return screen.media();
    case 'tap':
      if (turn.choice === undefined) throw new Error('a tap on nothing');
      return screen.tap === undefined ? screen.text(turn.choice.number) : screen.tap(turn.choice);
    case 'staff':
    case 'desk':
      throw new Error('this is not of the person');
  }
}
