import type { City } from '../content/types.ts';
import type { Flow, FlowStep } from '../flow/types.ts';
import { miss } from './miss.ts';
import { flowOf, type Run, setVar, stepOf } from './run.ts';
import { follow } from './walk.ts';

/** The flow that a location sent out of the blue belongs to. */
const PLACE_FLOW = 'find-testing';

/**
 * A shared location. The coordinates live in this turn only: what stays is the nearest city and the list of places.
 * Sent where no place was asked for, it means "where can I go near here".
 */
export function place(run: Run, point: { lat: number; lon: number }): void {
  const { at } = run.session;
  const here = at === undefined ? undefined : run.env.flows.get(at.flow);
  const asked = at === undefined ? undefined : here?.steps.get(at.step);
  const flow = asked?.ask?.place === undefined || here === undefined ? flowOf(run, PLACE_FLOW) : here;
  const step = asked?.ask?.place === undefined ? stepOf(flow, flow.start) : asked;
  const city = run.env.content.nearestCity(point.lat, point.lon);
  if (city === undefined) {
    const standing = here === undefined || asked === undefined ? { flow, step } : { flow: here, step: asked };
    return miss(run, standing.flow, standing.step, 'far');
  }
  run.point = { lat: point.lat, lon: point.lon };
  placeFound(run, flow, step, city);
}

/** The person is in this city: remembers city and country, and goes on. */
export function placeFound(run: Run, flow: Flow, step: FlowStep, city: City): void {
  run.session.misses = 0;
  setVar(run, step.ask?.place ?? 'city', city.id);
  setVar(run, 'country', city.country);
  if (step.next !== undefined) follow(run, { flow, step }, { to: 'step', step: step.next });
}
