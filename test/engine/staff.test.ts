import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fault, step } from '../../src/engine/step.ts';
import { isVital } from '../../src/engine/vital.ts';
import { GLOBAL_WORDS } from '../../src/engine/words.ts';
import { type Input, LANGS } from '../../src/message.ts';
import { Talk, world } from '../support/world.ts';

const STAFF: Input = { kind: 'staff' };
const CLAIMED = { channel: 'whatsapp', handoff: 'claimed' } as const;
const text = (t: string): Input => ({ kind: 'text', text: t });

describe('somebody of the organisation answers by hand', () => {
  test('the bot is silent, stays where it was and counts the conversation once', () => {
    const talk = new Talk(world, 'whatsapp').in('ru');
    const before = talk.session;
    talk.send(STAFF);
    expect(talk.effects).toEqual([
      { type: 'count', event: { name: 'talk', topic: 'general', outcome: 'by-phone' } },
    ]);
    expect(talk.session).toEqual(before);
    // From there on the store knows who has the chat.
    expect(step(world, before, STAFF, CLAIMED)).toEqual({ session: before, effects: [] });
  });

  test('who was written to first, and never talked with the bot, is not counted', () => {
    const talk = new Talk(world, 'whatsapp').send(STAFF);
    expect(talk.effects).toEqual([]);
  });

  test('an edit of the flow meanwhile is not spoken about', () => {
    const talk = new Talk(world, 'whatsapp').in('ru');
    talk.session = { ...talk.session!, at: { flow: 'gone', step: 'gone', hash: '', shown: [] } };
    talk.send(STAFF);
    expect(talk.said).toEqual([]);
  });

  test('whatever words come then, nothing is said but to those that clear up or leave', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.constantFrom('menu', 'назад', '1', '0', '00', 'Almaty', '/menu', '/test', 'HIV', 'спасибо', 'hello'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...LANGS), typed, (lang, words) => {
        const { session } = new Talk(world, 'whatsapp', lang).in(lang);
        fc.pre(!isVital(world, null, text(words)));
        const { effects } = step(world, session, text(words), CLAIMED);
        expect(effects.filter((e) => e.type === 'send')).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('what must always be heard', () => {
  const at = (flow: string, step: string, shown: string[]) => ({
    ...fault(world, null, { channel: 'whatsapp' }).session,
    at: { flow, step, hash: '', shown },
  });

  test.each([
    [
      'the words for it, in every language',
      (['forget', 'hide', 'stop'] as const).flatMap((w) =>
        LANGS.flatMap((l) => world.texts.list(l, `common:words.${w}`)),
      ),
    ],
    ['commands', ['/forget', '/hide', '/stop']],
    ['urgent words', ['the condom broke', 'Condom broke!!', 'help me please, i want to die']],
  ])('%s', (_, words) => {
    expect(words.length).toBeGreaterThan(2);
    for (const word of words) expect([word, isVital(world, null, text(word))]).toEqual([word, true]);
  });

  test('a button or a number that clears up, and what is not of the person', () => {
    expect(isVital(world, null, { kind: 'tap', data: 'ru:privacy:main:forget' })).toBe(true);
    expect(isVital(world, null, { kind: 'tap', data: 'ru:privacy:kept:hide' })).toBe(true);
    const there = at('privacy', 'main', ['kept', 'hide', 'forget', 'human', 'done']);
    expect(['1', '2', '3', '4'].map((n) => isVital(world, there, text(n)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isVital(world, null, STAFF)).toBe(true);
  });

  test('nothing else', () => {
    const others = [...GLOBAL_WORDS].filter((w) => !['forget', 'hide', 'stop'].includes(w));
    for (const word of [...others, 'Almaty', '3', '/test', 'HIV'])
      expect([word, isVital(world, null, text(word))]).toEqual([word, false]);
    for (const kind of ['start', 'media'] as const) expect(isVital(world, null, { kind })).toBe(false);
    for (const data of ['ru:privacy:main:kept', 'ru:menu:main:@menu', 'x', ''])
      expect(isVital(world, null, { kind: 'tap', data })).toBe(false);
  });
});
