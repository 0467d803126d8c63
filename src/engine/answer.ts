import type { Flow, FlowStep } from '../flow/types.ts';
import { fold, parseNumber } from '../i18n/fold.ts';
import type { Input } from '../message.ts';
import { choose } from './choose.ts';
import { placeFound } from './city.ts';
import { sourcesOf } from './finish.ts';
import { doGlobal } from './globals.ts';
import { matchOption } from './match.ts';
import { byMeaning, correct } from './meaning.ts';
import { miss } from './miss.ts';
import { optionsOf } from './options.ts';
import { guessesShown } from './route.ts';
import { langOf, type Option, type Run, setVar, standing } from './run.ts';
import { showSources } from './sources.ts';
import { afterWords, waitingWords } from './talk.ts';
import { follow } from './walk.ts';

/** An answer to the step the person is at: an option, a place, a number, else another question of theirs. */
export function answer(run: Run, input: Input): void {
  const here = standing(run);
  if (here === undefined) return;
  const { flow, step } = here;
  if (step.kind === 'after' && input.kind !== 'text') return afterWords(run, flow, step, undefined);
  if (step.kind === 'queue' && input.kind === 'media') return waitingWords(run, flow, step, true);
  if (input.kind !== 'text') return miss(run, flow, step, input.kind === 'media' ? 'media' : 'word');
  const option = optionTyped(run, input.text);
  if (option !== undefined) return choose(run, flow, step, option);
  if (byNumber(run, flow, step, input.text) || byLabel(run, flow, step, input.text)) return;
  if (step.kind === 'queue') return waitingWords(run, flow, step, false);
  if (step.kind === 'after') return afterWords(run, flow, step, input.text);
  if (step.ask?.place !== undefined) {
    const city = run.env.content.findCity(input.text);
    if (city !== undefined) return placeFound(run, flow, step, city);
  }
  if (run.session.lang !== undefined && byMeaning(run, input.text)) return;
  miss(run, flow, step, step.ask?.place === undefined ? 'word' : 'place');
}

/** The option of the present step that these words name, if any. */
export function optionTyped(run: Run, typed: string): Option | undefined {
  const here = standing(run);
  if (here === undefined) return undefined;
  const options = [...guessesShown(run), ...optionsOf(run, here.flow, here.step)];
  return matchOption(run.env, langOf(run), options, run.session.at?.shown ?? [], typed);
}

/** Whether these folded words are the whole label of an option of the present step. */
export function isLabelHere(run: Run, folded: string): boolean {
  const here = standing(run);
  return here !== undefined && optionsOf(run, here.flow, here.step).some((o) => fold(o.label) === folded);
}

/** 0 and 00 are Back and Menu, the number after the last option is Sources, as they stand on the screen. */
function byNumber(run: Run, flow: Flow, step: FlowStep, typed: string): boolean {
  const number = parseNumber(typed);
  if (number === undefined) return false;
  if (number === 0) return zero(run, step, typed);
  const options = run.session.at?.shown.length ?? 0;
  const sources = number > options && sourcesOf(run, flow, step).length > 0;
  if (sources && number === options + 1) {
    showSources(run, flow, step);
    return true;
  }
  if (run.assumed !== undefined && number === options + (sources ? 2 : 1)) {
    correct(run);
    return true;
  }
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = step.ask ?? {};
  if (step.ask?.number === undefined || step.next === undefined || number < min || number > max) return false;
  run.session.misses = 0;
  setVar(run, step.ask.number, number);
  follow(run, { flow, step }, { to: 'step', step: step.next });
  return true;
}

/** Whether these folded words are the label of a button of ours under the present step. */
export function isNavLabel(run: Run, folded: string): boolean {
  const offered = run.assumed === undefined ? ['sources'] : ['sources', 'wrong'];
  return offered.some((id) => folded === navLabel(run, id));
}

function navLabel(run: Run, id: string): string {
  return fold(run.env.texts.t(langOf(run), `common:nav.${id}`));
}

/** The label of the Sources button, or of "That is not right"; Back and Menu are words that always work. */
function byLabel(run: Run, flow: Flow, step: FlowStep, typed: string): boolean {
  const word = fold(typed);
  if (run.assumed !== undefined && word === navLabel(run, 'wrong')) {
    correct(run);
    return true;
  }
  if (word !== navLabel(run, 'sources') || sourcesOf(run, flow, step).length === 0) return false;
  showSources(run, flow, step);
  return true;
}

function zero(run: Run, step: FlowStep, typed: string): boolean {
  if (!step.nav) return false;
  const digits = Array.from(typed).filter((c) => parseNumber(c) === 0).length;
  doGlobal(run, digits > 1 || run.session.back.length === 0 ? 'menu' : 'back');
  return true;
}
