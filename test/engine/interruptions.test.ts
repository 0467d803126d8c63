import { describe, expect, it } from 'vitest';
import type { Session } from '../../src/engine/types.ts';
import { LANGS } from '../../src/message.ts';
import { loadPhrases } from '../../src/understanding/phrases.ts';
import { ROOT, Talk, withFlows, world } from '../support/world.ts';

describe('words that cannot wait', () => {
  const STEPS: Record<string, string> = {
    pep: 'where',
    'pep.when': 'recent',
    crisis: 'crisis',
    'crisis.violence': 'violence',
    'crisis.doubt': 'meant',
  };
  const urgent = loadPhrases(ROOT).phrases.flatMap(({ text, lang, intent, detail }) => {
    const at = STEPS[detail === undefined ? intent : `${intent}.${detail}`];
    return at === undefined ? [] : [{ text, lang, at }];
  });

  it.each(LANGS)('in %s interrupt any step', (lang) => {
    const own = urgent.filter((u) => u.lang === lang);
    expect(new Set(own.map((u) => u.at)).size).toBe(5);
    // A question, a list with numbers, somebody who has not said a word yet.
    const places = [new Talk().in('ru').tap('art', 'KZ'), new Talk().in('en').tap('test'), new Talk()];
    const sessions = places.map((talk) => talk.session);
    const wrong: string[] = [];
    own.forEach(({ text, at }, i) => {
      const talk = new Talk();
      talk.session = sessions[i % sessions.length] ?? null;
      talk.type(i % 2 === 0 ? `${text.toUpperCase()}!!!` : text);
      // With a city in the words it is not asked for; of some countries we have no number.
      const there = talk.vars.city === undefined ? talk.at : talk.at.replace(/nearby|no_place/, 'where');
      if (there === 'emergency.no_number') return;
      if (there !== `emergency.${at}`) wrong.push(`${text}: ${talk.at}, not ${at}`);
    });
    expect(wrong).toEqual([]);
  });

  it('the number comes first, then the clock, the place, and the offer of a person', () => {
    const talk = new Talk().in('en').type('the condom broke last night');
    const [number, clock, place] = talk.said.map((m) => m.text);
    expect(number).toMatch(/\b103\b/);
    expect(clock).toContain('72');
    expect(place).toContain('Where are you?');
    expect(talk.ids()).toContain('human');
    talk.type('Almaty');
    expect(talk.at).toMatch(/^emergency\.(nearby|no_place)$/);
    expect(talk.ids()).toContain('human');
  });

  it('with the place in the same words it is shown at once', () => {
    const talk = new Talk().in('ru').type('порвался презерватив вчера, я в Алматы');
    expect([talk.at, talk.vars.city]).toEqual([expect.stringMatching(/nearby|no_place/), 'almaty']);
    expect(talk.said[0]?.text).toMatch(/\b103\b/);
  });

  it.each([
    ['yes', 'emergency.where'],
    ['unsure', 'emergency.where'],
    ['no', 'find-testing.where'],
  ])('in doubt one question comes first: %s', (answer, at) => {
    const talk = new Talk().in('en').type('half a year ago the condom broke');
    expect([talk.at, talk.text]).toEqual(['emergency.recent', 'Did this happen in the last three days?']);
    expect(talk.tap(answer).at).toBe(at);
  });

  it('nobody is asked the same question twice', () => {
    const talk = new Talk().in('en').type('half a year ago the condom broke');
    expect(talk.type('half a year ago the condom broke').at).toBe('emergency.where');
  });

  it.each(['crisis', 'violence'])('%s shows a number at once, without asking anything', (id) => {
    const talk = new Talk().in('en').tap('urgent', id);
    expect(talk.said[0]?.text).toMatch(/\b(111|112)\b/);
  });
});

describe('another question in the middle of one', () => {
  it('is answered, and the first question comes back', () => {
    const talk = new Talk().in('en').tap('art', 'KZ').type('will they deport me');
    expect(talk.at).toBe('rights.deport');
    talk.tap('done', 'yes');
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
