import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { step } from '../../src/engine/step.ts';
import type { Position, Session, TurnContext } from '../../src/engine/types.ts';
import { wayOut } from '../../src/engine/vital.ts';
import { BUILT_IN } from '../../src/flow/types.ts';
import type { Desk } from '../../src/handoff/types.ts';
import { type DeskEvent, type Input, LANGS } from '../../src/message.ts';
import { Talk, withFlows, world } from '../support/world.ts';

const EVENTS: DeskEvent[] = ['claimed', 'opened', 'released', 'nobody-came', 'closed', 'silence'];
const TEAMS: (Desk | undefined)[] = [
  undefined,
  { team: 'a', open: true },
  { team: 'a', open: true, wait: 20 },
  { team: 'a', open: true, full: true },
  { team: 'a', open: false, opens: { days: 3, weekday: 1, time: '10:00' } },
  { team: 'a', open: false },
];

const typed = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom('menu', 'human', 'stop', 'x', 'back', 'help', 'тил', '0', '00', '1', '2', '3', '7'),
  fc.constantFrom(
    'condom broke',
    'Almaty',
    'спасибо',
    '/test',
    '/human',
    'will they deport me',
    'delete my data',
  ),
);
const input: fc.Arbitrary<Input> = fc.oneof(
  { weight: 4, arbitrary: typed.map((text): Input => ({ kind: 'text', text })) },
  { weight: 1, arbitrary: fc.constantFrom<Input>({ kind: 'media' }, { kind: 'start' }, { kind: 'staff' }) },
  { weight: 1, arbitrary: fc.constant<Input>({ kind: 'place', lat: 43.2, lon: 76.9 }) },
);

/** What happens next: a button, an old button, anything, other people at the desk, something that happens to the chat. */
type Act =
  | { press: number }
  | { old: number }
  | { input: Input }
  | { team: Desk | undefined }
  | { hear: DeskEvent };
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.nat(30).map((press) => ({ press })) },
  { weight: 1, arbitrary: fc.nat(200).map((old) => ({ old })) },
  { weight: 3, arbitrary: input.map((i) => ({ input: i })) },
  { weight: 1, arbitrary: fc.constantFrom(...TEAMS).map((team) => ({ team })) },
  { weight: 4, arbitrary: fc.constantFrom(...EVENTS).map((hear) => ({ hear })) },
);

/** What the person or the desk does in this act; undefined: it cannot happen now. */
function inputOf(talk: Talk, a: Act, seen: readonly string[]): Input | undefined {
  if ('team' in a) {
    talk.chat.team = a.team;
    return undefined;
  }
  if ('input' in a) return a.input;
  if ('hear' in a) return talk.chat.state === undefined ? undefined : { kind: 'desk', event: a.hear };
  const pool = 'press' in a ? talk.choices().map((c) => c.data) : seen;
  const data = pool[('press' in a ? a.press : a.old) % Math.max(pool.length, 1)];
  return data === undefined ? { kind: 'start' } : { kind: 'tap', data };
}

function expectSound(session: Session): void {
  expect(JSON.parse(JSON.stringify(session))).toEqual(session);
  expect(session.back.length).toBeLessThanOrEqual(12);
  expect(session.calls.length).toBeLessThanOrEqual(4);
  expect(JSON.stringify(session).length).toBeLessThan(4096);
}

