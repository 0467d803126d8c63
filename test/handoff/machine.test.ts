import { describe, expect, test } from 'vitest';
import { isOpen, LIMITS, transition } from '../../src/handoff/machine.ts';
import type {
  Fresh,
  HandoffEvent,
  Moved,
  Policy,
  Refused,
  TimerName,
} from '../../src/handoff/machine-types.ts';
import { BY_PHONE, type HandoffHead } from '../../src/handoff/port.ts';

const NOW = Date.parse('2026-11-22T10:30:00Z');
const MINUTE = 60_000;
const ANNA = 1;
const BORIS = 2;

/** `day` is on duty, `night` opens in an hour, `never` does not say when; others do not exist. */
const policy: Policy = {
  shift: (team, now) => {
    if (team === 'day' || team === null) return { open: true, claimWithin: 15 * MINUTE };
    if (team === 'night') return { open: false, opensAt: now + 60 * MINUTE, claimWithin: 5 * MINUTE };
    if (team === 'never') return { open: false, claimWithin: 5 * MINUTE };
    return undefined;
  },
};

const fresh: Fresh = {
  id: 7,
  ref: 'K7Q2MX',
  channel: 'telegram',
  lang: 'tg',
  country: 'KZ',
  topic: 'art',
  urgent: false,
  team: 'day',
};

function head(more: Partial<HandoffHead>): HandoffHead {
  const base = { ...fresh, owner: null, labels: ['a'], openedAt: NOW, lastAt: NOW, unanswered: true };
  return { ...base, state: 'waiting', ...more };
}

const STATES: Record<string, HandoffHead | undefined> = {
  none: undefined,
  requested: head({ state: 'requested', team: 'night' }),
  waiting: head({ waitingSince: NOW }),
  mine: head({ state: 'claimed', owner: ANNA, taken: true }),
  theirs: head({ state: 'claimed', owner: BORIS, taken: true }),
  phone: head({ state: 'claimed', owner: BY_PHONE, unanswered: false, taken: true }),
  closed: head({ state: 'closed', owner: ANNA, ended: 'closed', endedAt: NOW - 5_000 }),
  expired: head({ state: 'expired', ended: 'nobody-came', endedAt: NOW - 5_000 }),
  withdrawn: head({ state: 'withdrawn', owner: ANNA, ended: 'stopped', endedAt: NOW - 5_000 }),
  erased: head({ state: 'withdrawn', owner: ANNA, ended: 'erased', endedAt: NOW - 5_000, labels: [] }),
};

const timer = (name: TimerName): HandoffEvent => ({ type: 'timer', timer: name });

const EVENTS: Record<string, HandoffEvent> = {
  request: { type: 'request', fresh },
  urgent: { type: 'request', fresh: { ...fresh, urgent: true, topic: 'pep', team: 'day' } },
  'by-phone': { type: 'by-phone' },
  'by-phone+': { type: 'by-phone', fresh },
  pass: { type: 'pass' },
  withdraw: { type: 'withdraw' },
  erase: { type: 'erase' },
  claim: { type: 'claim', by: ANNA },
  reply: { type: 'reply', by: ANNA },
  note: { type: 'note', by: ANNA },
  labels: { type: 'labels', by: ANNA, labels: ['b'] },
  'to boris': { type: 'transfer', by: ANNA, to: { operator: BORIS } },
  'to anna': { type: 'transfer', by: ANNA, to: { operator: ANNA } },
  'to phone': { type: 'transfer', by: ANNA, to: { operator: BY_PHONE } },
  'to night': { type: 'transfer', by: ANNA, to: { team: 'night' } },
  'to nobody': { type: 'transfer', by: ANNA, to: { team: 'closed down' } },
  release: { type: 'release', by: ANNA },
  close: { type: 'close', by: ANNA },
  reopen: { type: 'reopen', by: ANNA, free: true },
  'reopen busy': { type: 'reopen', by: ANNA, free: false },
  resend: { type: 'resend', by: ANNA, again: true },
  'resend sent': { type: 'resend', by: ANNA, again: false },
  open: timer('open'),
  unclaimed: timer('unclaimed'),
  unanswered: timer('unanswered'),
  silence: timer('silence'),
  limit: timer('limit'),
  shred: timer('shred'),
};

/** `claimed 1 →claimed !claimed` = state and owner, what the bot is told, what the transcript says; or `✗ taken 2`. */
function show(result: Moved | Refused): string {
  if ('refused' in result)
    return `✗ ${[result.refused, result.owner].filter((x) => x !== undefined).join(' ')}`;
  const { head: now, tell, line } = result;
  const owner = now.owner === null || !isOpen(now) ? '' : ` ${now.owner}`;
  return `${now.state}${owner}${tell === undefined ? '' : ` →${tell}`}${line === undefined ? '' : ` !${line}`}`;
}

