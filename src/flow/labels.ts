import type { Lang } from '../message.ts';
import type { CheckInput } from './check-input.ts';
import { choiceKeys } from './keys.ts';
import type { Flow, FlowChoice, FlowStep } from './types.ts';

/** An option as a person reads it, with the key it comes from. */
export interface Label {
  id: string;
  /** Key of the text; undefined when it is not from the locales (cities). */
  key?: string;
  text: string;
  choice?: FlowChoice;
}

/** The key a choice's label is read from, or undefined when the language has none. */
export function labelKey(
  input: CheckInput,
  lang: Lang,
  flow: Flow,
  step: FlowStep,
  choice: string,
): string | undefined {
  return choiceKeys(flow.id, step.id, choice).find((key) => input.texts.has(lang, key));
}

/**
 * The sets of options a step can show, each in the order of the numbers: one set, or one for each country where
 * cities are listed.
 */
export function listLabels(input: CheckInput, lang: Lang, flow: Flow, step: FlowStep): Label[][] {
  const { texts, content } = input;
  const fixed = step.choices.map((choice): Label => {
    const key = labelKey(input, lang, flow, step, choice.id) ?? choiceKeys(flow.id, step.id, choice.id)[0];
    return { id: choice.id, key, text: texts.t(lang, key), choice };
  });
  const named = (kind: string, ids: readonly string[]) =>
    ids.map(
      (id): Label => ({ id, key: `places:${kind}.${id}`, text: texts.t(lang, `places:${kind}.${id}`) }),
    );
  switch (step.ask?.from) {
    case 'countries':
      return [[...named('countries', content.countries()), ...fixed]];
    case 'citizenships':
      return [[...named('citizenships', content.citizenships()), ...fixed]];
    case 'cities':
      return content.countries().map((country) => {
        const cities = content
          .cities(country)
          .map((city): Label => ({ id: city.id, text: city.names[lang] }));
        return [...cities, ...fixed];
      });
    default:
      // The names of the languages are the engine's own and fit everywhere.
      return [fixed];
  }
}

/** Whether two choices can never be shown together: a variable they both look at has no common value. */
export function areExclusive(a: FlowChoice | undefined, b: FlowChoice | undefined): boolean {
  return Object.entries(a?.when ?? {}).some(([name, one]) => {
    const other = b?.when?.[name];
    if (other === undefined) return false;
    const values = Array.isArray(one) ? one : [one];
    return !(Array.isArray(other) ? other : [other]).some((value) => values.includes(value));
  });
}
