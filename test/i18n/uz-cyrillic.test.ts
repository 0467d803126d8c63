import { describe, expect, test } from 'vitest';
import { checkCyrillic, toCyrillic } from '../../src/i18n/uz-cyrillic.ts';

/** Latin → Cyrillic, by where the pair is printed. */
const WORDS: Record<string, [latin: string, cyrillic: string][]> = {
  'uz.wikipedia, "Oʻzbek lotin alifbosi qoidalari"': [
    ['sirk', 'цирк'],
    ['federatsiya', 'федерация'],
    ['funksiya', 'функция'],
    ['yengil', 'енгил'],
    ['yetti', 'етти'],
    ['Nizoyev', 'Низоев'],
    ['qayerda', 'қаерда'],
    ['dorixona', 'дорихона'],
    ['jahon', 'жаҳон'],
    ['Shahar', 'Шаҳар'],
    ['CHIQISH', 'ЧИҚИШ'],
    ['BARCHAMIZNI', 'БАРЧАМИЗНИ'],
    ['MChJ', 'МЧЖ'],
    ['MCHJ', 'МЧЖ'],
  ],
  'zarnews.uz, on ts and s': [
    ['Konstitutsiya', 'Конституция'],
    ['Konferensiya', 'Конференция'],
  ],
  'Universal Declaration of Human Rights, article 1, in both scripts': [
    ['Barcha odamlar erkin, qadr-qimmat va huquqlarda', 'Барча одамлар эркин, қадр-қиммат ва ҳуқуқларда'],
    ['teng boʻlib tugʻiladilar.', 'тенг бўлиб туғиладилар.'],
    ['Ular aql va vijdon sohibidirlar', 'Улар ақл ва виждон соҳибидирлар'],
    [
      'va bir-birlari ila birodarlarcha muomala qilishlari zarur.',
      'ва бир-бирлари ила биродарларча муомала қилишлари зарур.',
    ],
  ],
  'nrm.uz and e-journal.uz, laws and articles in Cyrillic': [
    ['Oktabr', 'Октябрь'],
    ['1-avgustda', '1-августда'],
    ['respublikada', 'республикада'],
    ['qonun hujjatlari', 'қонун ҳужжатлари'],
    ['taʼminlash', 'таъминлаш'],
    ['soʻmlik', 'сўмлик'],
    ['budjetdan', 'бюджетдан'],
    ['subyekti', 'субъекти'],
    ['himoya qilish', 'ҳимоя қилиш'],
    ['vazirligi', 'вазирлиги'],
    ['yoʻnalishining', 'йўналишининг'],
    ['muvofiq', 'мувофиқ'],
    ['fuqaro', 'фуқаро'],
  ],
  'Tashkent Medical Academy lectures and the Ministry of Health, in Cyrillic': [
    ['OIV infeksiyasi', 'ОИВ инфекцияси'],
    ['OIV infektsiyasi', 'ОИВ инфекцияси'],
    ['OITSning', 'ОИТСнинг'],
    ['OIVga', 'ОИВга'],
    ["OIV'ni", 'ОИВни'],
    ['AQShda', 'АҚШда'],
    ['kasallik belgilari', 'касаллик белгилари'],
    ['bemorlarni davolash', 'беморларни даволаш'],
    ['sogʻliqni saqlash', 'соғлиқни сақлаш'],
    ['tibbiyot', 'тиббиёт'],
    ['shifoxona', 'шифохона'],
    ['maʼruza', 'маъруза'],
    ['epidemiologiya', 'эпидемиология'],
  ],
  'Imlo lugʻati (spelling dictionary), words where letters were lost': [
    ['obyekt', 'объект'],
    ['kompyuter', 'компьютер'],
    ['intervyu', 'интервью'],
    ['alkogol', 'алкоголь'],
    ['shprits', 'шприц'],
    ['vaksina', 'вакцина'],
    ['meditsina', 'медицина'],
    ['politsiya', 'полиция'],
    ['retsept', 'рецепт'],
    ['litsenziya', 'лицензия'],
    ['patsiyent', 'пациент'],
    ['pensiya', 'пенсия'],
    ['konsert', 'концерт'],
    ['eʼlon', 'эълон'],
    ['sanʼat', 'санъат'],
    ['Isʼhoq', 'Исҳоқ'],
    ['moʻjiza', 'мўъжиза'],
    ['poeziya', 'поэзия'],
    ['aeroport', 'аэропорт'],
    ['dunyo', 'дунё'],
    ['yoʻl', 'йўл'],
    ['Yoʻq', 'Йўқ'],
    ['yuz', 'юз'],
    ['yaxshi', 'яхши'],
    ['yer', 'ер'],
    ['AQSh', 'АҚШ'],
    ['singil', 'сингил'],
  ],
  'т and с of two parts of a word': [
    ['ketsa', 'кетса'],
    ['hujjatsiz', 'ҳужжатсиз'],
    ['aytsin', 'айтсин'],
    ['shartsiz', 'шартсиз'],
    ['otsangiz', 'отсангиз'],
  ],
};

