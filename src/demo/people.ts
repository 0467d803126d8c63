import type { ContentLookup } from '../content/types.ts';
import type { Lang } from '../message.ts';
import type { Intent } from '../understanding/types.ts';
import { Chance } from './chance.ts';
import type { DemoChannel } from './messenger.ts';

/** What somebody comes for. */
export type Aim = Exclude<Intent, 'language' | 'menu' | 'none'>;

/** Somebody who does not exist. */
export interface Person {
  /** From 0 on. */
  number: number;
  channel: DemoChannel;
  lang: Lang;
  /** What their telephone says. */
  hint?: Lang;
  /** Country of stay. */
  country: string;
  citizenship: string;
  /** Papers, as the flow about treatment asks for them. */
  status: string;
  aim: Aim;
  /** Looks for somebody to talk with. */
  wantsPerson: boolean;
  /** How often they write in words of their own where a button would do. */
  wordy: number;
}

/** Where in the year somebody comes. */
export interface Season {
  /** 0 to 1. */
  progress: number;
  campaign: boolean;
  /** The last whole week, or the one that is not over. */
  late: boolean;
}

const LANGUAGES = { uz: 30, 'uz-Cyrl': 5, tg: 17, ky: 13, ru: 22, kk: 10, en: 3 };
/** Whose telephone speaks Russian, whatever they speak. */
const RUSSIAN_PHONE = 0.45;
/** Most are where the bot is; the rest here. */
const AT_HOME = 0.64;
const ABROAD: Readonly<Record<string, number>> = {
  ...{ KZ: 16, RU: 15, UZ: 7, KG: 6, TJ: 4 },
  ...{ TR: 2, PL: 1, TM: 0.5, MD: 0.5 },
};
const FROM: Readonly<Record<Lang, Readonly<Record<string, number>>>> = {
  uz: { UZ: 93, KZ: 3, TJ: 2, KG: 2 },
  'uz-Cyrl': { UZ: 80, TJ: 8, KG: 12 },
  tg: { TJ: 94, UZ: 6 },
  ky: { KG: 97, UZ: 3 },
  kk: { KZ: 72, UZ: 20, RU: 5, TM: 3 },
  ru: { UZ: 26, KG: 22, TJ: 14, KZ: 12, RU: 15, TM: 4, BY: 2, AM: 2, MD: 2, none: 1 },
  en: { other: 82, TM: 6, UZ: 8, none: 4 },
};
const PAPERS = {
  ...{ work: 29, temporary: 19, visitor: 16, residence: 13, 'no-papers': 11 },
  ...{ unknown: 6, kandas: 2, refugee: 1, asylum: 1, stateless: 1, custody: 0.5, trafficked: 0.5 },
};
const AIMS: Readonly<Record<Aim, number>> = {
  ...{ testing: 38, art: 14, rights: 15, prevention: 9, basics: 8 },
  ...{ pep: 5, pregnancy: 3, crisis: 2, handoff: 2.5, privacy: 2 },
};
/** In the week in which everybody is told to be tested. */
const IN_CAMPAIGN: Readonly<Record<Aim, number>> = { ...AIMS, testing: 66, basics: 14 };
const WANTS_PERSON = 0.02;

/** Which stream of chance somebody's own traits come from; each of their visits has another. */
const TRAITS = 1;

/**
 * One of the demo's people. The same seed, number and season give the same person.
 *
 * @param home country of the deployment
 */
export function personOf(
  seed: number,
  number: number,
  season: Season,
  { home, content }: { home: string; content: Pick<ContentLookup, 'countries'> },
): Person {
  const chance = new Chance(seed, TRAITS, number);
  const lang = chance.oneOf(LANGUAGES);
  const channel = chance.oneOf(channelsOf(season));
  const hint = hintOf(lang, channel, chance);
  const abroad = content.countries().filter((country) => country !== home);
  const country = chance.happens(AT_HOME) ? home : chance.weighted(abroad, (c) => ABROAD[c] ?? 1);
  const aim = chance.oneOf(season.campaign ? IN_CAMPAIGN : AIMS);
  return {
    number,
    channel,
    lang,
    ...(hint === undefined ? {} : { hint }),
    country: country ?? home,
    citizenship: chance.oneOf(FROM[lang]),
    status: chance.oneOf(PAPERS),
    aim,
    wantsPerson: aim === 'handoff' || chance.happens(WANTS_PERSON),
    // Most never do, a few nearly always.
    wordy: chance.happens(0.3) ? 0.35 : 0.03,
  };
}

/** WhatsApp came later, and grows. */
function channelsOf({ progress }: Season): Record<DemoChannel, number> {
  return { telegram: 62 - 8 * progress, whatsapp: 10 + 16 * progress, web: 28 - 8 * progress };
}

function hintOf(lang: Lang, channel: DemoChannel, chance: Chance): Lang | undefined {
  if (chance.happens(RUSSIAN_PHONE)) return channel === 'whatsapp' ? undefined : 'ru';
  // No telephone says which script, and WhatsApp says nothing.
  return channel === 'whatsapp' ? undefined : lang === 'uz-Cyrl' ? 'uz' : lang;
}
