import type { Claim, DecisionStep } from '../content/types.ts';
import type { Flow, FlowStep, Target } from '../flow/types.ts';
import { contactCard, siteLine } from './cards.ts';
import { countryOf, langOf, type Run, say, setVar } from './run.ts';
import { onward, stepText } from './step-text.ts';

/** Next steps in one message: more than a frightened person can take in at once stand behind "More". */
const STEPS_AT_ONCE = 3;

/** Looks the answers up in a decision table; says the outcome, or what to do next, a few steps at a time. */
export function decideStep(run: Run, flow: Flow, step: FlowStep, entered: boolean): Target | undefined {
  const { texts, content } = run.env;
  const lang = langOf(run);
  const decision = content.decide(step.decide?.table ?? '', run.session.vars);
  say(run, stepText(run, flow, step, labels(run)), { join: true });
  // The completeness proof leaves no combination without a row; answers missing here are asked again by the flow.
  if (decision === undefined) return onward(step);
  const claimsOf = (ids: readonly string[]): Claim[] => ids.flatMap((id) => content.claim(id) ?? []);
  if (step.decide?.show === 'answer') {
    say(run, texts.t(lang, `eligibility:${decision.outcome}`), { sources: claimsOf(decision.claims) });
    return onward(step);
  }
  const steps = partOf(run, decision.steps, entered);
  const named = new Set([...decision.claims, ...steps.flatMap((s) => s.claims)]);
  say(run, nextSteps(run, steps), { sources: claimsOf([...named]) });
  return onward(step);
}

/** The steps on the screen; `part` and `parts` stay in the session for "More". */
function partOf(run: Run, steps: readonly DecisionStep[], entered: boolean): readonly DecisionStep[] {
  if (entered) setVar(run, 'part', 0);
  setVar(run, 'parts', Math.ceil(steps.length / STEPS_AT_ONCE));
  const { part } = run.session.vars;
  const from = (typeof part === 'number' ? part : 0) * STEPS_AT_ONCE;
  return steps.slice(from, from + STEPS_AT_ONCE);
}

/** Each step with whom to turn to; nobody is named twice. */
function nextSteps(run: Run, steps: readonly DecisionStep[]): string {
  const { texts, content } = run.env;
  const lang = langOf(run);
  const named = new Set<string>();
  /** Somebody not named yet, nor under another name with the same numbers. */
  const isNew = ({ id, phones }: { id: string; phones: string[] }): boolean => {
    const keys = phones.length > 0 ? phones : [id];
    const known = keys.every((key) => named.has(key));
    for (const key of keys) named.add(key);
    return !known;
  };
  const blocks = steps.map((s) => {
    // One place is enough here; "Nearest HIV centre" asks for the city and shows the others.
    const sites = s.sites.slice(0, 1).flatMap((id) => content.site(id) ?? []);
    const contacts = s.contacts.flatMap((id) => content.contact(id) ?? []);
    const newSites = sites.filter(isNew);
    const newContacts = contacts.filter(isNew);
    const cards = [
      ...newSites.map((x) => siteLine(texts, lang, x)),
      ...newContacts.map((c) => contactCard(texts, lang, c)),
    ];
    return [`• ${texts.t(lang, `eligibility:steps.${s.id}`)}`, ...cards].join('\n');
  });
  return blocks.join('\n\n');
}

/** `{{country}}`, `{{citizenship}}` in the person's language. */
function labels(run: Run): Record<string, string> {
  const lang = langOf(run);
  const { vars } = run.session;
  const label = (kind: string, id: unknown) =>
    typeof id === 'string' ? run.env.texts.t(lang, `places:${kind}.${id}`) : '';
  return {
    country: label('countries', countryOf(run)),
    citizenship: label('citizenships', vars.citizenship),
  };
}
