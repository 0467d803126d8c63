import { describe, expect, it } from 'vitest';
import { GLOBAL_WORDS } from '../../src/engine/words.ts';
import { LANGS } from '../../src/message.ts';
import { Talk, world } from '../support/world.ts';

/** A person in the middle of something, with variables and a way back. */
const inTheMiddle = () => new Talk().in('en').tap('art', 'KZ', 'UZ');

describe('words that always work', () => {
  const typed = LANGS.flatMap((lang) =>
    GLOBAL_WORDS.flatMap((word) =>
      world.texts.list(lang, `common:words.${word}`).map((text) => ({ lang, word, text })),
    ),
  );

  it('knows words for each of them in every language', () => {
    for (const lang of LANGS) {
      for (const word of GLOBAL_WORDS)
        expect(world.texts.list(lang, `common:words.${word}`), `${lang} ${word}`).not.toEqual([]);
    }
  });

  const after = {
    menu: 'menu.main',
    hello: 'menu.main',
    back: 'art-access.citizenship',
    language: 'language.choose',
    human: 'handoff.who',
    help: 'art-access.status',
    stop: '-',
    forget: '-',
    hide: '-',
  };

  it.each(LANGS)('those of %s mean the same whatever language the chat is in, in capitals too', (lang) => {
    for (const { word, text } of typed.filter((t) => t.lang === lang)) {
      expect(inTheMiddle().type(text.toUpperCase()).at, text).toBe(after[word]);
    }
  });

  it('stop clears the answers and keeps the language', () => {
    const talk = inTheMiddle().type('stop');
    expect(talk.session).toEqual({ v: 1, lang: 'en', vars: {}, calls: [], back: [], misses: 0 });
    expect(talk.choices()).toEqual([]);
  });

  it('hide asks for the screen to be cleared and leaves a neutral line', () => {
    const talk = inTheMiddle().type('x');
    expect(talk.wanted.map((e) => e.type)).toEqual(['hide', 'send']);
    expect(talk.text).not.toMatch(/hiv|test|treat/i);
    expect(talk.session?.vars).toEqual({});
  });

  it('forget leaves nothing, not even the language, and says nothing itself', () => {
    const talk = inTheMiddle().type('Delete my data');
    expect(talk.wanted).toEqual([{ type: 'forget', lang: 'en' }]);
    expect(talk.session).toEqual({ v: 1, vars: {}, calls: [], back: [], misses: 0 });
  });

  it('language and human come back to the question that was interrupted, in the new language', () => {
    const talk = inTheMiddle().type('тил');
    expect(talk.at).toBe('language.choose');
    talk.type('Тоҷикӣ');
    expect(talk.at).toBe('art-access.status');
    expect(talk.said.at(-1)?.lang).toBe('tg');
    expect(talk.vars).toMatchObject({ country: 'KZ', citizenship: 'UZ' });
    talk.type('оператор').tap('done');
    expect(talk.at).toBe('art-access.status');
  });

  it('works before a language is chosen', () => {
    expect(new Talk().type('help').at).toBe('welcome.language');
    expect(new Talk().type('/menu').at).toBe('welcome.language');
    expect(new Talk().start().type('x').at).toBe('-');
  });
});
