import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOpen } from '../../src/handoff/machine.ts';
import type { DeskAction } from '../../src/handoff/port.ts';
import { ANNA, BORIS, MINUTE } from '../store/handoff-support.ts';
import { HOUR } from '../store/support.ts';
import { Conversation, type Network } from './conversation.ts';

/** `RUNS=1000` looks further. */
const RUNS = Number(process.env.RUNS ?? 120);

type Deed =
  | { who: 'person'; says: 'word' | 'person' | 'night' | 'urgent' | 'stop' | 'forget' }
  | { who: 'phone' }
  | { who: 'anna' | 'boris'; does: DeskAction['type'] }
  | { who: 'time'; ms: number }
  | { who: 'network'; is: Network }
  | { who: 'timeout'; and: 'arrived' | 'lost' }
  /** In the middle of sending an operator's words, or of whatever happens to go on. */
  | { who: 'crash'; amid: 'reply' | 'anything'; arrives: boolean };

const oneOf = <T extends string>(...values: [T, ...T[]]) => fc.constantFrom(...values);
const says = oneOf('word', 'word', 'word', 'word', 'person', 'person', 'night', 'urgent', 'stop', 'forget');
const does = oneOf<DeskAction['type']>(
  'claim',
  'claim',
  'claim',
  'reply',
  'reply',
  'reply',
  'close',
  'release',
  'transfer',
  'reopen',
  'resend',
  'note',
);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ who: fc.constant('person' as const), says }) },
  { weight: 8, arbitrary: fc.record({ who: oneOf('anna', 'boris'), does }) },
  { weight: 1, arbitrary: fc.record({ who: fc.constant('phone' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      who: fc.constant('time' as const),
      ms: fc.constantFrom(5_000, MINUTE, 16 * MINUTE, 31 * MINUTE, 2 * HOUR),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      who: fc.constant('network' as const),
      is: oneOf('up', 'away', 'slow', 'slow-arrives'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ who: fc.constant('timeout' as const), and: oneOf('arrived', 'lost') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      who: fc.constant('crash' as const),
      amid: oneOf('reply', 'anything'),
      arrives: fc.boolean(),
    }),
  },
);

/** After each deed the loops run for so many passes; undefined: until they rest. */
const passes = fc.constantFrom(0, 0, 1, 2, 3, undefined);
const story = fc.array(fc.tuple(deed, passes), { minLength: 5, maxLength: 25 });
/** Half of the stories begin where most can go wrong. */
const beginning = fc.constantFrom<[Deed, number | undefined][]>(
  [],
  [
    [{ who: 'person', says: 'person' }, undefined],
    [{ who: 'anna', does: 'claim' }, 0],
  ],
);

async function carryOut(talk: Conversation, doing: Deed): Promise<void> {
  switch (doing.who) {
    case 'person':
      if (doing.says === 'word') await talk.word();
      else await talk.say({ kind: 'text', text: doing.says });
      // What they wrote before is to be forgotten, answered or not.
      if (doing.says === 'forget') {
        talk.words = [];
        talk.lines.clear();
        await talk.settle();
      }
      return;
    case 'phone':
      return talk.say({ kind: 'staff' });
    case 'anna':
      return talk.act(doing.does, ANNA, BORIS);
    case 'boris':
      return talk.act(doing.does, BORIS, ANNA);
    case 'time':
      return talk.pass(doing.ms);
    case 'network':
      return talk.set(doing.is);
    case 'timeout':
      talk.timeout = doing.and;
      return;
    case 'crash':
      if (doing.amid === 'reply') {
        talk.set(doing.arrives ? 'slow-arrives' : 'slow');
        talk.act('reply', talk.head()?.owner ?? ANNA, BORIS);
        await talk.turn(3);
      }
      return talk.restart();
  }
}

/** Everything arrives that can. */
async function calm(talk: Conversation): Promise<void> {
  talk.timeout = undefined;
  talk.set('up');
  await talk.settle();
  talk.set('up');
  await talk.settle();
}

function nothingLost(talk: Conversation): void {
  const seen = talk.words.map((word) => ({
    word,
    bot: talk.arrived.includes(`bot: ${word}`),
    people: talk.kept.has(word),
  }));
  // Each word was answered by the bot or reached the people, never both.
  expect(seen.filter((s) => s.bot === s.people)).toEqual([]);
}

function nothingTwice(talk: Conversation): void {
  for (const { id, text, delivery } of talk.lines.values()) {
    const times = talk.arrived.filter((t) => t === text).length;
    const most = 1 + (talk.resent.get(id) ?? 0);
    expect([text, times <= most]).toEqual([text, true]);
    if (delivery === 'sent') expect([text, times >= 1]).toEqual([text, true]);
    if (delivery === 'failed' && most === 1) expect([text, times]).toEqual([text, 0]);
    expect([text, ['sent', 'unknown', 'failed'].includes(delivery ?? '')]).toEqual([text, true]);
  }
}

/** Whatever happened, a word or time alone brings the bot back. */
async function botIsBack(talk: Conversation, how: 'stop' | 'time'): Promise<void> {
  if (how === 'stop') await talk.say({ kind: 'text', text: 'stop' });
  for (let n = 0; how === 'time' && n < 4; n += 1) {
    talk.pass(8 * 24 * HOUR);
    await talk.settle();
  }
  await talk.settle();
  expect(talk.runtime.handoffs.heads().filter(isOpen)).toEqual([]);
  const word = await talk.word();
  await talk.settle();
  expect(talk.arrived).toContain(`bot: ${word}`);
}

test('however person, operators, time and crashes interleave: one voice, no word lost or twice, the bot comes back', async () => {
  await fc.assert(
    fc.asyncProperty(beginning, story, oneOf('stop', 'time'), async (first, then, how) => {
      const talk = new Conversation();
      try {
        talk.start();
        for (const [doing, n] of [...first, ...then]) {
          await carryOut(talk, doing);
          await (n === undefined ? talk.settle() : talk.turn(n));
        }
        await calm(talk);
        nothingLost(talk);
        nothingTwice(talk);
        await botIsBack(talk, how);
        expect(talk.faults).toEqual([]);
      } finally {
        await talk.stop();
        rmSync(talk.dir, { recursive: true, force: true });
      }
    }),
    { numRuns: RUNS },
  );
}, 120_000);
