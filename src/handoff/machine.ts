import type { Fresh, HandoffEvent, Moved, Policy, Refused, TimerName, Timers } from './machine-types.ts';
import { BY_PHONE, type HandoffHead } from './port.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long things may take, in ms. */
export const LIMITS = {
  /** The person wrote and the owner of the chat did not answer. */
  unanswered: 30 * MINUTE,
  /** Nobody said anything. */
  silence: 7 * DAY,
  /** The same, where somebody answers on the organisation's phone and so cannot end the chat. */
  silenceByPhone: DAY,
  /** A chat, from the request on. */
  whole: 30 * DAY,
  /** A transcript, from the end on. */
  kept: 72 * HOUR,
  /** To take a close back. */
  reopen: 10_000,
} as const;

/** Whether the person waits or talks. */
export function isOpen(head: Pick<HandoffHead, 'state'>): boolean {
  return head.state === 'requested' || head.state === 'waiting' || head.state === 'claimed';
}

/**
 * The life of a chat: what is there now and what happened → what is there then, or why that cannot be. Pure.
 *
 * From every open state a timer leads on, so that time alone brings the bot back: `requested` opens, `waiting` ends when nobody
 * comes, `claimed` goes back into the queue when the person is left without an answer and ends when all are silent.
 *
 * @param head undefined: there is no chat
 * @param now ms since 1970
 */
export function transition(
  head: HandoffHead | undefined,
  event: HandoffEvent,
  now: number,
  policy: Policy,
): Moved | Refused {
  if (head === undefined) return begin(event, now, policy);
  if (event.type === 'erase') return erase(head, now);
  if (event.type === 'reopen') return reopen(head, event, now);
  if (!isOpen(head)) return { refused: 'ended' };
  switch (event.type) {
    case 'request':
      return requestAgain(head, event.fresh, now, policy);
    case 'by-phone':
      return byPhone(head, now);
    case 'pass':
      return pass(head, now);
    case 'withdraw':
      return end(head, now, 'withdrawn', 'stopped');
    case 'claim':
      return claim(head, event.by, now);
    case 'timer':
      return timer(head, event.timer, now, policy);
    default:
      return head.state === 'claimed' && head.owner === event.by
        ? byOwner(head, event, now, policy)
        : { refused: 'not-yours', ...ownerOf(head) };
  }
}

type OwnerEvent = Exclude<Extract<HandoffEvent, { by: number }>, { type: 'claim' | 'reopen' }>;

function byOwner(head: HandoffHead, event: OwnerEvent, now: number, policy: Policy): Moved | Refused {
  switch (event.type) {
    case 'reply':
      return answered(head, now);
    case 'resend':
      return event.again ? answered(head, now) : { refused: 'too-late' };
    case 'note':
      return { head, timers: {} };
    case 'labels':
      return { head: { ...head, labels: [...event.labels] }, timers: {} };
    case 'transfer':
      return transfer(head, event.to, now, policy);
    case 'release':
      return { ...queue(head, now, policy), tell: 'released', line: 'released' };
    case 'close':
      return { ...end(head, now, 'closed', 'closed'), tell: 'closed' };
  }
}

function begin(event: HandoffEvent, now: number, policy: Policy): Moved | Refused {
  if (event.type !== 'request' && event.type !== 'by-phone') return { refused: 'gone' };
  if (event.fresh === undefined) return { refused: 'gone' };
  const head: HandoffHead = {
    ...event.fresh,
    state: 'waiting',
    owner: null,
    labels: [],
    openedAt: now,
    lastAt: now,
    unanswered: true,
  };
  const moved = event.type === 'request' ? queue(head, now, policy) : byPhone(head, now);
  return { ...moved, timers: { ...moved.timers, limit: now + LIMITS.whole } };
}

/** Only who waits and cannot wait any more changes something by asking again: they go first, at the team for that. */
function requestAgain(head: HandoffHead, fresh: Fresh, now: number, policy: Policy): Moved | Refused {
  if (head.state === 'claimed' || head.urgent || !fresh.urgent) return { refused: 'taken', ...ownerOf(head) };
  const { topic, team } = fresh;
  const moved = queue({ ...head, topic, team, urgent: true }, now, policy);
  const { waitingSince } = head;
  // They have waited since they first asked, or since somebody could have come.
  if (moved.head.state === 'waiting' && waitingSince !== undefined) moved.head.waitingSince = waitingSince;
  return { ...moved, line: 'urgent' };
}

/** Waits for somebody of the team, or for the team to open. */
function queue(head: HandoffHead, now: number, policy: Policy): Moved {
  const { waitingSince: _, ...rest } = head;
  // A team that was taken out of the file meanwhile must leave nobody waiting for ever.
  const shift = policy.shift(head.team, now) ?? { open: true, claimWithin: LIMITS.unanswered };
  const timers = { unanswered: null, silence: null };
  if (!shift.open && shift.opensAt !== undefined && shift.opensAt > now)
    return {
      head: { ...rest, state: 'requested', owner: null },
      timers: { ...timers, open: shift.opensAt, unclaimed: null },
    };
  return {
    head: { ...rest, state: 'waiting', owner: null, waitingSince: now },
    timers: { ...timers, open: null, unclaimed: now + shift.claimWithin },
  };
}

