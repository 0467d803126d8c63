import { expect, onTestFinished, test } from 'vitest';
import { checkContent } from '../../src/content/check.ts';
import { loadContent } from '../../src/content/load.ts';
import { world } from '../support/world.ts';
import { gap, TODAY, writeProject } from './fixture.ts';

const { content } = world;

test.each([
  ['en', 'Where can I get syringes and a dentist?', ['harm-reduction', 'teeth']],
  ['en', 'I need a JOB!!!', ['job']],
  ['ru', 'Есть ли у вас психолог, у меня депрессия и нет денег', ['mental-health', 'money']],
  ['ru', 'туберкулёз', ['tuberculosis']],
  ['kk', 'Жұмыс іздеп жүрмін, пәтер керек', ['job', 'housing']],
  ['ky', 'мага иш эмес, жумуш жана акча керек', ['job', 'money']],
  ['uz', 'Kvartira va ish kerak, qarzim bor', ['housing', 'job', 'money']],
  ['uz-Cyrl', 'Фуқаролик олмоқчиман', ['citizenship']],
  ['tg', 'Ба ман ҷарроҳӣ ва кор лозим аст', ['surgery', 'job']],
  ['mixed', 'gepatit С прививка', ['hepatitis', 'vaccination']],
])('topics are found in what people type: %s', (_, text, topics) => {
  const found = content.gapsIn(text);
  expect(topics.filter((topic) => !found.includes(topic))).toEqual([]);
});

test('a topic is found once, and nothing in words that are none of ours', () => {
  expect(content.gapsIn('job job, jobs; WORK')).toEqual(['job']);
  expect(content.gapsIn('')).toEqual([]);
  expect(content.gapsIn('👍 12345 ?!')).toEqual([]);
  expect(content.gapsIn('Gulbahor Otajonova, Nina, +7 701 555 00 01')).toEqual([]);
  expect(content.gapsIn('where can I take an HIV test in Almaty')).toEqual([]);
});

test('in a text as long as may be, of any kind', () => {
  // Beginnings of a stem over and over; every word; no words at all.
  expect(content.gapsIn(`${'туберку'.repeat(500)} job`)).toEqual(['job']);
  expect(content.gapsIn('tuberkul '.repeat(450))).toEqual(['tuberculosis']);
  expect(content.gapsIn('a'.repeat(4096))).toEqual([]);
  expect(content.gapsIn('й\u0306'.repeat(2048))).toEqual([]);
});

test('every topic has a name for coordinators and words in six languages', () => {
  const topics = content.gapTopics();
  expect(topics.length).toBeGreaterThanOrEqual(25);
  for (const topic of topics)
    for (const lang of ['en', 'ru', 'kk'] as const)
      expect(content.gapLabel(topic, lang), topic).toMatch(/\p{L}/u);
  expect(content.gapLabel('nothing', 'en')).toBeUndefined();
});

/** What the check says about a vocabulary. */
function problemsOf(...gaps: object[]): string[] {
  const { root, remove } = writeProject({ 'db/content/gaps.yaml': gaps });
  onTestFinished(remove);
  const problems = checkContent(root, TODAY).map((p) => `${p.line} ${p.rule}: ${p.message}`);
  const refused = loadContent(root).problems.filter((p) => p.file.endsWith('gaps.yaml')).length;
  expect(refused).toBe(problems.length);
  return problems;
}

test('the check refuses empty words, several words, short beginnings, doubles', () => {
  expect(problemsOf(gap('food'), gap('money'))).toEqual([]);
  expect(problemsOf(gap('food', { en: ['!!'] }))).toEqual([
    expect.stringMatching(/gap-word: "!!" has no letters/),
  ]);
  expect(problemsOf(gap('food', { en: ['a b'] }))).toEqual([
    expect.stringMatching(/gap-word: "a b" is more than one/),
  ]);
  expect(problemsOf(gap('food', { en: ['foo*'] }))).toEqual([
    expect.stringMatching(/gap-word: "foo\*" begins too/),
  ]);
  expect(problemsOf(gap('food', { ru: ['еда', 'ЕДА'] }))).toEqual([
    expect.stringMatching(/gap-double: "ЕДА" stands/),
  ]);
  expect(problemsOf(gap('food', { ru: ['қарз'] }), gap('money', { tg: ['карз'] }))).toEqual([
    expect.stringMatching(/gap-double: "карз" is a word of "food"/),
  ]);
  expect(problemsOf(gap('food', { ru: ['деньг*'] }), gap('money', { ru: ['деньги'] }))).toEqual([
    expect.stringMatching(/gap-double: "деньги" is a word of "food"/),
  ]);
  expect(problemsOf(gap('food'), gap('food', { en: ['meal'] }))).toEqual([
    expect.stringMatching(/duplicate-id/),
  ]);
});
