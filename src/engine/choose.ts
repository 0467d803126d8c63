import type { DoAction, Flow, FlowStep, Target } from '../flow/types.ts';
import { addressOf, siteName } from './cards.ts';
import { clear, forget } from './globals.ts';
import { currentSite } from './options.ts';
import { withdraw } from './queue.ts';
import { go, guessOf } from './route.ts';
import type { Option } from './run.ts';
import { count, langOf, type Run, say, setVar, tell } from './run.ts';
import { leaveTalk } from './talk.ts';
import { follow, show } from './walk.ts';

/** Takes an option: stores the answer, sets what it sets, goes where it leads. */
export function choose(run: Run, flow: Flow, step: FlowStep, option: Option): void {
  if (option.id.startsWith('@')) return chooseGuess(run, flow, step, option.id);
  run.session.misses = 0;
  const { choice } = option;
  // A choice that leads elsewhere by itself is a way out, not an answer to the question.
  if (choice?.target === undefined) answered(run, step, option.id);
  for (const [name, value] of Object.entries(choice?.set ?? {})) setVar(run, name, value);
  const target = choice?.target ?? onward(step);
  if (target === undefined) return show(run, flow, step);
  if (step.kind === 'after') {
    count(run, { name: 'useful', flow: flow.id, answer: option.id });
    return leaveTalk(run, flow, step, target);
  }
  if (target.to === 'do') return doHere(run, flow, step, target.action);
  follow(run, { flow, step }, target);
}

/** One of "Did you mean …", or none of them: then the question itself again. */
function chooseGuess(run: Run, flow: Flow, step: FlowStep, id: string): void {
  const found = guessOf(run, id);
  if (found === undefined) return show(run, flow, step);
  go(run, found);
}

function onward(step: FlowStep): Target | undefined {
  return step.next === undefined ? undefined : { to: 'step', step: step.next };
}

/** Stores the id of the answer, and what follows from it: a city lies in a country, a new country has other cities. */
function answered(run: Run, step: FlowStep, id: string): void {
  const name = step.ask?.choice ?? step.ask?.place;
  if (name === undefined) return;
  setVar(run, name, id);
  if (name === 'country') setVar(run, 'city', null);
  const city = name === 'city' ? run.env.content.city(id) : undefined;
  if (city !== undefined) setVar(run, 'country', city.country);
}

function doHere(run: Run, flow: Flow, step: FlowStep, action: DoAction): void {
  switch (action) {
    case 'forget':
      return forget(run);
    case 'hide':
      run.effects.push({ type: 'hide' });
      return clear(run, 'hidden');
    case 'next_site':
      nextSite(run);
      return show(run, flow, step);
    case 'next_part':
      setVar(run, 'part', Number(run.session.vars.part ?? 0) + 1);
      return show(run, flow, step);
    case 'leave':
      withdraw(run);
      return leaveTalk(run, flow, step, { to: 'end', outcome: 'left' });
    case 'map':
      return showMap(run);
  }
}

function nextSite(run: Run): void {
  const { sites, site } = run.session.vars;
  const total = Array.isArray(sites) ? sites.length : 0;
  const next = (typeof site === 'number' ? site : 0) + 1;
  if (next >= total) tell(run, 'place.last');
  setVar(run, 'site', next >= total ? 0 : next);
}

function showMap(run: Run): void {
  const site = currentSite(run);
  if (site === undefined) return;
  const lang = langOf(run);
  const name = siteName(run.env.texts, lang, site);
  const place = run.env.content.placeOf(site, name, lang);
  if (place !== undefined) say(run, name, { place });
  else tell(run, 'place.no_point', { address: addressOf(site, lang) ?? name }, false);
}