const GONE = '✗ gone';
const ENDED = '✗ ended';
const NOT = '✗ not-yours';
const LATE = '✗ too-late';
const ended = { closed: ENDED, expired: ENDED, withdrawn: ENDED, erased: ENDED };
/** For what only the owner may do. */
const owners = (mine: string) => ({
  none: GONE,
  requested: NOT,
  waiting: NOT,
  mine,
  theirs: `${NOT} 2`,
  phone: `${NOT} 0`,
  ...ended,
});
const timers = (of: Record<string, string>) => ({
  none: GONE,
  requested: LATE,
  waiting: LATE,
  mine: LATE,
  theirs: LATE,
  phone: LATE,
  ...ended,
  ...of,
});

const TABLE: Record<string, Record<string, string>> = {
  request: {
    none: 'waiting',
    requested: '✗ taken',
    waiting: '✗ taken',
    mine: '✗ taken 1',
    theirs: '✗ taken 2',
    phone: '✗ taken 0',
    ...ended,
  },
  urgent: {
    none: 'waiting',
    requested: 'waiting !urgent',
    waiting: 'waiting !urgent',
    mine: '✗ taken 1',
    theirs: '✗ taken 2',
    phone: '✗ taken 0',
    ...ended,
  },
  'by-phone': {
    none: GONE,
    requested: 'claimed 0 !by-phone',
    waiting: 'claimed 0 !by-phone',
    mine: 'claimed 0 !by-phone',
    theirs: 'claimed 0 !by-phone',
    phone: 'claimed 0',
    ...ended,
  },
  'by-phone+': {
    none: 'claimed 0 !by-phone',
    requested: 'claimed 0 !by-phone',
    waiting: 'claimed 0 !by-phone',
    mine: 'claimed 0 !by-phone',
    theirs: 'claimed 0 !by-phone',
    phone: 'claimed 0',
    ...ended,
  },
  pass: {
    none: GONE,
    requested: 'requested',
    waiting: 'waiting',
    mine: 'claimed 1',
    theirs: 'claimed 2',
    phone: 'claimed 0',
    ...ended,
  },
  withdraw: {
    none: GONE,
    requested: 'withdrawn !stopped',
    waiting: 'withdrawn !stopped',
    mine: 'withdrawn !stopped',
    theirs: 'withdrawn !stopped',
    phone: 'withdrawn !stopped',
    ...ended,
  },
  erase: {
    none: GONE,
    requested: 'withdrawn',
    waiting: 'withdrawn',
    mine: 'withdrawn',
    theirs: 'withdrawn',
    phone: 'withdrawn',
    closed: 'withdrawn',
    expired: 'withdrawn',
    withdrawn: 'withdrawn',
    erased: ENDED,
  },
  claim: {
    none: GONE,
    requested: 'claimed 1 →claimed !claimed',
    waiting: 'claimed 1 →claimed !claimed',
    mine: 'claimed 1',
    theirs: '✗ taken 2',
    phone: 'claimed 1 !claimed',
    ...ended,
  },
  reply: owners('claimed 1'),
  note: owners('claimed 1'),
  labels: owners('claimed 1'),
  'to boris': owners('claimed 2 !transferred'),
  'to anna': owners('claimed 1'),
  'to phone': owners(GONE),
  'to night': owners('requested →released !transferred'),
  'to nobody': owners(GONE),
  release: owners('waiting →released !released'),
  close: owners('closed →closed !closed'),
  reopen: {
    none: GONE,
    requested: LATE,
    waiting: LATE,
    mine: LATE,
    theirs: LATE,
    phone: LATE,
    closed: 'claimed 1 →claimed !reopened',
    expired: ENDED,
    withdrawn: ENDED,
    erased: ENDED,
  },
  'reopen busy': {
    none: GONE,
    requested: LATE,
    waiting: LATE,
    mine: LATE,
    theirs: LATE,
    phone: LATE,
    closed: LATE,
    expired: ENDED,
    withdrawn: ENDED,
    erased: ENDED,
  },
  resend: owners('claimed 1'),
  'resend sent': owners(LATE),
  // The team of `requested` is still closed: it waits for the next opening.
  open: timers({ requested: 'requested' }),
  unclaimed: timers({ waiting: 'expired →nobody-came !nobody-came' }),
  unanswered: timers({ mine: 'waiting →released !released', theirs: 'waiting →released !released' }),
  silence: timers({
    mine: 'expired →silence !silence',
    theirs: 'expired →silence !silence',
    phone: 'expired →silence !silence',
  }),
  limit: timers({
    requested: 'expired →nobody-came !nobody-came',
    waiting: 'expired →nobody-came !nobody-came',
    mine: 'expired →silence !silence',
    theirs: 'expired →silence !silence',
    phone: 'expired →silence !silence',
  }),
  shred: timers({}),
};

test('the table names every event and every state', () => {
  expect(Object.keys(TABLE)).toEqual(Object.keys(EVENTS));
  for (const row of Object.values(TABLE)) expect(Object.keys(row).sort()).toEqual(Object.keys(STATES).sort());
});

