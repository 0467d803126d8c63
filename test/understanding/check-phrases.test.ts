import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { formatProblem } from '../../src/errors.ts';
import { LANGS, type Lang } from '../../src/message.ts';
import { checkPhrases } from '../../src/understanding/check-phrases.ts';
import { INTENTS } from '../../src/understanding/types.ts';

/** Phrases of one language by key. */
type Lists = Record<string, unknown[]>;

/** Enough different phrases of every intent: made-up words, since nothing is understood here. */
function enough(lang: Lang): Lists {
  const sign = (n: number) => [...String(n)].map((digit) => 'abdefgklmr'[Number(digit)]).join('');
  return Object.fromEntries(
    INTENTS.map((intent) => [intent, Array.from({ length: 40 }, (_, n) => `${lang} ${intent} ${sign(n)}`)]),
  );
}

/** A project whose phrases are sound but for one change. */
function problemsAfter(change: (all: Record<Lang, Lists>) => void): string[] {
  const all = Object.fromEntries(LANGS.map((lang) => [lang, enough(lang)])) as Record<Lang, Lists>;
  change(all);
  const root = mkdtempSync(join(tmpdir(), 'hamroh-phrases-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const lang of LANGS) {
    mkdirSync(join(root, 'locales', lang), { recursive: true });
    writeFileSync(join(root, 'locales', lang, 'phrases.yaml'), JSON.stringify(all[lang], null, 1));
  }
  return checkPhrases(root).map(formatProblem);
}

test('sound phrases have no problem', () => {
  expect(problemsAfter(() => undefined)).toEqual([]);
});

const FAULTS: Record<string, [change: (all: Record<Lang, Lists>) => void, says: RegExp]> = {
  'an unknown intent': [
    ({ ru }) => (ru.weather = ['дождь']),
    /^locales\/ru\/phrases\.yaml:\d+ {2}no intent "weather"/,
  ],
  'an unknown detail': [
    ({ ru }) => (ru['art.soon'] = ['скоро']),
    /no intent "art\.soon"[\s\S]*art\.running-out/,
  ],
  'a key without a list': [({ en }) => Object.assign(en, { art: 'pills' }), /"art" is not a list/],
  'a number': [({ en }) => en.menu?.push(17), /locales\/en\/phrases\.yaml:\d+ {2}is not a text/],
  'no letters': [
    ({ kk }) => kk.menu?.push('?!'),
    /locales\/kk\/phrases\.yaml:\d+ {2}has fewer than two letters/,
  ],
  'one letter': [({ kk }) => kk.menu?.push('ы'), /fewer than two letters/],
  'a phrase too long': [({ tg }) => tg.none?.push('ба '.repeat(150)), /longer than 300 characters/],
  'a phrase twice in a language': [
    ({ uz }) => {
      uz.testing?.push("Qon topshirish, ma'no!");
      uz.testing?.push('qon topshirish mano');
    },
    /"qon topshirish mano" already stands in line \d+/,
  ],
  'a phrase under two intents': [
    ({ ru }) => {
      ru.testing?.push('сдать кровь');
      ru.none?.push('СДАТЬ КРОВЬ');
    },
    /already stands|is none here and testing in locales\/ru/,
  ],
  'a phrase under two intents, in other letters of another language': [
    ({ ru, uz }) => {
      ru.testing?.push('сдать кровь');
      uz.none?.push('sdat krov');
    },
    /is (none|testing) here and (none|testing) in locales\/(ru|uz)\/phrases\.yaml:\d+/,
  ],
  'a phrase under two details': [
    ({ ky }) => {
      ky['art.start'] = ['эми эмне'];
      ky['art.remote'] = ['ЭМИ ЭМНЕ?'];
    },
    /art\.remote here and art\.start|already stands/,
  ],
  'too few of an important intent': [
    ({ ru }) => ru.pep?.pop(),
    /^locales\/ru\/phrases\.yaml {2}39 phrases of "pep"; at least 40/,
  ],
  'too few of another intent': [({ ru }) => ru.menu?.splice(14), /14 phrases of "menu"; at least 15/],
};

describe('each fault is seen', () => {
  for (const [what, [change, says]] of Object.entries(FAULTS)) {
    test(what, () => {
      const found = problemsAfter(change);
      expect(found.join('\n')).toMatch(says);
      expect(found.length).toBeLessThanOrEqual(2);
    });
  }
});

test('a broken file is named with its line; a language without one has too few of everything', () => {
  const root = mkdtempSync(join(tmpdir(), 'hamroh-phrases-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'locales', 'ru'), { recursive: true });
  writeFileSync(join(root, 'locales', 'ru', 'phrases.yaml'), 'art:\n  - "таблетки\n');
  expect(checkPhrases(root).map(formatProblem).join('\n')).toMatch(
    /^locales\/ru\/phrases\.yaml:\d+ {2}not valid YAML/,
  );
  writeFileSync(join(root, 'locales', 'ru', 'phrases.yaml'), '');
  const few = checkPhrases(root);
  expect(few.map(({ rule }) => rule)).toContain('schema');
});
