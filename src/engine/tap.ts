import { choose } from './choose.ts';
import { doGlobal, showAgain } from './globals.ts';
import { correct } from './meaning.ts';
import { type NavWord, optionsOf, type parseChoiceData } from './options.ts';
import { go, guessOf, NONE } from './route.ts';
import { type Run, tell } from './run.ts';
import { showSources } from './sources.ts';
import { note, remember, undoTo } from './trail.ts';
import { begin } from './walk.ts';

type Data = NonNullable<ReturnType<typeof parseChoiceData>>;

/**
 * A pressed button, perhaps of a message from long ago. On the present step it is an answer. On a step the person
 * came through, the way is retraced to it, so that another answer can be given. On anything else we say that it is
 * an old button and show where we are. When nothing is left of the conversation, the button alone says which
 * language and which flow to begin with.
 */
export function tap(run: Run, data: Data): void {
  if (data.choice.startsWith('@')) return navigate(run, data);
  const { at } = run.session;
  if (at?.flow === data.flow && at.step === data.step && take(run, data)) return;
  if (retrace(run, data)) return;
  if (run.session.at !== undefined) {
    tell(run, 'old');
    return showAgain(run);
  }
  run.session.lang ??= data.lang;
  const flow = run.env.flows.get(data.flow);
  if (flow === undefined) return begin(run, 'menu');
  if (flow.start === data.step && take(run, data)) return;
  begin(run, flow.id);
}

/** Goes back along the trail to the step of the button and takes its option there. */
function retrace(run: Run, data: Data): boolean {
  if (undoTo(run, data.flow, data.step) === undefined) return false;
  // The way back is noted from the step that was retraced to, not from the one that was left.
  run.session.at = {
    flow: data.flow,
    step: data.step,
    hash: run.env.flows.get(data.flow)?.hash ?? '',
    shown: [],
  };
  const before = remember(run);
  if (!take(run, data)) showAgain(run);
  note(run, before);
  run.wentBack = true;
  return true;
}

/** Takes the option of the named step, when it is offered there. */
function take(run: Run, data: Data): boolean {
  const flow = run.env.flows.get(data.flow);
  const step = flow?.steps.get(data.step);
  if (flow === undefined || !step?.waits) return false;
  const option = optionsOf(run, flow, step).find((o) => o.id === data.choice);
  if (option === undefined) return false;
  choose(run, flow, step, option);
  return true;
}

function navigate(run: Run, data: Data): void {
  run.session.lang ??= data.lang;
  const found = guessOf(run, data.choice);
  if (found !== undefined) return go(run, found);
  const word = data.choice.slice(1) as NavWord;
  if (word === 'wrong' && run.assumed !== undefined && run.session.at?.flow === data.flow)
    return correct(run);
  if (data.choice === NONE && run.session.at?.shown.includes(NONE)) return showAgain(run);
  if (word === 'menu' || word === 'back') return doGlobal(run, word);
  const { at } = run.session;
  const flow = run.env.flows.get(data.flow);
  const step = flow?.steps.get(data.step);
  if (
    word === 'sources' &&
    flow !== undefined &&
    step !== undefined &&
    at?.flow === flow.id &&
    at.step === step.id
  ) {
    return showSources(run, flow, step);
  }
  if (at !== undefined) tell(run, 'old');
  showAgain(run);
}
