import { BUILT_IN, type Flow, type Flows, type IntentTarget } from '../flow/types.ts';
import type { Lang } from '../message.ts';
import { type Guess, INTENTS, isUrgent, keyOf, type Understood } from '../understanding/types.ts';
import { assume, type Said } from './assume.ts';
import { placeFound } from './city.ts';
import { doGlobal, interrupt } from './globals.ts';
import { labelOf } from './options.ts';
import { count, countryOf, langOf, type Option, type Run, standing, stepOf } from './run.ts';
import { begin } from './walk.ts';
import type { GlobalWord } from './words.ts';

/** A guess below this is not worth a button. */
const WORTH_ASKING = 0.2;
/** From this score on words are about nothing we know. */
const SURELY_NOTHING = 0.6;
/** Before the key of a guess, in the id of its button. */
const GO = '@go.';
/** The button "None of these". */
export const NONE = '@none';

/** Intents that are words which always work. */
const WORDS: Partial<Record<Guess['intent'], GlobalWord>> = {
  handoff: 'human',
  language: 'language',
  menu: 'menu',
};
/** The detail under which urgent words that may mean something else are asked about. */
const DOUBT: Partial<Record<Guess['intent'], string>> = { pep: 'when', crisis: 'doubt' };

type Meant = Pick<Guess, 'intent' | 'detail'>;

interface Route extends IntentTarget {
  flow: Flow;
}

const routes = new WeakMap<Flows, ReadonlyMap<string, Route>>();

/** Where an intent leads; a detail that no flow knows leads where its intent does. */
function routeOf(flows: Flows, found: Meant): Route | undefined {
  let known = routes.get(flows);
  if (known === undefined) {
    known = new Map(
      [...flows.values()].flatMap((flow) =>
        [...flow.triggers.intents].map(([key, to]): [string, Route] => [key, { ...to, flow }]),
      ),
    );
    routes.set(flows, known);
  }
  return known.get(keyOf(found)) ?? known.get(found.intent);
}

/** What the words of this turn were understood as; read once a turn. */
export function understood(run: Run): Understood | undefined {
  // A command says what it is.
  if (run.typed !== undefined && !run.typed.startsWith('/'))
    run.understood ??= run.env.understanding.read(run.typed);
  return run.understood;
}

/** What was surely meant by the words of this turn, if it leads away from where the person is. */
export function meant(run: Run): Meant | undefined {
  const read = understood(run);
  if (read === undefined || !read.sure || read.intent === 'none') return undefined;
  const { intent, detail } = read;
  const found = { intent, ...(detail === undefined ? {} : { detail }) };
  return leadsAway(run, found) ? found : undefined;
}

/** Urgent words: what they lead to, or the question that comes first when they may mean something else. */
export function urgentMeant(run: Run): (Meant & { lang: Lang }) | undefined {
  const read = understood(run);
  if (!read?.urgent) return undefined;
  const { lang, doubtful } = read;
  // Something else may be likelier, and yet this too likely to be left unasked.
  const found = [read, ...read.near].find(({ intent }) => isUrgent(intent));
  if (found === undefined || found.intent === 'none') return undefined;
  const { intent, detail } = found;
  const asked = { intent, lang, detail: DOUBT[intent] ?? '' };
  if (!doubtful) return { intent, lang, ...(detail === undefined ? {} : { detail }) };
  // Asked once. Whoever answers in words that are still in doubt is not asked again.
  const here = standing(run);
  const question = routeOf(run.env.flows, asked);
  const again = question?.flow.id === here?.flow.id && question?.step === here?.step.id;
  return again ? { intent, lang } : asked;
}

/** In the flow where the person already is, only words that say more than the flow lead on. */
function leadsAway(run: Run, found: Meant): boolean {
  if (WORDS[found.intent] !== undefined) return true;
  const route = routeOf(run.env.flows, found);
  const here = standing(run);
  if (route === undefined) return false;
  if (route.flow.id !== here?.flow.id) return true;
  if (found.detail === undefined || route.step === here.step.id) return false;
  const news = Object.entries(route.set).some(([name, value]) => run.session.vars[name] !== value);
  return news || Object.keys(route.set).length === 0;
}

