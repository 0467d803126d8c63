import { describe, expect, it, test } from 'vitest';
import { fault, step } from '../../src/engine/step.ts';
import type { TurnContext } from '../../src/engine/types.ts';
import { type DeskEvent, type Input, LANGS } from '../../src/message.ts';
import { Talk, withFlows, world } from '../support/world.ts';
import { acts, counted, waiting } from './waiting.ts';

describe('talking', () => {
  it('one line when somebody takes the chat, without buttons; then silence', () => {
    const talk = waiting().hear('claimed');
    expect(talk.said.map((m) => m.choices)).toEqual([[]]);
    expect(talk.text).toMatch(/is here now.*“stop”/);
    const before = talk.session;
    const inputs: Input[] = [
      { kind: 'text', text: 'menu' },
      { kind: 'text', text: '1' },
      { kind: 'text', text: 'i want to die' },
      { kind: 'tap', data: 'en:nowhere:waiting:country' },
      { kind: 'start' },
    ];
    for (const input of inputs) {
      talk.send(input);
      expect([talk.effects, talk.session]).toEqual([[{ type: 'handoff', act: 'pass' }], before]);
    }
  });

  it('a pressed button reaches the team as its words', () => {
    const talk = waiting().hear('claimed').send({ kind: 'tap', data: 'en:handoff:waiting:country' });
    expect(talk.effects).toEqual([{ type: 'handoff', act: 'pass', text: 'Another country' }]);
  });

  it('that photos do not arrive is said once, and again in the next chat', () => {
    const talk = waiting().hear('claimed').send({ kind: 'media' });
    expect([talk.passed, talk.said.length, talk.choices()]).toEqual([true, 1, []]);
    expect(talk.send({ kind: 'place', lat: 43, lon: 77 }).said).toEqual([]);
    talk.hear('closed').tap('still').hear('claimed').send({ kind: 'media' });
    expect(talk.said).toHaveLength(1);
  });

  it.each(LANGS)('the ways out in the words of %s', (lang) => {
    const word = (w: string) => world.texts.list(lang, `common:words.${w}`);
    for (const stop of word('stop')) {
      const talk = waiting().hear('claimed').type(stop);
      expect([stop, talk.at, talk.chat.state, acts(talk)]).toEqual([
        stop,
        'handoff.after',
        undefined,
        ['withdraw'],
      ]);
      expect(talk.text).toMatch(/the bot, answer again/);
    }
    for (const hide of word('hide')) {
      const talk = waiting().hear('claimed').type(hide);
      expect([hide, talk.at, talk.chat.state, talk.wanted[0]?.type]).toEqual([hide, '-', undefined, 'hide']);
      expect(talk.session).toEqual({ v: 1, lang: 'en', vars: {}, calls: [], back: [], misses: 0 });
    }
    for (const forget of word('forget')) {
      const talk = waiting().hear('claimed').type(forget);
      expect(talk.wanted).toEqual([{ type: 'forget', lang: 'en' }]);
    }
  });

  it('the buttons for it count as the words; a number never does', () => {
    const tap = (data: string) => waiting().hear('claimed').send({ kind: 'tap', data });
    expect(tap('en:privacy:main:forget').wanted).toEqual([{ type: 'forget', lang: 'en' }]);
    expect(acts(tap('en:handoff:waiting:leave'))).toEqual(['withdraw']);
    const talk = waiting().tap('@menu', 'more', 'privacy', 'kept').hear('claimed').type('1', '2');
    expect([talk.at, talk.effects]).toEqual(['privacy.kept', [{ type: 'handoff', act: 'pass' }]]);
  });

  it('given back into the queue: said, and words are passed on from there', () => {
    const talk = waiting().tap('@menu', 'test').hear('claimed', 'released');
    expect([talk.at, talk.chat.state]).toEqual(['handoff.waiting', 'waiting']);
    expect(talk.text).toMatch(/in the queue again.*A person of the team/s);
    expect(talk.type('and then?').passed).toBe(true);
    expect(talk.hear('claimed', 'closed').tap('skip').at).toBe('find-testing.where');
  });

  it('a fault of ours says nothing into it, and loses no words', () => {
    const talk = waiting().hear('claimed');
    const { effects } = fault(world, talk.session, { channel: 'web', handoff: 'claimed' });
    expect(effects).toEqual([{ type: 'handoff', act: 'pass' }]);
  });
});

