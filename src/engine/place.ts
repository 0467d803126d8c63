import { placeFound } from './city.ts';
import { miss } from './miss.ts';
import { flowOf, type Run, standing, stepOf } from './run.ts';

/** The flow that a location sent out of the blue belongs to. */
const PLACE_FLOW = 'find-testing';

/**
 * A shared location. The coordinates live in this turn only: what stays is the nearest city and the list of places.
 * Sent where no place was asked for, it means "where can I go near here".
 */
export function place(run: Run, point: { lat: number; lon: number }): void {
  const here = standing(run);
  const flow = flowOf(run, PLACE_FLOW);
  const question = here?.step.ask?.place === undefined ? { flow, step: stepOf(flow, flow.start) } : here;
  const city = run.env.content.nearestCity(point.lat, point.lon);
  if (city === undefined) {
    const asked = here ?? question;
    return miss(run, asked.flow, asked.step, 'far');
  }
  run.point = { lat: point.lat, lon: point.lon };
  placeFound(run, question.flow, question.step, city);
}
