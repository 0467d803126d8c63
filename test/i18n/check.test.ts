import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../src/errors.ts';
import { acceptLocale } from '../../src/i18n/accept.ts';
import { checkLocales } from '../../src/i18n/check.ts';
import { edit, FIXTURES, layOver, read, SHIPPED } from './project.ts';

const check = (root: string) => checkLocales(root, { langs: SHIPPED });

/** Rule → what it says. The fault itself is in fixtures/<rule>/. */
const RULES: Record<string, RegExp> = {
  'missing-key': /^locales\/ru\/demo\.json {2}no text for demo:a\.choices\.y/m,
  'extra-key': /demo\.json:\d+ {2}demo:a\.choices\.z: is not in locales\/en/,
  plural:
    /no text for common:found_few[\s\S]*ru needs the forms one, few, many, other[\s\S]*tg has no such form[\s\S]*one, other/,
  placeholders: /\{\{name\}\} is missing, \{\{nane\}\} is not in en/,
  'label-long': /has 38 characters[\s\S]*at most 34/,
  'same-text': /demo:a\.choices\.x: is the English text/,
  keywords: /"стоп" already means common:words\.menu in ru/,
  stale: /^locales\/ru\/demo\.json:\d+ {2}demo:a\.text: the English text has changed/m,
  'mixed-script': /"Пeрвое" mixes Latin and Cyrillic letters: e \(U\+0065\)/,
  'latin-left':
    /^locales\/uz\/demo\.json:\d+ {2}demo:a\.choices\.x: in Cyrillic, Latin letters are left in: Wифи /m,
  meta: /_meta: reviewed_by and reviewed_on go together/,
  empty: /demo:a\.choices\.x: is empty/,
  kind: /common:list: is not a list of texts as in en/,
  value: /"n" is not a text/,
};

test('the fault-free locales have no problem', () => {
  expect(check(layOver()).map(formatProblem)).toEqual([]);
});

describe('each rule sees its fault, and no other rule does', () => {
  for (const [rule, says] of Object.entries(RULES)) {
    test(rule, () => {
      const problems = check(layOver(rule));
      const all = problems.map(formatProblem).join('\n');
      expect([...new Set(problems.map((p) => p.rule))], all).toEqual([rule]);
      expect(all).toMatch(says);
      for (const p of problems) expect(p.hint).toBeTruthy();
    });
  }
});

test('every fixture folder has its row above', () => {
  expect(readdirSync(FIXTURES).sort()).toEqual(['good', ...Object.keys(RULES)].sort());
});

test('a missing language, broken JSON and a language nobody accepted are problems', () => {
  const root = layOver();
  rmSync(join(root, 'locales/tg'), { recursive: true });
  rmSync(join(root, 'locales/uz/.source.json'));
  expect(check(root).map((p) => [p.rule, p.file])).toEqual([
    ['missing-locale', 'locales/tg'],
    ['stale', 'locales/uz/.source.json'],
  ]);
  edit(root, 'locales/ru/common.json', '"app": "Telegram",', '"app": "Telegram"');
  const json = check(root).find((p) => p.rule === 'json');
  expect(json).toMatchObject({ file: 'locales/ru/common.json', line: 11 });
});

test('a label is warned about before it is refused', () => {
  const root = layOver();
  edit(root, 'locales/ru/demo.json', '"Первое"', '"Первое и ещё кое-что к нему"');
  expect(check(root).map((p) => [p.rule, p.level])).toEqual([['label-long', 'warning']]);
  expect(checkLocales(root, { langs: SHIPPED, labelLimit: 25 }).map((p) => p.level)).toEqual(['error']);
});

test('the form for one need not print the number, the others must', () => {
  const root = layOver();
  edit(root, 'locales/ru/common.json', '{{count}} мест:', 'Много мест:');
  expect(check(root).map((p) => p.message)).toEqual(['common:found_many: {{count}} is missing']);
});

test('a word means one thing in all languages together, and the same word twice is no fault', () => {
  const root = layOver();
  edit(root, 'locales/tg/common.json', '"menu": ["меню"', '"menu": ["Bye!"');
  expect(check(root).map(formatProblem).join()).toMatch(/"Bye!" already means common:words\.stop in en/);
});

test('accepting ends staleness, and what changed later is stale again', () => {
  const root = layOver('stale');
  expect(acceptLocale(root, 'ru')).toEqual({ accepted: 1 });
  expect(check(root).map((p) => p.file)).toEqual(['locales/tg/demo.json', 'locales/uz/demo.json']);
  edit(root, 'locales/en/common.json', '"Hello"', '"Good day"');
  expect(
    check(root)
      .filter((p) => p.file.includes('/ru/'))
      .map((p) => p.message),
  ).toEqual(['common:hello: the English text has changed since']);
  expect(Object.keys(JSON.parse(read(root, 'locales/ru/.source.json')))).toContain('common:found_few');
});

test('English and the Cyrillic made by rule cannot be accepted', () => {
  const root = layOver();
  expect(() => acceptLocale(root, 'en')).toThrow(/"en" is not a translation/);
  expect(() => acceptLocale(root, 'uz-Cyrl')).toThrow(/"uz-Cyrl" is not a translation/);
});

test('a broken locales/same.json is said, not guessed around', () => {
  const root = layOver();
  writeFileSync(join(root, 'locales/same.json'), '{ "txts": [] }');
  expect(check(root).map((p) => p.rule)).toContain('json');
});

test('a name that is the English one keeps its letters in Cyrillic; a name inside a text must be listed', () => {
  const root = layOver();
  edit(root, 'locales/en/common.json', '"Telegram"', '"AFEW Watch"');
  writeFileSync(join(root, 'locales/same.json'), '{ "keys": ["common:app"] }');
  for (const lang of ['ru', 'tg', 'uz'] as const) {
    edit(root, `locales/${lang}/common.json`, '"Telegram"', '"AFEW Watch"');
    acceptLocale(root, lang);
  }
  expect(check(root).map(formatProblem)).toEqual([]);
  edit(root, 'locales/uz/common.json', '"Assalomu alaykum"', '"AFEW markazi"');
  expect(check(root).map((p) => p.rule)).toEqual(['latin-left']);
  writeFileSync(join(root, 'locales/latin.json'), '["AFEW"]');
  expect(check(root).map(formatProblem)).toEqual([]);
});