/**
 * Goes where words lead, with what they have answered already.
 * @param said what else stood in the words; nothing is assumed when they were only guessed at
 */
export function go(run: Run, to: Meant, said: Said = {}): void {
  const word = WORDS[to.intent];
  if (word !== undefined) return doGlobal(run, word);
  const route = routeOf(run.env.flows, to);
  if (route === undefined) return;
  const { flow } = route;
  run.session.misses = 0;
  const urgent = isUrgent(to.intent);
  const city = assume(run, flow, route.set, said, urgent);
  const step = stepOf(flow, route.step ?? flow.start);
  if (city !== undefined && step.ask?.place !== undefined) {
    count(run, { name: 'flow-started', flow: flow.id, country: countryOf(run) });
    interrupt(run, flow.id, () => placeFound(run, flow, step, city));
  } else if (urgent) {
    begin(run, flow.id, route.step);
  } else {
    interrupt(run, flow.id, () => begin(run, flow.id, route.step));
  }
}

/** Near misses as options: what could have been meant, and "None of these". Empty when there is nothing to offer. */
export function guessOptions(run: Run): Option[] {
  const read = understood(run);
  const options: Option[] = [];
  // What is surely about something else is not asked about.
  if (read === undefined || (read.intent === 'none' && read.score >= SURELY_NOTHING)) return options;
  for (const guess of read.near) {
    if (guess.score < WORTH_ASKING || guess.intent === 'menu' || !leadsAway(run, guess)) continue;
    const option = optionOf(run, keyOf(guess));
    if (option !== undefined && options.every((o) => o.label !== option.label)) options.push(option);
  }
  return options.length === 0 ? [] : [...options, none(run)];
}

/** The guesses that stand on the screen. */
export function guessesShown(run: Run): Option[] {
  return (run.session.at?.shown ?? []).flatMap((id) => {
    if (id === NONE) return none(run);
    return id.startsWith(GO) ? (optionOf(run, id.slice(GO.length)) ?? []) : [];
  });
}

/** What the button of a guess means, or undefined when it is none of ours. */
export function guessOf(run: Run, id: string): Meant | undefined {
  if (!id.startsWith(GO)) return undefined;
  const [name, detail] = id.slice(GO.length).split('.');
  const intent = INTENTS.find((known) => known === name);
  if (intent === undefined || intent === 'none') return undefined;
  const found = { intent, ...(detail === undefined ? {} : { detail }) };
  const leads = WORDS[intent] !== undefined || routeOf(run.env.flows, found) !== undefined;
  return leads ? found : undefined;
}

function none(run: Run): Option {
  return { id: NONE, label: run.env.texts.t(langOf(run), 'common:nav.none'), synonyms: [] };
}

/** A guess is called what the button is called that leads to the same place. */
function optionOf(run: Run, key: string): Option | undefined {
  const found = guessOf(run, `${GO}${key}`);
  const label = found === undefined ? undefined : labelOfGuess(run, found);
  return label === undefined ? undefined : { id: `${GO}${key}`, label, synonyms: [] };
}

function labelOfGuess(run: Run, found: Meant): string | undefined {
  const { texts, flows } = run.env;
  const lang = langOf(run);
  if (found.intent === 'handoff') return texts.t(lang, 'common:choices.human');
  const route = routeOf(flows, found);
  const flow = found.intent === 'language' ? flows.get(BUILT_IN.language) : route?.flow;
  if (flow === undefined) return undefined;
  const wanted = route?.set.about ?? route?.step;
  const own = listChoices(flow).find(({ choice }) => {
    const answers = Object.values(route?.set ?? {}).includes(choice.id);
    return answers || (choice.target?.to === 'step' && choice.target.step === wanted);
  });
  const menu = flows.get(BUILT_IN.menu);
  const listed = menu === undefined ? [] : listChoices(menu);
  const named =
    own ??
    listed.find(
      ({ choice: { target } }) => (target?.to === 'goto' || target?.to === 'call') && target.flow === flow.id,
    );
  return named === undefined ? undefined : labelOf(texts, lang, named.flow, named.step, named.choice);
}

function listChoices(flow: Flow) {
  return [...flow.steps.values()].flatMap((step) => step.choices.map((choice) => ({ flow, step, choice })));
}
