import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { formatProblem } from '../../src/errors.ts';
import { loadFlows } from '../../src/flow/load.ts';
import type { Flows } from '../../src/flow/types.ts';
import { world } from '../support/world.ts';

/** A flow `tt` made of these steps, the first of them its start, beside the real ones, loaded by the real loader. */
export function flowOf(steps: string): Flows {
  const root = mkdtempSync(join(tmpdir(), 'hamroh-kinds-'));
  try {
    mkdirSync(join(root, 'flows'));
    const text = `id: tt\nversion: 1\nstart: ${steps.slice(0, 1)}\ntriggers: { command: tt }\nsteps:\n${steps.replace(/^/gm, '  ')}\n`;
    parse(text);
    writeFileSync(join(root, 'flows', 'tt.yaml'), text);
    // Flows named by the test's flow need to exist beside it.
    writeFileSync(
      join(root, 'flows', 'sub.yaml'),
      'id: sub\nversion: 1\nstart: q\nsteps:\n  q: { say: {}, choices: [{ id: ok, end: fine }] }\n',
    );
    const { flows, problems } = loadFlows(root);
    const errors = problems.filter((p) => p.level === 'error');
    if (errors.length > 0) throw new Error(errors.map(formatProblem).join('\n'));
    return new Map([...world.flows, ...flows]);
  } finally {
    rmSync(root, { recursive: true });
  }
}
