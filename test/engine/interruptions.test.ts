import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/engine/types.ts';
import { LANGS } from '../../src/message.ts';
import { Talk, withFlows, world } from '../support/world.ts';

describe('words that cannot wait', () => {
  const STEPS = {
    exposure: 'clock',
    violence: 'violence',
    crisis: 'crisis',
    pills: 'pills',
    detained: 'held',
  };
  const urgent = LANGS.flatMap((lang) =>
    Object.entries(STEPS).flatMap(([step, at]) =>
      world.texts.list(lang, `emergency:urgent.${step}`).map((phrase) => ({ lang, step, at, phrase })),
    ),
  );

  it('are known in every language', () => {
    for (const lang of LANGS)
      for (const step of Object.keys(STEPS)) {
        expect(
          world.texts.list(lang, `emergency:urgent.${step}`).length,
          `${lang} ${step}`,
        ).toBeGreaterThanOrEqual(3);
      }
  });

  it.each(LANGS)('in %s interrupt any step', (lang) => {
    for (const { phrase, at } of urgent.filter((u) => u.lang === lang)) {
      for (const talk of [
        new Talk().in('ru').tap('art', 'KZ'),
        new Talk().in('en').tap('test'),
        new Talk(),
      ]) {
        talk.type(`... ${phrase.toUpperCase()}!!!`);
        expect(talk.at, phrase).toBe(`emergency.${at}`);
        expect(talk.effects.some((e) => e.type === 'count' && e.event.name === 'urgent')).toBe(true);
      }
    }
  });

  it('the number comes first, then the clock', () => {
    const talk = new Talk().in('en').type('the condom broke');
    const texts = talk.said.map((m) => m.text);
    expect(texts[0]).toMatch(/\b103\b/);
    expect(texts.at(-1)).toContain('72');
    expect(talk.ids()).toEqual(expect.arrayContaining(['place', 'human']));
  });

  it.each(['crisis', 'violence'])('%s shows a number at once, without asking anything', (id) => {
    const talk = new Talk().in('en').tap('urgent', id);
    expect(talk.said[0]?.text).toMatch(/\b(111|112)\b/);
  });
});

describe('another question in the middle of one', () => {
  it('is answered, and the first question comes back', () => {
    const talk = new Talk().in('en').tap('art', 'KZ').type('will they deport me');
    expect(talk.at).toBe('rights.topics');
    talk.tap('deport', 'done');
    expect(talk.at).toBe('art-access.citizenship');
  });
});

describe('flows edited under people’s feet', () => {
  const person = (): { talk: Talk; session: Session } => {
    const talk = new Talk().in('en').tap('rights', 'KZ', 'deport');
    if (talk.session === null) throw new Error('no session');
    return { talk, session: talk.session };
  };
  const rights = world.flows.get('rights')!;

  it('step still there: goes on', () => {
    const { talk } = person();
    talk.env = withFlows(new Map(world.flows).set('rights', { ...rights, hash: 'another' }));
    expect(talk.tap('topics').at).toBe('rights.topics');
  });

  it('renamed with a declared mapping: mapped', () => {
    const { talk } = person();
    const steps = new Map(rights.steps);
    const deport = steps.get('deport')!;
    steps.delete('deport');
    steps.set('removal', { ...deport, id: 'removal' });
    talk.env = withFlows(
      new Map(world.flows).set('rights', { ...rights, steps, moved: { deport: 'removal' }, hash: 'another' }),
    );
    expect(talk.type('1').at).toBe('rights.topics');
  });

  it('flow renamed with a declared mapping: mapped', () => {
    const { talk } = person();
    const flows = new Map(world.flows).set('law', { ...rights, id: 'law', was: ['rights'] });
    flows.delete('rights');
    talk.env = withFlows(flows);
    expect(talk.type('1').at).toBe('law.topics');
  });

  it('step gone: apologises and starts the flow again', () => {
    const { talk } = person();
    const steps = new Map(rights.steps);
    steps.delete('deport');
    talk.env = withFlows(new Map(world.flows).set('rights', { ...rights, steps, hash: 'another' }));
    talk.type('1');
    expect(talk.text).toContain('has changed');
    expect(talk.at).toBe('rights.topics');
  });

  it('flow gone: apologises and shows the menu', () => {
    const { talk } = person();
    const flows = new Map(world.flows);
    flows.delete('rights');
    talk.env = withFlows(flows);
    talk.type('1');
    expect(talk.text).toContain('has changed');
    expect(talk.at).toBe('menu.main');
  });

  it('a caller that is gone when the called flow ends: the menu', () => {
    const talk = new Talk().in('en').tap('rights', 'KZ').type('human');
    const flows = new Map(world.flows);
    flows.delete('rights');
    talk.env = withFlows(flows);
    expect(talk.tap('done').at).toBe('menu.main');
  });
});

describe('ceilings', () => {
  it('a loop without a wait ends with a person, not with a hang', () => {
    const menu = world.flows.get('menu')!;
    const main = menu.steps.get('main')!;
    const loop = { ...main, kind: 'set' as const, set: {}, waits: false, choices: [], next: 'main' };
    const flows = new Map(world.flows).set('menu', { ...menu, steps: new Map(menu.steps).set('main', loop) });
    const talk = new Talk(withFlows(flows)).start().tap('en');
    expect(talk.at).toBe('handoff.who');
    expect(talk.text).toContain('lost my way');
  });

  it('calls inside calls are let go from the oldest on', () => {
    const talk = new Talk().in('en').tap('rights', 'KZ');
    for (const word of [
      'help',
      'human',
      'where can i test',
      'human',
      'pregnant',
      'human',
      'prep',
      'language',
      'human',
    ])
      talk.type(word);
    expect(talk.session?.calls.length).toBeLessThanOrEqual(4);
  });
});