describe('coming back', () => {
  it('one line on where we are and one question that needs no answer; then the step as it was', () => {
    const talk = waiting().hear('claimed').type('a', 'b').hear('closed');
    expect(talk.said).toHaveLength(1);
    expect(talk.text).toMatch(/We stopped at: My rights\.\n\nDid this talk help you\?/);
    expect(talk.ids()).toEqual(['helped', 'not', 'still', 'skip', '@back', '@menu']);
    expect(counted(talk)).toContainEqual({ name: 'talk', topic: 'lawyer', outcome: 'closed' });
    talk.tap('not');
    expect(counted(talk)).toContainEqual({ name: 'useful', flow: 'handoff', answer: 'not' });
    expect([talk.at, talk.session?.calls]).toEqual(['rights.deport', []]);
    expect(talk.type('back').at).toBe('rights.topics');
  });

  it('whoever still needs help waits again', () => {
    const talk = waiting().hear('claimed', 'closed').tap('still');
    expect([talk.at, acts(talk)]).toEqual(['handoff.waiting', ['request']]);
    expect(talk.hear('nobody-came').tap('done').at).toBe('rights.deport');
  });

  it('words that are no answer go on without blame, a question of theirs is answered', () => {
    const talk = waiting().hear('claimed', 'closed').type('thank you so much');
    expect([talk.at, talk.text]).toEqual(['rights.deport', expect.not.stringMatching(/understand/)]);
    talk.tap('human').hear('claimed', 'closed').type('where can i test');
    expect([talk.at, talk.session?.calls.map((f) => f.step)]).toEqual(['find-testing.where', ['deport']]);
  });

  it('Back at the question leads to the step as it was', () => {
    const talk = waiting().hear('claimed', 'closed').type('back');
    expect([talk.at, talk.session?.calls]).toEqual(['rights.deport', []]);
  });

  it('from a flow that would have led back to the wait: to where the wait began', () => {
    const talk = waiting().type('тил').hear('claimed', 'closed').tap('skip');
    expect(talk.at).toBe('language.choose');
    talk.tap('en');
    expect([talk.at, talk.text.includes('is over')]).toEqual(['rights.deport', false]);
  });

  it('Back after it restores what was changed while waiting', () => {
    const talk = waiting().tap('country', 'RU', 'leave');
    expect([talk.at, talk.vars]).toEqual(['rights.deport', { country: 'RU', topic: 'lawyer' }]);
    talk.type('back');
    expect([talk.at, talk.vars]).toEqual(['rights.topics', { country: 'KZ' }]);
  });

  it('coming by the step of a wait that is over asks for nobody', () => {
    const talk = waiting().hear('claimed', 'silence').type('тил').tap('en');
    expect([talk.at, acts(talk), talk.chat.state]).toEqual(['rights.deport', [], undefined]);
  });

  it('after a week of silence nothing appears on the screen; the next words hear that it is over', () => {
    const talk = waiting().hear('claimed', 'silence');
    expect([talk.said, counted(talk)]).toEqual([[], [{ name: 'talk', topic: 'lawyer', outcome: 'silence' }]]);
    talk.type('are you there?');
    expect([talk.at, talk.text]).toEqual([
      'rights.deport',
      expect.stringMatching(/^The talk with the team is over\./),
    ]);
  });

  it.each<[DeskEvent, TurnContext['handoff']]>([
    ['claimed', undefined],
    ['claimed', 'waiting'],
    ['opened', 'claimed'],
    ['opened', undefined],
    ['released', 'claimed'],
    ['released', undefined],
    ['closed', 'claimed'],
    ['nobody-came', 'waiting'],
    ['silence', 'claimed'],
  ])('"%s" that something later has overtaken (%s) says and changes nothing', (event, handoff) => {
    const { session } = waiting().hear('claimed');
    const ctx: TurnContext = { channel: 'web', ...(handoff === undefined ? {} : { handoff }) };
    expect(step(world, session, { kind: 'desk', event }, ctx)).toEqual({ session, effects: [] });
  });

  it('to whom the organisation wrote first, the bot never speaks of people', () => {
    const talk = new Talk(world, 'whatsapp').send({ kind: 'staff' });
    for (const event of ['claimed', 'released', 'closed', 'silence'] as const)
      expect(talk.hear(event).effects).toEqual([]);
    expect(talk.type('hello').at).toBe('welcome.language');
  });

  it('nor takes their "bye" to somebody for a word to itself', () => {
    const talk = new Talk(world, 'whatsapp').send({ kind: 'staff' }).hear('claimed').type('bye', 'x');
    expect([talk.effects, talk.chat.state]).toEqual([[{ type: 'handoff', act: 'pass' }], 'claimed']);
    expect(talk.type('delete my data').effects).toEqual([{ type: 'forget', lang: 'en' }]);
  });
});