/** Of any number of claims exactly one wins. What somebody answers by phone can be taken over: a phone gives nothing back. */
function claim(head: HandoffHead, by: number, now: number): Moved | Refused {
  if (head.state === 'claimed' && head.owner === by) return { head, timers: {} };
  if (head.state === 'claimed' && head.owner !== BY_PHONE) return { refused: 'taken', ...ownerOf(head) };
  const moved: Moved = { ...own(head, by, now), line: 'claimed' };
  // The person already talks with somebody, so there is nothing to announce.
  return head.state === 'claimed' ? moved : { ...moved, tell: 'claimed' };
}

/** The organisation's phone cannot be held back: whoever owned the chat, it is the phone's now, and only one voice. */
function byPhone(head: HandoffHead, now: number): Moved {
  const moved = own({ ...head, unanswered: false, lastAt: now }, BY_PHONE, now);
  return head.owner === BY_PHONE ? moved : { ...moved, line: 'by-phone' };
}

function own(head: HandoffHead, by: number, now: number): Moved {
  const { waitingSince: _, ...rest } = head;
  return {
    head: { ...rest, state: 'claimed', owner: by, taken: true },
    timers: {
      open: null,
      unclaimed: null,
      unanswered: head.unanswered ? now + LIMITS.unanswered : null,
      silence: silenceOf(by, now),
    },
  };
}

function pass(head: HandoffHead, now: number): Moved {
  const next = { ...head, lastAt: now, unanswered: true };
  if (head.state !== 'claimed') return { head: next, timers: {} };
  const timers: Timers = { silence: silenceOf(head.owner, now) };
  // From the first word without an answer, not from the last.
  if (!head.unanswered) timers.unanswered = now + LIMITS.unanswered;
  return { head: next, timers };
}

function answered(head: HandoffHead, now: number): Moved {
  return {
    head: { ...head, lastAt: now, unanswered: false },
    timers: { unanswered: null, silence: silenceOf(head.owner, now) },
  };
}

function transfer(
  head: HandoffHead,
  to: { operator: number } | { team: string },
  now: number,
  policy: Policy,
): Moved | Refused {
  if ('team' in to) {
    if (policy.shift(to.team, now) === undefined) return { refused: 'gone' };
    return { ...queue({ ...head, team: to.team }, now, policy), tell: 'released', line: 'transferred' };
  }
  if (to.operator === BY_PHONE) return { refused: 'gone' };
  if (to.operator === head.owner) return { head, timers: {} };
  // Somebody owes the person a word, and is not left to forget it.
  return { ...own({ ...head, unanswered: true }, to.operator, now), line: 'transferred' };
}

function reopen(
  head: HandoffHead,
  { by, free }: Extract<HandoffEvent, { type: 'reopen' }>,
  now: number,
): Moved | Refused {
  if (isOpen(head)) return { refused: 'too-late' };
  if (head.ended !== 'closed') return { refused: 'ended' };
  if (head.owner !== by) return { refused: 'not-yours', ...ownerOf(head) };
  if (!free || now - (head.endedAt ?? 0) > LIMITS.reopen) return { refused: 'too-late' };
  const { ended: _, endedAt: __, ...rest } = head;
  const moved = own(rest, by, now);
  const limit = head.openedAt + LIMITS.whole;
  return {
    ...moved,
    timers: { ...moved.timers, limit, shred: null },
    tell: 'claimed',
    line: 'reopened',
  };
}

function timer(head: HandoffHead, name: TimerName, now: number, policy: Policy): Moved | Refused {
  const { state } = head;
  if (name === 'open' && state === 'requested') {
    // The hours may have been edited since: then it waits for the new ones.
    const moved = queue(head, now, policy);
    return moved.head.state === 'waiting' ? { ...moved, tell: 'opened', line: 'opened' } : moved;
  }
  if (name === 'unanswered' && state === 'claimed' && head.unanswered)
    return { ...queue(head, now, policy), tell: 'released', line: 'released' };
  if (name === 'silence' && state === 'claimed') return expire(head, now, 'silence');
  if (name === 'unclaimed' && state === 'waiting') return expire(head, now, 'nobody-came');
  if (name === 'limit') return expire(head, now, state === 'claimed' ? 'silence' : 'nobody-came');
  return { refused: 'too-late' };
}

function expire(head: HandoffHead, now: number, why: 'nobody-came' | 'silence'): Moved {
  return { ...end(head, now, 'expired', why), tell: why };
}

function end(
  head: HandoffHead,
  now: number,
  state: 'closed' | 'expired' | 'withdrawn',
  ended: 'closed' | 'nobody-came' | 'silence' | 'stopped',
): Moved {
  const { waitingSince: _, ...rest } = head;
  return {
    head: { ...rest, state, ended, endedAt: now },
    timers: { ...STOPPED, shred: now + LIMITS.kept },
    line: ended,
  };
}

/** Also after the end: nothing of the person is left, only that there was a chat. */
function erase(head: HandoffHead, now: number): Moved | Refused {
  if (head.ended === 'erased') return { refused: 'ended' };
  const { waitingSince: _, ...rest } = head;
  return {
    head: { ...rest, state: 'withdrawn', labels: [], unanswered: false, ended: 'erased', endedAt: now },
    timers: isOpen(head) ? { ...STOPPED, shred: now + LIMITS.kept } : {},
  };
}

const STOPPED: Timers = { open: null, unclaimed: null, unanswered: null, silence: null, limit: null };

function silenceOf(owner: number | null, now: number): number {
  return now + (owner === BY_PHONE ? LIMITS.silenceByPhone : LIMITS.silence);
}

function ownerOf(head: HandoffHead): { owner?: number } {
  return head.owner === null ? {} : { owner: head.owner };
}
