import type { City } from '../content/types.ts';
import type { Flow, FlowStep } from '../flow/types.ts';
import { type Run, setVar } from './run.ts';
import { follow } from './walk.ts';

/** The person is in this city: remembers city and country, and goes on. */
export function placeFound(run: Run, flow: Flow, step: FlowStep, city: City): void {
  run.session.misses = 0;
  setVar(run, step.ask?.place ?? 'city', city.id);
  setVar(run, 'country', city.country);
  if (step.next !== undefined) follow(run, { flow, step }, { to: 'step', step: step.next });
}