describe('flows edited during the talk', () => {
  const rights = world.flows.get('rights')!;
  const deport = rights.steps.get('deport')!;
  const without = new Map([...rights.steps].filter(([id]) => id !== 'deport'));
  const edits = {
    'another text': new Map(world.flows).set('rights', { ...rights, hash: 'another' }),
    'step renamed': new Map(world.flows).set('rights', {
      ...rights,
      hash: 'another',
      moved: { deport: 'removal' },
      steps: new Map(without).set('removal', { ...deport, id: 'removal' }),
    }),
    'flow renamed': new Map([...world.flows].filter(([id]) => id !== 'rights')).set('law', {
      ...rights,
      id: 'law',
      was: ['rights'],
    }),
    'step gone': new Map(world.flows).set('rights', { ...rights, hash: 'another', steps: without }),
    'flow gone': new Map([...world.flows].filter(([id]) => id !== 'rights')),
  };

  test.each([
    ['another text', 'rights.deport'],
    ['step renamed', 'rights.removal'],
    ['flow renamed', 'law.deport'],
    ['step gone', 'rights.topics'],
    ['flow gone', 'menu.main'],
  ] as const)('%s: back at %s', (edit, at) => {
    for (const walked of [false, true]) {
      const talk = walked
        ? waiting().tap('@menu', 'rights', 'deport').hear('claimed')
        : waiting().hear('claimed');
      talk.env = withFlows(edits[edit]);
      talk.type('hello').hear('closed').tap('skip');
      expect([talk.at, talk.session?.calls]).toEqual([at, []]);
      expect(talk.text.includes('has changed')).toBe(edit === 'step gone');
    }
  });

  test('the handoff flow without a queue: the bot is back all the same', () => {
    const handoff = world.flows.get('handoff')!;
    const { waiting: _, ...rest } = Object.fromEntries(handoff.steps);
    const flow = { ...handoff, start: 'who', steps: new Map(Object.entries(rest)) };
    for (const event of ['closed', 'nobody-came', 'silence'] as const) {
      const talk = waiting().hear('claimed');
      talk.env = withFlows(new Map(world.flows).set('handoff', flow));
      talk.hear(event);
      expect(talk.choices().length).toBeGreaterThan(0);
    }
    const talk = waiting();
    talk.env = withFlows(new Map(world.flows).set('handoff', flow));
    expect(talk.hear('claimed').effects).toEqual([]);
  });
});
