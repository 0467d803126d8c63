import { parseChoiceData } from '../engine/options.ts';
import type { Choice } from '../message.ts';
import type { Chance } from './chance.ts';
import type { Aim, Person, Season } from './people.ts';

/** Which button leads towards an aim, in the menu and below it. */
const TOWARDS: Readonly<Record<Aim, Readonly<Record<string, string>>>> = {
  testing: { 'menu.main': 'test' },
  art: { 'menu.main': 'art' },
  rights: { 'menu.main': 'rights' },
  pep: { 'menu.main': 'urgent', 'emergency.what': 'exposure', 'emergency.ask': 'exposure' },
  crisis: { 'menu.main': 'urgent', 'emergency.what': 'crisis', 'emergency.ask': 'crisis' },
  handoff: { 'menu.main': 'human' },
  prevention: { 'menu.main': 'more', 'menu.more': 'prevention' },
  pregnancy: { 'menu.main': 'more', 'menu.more': 'pregnancy' },
  basics: { 'menu.main': 'more', 'menu.more': 'basics' },
  privacy: { 'menu.main': 'more', 'menu.more': 'privacy' },
};

/** How often a button is pressed where it stands, against the others there. */
const PRESSED: Readonly<Record<string, number>> = {
  ...{ done: 34, yes: 70, no: 13, map: 14, next: 14, more: 26, how: 9, places: 20, list: 30, cost: 10 },
  ...{ window: 10, self: 6, cert: 7, city: 4, country: 3, topics: 9, rights: 5, test: 9, steps: 10 },
  ...{ human: 0.2, urgent: 0.6, abroad: 3, change: 2, remote: 6, kept: 20, hide: 3, forget: 4, lawyer: 8 },
  ...{ helped: 52, not: 9, still: 4, skip: 10, again: 6, leave: 0, unsure: 12, go: 30 },
  ...{ deport: 28, employer: 13, secrecy: 14, permit: 17, partner: 6, complain: 6, situation: 6 },
  ...{ start: 40, 'running-out': 34, pregnant: 7, child: 8, condoms: 20, prep: 22, pep: 8, treated: 12 },
  ...{ '@back': 3, '@menu': 4, '@sources': 2, '@wrong': 1, '@none': 4 },
};
const OTHERS = 8;
const LIST_SLOPE = 0.2;

/** Where people close the chat without an answer: what is asked there is hard, or close to them. */
const LEAVES: Readonly<Record<string, number>> = {
  'art-access.status': 0.16,
  'art-access.citizenship': 0.08,
  'art-access.country': 0.05,
  'find-testing.where': 0.09,
  'find-testing.cities': 0.05,
  'find-testing.warning': 0.12,
  'rights.country': 0.06,
  'rights.topics': 0.07,
  'pregnancy.country': 0.07,
  'emergency.where': 0.06,
  'welcome.language': 0.08,
  'welcome.hello': 0.05,
};
const LEAVES_ELSEWHERE = 0.04;
/** "Did this help?" is left unanswered. */
const LEAVES_AT_THE_END = 0.45;
/** Of late more leave where a city is asked for: something to be seen in the figures. */
const OF_LATE = { at: 'find-testing.where', more: 0.15 };

/** `rights.topics`: the step whose buttons these are; undefined without buttons. */
export function stepOf(choices: readonly Choice[]): string | undefined {
  const parts = parseChoiceData(choices[0]?.data ?? '');
  return parts === undefined ? undefined : `${parts.flow}.${parts.step}`;
}

/** Whether somebody closes the chat here, without a word. */
export function leaves(at: string, { late }: Season, chance: Chance): boolean {
  const end = at.endsWith('.useful') || at === 'handoff.after';
  const usual = end ? LEAVES_AT_THE_END : (LEAVES[at] ?? LEAVES_ELSEWHERE);
  const more = late && at === OF_LATE.at ? OF_LATE.more : 0;
  return chance.happens(usual + more);
}

/** Which button somebody would press: the one that is true of them, that leads where they want to go, or any. */
export function choose(
  at: string,
  choices: readonly Choice[],
  person: Person,
  chance: Chance,
): Choice | undefined {
  const find = (id: string | undefined) => choices.find((choice) => idOf(choice) === id);
  const [, step = ''] = at.split('.');
  const answers: Readonly<Record<string, string>> = {
    language: person.lang,
    choose: person.lang,
    country: person.country,
    stay: person.country,
    other_country: person.country,
    citizenship: person.citizenship,
    status: person.status,
  };
  const somebody = person.wantsPerson && !at.startsWith('menu.') ? find('human') : undefined;
  const meant = find(answers[step]) ?? find(TOWARDS[person.aim][at]) ?? somebody;
  return meant ?? chance.weighted(choices, (choice) => PRESSED[idOf(choice)] ?? rankOf(choice));
}

/** Of a list the first are the likeliest: the largest cities stand there. */
function rankOf({ number }: Choice): number {
  return OTHERS / (1 + Number(number) * LIST_SLOPE);
}

function idOf({ data }: Choice): string {
  return parseChoiceData(data)?.choice ?? '';
}
