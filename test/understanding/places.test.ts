import { expect, test } from 'vitest';
import { loadPhrases } from '../../src/understanding/phrases.ts';
import { ROOT, world } from '../support/world.ts';

test.each([
  ['I am from Uzbekistan and my pills are running out', { citizenship: 'UZ' }],
  ['я из Таджикистана, живу в Москве', { citizenship: 'TJ', city: 'moscow' }],
  ['гражданка Кыргызстана в Казахстане', { citizenship: 'KG', country: 'KZ' }],
  ['citizen of Moldova in Turkey', { citizenship: 'MD', country: 'TR' }],
  ['Ўзбекистонданман, Олмаотада қаерда тест топшираман', { citizenship: 'UZ', city: 'almaty' }],
  ["O'zbekistondanman dorilarim tugayapti", { citizenship: 'UZ' }],
  ['Rossiyadaman, fuqaroligim Ozbekiston', { country: 'RU', citizenship: 'UZ' }],
  ['аз Тоҷикистон ҳастам, дар Россия кор мекунам', { citizenship: 'TJ', country: 'RU' }],
  ['Кыргызстандан келдим, Алматыда жашайм', { citizenship: 'KG', city: 'almaty' }],
  ['Өзбекстаннанмын, Шымкентте тұрамын', { citizenship: 'UZ', city: 'shymkent' }],
  ['живу в РФ', { country: 'RU' }],
  ['из Бишкека приехал в Алматы', { city: 'almaty' }],
  // Said without "in" or "from", or on the way there: nothing is guessed.
  ['таблетки Узбекистан', {}],
  ['еду в Казахстан', {}],
  ['я узбек', {}],
  // Words that are also names of cities.
  ['оральный секс', {}],
  ['bolam 10 yosh, shu kasal haqida', {}],
  ['вич деген не, үш ай күттім', {}],
])('%s', (text, said) => {
  expect(world.placesIn(text)).toEqual(said);
});

test('every key of the phrases leads into a flow, or is a word that always works', () => {
  const keys = new Set(
    loadPhrases(ROOT).phrases.map(({ intent, detail }) =>
      detail === undefined ? intent : `${intent}.${detail}`,
    ),
  );
  const led = new Set([...world.flows.values()].flatMap((flow) => [...flow.triggers.intents.keys()]));
  const left = [...keys].filter((key) => !led.has(key));
  // Where their intent leads they can hide the chat or delete their data.
  expect(left.sort()).toEqual(['handoff', 'language', 'menu', 'none', 'privacy.forget', 'privacy.hide']);
});
