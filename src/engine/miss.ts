import type { Flow, FlowStep } from '../flow/types.ts';
import { contactCard } from './cards.ts';
import { optionsOf } from './options.ts';
import { guessOptions } from './route.ts';
import { count, countryOf, langOf, type Run, say, tell } from './run.ts';
import type { MissReason } from './types.ts';
import { follow } from './walk.ts';

/**
 * Not understood. First the question again with an example; then the numbered menu; then a person and the
 * helpline. Never the same text twice in a row.
 */
export function miss(run: Run, flow: Flow, step: FlowStep, reason: MissReason): void {
  const { session } = run;
  session.misses += 1;
  count(run, { name: 'not-understood', flow: flow.id, lang: langOf(run) });
  // Only which of a fixed list of topics stood in it; the words themselves are kept nowhere.
  if (reason === 'word' && run.typed !== undefined)
    for (const topic of run.env.content.gapsIn(run.typed)) count(run, { name: 'gap', topic });
  const tries = step.no_match?.tries;
  if (tries !== undefined && session.misses > tries && step.no_match !== undefined) {
    session.misses = 0;
    return follow(run, { flow, step }, { to: 'step', step: step.no_match.next });
  }
  // A photo or a far-off point is answered as such at any rung, unless the last answer said just that.
  const special = (reason === 'media' || reason === 'far') && session.missed !== reason;
  session.missed = reason;
  const guesses = session.misses === 1 && (reason === 'word' || reason === 'place') ? guessOptions(run) : [];
  if (guesses.length > 0 && session.at !== undefined && session.lang !== undefined) {
    // The question itself stands right above; what can be pressed now is what could have been meant.
    run.options = guesses;
    session.at = { ...session.at, shown: guesses.map((o) => o.id) };
    return tell(run, 'miss.mean', undefined, false);
  }
  if (session.misses === 1 || special) return once(run, flow, step, reason);
  if (session.misses % 2 === 0) {
    run.numbered = true;
    return tell(run, 'miss.second', undefined, false);
  }
  offerPerson(run);
}

function once(run: Run, flow: Flow, step: FlowStep, reason: MissReason): void {
  if (reason === 'media' || reason === 'far') return tell(run, `miss.${reason}`, undefined, false);
  const { content } = run.env;
  if (reason === 'place') {
    const example = content.cities(countryOf(run))[0]?.names[langOf(run)];
    return tell(run, 'miss.place', { example: example ?? '' }, false);
  }
  const first = optionsOf(run, flow, step)[0];
  tell(run, 'miss.first', { example: first === undefined ? '0' : `1 (${first.label})` }, false);
}

/** The third time it is our fault: whom to call stands in the message itself. */
function offerPerson(run: Run): void {
  const { texts, content } = run.env;
  const lang = langOf(run);
  const contacts = content.contactsFor(countryOf(run), 'general', lang, 2);
  tell(run, 'miss.third');
  say(run, contacts.map((c) => contactCard(texts, lang, c)).join('\n\n'), { sources: [...contacts] });
}