for (const [source, pairs] of Object.entries(WORDS)) {
  describe(source, () => {
    for (const [latin, cyrillic] of pairs) test(latin, () => expect(toCyrillic(latin)).toBe(cyrillic));
  });
}

test('the table has at least sixty words', () => {
  const words = Object.values(WORDS).flatMap((pairs) => pairs.flatMap(([latin]) => latin.split(/\s+/)));
  expect(new Set(words).size).toBeGreaterThanOrEqual(60);
});

test('names of countries and days, as Unicode CLDR has them in both scripts', () => {
  const name = (locale: string, code: string) =>
    new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? '';
  for (const code of 'KZ KG UZ TJ TM RU BY AM MD TR PL AF CN UA GE AZ DE FR JP EG'.split(' ')) {
    expect(toCyrillic(name('uz', code))).toBe(name('uz-Cyrl', code));
  }
  for (let day = 1; day <= 7; day++) {
    const weekday = (locale: string) =>
      new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, 10, day));
    expect(toCyrillic(weekday('uz'))).toBe(weekday('uz-Cyrl'));
  }
});

describe('what stays as it is', () => {
  const kept: [name: string, latin: string, cyrillic: string][] = [
    ['placeholders', '{{city}}da {{count}} ta joy', '{{city}}да {{count}} та жой'],
    [
      'addresses',
      'Sayt: https://hivpoint.kz/test?x=1 yoki info@who.int, aids.gov.uz',
      'Сайт: https://hivpoint.kz/test?x=1 ёки info@who.int, aids.gov.uz',
    ],
    ['phone numbers', '+7 727 246 53 36 raqami', '+7 727 246 53 36 рақами'],
    ['commands and handles', '/menu yozing, @hamroh_bot', '/menu ёзинг, @hamroh_bot'],
    ['a slash between words is no command', 'OIV/OITS va/yoki', 'ОИВ/ОИТС ва/ёки'],
    [
      'names, with Cyrillic suffixes',
      'Telegramda, WhatsApp’ni, SMSni, PrEP',
      'Telegramда, WhatsAppни, SMSни, PrEP',
    ],
    ['Roman numerals', 'III bosqich, XX asr', 'III босқич, XX аср'],
    ['a number before a month', '3-sentabrdan', '3-сентябрдан'],
    ['quotes are not letters', "'test' ‘test’ “test”", "'тест' ‘тест’ “тест”"],
    ['emoji and signs', '📍 Joylashuv — 100%', '📍 Жойлашув — 100%'],
  ];
  for (const [name, latin, cyrillic] of kept) test(name, () => expect(toCyrillic(latin)).toBe(cyrillic));
});

test('every kind of apostrophe makes the same letter', () => {
  for (const sign of ["'", '`', '‘', '’', 'ʻ', 'ʼ']) {
    expect(toCyrillic(`O${sign}zbekiston, tog${sign}`)).toBe('Ўзбекистон, тоғ');
    expect(toCyrillic(`ma${sign}lumot`)).toBe('маълумот');
  }
});

test('names of our own are kept when they are listed', () => {
  expect(toCyrillic('AFEW markazi')).toBe('АФЕW маркази');
  expect(toCyrillic('AFEW markazi', ['AFEW'])).toBe('AFEW маркази');
});

test('letters the rules do not know are found', () => {
  expect(checkCyrillic(toCyrillic('Wifi bor, café, AFEW, Telegramda, III, https://a.b/c, {{name}}'))).toEqual(
    ['Wифи', 'cафé', 'АФЕW'],
  );
  expect(checkCyrillic('AFEW маркази', ['AFEW'])).toEqual([]);
});
