import { describe, expect, it } from 'vitest';
import { LANGS } from '../../src/message.ts';
import { Talk, world } from '../support/world.ts';

describe('free words lead to the right place', () => {
  it.each([
    ['where can i get tested in shymkent', 'find-testing.nearby', { city: 'shymkent', country: 'KZ' }],
    ['how much does an hiv test cost', 'find-testing.stay', { about: 'cost' }],
    ['will they deport me', 'rights.stay', { about: 'deport' }],
    ['will they deport me, i live in russia', 'rights.deport', { about: 'deport', country: 'RU' }],
    ['i found out that i am hiv positive, how do i start treatment', 'art-access.country', { need: 'start' }],
    ['what is prep', 'prevention.country', {}],
    ['can you get hiv from kissing', 'basics.not_passed', {}],
    ['i am pregnant and have hiv', 'pregnancy.country', {}],
    ['is this chat anonymous', 'privacy.main', {}],
    ['i want to talk to a person', 'handoff.who', { topic: 'general' }],
    ['can we speak russian please', 'language.choose', {}],
    ['hello there', 'menu.main', {}],
  ])('%s → %s', (text, at, vars) => {
    const talk = new Talk().in('en').type(text);
    expect([talk.at, talk.vars]).toEqual([at, expect.objectContaining(vars)]);
  });

  it('says what it took from the words, and asks only for the rest', () => {
    const talk = new Talk().in('en').type('I am from Uzbekistan and my pills are running out');
    expect([talk.at, talk.vars]).toEqual(['art-access.country', { citizenship: 'UZ', need: 'running-out' }]);
    expect(talk.text).toMatch(/^I understood: citizenship: Uzbekistan · My pills run out soon\./);
    // Citizenship and need are not asked any more.
    expect(talk.tap('KZ').at).toBe('art-access.status');
    expect(talk.tap('work').at).toBe('art-access.steps');
  });

  it('comes back to the question that was interrupted', () => {
    const talk = new Talk().in('en').tap('test').type('what is prep').tap('KZ', 'done', 'yes');
    expect(talk.at).toBe('find-testing.where');
  });

  it.each(['#@wrong', 'That is not right', '10'])('what it took wrong is asked anew: %s', (answer) => {
    const talk = new Talk().in('en').type('I am from Uzbekistan and my pills are running out');
    if (answer.startsWith('#')) talk.tap(answer.slice(1));
    else talk.type(answer);
    expect([talk.at, talk.vars]).toEqual(['art-access.country', {}]);
    expect(talk.ids()).not.toContain('@wrong');
    expect(talk.tap('KZ').at).toBe('art-access.citizenship');
  });

  it('can be corrected on the next screen only', () => {
    const talk = new Talk().in('en').type('I am from Uzbekistan and my pills are running out');
    const wrong = talk.choice('@wrong')!;
    talk.tap('KZ').send({ kind: 'tap', data: wrong.data });
    expect([talk.at, talk.vars.citizenship]).toEqual(['art-access.status', 'UZ']);
    expect(talk.text).toMatch(/earlier/);
  });

  it('a command is a command, not words', () => {
    expect(new Talk().in('en').type('/rights').at).toBe('rights.country');
    expect(new Talk().in('en').tap('rights').type('/nonsense').at).toBe('rights.country');
  });
});

describe('half understood', () => {
  const UNSURE = 'таблетки анализ';

  it('is a real case: the words below are not sure', () => {
    const { intent, sure, near } = world.understanding.read(UNSURE);
    expect([intent, sure, near.length > 0]).toEqual(['art', false, true]);
  });

  it.each(LANGS)('in %s the near misses are buttons, named as elsewhere, and lead there', (lang) => {
    const talk = new Talk().in(lang).tap('rights', 'KZ').type(UNSURE);
    expect(talk.at).toBe('rights.topics');
    expect(talk.text).toBe(world.texts.t(lang, 'common:miss.mean'));
    expect(talk.choices()[0]).toMatchObject({
      label: world.texts.t(lang, 'menu:main.choices.art'),
      number: '1',
    });
    expect(
      talk
        .ids()
        .slice(0, -3)
        .every((id) => id.startsWith('@go.')),
    ).toBe(true);
    expect(talk.ids().slice(-3)).toEqual(['@none', '@back', '@menu']);
    const { session } = talk;
    for (const answer of ['1', talk.choices()[0]!.label]) {
      talk.session = session;
      expect(talk.type(answer).at).toBe('art-access.citizenship');
    }
  });

  it('none of them: the question again, then the next rung of the ladder', () => {
    const talk = new Talk().in('ru').tap('rights', 'KZ').type(UNSURE);
    const { session } = talk;
    const last = talk.choices().at(-3)!.number;
    for (const answer of [last, 'Нет, другое', '#']) {
      talk.session = session;
      if (answer === '#') talk.send({ kind: 'tap', data: 'ru:rights:topics:@none' });
      else talk.type(answer);
      expect([talk.at, talk.ids()[0]]).toEqual(['rights.topics', 'deport']);
    }
    expect(talk.type('жжжж').text).toContain('номеров');
  });

  it('the labels of the step can still be typed', () => {
    const talk = new Talk().in('ru').tap('rights', 'KZ').type(UNSURE);
    expect(talk.type(world.texts.t('ru', 'rights:topics.choices.deport')).at).toBe('rights.deport');
  });

  it('a button of a guess still works from an old message; a forged one does nothing', () => {
    expect(new Talk().in('en').send({ kind: 'tap', data: 'en:rights:topics:@go.art.running-out' }).at).toBe(
      'art-access.country',
    );
    const talk = new Talk().in('en').tap('rights');
    for (const choice of ['@go.none', '@go.x', '@go.', '@none', '@wrong', '@go.__proto__'])
      expect(talk.send({ kind: 'tap', data: `en:rights:country:${choice}` }).at).toBe('rights.country');
  });

  it('what is surely about nothing we know is not guessed at', () => {
    const talk = new Talk().in('ru').tap('rights', 'KZ').type('курс доллара');
    expect(talk.ids()).not.toContain('@none');
    expect(talk.ids()[0]).toBe('deport');
  });
});
