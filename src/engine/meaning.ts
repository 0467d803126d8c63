import type { Said } from './assume.ts';
import { interrupt } from './globals.ts';
import { go, meant } from './route.ts';
import { flowOf, type Run, setVar } from './run.ts';
import { begin } from './walk.ts';
import { commandFlow } from './words.ts';

/** Goes where free words or a command lead, when they surely lead somewhere else. */
export function byMeaning(run: Run, typed: string): boolean {
  const enter = meaningOf(run, typed);
  enter?.();
  return enter !== undefined;
}

/** The way there, not taken yet. */
export function meaningOf(run: Run, typed: string): (() => void) | undefined {
  const flow = commandFlow(run.env, typed);
  if (flow !== undefined) {
    const there = run.session.at?.flow === flow;
    return there ? undefined : () => interrupt(run, flow);
  }
  const found = meant(run);
  return found === undefined ? undefined : () => go(run, found, saidIn(run));
}

/** Places named in the words of this turn. */
export function saidIn(run: Run): Said {
  const { city: id, country, citizenship } = run.env.placesIn(run.typed ?? '');
  const city = id === undefined ? undefined : run.env.content.city(id);
  return {
    ...(city === undefined ? {} : { city }),
    ...(country === undefined ? {} : { country }),
    ...(citizenship === undefined ? {} : { citizenship }),
  };
}

/** "That is not right": what was taken from the words is let go, and the flow asks from its start. */
export function correct(run: Run): void {
  for (const name of run.assumed ?? []) setVar(run, name, null);
  run.session.misses = 0;
  const { at } = run.session;
  if (at !== undefined) begin(run, flowOf(run, at.flow).id);
}
