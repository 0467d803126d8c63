import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatProblem } from '../../src/errors.ts';
import { toCyrillic } from '../../src/i18n/uz-cyrillic.ts';
import type { Lang } from '../../src/message.ts';
import { checkLoaded } from '../../src/understanding/check-phrases.ts';
import { foldWords } from '../../src/understanding/folding.ts';
import { loadPhrases, type Phrase, parseKey } from '../../src/understanding/phrases.ts';
import { parseYaml } from '../../src/yaml-source.ts';
import { ROOT, world } from '../support/world.ts';
import { type Answer, ask, divide, figuresOf } from './cross.ts';
import { DAMAGES, type Damage } from './damage.ts';

const loaded = loadPhrases(ROOT);

/** `test/understanding/unseen.yaml`, without those that stand in a locale by now. */
function unseen(): Phrase[] {
  const file = join(import.meta.dirname, 'unseen.yaml');
  const { source } = parseYaml('unseen.yaml', readFileSync(file, 'utf8'));
  const learnt = new Set(loaded.phrases.map(({ text }) => foldWords(text).join(' ')));
  const phrases = Object.entries(source?.data as Record<Lang, Record<string, string[]>>).flatMap(
    ([lang, lists]) =>
      Object.entries(lists).flatMap(([key, texts]) =>
        texts.flatMap((text): Phrase[] => {
          const meaning = { ...parseKey(key)!, lang: lang as Lang };
          const cyrillic: Phrase[] = [{ ...meaning, lang: 'uz-Cyrl', text: toCyrillic(text) }];
          return [{ ...meaning, text }, ...(lang === 'uz' ? cyrillic : [])];
        }),
      ),
  );
  return phrases.filter(({ text }) => !learnt.has(foldWords(text).join(' ')));
}

const phrasesUnseen = unseen();

const missed = (answers: Answer[]) =>
  answers
    .filter(({ phrase, understood }) => phrase.intent !== understood.intent)
    .map(({ phrase, understood }) => `${phrase.lang} ${phrase.intent} → ${understood.intent}: ${phrase.text}`)
    .join('\n');

test("the project's own phrases have no problem", () => {
  expect(checkLoaded(loaded).map(formatProblem)).toEqual([]);
});

test('phrases that nobody has learnt are understood, in every language', () => {
  const answers = ask(world.understanding, phrasesUnseen);
  const { count, top1, wrong, recall, alarms, none } = figuresOf(answers);
  expect(count).toBeGreaterThan(500);
  expect(top1, missed(answers)).toBeGreaterThan(0.96);
  expect(wrong).toBeLessThan(0.01);
  expect(recall).toBeGreaterThan(0.985);
  expect(alarms).toBeLessThan(0.015);
  expect(none).toBeGreaterThan(0.96);
  for (const lang of new Set(answers.map(({ phrase }) => phrase.lang))) {
    const own = figuresOf(answers.filter(({ phrase }) => phrase.lang === lang));
    expect(own.top1, lang).toBeGreaterThan(0.92);
    expect(own.recall, lang).toBeGreaterThan(0.94);
  }
});

test('the same phrases typed badly are understood nearly as well', () => {
  const least = {
    'no marks': 0.95,
    'other script': 0.93,
    'other layout': 0.93,
    'one typo': 0.88,
    stretched: 0.94,
  };
  for (const [name, floor] of Object.entries(least)) {
    const answers = ask(world.understanding, phrasesUnseen, DAMAGES[name as Damage]);
    const { count, top1 } = figuresOf(answers);
    expect(count, name).toBeGreaterThan(100);
    expect(top1, `${name}\n${missed(answers)}`).toBeGreaterThan(floor);
  }
});

test('who has learnt some of the phrases understands others', () => {
  // Learning all of them takes longer than everything else here; `npm run bench` does.
  const some = loaded.phrases.filter((_, i) => i % 8 === 0);
  const { asked, reader } = divide(some, 8, 0);
  const { top1, wrong, recall, alarms, none } = figuresOf(ask(reader, asked));
  expect(top1).toBeGreaterThan(0.75);
  expect(recall).toBeGreaterThan(0.89);
  expect(alarms).toBeLessThan(0.08);
  expect(none).toBeGreaterThan(0.74);
  expect(wrong).toBeLessThan(0.025);
});
