import type { Flow, FlowStep } from '../flow/types.ts';
import { sourcesOf } from './finish.ts';
import { langOf, type Run, say } from './run.ts';
import { sourceList } from './say.ts';

/** Everything behind the facts on the screen, with links. The person stays where they are. */
export function showSources(run: Run, flow: Flow, step: FlowStep): void {
  run.session.misses = 0;
  say(run, sourceList(run.env.texts, langOf(run), sourcesOf(run, flow, step)));
}
