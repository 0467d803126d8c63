import { fold } from '../../src/i18n/fold.ts';
import { toCyrillic } from '../../src/i18n/uz-cyrillic.ts';
import { otherLayout } from '../../src/understanding/folding.ts';
import type { Phrase } from '../../src/understanding/phrases.ts';

/** As keyboards for Persian and Arabic have them. */
const ARABIC_DIGITS = '۰۱۲۳۴۵۶۷۸۹';

/** How people's typing differs from the phrases we know. Each gives undefined where it changes nothing. */
export const DAMAGES = {
  capitals: changed(({ text }) => text.toUpperCase()),
  'no marks': changed(({ text }) => fold(text)),
  'other script': changed(otherScript),
  'other layout': changed(({ text }) => otherLayout(text)),
  'one typo': changed(({ text }) => withTypo(text)),
  'other digits': changed(({ text }) =>
    text.replace(/[0-9]/g, (digit) => ARABIC_DIGITS[Number(digit)] ?? digit),
  ),
  stretched: changed(({ text }) => text.replace(/(\p{L})(?=\p{L}?(?:\s|$))/gu, '$1$1$1')),
} as const;
export type Damage = keyof typeof DAMAGES;

/** Russian and its neighbours as people type them in Latin letters. */
const LATIN: Readonly<Record<string, string>> = {
  ...{
    а: 'a',
    б: 'b',
    в: 'v',
    г: 'g',
    д: 'd',
    е: 'e',
    ё: 'yo',
    ж: 'zh',
    з: 'z',
    и: 'i',
    й: 'y',
    к: 'k',
    л: 'l',
  },
  ...{
    м: 'm',
    н: 'n',
    о: 'o',
    п: 'p',
    р: 'r',
    с: 's',
    т: 't',
    у: 'u',
    ф: 'f',
    х: 'h',
    ц: 'ts',
    ч: 'ch',
    ш: 'sh',
  },
  ...{
    щ: 'sch',
    ъ: '',
    ы: 'y',
    ь: '',
    э: 'e',
    ю: 'yu',
    я: 'ya',
    ә: 'a',
    ғ: 'g',
    қ: 'q',
    ң: 'ng',
    ө: 'o',
    ұ: 'u',
  },
  ...{ ү: 'u', һ: 'h', і: 'i', ҳ: 'h', ҷ: 'j', ў: "o'", ӯ: 'u', ӣ: 'i' },
};

function otherScript({ text, lang }: Phrase): string | undefined {
  if (lang === 'en') return undefined;
  if (lang === 'uz') return toCyrillic(text);
  return text.toLowerCase().replace(/\p{Script=Cyrillic}/gu, (letter) => LATIN[letter] ?? letter);
}

/** Two letters of the longest word change places: the same ones every time. */
function withTypo(text: string): string | undefined {
  const longest = [...text.matchAll(/\p{L}{5,}/gu)].sort((a, b) => b[0].length - a[0].length)[0];
  if (longest === undefined) return undefined;
  const at = longest.index + Math.floor(longest[0].length / 2);
  return `${text.slice(0, at - 1)}${text[at]}${text[at - 1]}${text.slice(at + 1)}`;
}

function changed(change: (phrase: Phrase) => string | undefined): (phrase: Phrase) => string | undefined {
  return (phrase) => {
    const text = change(phrase);
    return text === phrase.text ? undefined : text;
  };
}
