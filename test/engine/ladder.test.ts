import { describe, expect, it } from 'vitest';
import { CAPABILITIES } from '../../src/channels/capabilities.ts';
import { render } from '../../src/channels/render.ts';
import { LANGS } from '../../src/message.ts';
import { Talk, world } from '../support/world.ts';

describe('not understood', () => {
  it.each(LANGS)(
    '%s: an example, then the numbered menu, then a person and a number to call; never the same twice',
    (lang) => {
      const talk = new Talk().in(lang).tap('rights', 'KZ');
      const said: string[] = [];
      for (let i = 0; i < 7; i++) {
        talk.type('qqqq zzzz wwww');
        said.push(talk.said.flatMap((m) => render(m, CAPABILITIES.telegram).map((r) => r.text)).join('\n'));
      }
      expect(talk.at).toBe('rights.topics');
      for (let i = 1; i < said.length; i++) expect(said[i]).not.toBe(said[i - 1]);
      expect(said[0]).toContain(talk.choices()[0]?.label);
      for (const [i, choice] of talk
        .choices()
        .filter((c) => !c.data.includes('@'))
        .entries()) {
        expect(said[1]).toContain(`${i + 1}  ${choice.label}`);
      }
      const numbers = world.content
        .contactsFor('KZ', 'general', lang, 2)
        .flatMap((c) => (c.phones.length > 0 ? c.phones : [c.url ?? '']));
      expect(numbers.length).toBeGreaterThan(0);
      for (const number of numbers) expect(said[2]).toContain(number);
    },
  );

  it('an answer that is understood starts the ladder anew', () => {
    const talk = new Talk().in('en').tap('rights').type('qqqq', 'qqqq').tap('KZ');
    expect(talk.session?.misses).toBe(0);
  });

  it('asks for a city with the example of a city', () => {
    expect(new Talk().in('en').tap('test').type('qqqq').text).toMatch(/for example \w+/);
  });

  it.each([
    ['media', { kind: 'media' }],
    ['a place in the middle of the ocean', { kind: 'place', lat: 0, lon: 0 }],
  ] as const)('%s gets a helpful answer and loses nothing', (_, input) => {
    const talk = new Talk().in('en').tap('test');
    const { at } = talk;
    talk.send(input);
    expect(talk.at).toBe(at);
    expect(talk.text).toMatch(/cannot open|no place near/);
    expect(talk.choices().length).toBeGreaterThan(0);
  });
});

describe('places', () => {
  it.each([
    ['Almaty', 'almaty'],
    ['алматы', 'almaty'],
    ['Олмаотӣ', 'almaty'],
    ['Алма-Ата', 'almaty'],
    ['shimkent', 'shymkent'],
    ['Ўш', 'osh'],
    ['Toshkent', 'tashkent'],
  ])('"%s" is %s', (typed, city) => {
    const talk = new Talk().in('en').tap('test').type(typed);
    expect(talk.vars.city).toBe(city);
    expect(talk.vars.country).toBe(world.content.city(city)?.country);
  });

  it('a shared location finds the nearest city; the coordinates stay nowhere', () => {
    const talk = new Talk().in('en').tap('test').send({ kind: 'place', lat: 43.25671, lon: 76.92861 });
    expect(talk.at).toBe('find-testing.nearby');
    expect(JSON.stringify(talk.session)).not.toMatch(/43\.|76\.|4325671/);
  });

  it('a location sent out of the blue shows places to test near it', () => {
    const talk = new Talk().in('en').tap('rights').send({ kind: 'place', lat: 43.25, lon: 76.93 });
    expect(talk.at).toBe('find-testing.nearby');
  });

  it('in Russia the warning comes before any place', () => {
    const talk = new Talk().in('en').tap('test').type('Moscow');
    expect(talk.at).toBe('find-testing.warning');
    expect(talk.text).toContain(world.texts.t('en', 'claims:ru-anon-first'));
    expect(talk.tap('go').at).toBe('find-testing.anonymous');
  });
});
