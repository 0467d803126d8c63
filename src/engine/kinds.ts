import type { Claim } from '../content/types.ts';
import type { Flow, FlowStep, StepKind, Target } from '../flow/types.ts';
import { siteCard } from './cards.ts';
import { contactsStep, emergencyStep } from './contacts.ts';
import { decideStep } from './decide.ts';
import { currentSite } from './options.ts';
import { queueStep } from './queue.ts';
import { countryOf, langOf, type Run, say, setVar, tell } from './run.ts';
import { onward, stepText } from './step-text.ts';

/**
 * One function per kind of step: says what it has to say and tells where to go.
 * `undefined` means that the step waits here (or, for a step that cannot wait, that the flow is over).
 * `entered` is false when the step is only shown again: nothing may be looked up or chosen anew then.
 */
export type KindFunction = (run: Run, flow: Flow, step: FlowStep, entered: boolean) => Target | undefined;

export const KINDS: Record<StepKind, KindFunction> = {
  say: sayStep,
  ask: askStep,
  find_sites: findSitesStep,
  contacts: contactsStep,
  emergency: emergencyStep,
  decide: decideStep,
  branch: branchStep,
  call: (_run, _flow, step) => (step.call === undefined ? undefined : { to: 'call', flow: step.call }),
  goto: (_run, _flow, step) => (step.goto === undefined ? undefined : { to: 'goto', flow: step.goto }),
  set: setStep,
  queue: queueStep,
  after: askStep,
  handoff: (_run, _flow, step) =>
    step.handoff === undefined ? undefined : { to: 'handoff', topic: step.handoff.topic },
  end: (_run, _flow, step) => (step.end === undefined ? undefined : { to: 'end', outcome: step.end }),
};

function sayStep(run: Run, flow: Flow, step: FlowStep): Target | undefined {
  const claims = claimsOf(run, step);
  const page = step.say?.page !== undefined || step.say?.claim !== undefined;
  if (page && claims.length === 0 && step.say?.none !== undefined) return { to: 'step', step: step.say.none };
  say(run, stepText(run, flow, step), { join: page || !step.waits });
  if (claims.length > 0) say(run, claimText(run, claims), { sources: claims });
  return onward(step);
}

/** The claims a `say` step stands on: one by id, or the page of the country. */
function claimsOf(run: Run, step: FlowStep): readonly Claim[] {
  const { content } = run.env;
  if (step.say?.claim !== undefined) {
    const claim = content.claim(step.say.claim);
    return claim === undefined ? [] : [claim];
  }
  return step.say?.page === undefined ? [] : content.page(step.say.page, countryOf(run, step.say.by));
}

function claimText(run: Run, claims: readonly Claim[]): string {
  return claims.map((c) => run.env.texts.t(langOf(run), `claims:${c.id}`)).join('\n\n');
}

function askStep(run: Run, flow: Flow, step: FlowStep, entered: boolean): Target | undefined {
  const name = step.ask?.choice ?? step.ask?.place ?? step.ask?.number ?? step.ask?.text;
  const known =
    step.ask?.known === 'skip' && entered && name !== undefined && run.session.vars[name] !== undefined;
  if (known && step.next !== undefined) return { to: 'step', step: step.next };
  say(run, stepText(run, flow, step));
  return undefined;
}

function findSitesStep(run: Run, flow: Flow, step: FlowStep, entered: boolean): Target | undefined {
  if (entered) lookForSites(run, step);
  const site = currentSite(run);
  if (site === undefined) return step.none === undefined ? undefined : { to: 'step', step: step.none };
  const { vars } = run.session;
  const first = (vars.site ?? 0) === 0;
  if (first && vars.found === 'placeholder') tell(run, 'place.region_unknown');
  if (first && (vars.found === 'placeholder' || vars.found === 'elsewhere')) tell(run, 'place.elsewhere');
  const page = step.find_sites?.page;
  const claims = page === undefined ? [] : run.env.content.page(page, site.country);
  const card = siteCard(run, site, claims);
  const blocks = [card.text, stepText(run, flow, step)].filter((block) => block !== '');
  say(run, blocks.join('\n\n'), { sources: card.sources });
  return onward(step);
}

/** Looks places up once per question: coming back to the step shows the same list, in the same order. */
function lookForSites(run: Run, step: FlowStep): void {
  const find = step.find_sites;
  if (find === undefined) return;
  const { vars } = run.session;
  const city = typeof vars.city === 'string' ? vars.city : undefined;
  const asked = `${find.service}:${city ?? countryOf(run)}`;
  if (run.point === undefined && vars.asked === asked) return;
  const where = run.point ?? (city === undefined ? { country: countryOf(run) } : { city });
  const found = run.env.content.sitesNear(where, find.service, find.limit);
  setVar(run, 'asked', asked);
  setVar(run, 'sites', found.sites);
  setVar(run, 'site', 0);
  setVar(run, 'found', found.placeholder ? 'placeholder' : found.elsewhere ? 'elsewhere' : null);
}

function branchStep(run: Run, _flow: Flow, step: FlowStep): Target | undefined {
  const branch = step.branch;
  if (branch === undefined) return undefined;
  const { vars } = run.session;
  const held = branch.on === 'country' ? countryOf(run) : vars[branch.on];
  if (branch.same !== undefined && held !== undefined && held === vars[branch.same.as]) {
    return { to: 'step', step: branch.same.next };
  }
  const key = typeof held === 'string' || typeof held === 'number' ? String(held) : '';
  const other = key === '' ? branch.else : (branch.known ?? branch.else);
  return {
    to: 'step',
    step: Object.hasOwn(branch.cases, key) ? (branch.cases[key] ?? branch.else) : other,
  };
}

function setStep(run: Run, _flow: Flow, step: FlowStep): Target | undefined {
  for (const [name, value] of Object.entries(step.set ?? {})) setVar(run, name, value);
  return onward(step);
}