describe('whatever the person and the team do', () => {
  it('one voice: the bot is silent while somebody has the chat, and never otherwise', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LANGS), fc.array(act, { minLength: 5, maxLength: 40 }), (lang, all) => {
        const talk = new Talk(world, 'telegram', lang).in(lang);
        talk.chat.team = TEAMS[1];
        const seen: string[] = [];
        for (const a of all) {
          const happens = inputOf(talk, a, seen);
          if (happens === undefined) continue;
          const claimed = talk.chat.state === 'claimed';
          const told = talk.session?.told ?? [];
          if (happens.kind === 'desk') talk.hear(happens.event);
          else talk.send(happens);
          seen.push(...talk.choices().map((c) => c.data));
          expectSound(talk.session!);
          const person = happens.kind !== 'desk' && happens.kind !== 'staff';
          if (claimed && person && wayOut(world, happens) === undefined) {
            const notice =
              (happens.kind === 'media' || happens.kind === 'place') && !told.includes('text_only');
            expect(talk.said.length).toBe(notice ? 1 : 0);
            expect([talk.passed, talk.choices(), talk.chat.state]).toEqual([true, [], 'claimed']);
          } else if (person) {
            const forgotten = talk.effects.some((e) => e.type === 'forget');
            expect(talk.said.length > 0 || forgotten || talk.passed).toBe(true);
          }
        }
        // However it went: without an open chat a person can be asked for, and the way there is short.
        talk.chat.state = undefined;
        talk.chat.team = undefined;
        expect(['handoff.who', 'handoff.nobody']).toContain(talk.type('/human').at);
      }),
      { numRuns: 120 },
    );
  });

  it('any input with any state of the chat, possible or not: never throws, silent when claimed', () => {
    const states = fc.constantFrom<TurnContext['handoff']>(undefined, 'requested', 'waiting', 'claimed');
    const anything = fc.oneof(
      input,
      fc.constantFrom(...EVENTS).map((event): Input => ({ kind: 'desk', event })),
      fc
        .constantFrom(
          'handoff:waiting:leave',
          'handoff:after:skip',
          'handoff:after:still',
          'menu:main:human',
          'handoff:missed:again',
        )
        .map((data): Input => ({ kind: 'tap', data: `en:${data}` })),
    );
    const turn = fc.tuple(anything, states, fc.constantFrom(...TEAMS));
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 25 }), fc.boolean(), (turns, known) => {
        let session: Session | null = known ? new Talk().in('en').session : null;
        for (const [happens, handoff, team] of turns) {
          const ctx: TurnContext = {
            channel: 'whatsapp',
            ...(handoff === undefined ? {} : { handoff }),
            ...(team === undefined ? {} : { desk: () => team }),
          };
          const result = step(world, session, happens, ctx);
          const quiet =
            handoff === 'claimed' && happens.kind === 'text' && wayOut(world, happens) === undefined;
          if (quiet) expect(result.effects).toEqual([{ type: 'handoff', act: 'pass' }]);
          session = JSON.parse(JSON.stringify(result.session)) as Session;
          expectSound(session);
        }
      }),
      { numRuns: 120 },
    );
  });
});

describe('after the talk', () => {
  const EDITS = ['none', 'another hash', 'step renamed', 'flow renamed'] as const;

  /** The flow of this step as somebody edited it meanwhile. @returns what the step is called in it */
  function edited(talk: Talk, at: Position, how: (typeof EDITS)[number]): string {
    const flow = world.flows.get(at.flow)!;
    const builtIn = Object.values<string>(BUILT_IN).includes(flow.id);
    const flows = new Map(world.flows);
    if (how === 'none') return `${at.flow}.${at.step}`;
    if (how === 'flow renamed' && !builtIn) {
      flows.delete(flow.id);
      talk.env = withFlows(flows.set('other', { ...flow, id: 'other', was: [flow.id] }));
      return `other.${at.step}`;
    }
    if (how === 'step renamed' && flow.start !== at.step) {
      const steps = new Map(flow.steps);
      steps.delete(at.step);
      steps.set('other', { ...flow.steps.get(at.step)!, id: 'other' });
      talk.env = withFlows(flows.set(flow.id, { ...flow, hash: 'b', steps, moved: { [at.step]: 'other' } }));
      return `${flow.id}.other`;
    }
    talk.env = withFlows(flows.set(flow.id, { ...flow, hash: 'b' }));
    return `${at.flow}.${at.step}`;
  }

  it('the person stands exactly where they stood, whatever was said and edited meanwhile', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(30), { minLength: 1, maxLength: 8 }),
        fc.array(typed, { maxLength: 4 }),
        fc.constantFrom('closed', 'nobody-came', 'stop', 'leave'),
        fc.constantFrom(...EDITS),
        fc.boolean(),
        (presses, words, how, edit, walksOn) => {
          const talk = new Talk().in('ru');
          talk.chat.team = TEAMS[1];
          const walk = (n: number) => {
            const forward = talk.choices().filter((c) => !/:@|:human$/.test(c.data));
            const pressed = forward[n % Math.max(forward.length, 1)];
            if (pressed !== undefined) talk.send({ kind: 'tap', data: pressed.data });
          };
          for (const n of presses) walk(n);
          fc.pre(talk.session?.at !== undefined && talk.session.at.flow !== BUILT_IN.handoff);
          if (walksOn) talk.type('/human', '/menu', '/rights');
          const before = talk.session!;
          if (!walksOn) talk.type('/human');
          const there = edited(talk, before.at!, edit);
          if (how === 'nobody-came') talk.hear('nobody-came').tap('done');
          else if (how === 'leave' && !walksOn) talk.tap('leave');
          else {
            talk.hear('claimed');
            for (const w of words) if (wayOut(world, { kind: 'text', text: w }) === undefined) talk.type(w);
            if (how === 'closed') talk.hear('closed');
            else talk.type('стоп');
            talk.tap('skip');
          }
          const { session } = talk;
          expect(talk.at).toBe(there);
          expect(session!.calls).toEqual(before.calls);
          expect({ ...session!.vars, topic: 0 }).toEqual({ ...before.vars, topic: 0 });
        },
      ),
      { numRuns: 120 },
    );
  });
});
