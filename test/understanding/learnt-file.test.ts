import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { learnPhrases } from '../../src/understanding/learn.ts';
import { digestOf, readLearnt, writeLearnt } from '../../src/understanding/learnt-file.ts';
import { loadPhrases } from '../../src/understanding/phrases.ts';
import { Reader } from '../../src/understanding/reader.ts';
import { loadUnderstanding } from '../../src/understanding/understanding.ts';

const PHRASES = `testing:
  - где сдать анализ
  - хочу сдать тест
  - сдать кровь
testing.cost:
  - сколько стоит тест
none:
  - погода завтра
  - билет на поезд
`;

function project(): string {
  const root = mkdtempSync(join(tmpdir(), 'hamroh-learnt-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'locales', 'ru'), { recursive: true });
  writeFileSync(join(root, 'locales', 'ru', 'phrases.yaml'), PHRASES);
  return root;
}

test('what was written understands as what was learnt', () => {
  const root = project();
  const learnt = learnPhrases(loadPhrases(root).phrases);
  writeLearnt(root, digestOf(root), learnt);
  const read = readLearnt(root, digestOf(root));
  expect(read).toEqual(learnt);
  for (const text of ['где сдать анализ', 'сдать где', 'сдвть кровь', 'сколько стоит', 'погода', 'xyz'])
    expect(loadUnderstanding(root).read(text)).toEqual(new Reader(learnt).read(text));
});

test('it stands for no other phrases', () => {
  const root = project();
  const before = digestOf(root);
  writeLearnt(root, before, learnPhrases(loadPhrases(root).phrases));
  writeFileSync(
    join(root, 'locales', 'ru', 'phrases.yaml'),
    PHRASES.replace('погода завтра', 'курс доллара'),
  );
  expect(digestOf(root)).not.toBe(before);
  expect(readLearnt(root, digestOf(root))).toBeUndefined();
  expect(loadUnderstanding(root).read('курс доллара')).toMatchObject({ intent: 'none', score: 1 });
});

test('a file that is missing, cut off or not ours is learnt anew', () => {
  const root = project();
  const digest = digestOf(root);
  expect(readLearnt(root, digest)).toBeUndefined();
  writeLearnt(root, digest, learnPhrases(loadPhrases(root).phrases));
  const path = join(root, 'dist', 'understanding.bin');
  const whole = readFileSync(path);
  for (const broken of [
    whole.subarray(0, -1),
    whole.subarray(0, 50),
    Buffer.alloc(0),
    Buffer.from('{"digest":1}'),
  ]) {
    writeFileSync(path, broken);
    expect(readLearnt(root, digest)).toBeUndefined();
  }
  expect(loadUnderstanding(root).read('сдать кровь')).toMatchObject({ intent: 'testing', score: 1 });
});

test('phrases that cannot be read stop the start, with file and line', () => {
  const root = project();
  writeFileSync(join(root, 'locales', 'ru', 'phrases.yaml'), 'testing:\n  - тест\nsport:\n  - футбол\n');
  expect(() => loadUnderstanding(root)).toThrow(/locales\/ru\/phrases\.yaml:3 {2}no intent "sport"/);
});
