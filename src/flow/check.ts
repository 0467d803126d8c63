import type { Problem } from '../errors.ts';
import { checkContent } from './check-content.ts';
import { checkGraph } from './check-graph.ts';
import type { CheckInput, StepReport } from './check-input.ts';
import { checkIntents } from './check-intents.ts';
import { checkLimits } from './check-limits.ts';
import { checkLoops } from './check-loops.ts';
import { checkTexts } from './check-texts.ts';
import { checkVariables } from './check-variables.ts';
import { BUILT_IN } from './types.ts';

/**
 * Proves what must hold before anything runs (`flows/README.md` lists the rules). Expects flows that loaded without
 * errors.
 *
 * @returns problems sorted by file and line; none of level `error` means that the flows may run
 */
export function checkFlows(input: CheckInput): Problem[] {
  const problems: Problem[] = [];
  const report: StepReport = (flow, step, rule, message, hint, level = 'error') => {
    problems.push({
      file: flow.file,
      line: step.line,
      rule,
      message: `${flow.id}.${step.id}: ${message}`,
      hint,
      level,
    });
  };
  for (const id of input.builtIn ?? Object.values(BUILT_IN)) {
    if (input.flows.has(id)) continue;
    const hint = 'the engine goes there by name: restore the file';
    problems.push({
      file: `flows/${id}.yaml`,
      rule: 'built-in',
      message: `there is no flow "${id}"`,
      hint,
      level: 'error',
    });
  }
  checkGraph(input, report);
  checkIntents(input, report);
  checkLoops(input.flows, report);
  checkVariables(input, report);
  checkTexts(input, report);
  checkContent(input, report);
  checkLimits(input, report);
  return problems.sort((a, b) => a.file.localeCompare(b.file, 'en') || (a.line ?? 0) - (b.line ?? 0));
}
