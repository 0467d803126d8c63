import type { City } from '../content/types.ts';
import type { Flow } from '../flow/types.ts';
import { labelOf } from './options.ts';
import { langOf, type Run, say, setVar } from './run.ts';

/** What stood in the words besides what they are about. */
export interface Said {
  city?: City;
  /** Country of stay. */
  country?: string;
  citizenship?: string;
}

/**
 * Takes over what the words have answered already, as far as the flow would ask it, and says so; the next screen offers
 * to correct it.
 *
 * @param set answers that follow from what the words are about
 * @param quiet nothing is said before what cannot wait
 * @returns the city, when the flow asks for one
 */
export function assume(
  run: Run,
  flow: Flow,
  set: Readonly<Record<string, string | number>>,
  said: Said,
  quiet: boolean,
): City | undefined {
  const { texts } = run.env;
  const lang = langOf(run);
  const asked = variablesOf(flow);
  const heard: string[] = [];
  const names: string[] = [];
  const hear = (name: string, value: string | number, label: string | undefined) => {
    setVar(run, name, value);
    if (label === undefined) return;
    names.push(name);
    heard.push(label);
  };
  const named = (kind: 'country' | 'citizenship' | 'city', name: string) =>
    texts.t(lang, `common:understood.${kind}`, { name });
  const city = asked.has('city') ? said.city : undefined;
  const country = said.country ?? said.city?.country;
  if (country !== undefined && (asked.has('country') || city !== undefined)) {
    if (run.session.vars.country !== country) setVar(run, 'city', null);
    const alone = city === undefined ? texts.t(lang, `places:countries.${country}`) : undefined;
    hear('country', country, alone === undefined ? undefined : named('country', alone));
  }
  if (city !== undefined) hear('city', city.id, named('city', city.names[lang]));
  if (said.citizenship !== undefined && asked.has('citizenship'))
    hear(
      'citizenship',
      said.citizenship,
      named('citizenship', texts.t(lang, `places:citizenships.${said.citizenship}`)),
    );
  for (const [name, value] of Object.entries(set)) hear(name, value, answerLabel(run, flow, name, value));
  if (heard.length > 0 && !quiet) {
    say(run, texts.t(lang, 'common:understood.text', { list: heard.join(' · ') }), { join: true });
    run.session.assumed = names;
  }
  return city;
}

function variablesOf(flow: Flow): ReadonlySet<string> {
  return new Set([...flow.steps.values()].flatMap(({ ask }) => ask?.choice ?? ask?.place ?? []));
}

/** What the button of an answer says, where one asks for it. */
function answerLabel(run: Run, flow: Flow, name: string, value: string | number): string | undefined {
  const { texts } = run.env;
  for (const step of flow.steps.values()) {
    const choice = step.ask?.choice === name ? step.choices.find(({ id }) => id === value) : undefined;
    if (choice !== undefined) return labelOf(texts, langOf(run), flow, step, choice);
  }
  return undefined;
}
