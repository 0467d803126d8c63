import { step } from '../../src/engine/step.ts';
import type { Env, Session } from '../../src/engine/types.ts';
import type { Flow, FlowStep } from '../../src/flow/types.ts';
import { loadWorld } from '../../src/world.ts';
import { ROOT, TODAY, world } from '../support/world.ts';
import { quantile, table } from './measure.ts';

const ROUNDS = 20_000;

/** A flow of so many steps in a ring, each waiting with two choices. */
function ring(steps: number): Env {
  const menu = world.flows.get('menu');
  const model = menu?.steps.get('main');
  if (menu === undefined || model === undefined) throw new Error('the menu is the model of the ring');
  const made = new Map<string, FlowStep>();
  for (let i = 0; i < steps; i++) {
    const next = { to: 'step' as const, step: `s${(i + 1) % steps}` };
    made.set(`s${i}`, {
      ...model,
      id: `s${i}`,
      choices: [
        { id: 'on', target: next },
        { id: 'again', target: next },
      ],
    });
  }
  const flow: Flow = { ...menu, id: 'ring', start: 's0', steps: made };
  return { ...world, flows: new Map(world.flows).set('ring', flow) };
}

/** Median µs of a turn of the engine alone, in a flow of so many steps. */
function costOf(steps: number): number {
  const env = ring(steps);
  let session: Session = {
    v: 1,
    lang: 'en',
    at: { flow: 'ring', step: 's0', hash: 'x', shown: ['on', 'again'] },
    vars: {},
    calls: [],
    back: [],
    misses: 0,
  };
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const from = performance.now();
    session = step(env, session, { kind: 'text', text: '1' }, { channel: 'telegram' }).session;
    times.push((performance.now() - from) * 1_000);
  }
  return quantile(times.slice(ROUNDS / 2), 0.5);
}

/** Prints how a turn grows with the number of steps, and what loading everything costs. */
export function benchSteps(): void {
  costOf(20);
  const few = costOf(20);
  const rows = [20, 200, 2_000].map((steps) => {
    const cost = costOf(steps);
    return [`${steps} steps`, cost.toFixed(1), (cost / few).toFixed(2)];
  });
  console.log('\nThe engine alone\n');
  console.log(table(['', 'µs a turn', '÷ 20 steps'], rows));
  const from = performance.now();
  loadWorld(ROOT, 'KZ', TODAY);
  console.log(`\nloading flows, texts and content: ${(performance.now() - from).toFixed(0)} ms`);
}
