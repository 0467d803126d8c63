import { formatProblem, type Problem } from '../errors.ts';

/** Prints problems, errors last so that they stand above the prompt; the exit code is 1 when there is an error. */
export function report(problems: readonly Problem[], what: string): void {
  const errors = problems.filter((p) => p.level === 'error');
  const warnings = problems.filter((p) => p.level === 'warning');
  for (const p of [...warnings, ...errors]) process.stdout.write(`${formatProblem(p)}\n`);
  process.stdout.write(`${what}: ${errors.length} errors, ${warnings.length} warnings\n`);
  if (errors.length > 0) process.exitCode = 1;
}
