import type { Contact } from '../content/types.ts';
import type { Flow, FlowStep, Target } from '../flow/types.ts';
import { contactCard } from './cards.ts';
import { countryOf, langOf, type Run, say } from './run.ts';
import { onward, stepText } from './step-text.ts';

/** Shows whom to call about a topic. */
export function contactsStep(run: Run, flow: Flow, step: FlowStep): Target | undefined {
  const ask = step.contacts;
  if (ask === undefined) return undefined;
  const topic = topicOf(run, ask);
  const contacts = run.env.content.contactsFor(countryOf(run, ask.by), topic, langOf(run), ask.limit);
  if (contacts.length === 0 && step.none !== undefined) return { to: 'step', step: step.none };
  sayContacts(run, stepText(run, flow, step), contacts);
  return onward(step);
}

/** Shows the numbers that never wait. */
export function emergencyStep(run: Run, flow: Flow, step: FlowStep): Target | undefined {
  if (step.emergency === undefined) return undefined;
  const numbers = run.env.content.emergency(countryOf(run), step.emergency.topic);
  if (numbers.length === 0 && step.none !== undefined) return { to: 'step', step: step.none };
  sayContacts(run, stepText(run, flow, step), numbers);
  return onward(step);
}

/** The topic a step is about: that of its variable when it is set. */
export function topicOf(run: Run, ask: { topic: string; from?: string | undefined }): string {
  const from = ask.from === undefined ? undefined : run.session.vars[ask.from];
  return typeof from === 'string' ? from : ask.topic;
}

/** Contacts as blocks of a text: the country their numbers are of, then a card for each. */
export function contactBlocks(run: Run, contacts: readonly Contact[]): string[] {
  const { texts } = run.env;
  const lang = langOf(run);
  // Numbers are those of a country; which one is said, because the person may not have been asked.
  const own = contacts.find((c) => c.country !== 'ALL')?.country;
  const country = own === undefined ? '' : `${texts.t(lang, `places:countries.${own}`)}:`;
  return [country, ...contacts.map((c) => contactCard(texts, lang, c))];
}

function sayContacts(run: Run, text: string, contacts: readonly Contact[]): void {
  const blocks = [text, ...contactBlocks(run, contacts)].filter((t) => t !== '');
  say(run, blocks.join('\n\n'), { sources: [...contacts] });
}
