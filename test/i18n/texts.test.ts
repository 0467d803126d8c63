import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pluralCategories, pluralCategory, pluralRules } from '../../src/i18n/plurals.ts';
import { compileTemplate, listPlaceholders } from '../../src/i18n/template.ts';
import { loadTexts } from '../../src/i18n/texts.ts';
import { LANGS } from '../../src/message.ts';
import { edit, layOver, SHIPPED } from './project.ts';

const load = (root = layOver()) => loadTexts(root, { langs: SHIPPED });

describe('texts', () => {
  const { texts, problems } = load();

  test('load without a problem', () => expect(problems).toEqual([]));

  test('fill placeholders, and nothing of what is filled in is read again', () => {
    expect(texts.t('ru', 'demo:a.text', { name: 'Аня' })).toBe('Что теперь, Аня?');
    expect(texts.t('en', 'demo:a.text', { name: '{{name}} $t(common:app) <b>' })).toBe(
      'What now, {{name}} $t(common:app) <b>?',
    );
    expect(texts.t('en', 'demo:a.text')).toBe('What now, ?');
    expect(texts.t('en', 'demo:a.text', {})).toBe('What now, ?');
  });

  test('choose the form by number', () => {
    const ru = [0, 1, 2, 5, 21, 22, 25, 111].map((count) =>
      texts.t('ru', 'common:found', { count, city: 'Ош' }),
    );
    expect(ru).toEqual([
      '0 мест: Ош.',
      'Одно место: Ош.',
      '2 места: Ош.',
      '5 мест: Ош.',
      'Одно место: Ош.',
      '22 места: Ош.',
      '25 мест: Ош.',
      '111 мест: Ош.',
    ]);
    expect(texts.t('tg', 'common:found', { count: 1, city: 'Хуҷанд' })).toBe('Як ҷой дар Хуҷанд.');
    expect(texts.t('tg', 'common:found', { count: 21, city: 'Хуҷанд' })).toBe('21 ҷой дар Хуҷанд.');
    expect(texts.t('uz-Cyrl', 'common:found', { count: 3, city: 'Тошкент' })).toBe(
      'Тошкент шаҳрида 3 та жой.',
    );
  });

  test('choose the variant by context, and fall back to the text without one', () => {
    expect(texts.t('ru', 'common:hello', { context: 'web' })).toBe('Здравствуйте на сайте');
    expect(texts.t('ru', 'common:hello', { context: 'telegram' })).toBe('Здравствуйте');
    expect(texts.t('ru', 'common:hello')).toBe('Здравствуйте');
  });

  test('give lists, and [] for what is none', () => {
    expect(texts.list('ru', 'common:words.menu')).toEqual(['меню', 'menu']);
    expect(texts.list('ru', 'common:hello')).toEqual([]);
    expect(texts.list('ru', 'common:nothing')).toEqual([]);
  });

  test('know what a language has itself', () => {
    expect(texts.has('ru', 'common:hello')).toBe(true);
    expect(texts.has('ru', 'common:found')).toBe(true);
    expect(texts.has('ru', 'common:words.stop')).toBe(true);
    expect(texts.has('ru', 'common:nothing')).toBe(false);
    expect(texts.has('kk', 'common:hello')).toBe(false);
  });

  test('fall back to English, and to the key when there is nothing at all', () => {
    expect(texts.t('kk', 'common:hello')).toBe('Hello');
    expect(texts.t('kk', 'common:found', { count: 2, city: 'Osh' })).toBe('2 places in Osh.');
    expect(texts.list('kk', 'common:list')).toEqual(['one', 'two']);
    expect(texts.t('ru', 'common:nothing')).toBe('common:nothing');
  });

  test('uz-Cyrl is made from uz, names and placeholders kept', () => {
    expect(texts.t('uz-Cyrl', 'demo:a.text', { name: 'Лола' })).toBe('Энди нима, Лола?');
    expect(texts.t('uz-Cyrl', 'common:app')).toBe('Telegram');
    expect(texts.list('uz-Cyrl', 'common:words.stop')).toEqual(['тўхта']);
  });
});

test('a missing text is a problem, and the level is the caller’s choice', () => {
  const root = layOver('missing-key');
  expect(load(root).problems).toEqual([
    {
      file: 'locales/ru/demo.json',
      rule: 'missing-key',
      message: 'no text for demo:a.choices.y',
      hint: 'translate demo:a.choices.y of locales/en',
      level: 'error',
    },
  ]);
  expect(loadTexts(root, { langs: SHIPPED, missing: 'warning' }).problems.map((p) => p.level)).toEqual([
    'warning',
  ]);
  expect(load(root).texts.t('ru', 'demo:a.choices.y')).toBe('Second');
});

test('broken JSON names file and line', () => {
  const root = layOver();
  edit(root, 'locales/ru/common.json', '"app": "Telegram",', '"app": "Telegram"');
  expect(load(root).problems[0]).toMatchObject({ file: 'locales/ru/common.json', rule: 'json', line: 11 });
});

describe('plurals', () => {
  test('the forms of each language', () => {
    expect(Object.fromEntries(LANGS.map((lang) => [lang, pluralCategories(lang).join(' ')]))).toEqual({
      uz: 'one other',
      'uz-Cyrl': 'one other',
      tg: 'one other',
      ky: 'one other',
      kk: 'one other',
      ru: 'one few many other',
      en: 'one other',
    });
  });

  test('a language ICU does not know is refused, not guessed', () => {
    expect(() => pluralRules('xx')).toThrow(/no plural rules for "xx"/);
  });

  test('count the same whatever the server speaks', () => {
    const script = `
      import { pluralCategory } from ${JSON.stringify(join(import.meta.dirname, '../../src/i18n/plurals.ts'))};
      const counts = [0, 1, 2, 5, 21, 22];
      console.log(JSON.stringify([counts.map((n) => pluralCategory('tg', n)), new Intl.PluralRules('tg').resolvedOptions().locale]));`;
    const run = (locale: string) =>
      JSON.parse(
        execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
          env: { ...process.env, LC_ALL: locale, LANG: locale },
          encoding: 'utf8',
        }),
      ) as [string[], string];
    const [plain] = run('C');
    const [russian, icu] = run('ru_RU.UTF-8');
    // The trap is real: without our rule this process would count Tajik as Russian.
    expect(icu).toBe('ru-RU');
    expect(russian).toEqual(plain);
    expect(plain).toEqual(['other', 'one', 'other', 'other', 'other', 'other']);
    expect(plain).toEqual([0, 1, 2, 5, 21, 22].map((n) => pluralCategory('uz', n)));
  });
});

test('templates', () => {
  expect(compileTemplate('{{a}}{{ b }}-{{a}}')({ a: 1, b: 'x' })).toBe('1x-1');
  expect(compileTemplate('{{a b}} {{}} {a}')({ a: 1 })).toBe('{{a b}} {{}} {a}');
  expect(listPlaceholders('{{b}} {{ a }} {{b}}')).toEqual(['a', 'b']);
});
