import { describe, expect, it } from 'vitest';
import { MAX_BACK } from '../../src/engine/run.ts';
import { Talk } from '../support/world.ts';

describe('back', () => {
  it('restores place and variables exactly, step by step', () => {
    const talk = new Talk().in('en').tap('art');
    const seen = [structuredClone({ at: talk.at, vars: talk.vars })];
    for (const id of ['KZ', 'UZ', 'work', 'running-out']) {
      talk.tap(id);
      seen.push(structuredClone({ at: talk.at, vars: talk.vars }));
    }
    for (const was of seen.slice(0, -1).reverse()) {
      talk.type('0');
      expect({ at: talk.at, vars: talk.vars }).toEqual(was);
    }
  });

  it('restores the list of places and which of them was on the screen', () => {
    const talk = new Talk().in('en').tap('test').type('Almaty');
    talk.tap('next');
    const second = { vars: structuredClone(talk.vars), text: talk.text };
    talk.tap('how', '@back');
    expect(talk.vars).toEqual(second.vars);
    expect(talk.text).toBe(second.text);
  });

  it('goes back out of a call into the flow that was interrupted', () => {
    const talk = new Talk().in('en').tap('rights', 'KZ').type('human');
    expect(talk.at).toBe('handoff.who');
    talk.type('back');
    expect(talk.at).toBe('rights.topics');
    expect(talk.session?.calls).toEqual([]);
  });

  it('with nothing to go back to shows the menu', () => {
    const talk = new Talk().in('en');
    for (let i = 0; i < MAX_BACK + 3; i++) talk.type('back');
    expect(['menu.main', 'welcome.language']).toContain(talk.at);
  });
});

describe('tap = type', () => {
  const ways: [string, (t: Talk) => Talk][] = [
    ['button', (t) => t.tap('rights')],
    ['number', (t) => t.type('3')],
    ['full-width number', (t) => t.type('３')],
    ['Arabic-Indic number', (t) => t.type('٣')],
    ['Devanagari number', (t) => t.type('३')],
    ['keycap', (t) => t.type('3️⃣')],
    ['number with a dot', (t) => t.type(' 3. ')],
    ['label', (t) => t.type('my RIGHTS')],
    ['beginning of the label', (t) => t.type('my ri')],
  ];
  it.each(ways)('%s', (_, take) => {
    const talk = take(new Talk().in('en'));
    expect(talk.at).toBe('rights.country');
  });

  it('a number means what stood on the screen, also after the flow was edited', () => {
    const talk = new Talk().in('en');
    const { flows } = talk.env;
    const menu = flows.get('menu');
    if (menu === undefined) throw new Error('no menu');
    const main = menu.steps.get('main');
    if (main === undefined) throw new Error('no main');
    const reversed = { ...main, choices: [...main.choices].reverse() };
    talk.env = {
      ...talk.env,
      flows: new Map(flows).set('menu', {
        ...menu,
        hash: 'edited',
        steps: new Map(menu.steps).set('main', reversed),
      }),
    };
    expect(talk.type('3').at).toBe('rights.country');
  });
});

describe('old buttons', () => {
  it('on a step on the way: goes back there and takes the other answer', () => {
    const talk = new Talk().in('en').tap('art');
    const kazakhstan = talk.choices();
    talk.tap('KZ', 'UZ', 'work');
    const russia = kazakhstan.find((c) => c.data.endsWith(':RU'));
    talk.send({ kind: 'tap', data: russia?.data ?? '' });
    expect(talk.at).toBe('art-access.citizenship');
    expect(talk.vars).toEqual({ country: 'RU' });
  });

  it('pressed twice gives the same as pressed once', () => {
    const talk = new Talk().in('en');
    const rights = talk.choice('rights')?.data ?? '';
    talk.send({ kind: 'tap', data: rights });
    const once = JSON.stringify(talk.session);
    talk.send({ kind: 'tap', data: rights });
    expect(JSON.stringify(talk.session)).toBe(once);
  });

  it('on a step that is not on the way: says so, changes nothing', () => {
    const talk = new Talk().in('en').tap('rights', 'KZ');
    const before = JSON.stringify(talk.session);
    talk.send({ kind: 'tap', data: 'en:pregnancy:main:cost' });
    expect(talk.text).toContain('from earlier');
    expect(JSON.stringify(talk.session)).toBe(before);
  });

  it('when the session is gone: goes on in the language and flow of the button', () => {
    const start = new Talk().send({ kind: 'tap', data: 'tg:menu:main:test' });
    expect([start.at, start.session?.lang]).toEqual(['find-testing.where', 'tg']);
    const deep = new Talk().send({ kind: 'tap', data: 'ru:art-access:status:work' });
    expect([deep.at, deep.session?.lang]).toEqual(['art-access.country', 'ru']);
  });

  it.each([
    '',
    'x',
    'en:::',
    'xx:menu:main:test',
    'en:nowhere:main:test',
    'en:menu:nowhere:test',
    'en:menu:main:@nothing',
    'en:menu:main:__proto__',
    'a:b:c:d:e',
  ])('data %j never breaks anything', (data) => {
    expect(new Talk().send({ kind: 'tap', data }).said.length).toBeGreaterThan(0);
    const talk = new Talk().in('ru').tap('rights').send({ kind: 'tap', data });
    expect(talk.said.length).toBeGreaterThan(0);
    expect(talk.choices().length).toBeGreaterThan(0);
  });
});
