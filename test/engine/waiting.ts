import type { Desk } from '../../src/handoff/types.ts';
import { Talk } from '../support/world.ts';

export const OPEN: Desk = { team: 'almaty', open: true, wait: 15 };
export const CLOSED: Desk = {
  team: 'almaty',
  open: false,
  opens: { days: 1, weekday: 2, time: '09:00' },
};

/** Somebody who read about deportation and asked for a person. */
export function waiting(team: Desk = OPEN): Talk {
  const talk = new Talk().in('en').tap('rights', 'KZ', 'deport');
  talk.chat.team = team;
  return talk.tap('human');
}

/** What the last turn counted. */
export function counted(talk: Talk) {
  return talk.effects.flatMap((e) => (e.type === 'count' ? [e.event] : []));
}

/** What the last turn wanted of the chat with people. */
export function acts(talk: Talk) {
  return talk.effects.flatMap((e) => (e.type === 'handoff' ? [e.act] : []));
}
