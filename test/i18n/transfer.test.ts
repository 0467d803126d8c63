import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatProblem } from '../../src/errors.ts';
import { checkLocales } from '../../src/i18n/check.ts';
import { exportLocale, importLocale } from '../../src/i18n/transfer.ts';
import { edit, layOver, read, SHIPPED } from './project.ts';

const check = (root: string) => checkLocales(root, { langs: SHIPPED }).map(formatProblem);
type Line = { key: string; status: string; en: string | string[]; ru: string | string[] };
const lines = (text: string): Line[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('an export has every text the language needs, with its status', () => {
  const root = layOver('missing-key');
  edit(root, 'locales/en/common.json', '"Hello"', '"Good day"');
  const out = lines(exportLocale(root, 'ru'));
  expect(out.map((l) => [l.key, l.status])).toEqual([
    ['common:nav.menu', 'ok'],
    ['common:found_one', 'ok'],
    ['common:found_few', 'ok'],
    ['common:found_many', 'ok'],
    ['common:found_other', 'ok'],
    ['common:hello', 'changed'],
    ['common:hello_web', 'ok'],
    ['common:app', 'ok'],
    ['common:list', 'ok'],
    ['common:words.menu', 'ok'],
    ['common:words.stop', 'ok'],
    ['demo:keywords', 'ok'],
    ['demo:a.text', 'ok'],
    ['demo:a.choices.x', 'ok'],
    ['demo:a.choices.y', 'new'],
  ]);
  expect(out.at(-1)).toEqual({ key: 'demo:a.choices.y', status: 'new', en: 'Second', ru: '' });
  expect(out.find((l) => l.key === 'common:found_few')?.en).toBe('{{count}} places in {{city}}.');
});

test('what comes back filled in is taken, accepted, and leaves no problem', () => {
  const root = layOver('missing-key');
  edit(root, 'locales/en/common.json', '"Hello"', '"Good day"');
  const filled = lines(exportLocale(root, 'ru')).map((line) => {
    if (line.key === 'common:hello') return { ...line, ru: 'Добрый день' };
    return line.key === 'demo:a.choices.y' ? { ...line, ru: 'Второе "место"' } : line;
  });
  const result = importLocale(root, 'ru', filled.map((line) => JSON.stringify(line)).join('\r\n'));
  expect(result).toEqual({ changed: 2, problems: [] });
  expect(JSON.parse(read(root, 'locales/ru/demo.json')).a.choices).toEqual({
    x: 'Первое',
    y: 'Второе "место"',
  });
  expect(JSON.parse(read(root, 'locales/ru/common.json'))._meta.drafted_by).toBe('test');
  expect(check(root).filter((p) => p.startsWith('locales/ru'))).toEqual([]);
});

test('a translation of a text that changed meanwhile is taken, and shows as stale', () => {
  const root = layOver();
  const out = exportLocale(root, 'ru');
  edit(root, 'locales/en/common.json', '"Hello"', '"Good day"');
  expect(importLocale(root, 'ru', out).problems).toEqual([]);
  expect(
    check(root)
      .filter((p) => p.includes('/ru/'))
      .join(),
  ).toMatch(/common:hello: the English text has changed/);
});

test('lines without a translation change nothing', () => {
  const root = layOver();
  const before = JSON.parse(read(root, 'locales/ru/common.json'));
  const empty =
    '{"key":"common:hello","en":"Hello","ru":""}\n{"key":"common:list","en":["one","two"],"ru":[]}\n\n';
  expect(importLocale(root, 'ru', empty)).toEqual({ changed: 0, problems: [] });
  expect(JSON.parse(read(root, 'locales/ru/common.json'))).toEqual(before);
});

test('with any wrong line nothing is written, and every wrong line is named', () => {
  const root = layOver();
  const files = ['common.json', 'demo.json', '.source.json'].map((name) => `locales/ru/${name}`);
  const before = files.map((file) => read(root, file));
  const text = [
    '{"key":"common:hello","en":"Hello","ru":"Привет"}',
    'nonsense',
    '{"key":"common:helo","en":"Hello","ru":"Привет"}',
    '{"key":"demo:a.text","en":"What now, {{name}}?","ru":"Что, {{nane}}?"}',
    '{"key":"common:list","en":["one"],"ru":"один"}',
    '{"key":"common:hello","en":"Hello","ru":"Салют"}',
    '{"key":"common:hello","en":"Hello","uz":"Salom"}',
    '',
  ].join('\n');
  const { changed, problems } = importLocale(root, 'ru', text);
  expect(changed).toBe(0);
  expect(problems.map((p) => p.line)).toEqual([2, 3, 4, 5, 6, 7]);
  expect(problems.map(formatProblem).join('\n')).toMatchInlineSnapshot(`
    "import:2  not valid JSON: Unexpected token 'o', "nonsense" is not valid JSON  [import]
        → look for a missing quote or comma
    import:3  there is no text "common:helo"  [import]
        → it was removed or renamed meanwhile: remove the line
    import:4  demo:a.text has other placeholders than the English  [import]
        → expected {{name}}
    import:5  common:list must be a list of texts  [import]
        → as in en
    import:6  common:hello stands here a second time  [import]
        → keep one of the two lines
    import:7  is not a line of an export  [import]
        → expected {"key": "…", "en": "…", "ru": "…"}"
  `);
  expect(files.map((file) => read(root, file))).toEqual(before);
});

test('a new language begins from an empty export', () => {
  const root = layOver();
  const out = lines(exportLocale(root, 'kk'));
  expect(new Set(out.map((l) => l.status))).toEqual(new Set(['new']));
  const some = '{"key":"common:hello","en":"Hello","kk":"Сәлеметсіз бе"}';
  expect(importLocale(root, 'kk', some)).toEqual({ changed: 1, problems: [] });
  expect(JSON.parse(read(root, 'locales/kk/common.json'))).toEqual({ hello: 'Сәлеметсіз бе' });
});

test('a broken language is not exported', () => {
  const root = layOver();
  writeFileSync(join(root, 'locales/ru/demo.json'), '{');
  expect(() => exportLocale(root, 'ru')).toThrow(/locales\/ru\/demo\.json:1/);
});
