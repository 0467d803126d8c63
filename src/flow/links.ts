import type { Path } from '../yaml-source.ts';
import type { Report } from './build.ts';
import { suggest } from './nearest.ts';
import type { Flow } from './types.ts';

/** A step or flow that something leads to, and where that is written. */
export interface Link {
  to: 'step' | 'flow';
  id: string;
  path: Path;
}

/** Every step and flow this flow names, with the place in its file. */
export function listLinks(flow: Flow): Link[] {
  const links: Link[] = [{ to: 'step', id: flow.start, path: ['start'] }];
  const add = (to: Link['to'], id: string | undefined, ...path: Path) => {
    if (id !== undefined) links.push({ to, id, path });
  };
  for (const [key, { step }] of flow.triggers.intents) add('step', step, 'triggers', 'intents', key);
  for (const [old, now] of Object.entries(flow.moved)) add('step', now, 'moved', old);
  for (const step of flow.steps.values()) {
    const at = ['steps', step.id];
    add('step', step.next, ...at, 'next');
    add('step', step.none, ...at, 'none');
    add('step', step.say?.none, ...at, 'say', 'none');
    for (const way of ['full', 'missed', 'over'] as const)
      add('step', step.queue?.[way], ...at, 'queue', way);
    add('step', step.no_match?.next, ...at, 'no_match', 'next');
    for (const [value, to] of Object.entries(step.branch?.cases ?? {}))
      add('step', to, ...at, 'branch', 'cases', value);
    add('step', step.branch?.known, ...at, 'branch', 'known');
    add('step', step.branch?.else, ...at, 'branch', 'else');
    add('flow', step.call, ...at, 'call');
    add('flow', step.goto, ...at, 'goto');
    add('step', step.branch?.same?.next, ...at, 'branch', 'same', 'next');
    step.choices.forEach(({ target }, index) => {
      const place = [...at, 'choices', index];
      if (target?.to === 'step') add('step', target.step, ...place, 'next');
      if (target?.to === 'goto' || target?.to === 'call') add('flow', target.flow, ...place, target.to);
    });
  }
  return links;
}

/** Reports names that lead nowhere, and renamings that cannot work. */
export function checkLinks(
  flow: Flow,
  stepIds: ReadonlySet<string>,
  flowIds: ReadonlySet<string>,
  report: Report,
): void {
  for (const link of listLinks(flow)) {
    const known = link.to === 'step' ? stepIds : flowIds;
    if (!known.has(link.id)) {
      report(link.path, `unknown-${link.to}`, `no ${link.to} "${link.id}"`, suggest(link.id, known));
    }
  }
  for (const old of Object.keys(flow.moved)) {
    if (stepIds.has(old)) {
      report(
        ['moved', old],
        'moved',
        `"${old}" is said to be renamed, but it is still here`,
        'remove this line, or the step',
      );
    }
  }
  flow.was.forEach((old, at) => {
    if (flowIds.has(old)) {
      report(
        ['was', at],
        'moved',
        `"${old}" is said to be an earlier id, but there is a flow "${old}"`,
        'remove it from `was`',
      );
    }
  });
}
