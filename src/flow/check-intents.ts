import { INTENTS } from '../understanding/types.ts';
import type { CheckInput, StepReport } from './check-input.ts';
import { suggest } from './nearest.ts';
import { BUILT_IN } from './types.ts';

/** Asked for in words that always work, not through a flow's triggers; and nothing at all. */
const BY_ITSELF: readonly string[] = ['handoff', 'language', 'menu', 'none'];

/** Rule `intent`: flows are asked for by intents there are, and each of these leads somewhere. */
export function checkIntents({ flows, builtIn }: CheckInput, report: StepReport): void {
  const led = new Set<string>();
  for (const flow of flows.values()) {
    const start = flow.steps.get(flow.start);
    for (const key of flow.triggers.intents.keys()) {
      const [intent = ''] = key.split('.', 1);
      led.add(key);
      if (start === undefined || INTENTS.some((id) => id === intent)) continue;
      report(flow, start, 'intent', `there is no intent "${intent}"`, suggest(intent, INTENTS));
    }
  }
  const menu = flows.get(BUILT_IN.menu);
  const place = menu?.steps.get(menu.start);
  // Only of a whole project is it expected that everything that can be understood is answered.
  if (menu === undefined || place === undefined || builtIn !== undefined) return;
  for (const intent of INTENTS) {
    if (led.has(intent) || BY_ITSELF.includes(intent)) continue;
    const hint = `add \`triggers: { intents: { ${intent}: <step> } }\` to one`;
    report(menu, place, 'intent', `no flow answers the intent "${intent}"`, hint);
  }
}
