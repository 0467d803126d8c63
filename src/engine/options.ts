import { choiceKeys } from '../flow/keys.ts';
import type { Flow, FlowChoice, FlowStep } from '../flow/types.ts';
import { type Choice, LANGS, type Lang } from '../message.ts';
import { countryOf, langOf, type Option, type Run } from './run.ts';
import type { Texts } from './types.ts';

/** The names of the languages in themselves: what a person looks for in the list. */
const ENDONYMS: Record<Lang, string> = {
  uz: 'Oʻzbekcha',
  'uz-Cyrl': 'Ўзбекча',
  tg: 'Тоҷикӣ',
  ky: 'Кыргызча',
  kk: 'Қазақша',
  ru: 'Русский',
  en: 'English',
};

/** The options of a step for this person, in the order of their numbers. */
export function optionsOf(run: Run, flow: Flow, step: FlowStep): Option[] {
  const lang = langOf(run);
  const listed = step.ask?.from === undefined ? [] : listOptions(run, step.ask.from, lang);
  const fixed = step.choices.filter((c) => visible(run, c));
  return [...listed, ...fixed.map((c) => fixedOption(run.env.texts, lang, flow, step, c))];
}

function fixedOption(texts: Texts, lang: Lang, flow: Flow, step: FlowStep, choice: FlowChoice): Option {
  const keys = choiceKeys(flow.id, step.id, choice.id);
  const synonyms = keys.map((k) => k.replace('choices.', 'synonyms.'));
  return { id: choice.id, label: labelOf(texts, lang, flow, step, choice), synonyms, choice };
}

/** What the button of a choice says. */
export function labelOf(texts: Texts, lang: Lang, flow: Flow, step: FlowStep, choice: FlowChoice): string {
  const keys = choiceKeys(flow.id, step.id, choice.id);
  return texts.t(lang, keys.find((k) => texts.has(lang, k)) ?? keys[0]);
}

/** A choice is hidden when its conditions do not hold, or when it would do nothing here. */
function visible(run: Run, choice: FlowChoice): boolean {
  const { vars } = run.session;
  for (const [name, wanted] of Object.entries(choice.when ?? {})) {
    const held = vars[name];
    const ok = Array.isArray(wanted) ? wanted.some((w) => w === held) : wanted === held;
    if (!ok) return false;
  }
  if (choice.target?.to !== 'do') return true;
  if (choice.target.action === 'next_site') return Array.isArray(vars.sites) && vars.sites.length > 1;
  if (choice.target.action === 'next_part') return Number(vars.part ?? 0) + 1 < Number(vars.parts ?? 0);
  if (choice.target.action === 'map') return currentSite(run)?.point !== undefined;
  return true;
}

/** The place on the screen of a `find_sites` step. */
export function currentSite(run: Run) {
  const { sites, site } = run.session.vars;
  const id = Array.isArray(sites) ? sites[typeof site === 'number' ? site : 0] : undefined;
  return id === undefined ? undefined : run.env.content.site(id);
}

function listOptions(
  run: Run,
  from: 'languages' | 'countries' | 'cities' | 'citizenships',
  lang: Lang,
): Option[] {
  const { texts, content } = run.env;
  switch (from) {
    case 'languages':
      return LANGS.map((l) => ({ id: l, label: ENDONYMS[l], synonyms: [`common:languages.${l}`] }));
    case 'countries':
      return named(texts, lang, 'countries', here(run, content.countries()));
    case 'citizenships':
      return named(texts, lang, 'citizenships', content.citizenships());
    case 'cities':
      return content.cities(countryOf(run)).map((c) => ({ id: c.id, label: c.names[lang], synonyms: [] }));
  }
}

/** The deployment's country first: most people are there. */
function here(run: Run, countries: readonly string[]): string[] {
  return [...countries].sort((a, b) => Number(b === run.env.country) - Number(a === run.env.country));
}

function named(texts: Texts, lang: Lang, kind: string, ids: readonly string[]): Option[] {
  return ids.map((id) => ({
    id,
    label: texts.t(lang, `places:${kind}.${id}`),
    synonyms: [`places:words.${id}`],
  }));
}

/** `<lang>:<flow>:<step>:<choice>`: what a button carries, and still means when the session is gone. */
export function choiceData(lang: Lang, flow: string, step: string, choice: string): string {
  return `${lang}:${flow}:${step}:${choice}`;
}

/** The parts of a button's data, or undefined for anything that is not ours. */
export function parseChoiceData(
  data: string,
): { lang: Lang; flow: string; step: string; choice: string } | undefined {
  const parts = data.split(':');
  const [lang, flow, step, choice] = parts;
  if (parts.length !== 4 || flow === undefined || step === undefined || choice === undefined)
    return undefined;
  const known = LANGS.find((l) => l === lang);
  return known === undefined ? undefined : { lang: known, flow, step, choice };
}

/** What the person sees: numbered options, then the row "Back · Menu" and, under facts, "Sources". */
export function choicesOf(
  run: Run,
  flow: Flow,
  step: FlowStep,
  options: Option[],
  sources: boolean,
): Choice[] {
  const lang = langOf(run);
  const choice = (id: string, label: string, number: string): Choice => ({
    data: choiceData(lang, flow.id, step.id, id),
    label,
    number,
  });
  const nav = (id: NavWord, number: string) =>
    choice(`@${id}`, run.env.texts.t(lang, `common:nav.${id}`), number);
  const choices = options.map((o, i) => choice(o.id, o.label, String(i + 1)));
  if (sources) choices.push(nav('sources', String(choices.length + 1)));
  if (run.session.assumed !== undefined) choices.push(nav('wrong', String(choices.length + 1)));
  if (!step.nav) return choices;
  const back = run.session.back.length > 0;
  if (back) choices.push(nav('back', '0'));
  choices.push(nav('menu', back ? '00' : '0'));
  return choices;
}

/** Engine's own buttons; their ids begin with `@`. */
export type NavWord = 'back' | 'menu' | 'sources' | 'wrong';
