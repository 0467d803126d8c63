import { BUILT_IN } from '../flow/types.ts';
import { withdraw } from './queue.ts';
import { count, langOf, newSession, type Run, setVar, standing, tell } from './run.ts';
import { undo } from './trail.ts';
import { begin, goHome, push, show } from './walk.ts';
import type { GlobalWord } from './words.ts';

/** Carries out a word that always works. */
export function doGlobal(run: Run, word: GlobalWord): void {
  switch (word) {
    case 'menu':
    case 'hello':
      countLeaving(run, 'menu');
      run.session.calls = [];
      return goHome(run);
    case 'back':
      return goBack(run);
    case 'language':
      return run.session.lang === undefined ? goHome(run) : interrupt(run, BUILT_IN.language);
    case 'human':
      return askPerson(run);
    case 'help':
      return interrupt(run, BUILT_IN.help);
    case 'stop':
      return clear(run, 'stopped');
    case 'hide':
      run.effects.push({ type: 'hide' });
      return clear(run, 'hidden');
    case 'forget':
      return forget(run);
  }
}

/** Leaves the present step for a flow (from its start, or as `enter` does) that comes back to it. */
export function interrupt(run: Run, flow: string, enter = () => begin(run, flow)): void {
  const { at } = run.session;
  if (at !== undefined && at.flow !== flow)
    push(run, { flow: at.flow, step: at.step, hash: at.hash, resume: 'again' });
  enter();
}

/** What somebody who asks for a person in the middle of a flow needs help with. */
const TOPIC_OF_FLOW: Record<string, string> = {
  'find-testing': 'testing',
  'art-access': 'art',
  rights: 'lawyer',
  emergency: 'crisis',
  prevention: 'prevention',
  pregnancy: 'pregnancy',
};

function askPerson(run: Run): void {
  const flow = run.session.at?.flow ?? BUILT_IN.welcome;
  const topic = TOPIC_OF_FLOW[flow] ?? 'general';
  setVar(run, 'topic', topic);
  count(run, { name: 'person-asked', topic });
  interrupt(run, BUILT_IN.handoff);
}

function goBack(run: Run): void {
  const trail = undo(run);
  const flow = trail === undefined ? undefined : run.env.flows.get(trail.flow);
  const step = trail === undefined ? undefined : flow?.steps.get(trail.step);
  run.session.misses = 0;
  run.wentBack = true;
  if (flow !== undefined && step?.waits) return show(run, flow, step);
  goHome(run);
}

/** Ends the conversation: only the language is kept, and nothing on the screen says what it was about. */
export function clear(run: Run, text: 'stopped' | 'hidden'): void {
  const { lang } = run.session;
  countLeaving(run, 'stopped');
  withdraw(run);
  // Where the bot cannot take its messages back, it says so.
  const own = `${text}_${run.ctx.wording ?? run.ctx.channel}`;
  tell(run, run.env.texts.has(langOf(run), `common:${own}`) ? own : text);
  reset(run);
  if (lang !== undefined) run.session.lang = lang;
}

export function forget(run: Run): void {
  countLeaving(run, 'stopped');
  run.effects.push({ type: 'forget', lang: langOf(run) });
  reset(run);
}

/** Where people leave a flow before its end. From the menu one does not leave anything. */
function countLeaving(run: Run, what: 'menu' | 'stopped'): void {
  const { at } = run.session;
  if (at === undefined || at.flow === BUILT_IN.menu || at.flow === BUILT_IN.welcome) return;
  count(run, { name: 'step', flow: at.flow, step: at.step, what });
}

function reset(run: Run): void {
  delete run.session.at;
  delete run.session.lang;
  delete run.session.missed;
  delete run.session.told;
  Object.assign(run.session, newSession());
  run.wentBack = true;
}

/** Shows the present step again, or the menu when there is none. */
export function showAgain(run: Run): void {
  const here = standing(run);
  if (here?.step.waits) return show(run, here.flow, here.step);
  goHome(run);
}