describe.each(Object.keys(EVENTS))('%s', (event) => {
  test.each(Object.keys(STATES))('when %s', (state) => {
    const before = STATES[state];
    const copy = structuredClone(before);
    expect(show(transition(before, EVENTS[event]!, NOW, policy))).toBe(TABLE[event]![state]);
    expect(before).toEqual(copy);
  });
});

function moved(before: HandoffHead | undefined, event: HandoffEvent, now = NOW): Moved {
  const result = transition(before, event, now, policy);
  if ('refused' in result) throw new Error(result.refused);
  return result;
}

describe('timers', () => {
  test('a request waits for somebody of a team that is there, or for the team', () => {
    expect(moved(undefined, EVENTS.request!).timers).toEqual({
      open: null,
      unclaimed: NOW + 15 * MINUTE,
      unanswered: null,
      silence: null,
      limit: NOW + LIMITS.whole,
    });
    const night = moved(undefined, { type: 'request', fresh: { ...fresh, team: 'night' } });
    expect([night.head.state, night.timers.open, night.timers.unclaimed]).toEqual([
      'requested',
      NOW + 60 * MINUTE,
      null,
    ]);
  });

  test.each(['never', 'closed down'])('nobody waits for ever for a team that is %s', (team) => {
    const { head: now, timers: set } = moved(undefined, { type: 'request', fresh: { ...fresh, team } });
    expect(now.state).toBe('waiting');
    expect(set.unclaimed).toBeLessThanOrEqual(NOW + LIMITS.unanswered);
  });

  test('a team that is there now opens the chat, and its own time to claim runs', () => {
    const { head: now, timers: set, tell } = moved(head({ state: 'requested', team: 'day' }), EVENTS.open!);
    expect([now.state, now.waitingSince, set.unclaimed, tell]).toEqual([
      'waiting',
      NOW,
      NOW + 15 * MINUTE,
      'opened',
    ]);
  });

  test('whoever takes a chat owes an answer from that moment; on the phone it was given', () => {
    const { timers: set, head: now } = moved(STATES.waiting, EVENTS.claim!);
    expect(set).toMatchObject({
      open: null,
      unclaimed: null,
      unanswered: NOW + LIMITS.unanswered,
      silence: NOW + LIMITS.silence,
    });
    expect(now.waitingSince).toBeUndefined();
    expect(moved(STATES.waiting, EVENTS['by-phone']!).timers).toMatchObject({
      unanswered: null,
      silence: NOW + LIMITS.silenceByPhone,
    });
  });

  test('the time for an answer runs from the first word without one, and ends with an answer', () => {
    const answered = head({ state: 'claimed', owner: ANNA, unanswered: false });
    const first = moved(answered, EVENTS.pass!);
    expect(first.timers.unanswered).toBe(NOW + LIMITS.unanswered);
    expect(moved(first.head, EVENTS.pass!, NOW + MINUTE).timers).toEqual({
      silence: NOW + MINUTE + LIMITS.silence,
    });
    expect(moved(first.head, EVENTS.reply!).timers.unanswered).toBeNull();
    expect(moved(first.head, EVENTS.resend!).head.unanswered).toBe(false);
  });

  test('whoever a chat is given to owes a word, also when none is owed now', () => {
    const answered = head({ state: 'claimed', owner: ANNA, unanswered: false });
    expect(moved(answered, EVENTS['to boris']!).timers.unanswered).toBe(NOW + LIMITS.unanswered);
  });

  test.each(['withdraw', 'close', 'silence', 'limit'])('%s leaves only the shredding', (event) => {
    expect(moved(STATES.mine, EVENTS[event]!).timers).toEqual({
      open: null,
      unclaimed: null,
      unanswered: null,
      silence: null,
      limit: null,
      shred: NOW + LIMITS.kept,
    });
  });

  test('a close can be taken back for ten seconds, and the whole time goes on from the request', () => {
    const closed = moved(STATES.mine, EVENTS.close!).head;
    const { head: again, timers: set } = moved(closed, EVENTS.reopen!, NOW + LIMITS.reopen);
    expect(set).toMatchObject({ shred: null, limit: NOW + LIMITS.whole });
    expect(again).toEqual(STATES.mine);
    expect(show(transition(closed, EVENTS.reopen!, NOW + LIMITS.reopen + 1, policy))).toBe(LATE);
    expect(show(transition(closed, { type: 'reopen', by: BORIS, free: true }, NOW, policy))).toBe(`${NOT} 1`);
  });

  test('erasing keeps the hour of the shredding of a chat that had ended', () => {
    expect(moved(STATES.closed, EVENTS.erase!).timers).toEqual({});
    expect(moved(STATES.mine, EVENTS.erase!).timers.shred).toBe(NOW + LIMITS.kept);
  });
});
