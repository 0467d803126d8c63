/** Names and signs that Uzbek texts in Cyrillic print in Latin letters. More: `locales/latin.json`. */
export const LATIN_NAMES: readonly string[] = [
  'Telegram',
  'WhatsApp',
  'Instagram',
  'Facebook',
  'Viber',
  'Google',
  'YouTube',
  'Android',
  'iPhone',
  'HIV',
  'AIDS',
  'UNAIDS',
  'UNHCR',
  'PrEP',
  'PEP',
  'SMS',
  'PIN',
  'SIM',
  'GPS',
  'VPN',
  'QR',
  'PDF',
  'CD',
];

/** Words as a whole: the soft sign that Latin spelling dropped is written only without a suffix (июль, июлда). */
export const WHOLE_WORDS: Readonly<Record<string, string>> = {
  yanvar: 'январь',
  fevral: 'февраль',
  aprel: 'апрель',
  iyun: 'июнь',
  iyul: 'июль',
  sentabr: 'сентябрь',
  oktabr: 'октябрь',
  noyabr: 'ноябрь',
  dekabr: 'декабрь',
  alkogol: 'алкоголь',
  gospital: 'госпиталь',
  rol: 'роль',
  parol: 'пароль',
  kontrol: 'контроль',
  kalendar: 'календарь',
  model: 'модель',
};

/** Beginnings of words whose Cyrillic cannot be told from their Latin. Lower case, with ʻ and ʼ. */
export const STEMS: Readonly<Record<string, string>> = {
  // With or without a suffix the month keeps its я.
  sentabr: 'сентябр',
  oktabr: 'октябр',
  // ц that is written s at the start of a word or after a consonant, or ts before a letter that does not tell
  sirk: 'цирк',
  sikl: 'цикл',
  sement: 'цемент',
  selsiy: 'цельсий',
  konsert: 'концерт',
  vaksin: 'вакцин',
  meditsin: 'медицин',
  vitse: 'вице',
  shprits: 'шприц',
  // с that would be read as ц
  pensiya: 'пенсия',
  // ъ, ь and ю that are not written
  obyekt: 'объект',
  subyekt: 'субъект',
  kompyuter: 'компьютер',
  intervyu: 'интервью',
  budjet: 'бюджет',
  polsha: 'польша',
  film: 'фильм',
  filtr: 'фильтр',
  albom: 'альбом',
  feldsher: 'фельдшер',
  // ъ after ў
  moʻjiza: 'мўъжиза',
  moʻtabar: 'мўътабар',
  moʻtadil: 'мўътадил',
};
