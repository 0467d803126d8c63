import type { Claim } from '../content/types.ts';
import type { CheckInput, StepReport } from './check-input.ts';
import { suggest } from './nearest.ts';
import type { Flow, FlowStep } from './types.ts';

/** Rules `unknown-claim`, `-page`, `-service`, `-topic`, `-table` and `stale`: what is named exists and is fresh. */
export function checkContent(input: CheckInput, report: StepReport): void {
  for (const flow of input.flows.values()) {
    for (const step of flow.steps.values()) {
      checkClaims(input, flow, step, report);
      checkLists(input, flow, step, report);
    }
  }
}

function checkClaims(input: CheckInput, flow: Flow, step: FlowStep, report: StepReport): void {
  const { content } = input;
  const said = new Map<string, Claim>();
  if (step.say?.claim !== undefined) {
    const claim = content.claim(step.say.claim);
    if (claim === undefined)
      report(flow, step, 'unknown-claim', `no claim "${step.say.claim}"`, 'see db/content/claims/');
    else said.set(claim.id, claim);
  }
  const page = step.say?.page ?? step.find_sites?.page;
  if (page !== undefined) {
    const claims = everywhere(input).flatMap((country) => content.page(page, country));
    if (claims.length === 0)
      report(
        flow,
        step,
        'unknown-page',
        `the page "${page}" is empty in every country`,
        'see db/content/pages.yaml',
      );
    for (const claim of claims) said.set(claim.id, claim);
  }
  for (const claim of said.values()) {
    if (claim.reviewAfter >= input.today) continue;
    const message = `the claim "${claim.id}" was to be reviewed by ${claim.reviewAfter}`;
    report(
      flow,
      step,
      'stale',
      message,
      'look at its source again and set checked_on and review_after',
      input.stale ?? 'warning',
    );
  }
}

function checkLists(input: CheckInput, flow: Flow, step: FlowStep, report: StepReport): void {
  const { content, tables } = input;
  const service = step.find_sites?.service;
  if (service !== undefined) {
    const found = content.countries().some((country) => {
      const search = content.sitesNear({ country }, service, 1);
      return search.sites.length > 0 || search.placeholder;
    });
    if (!found)
      report(
        flow,
        step,
        'unknown-service',
        `no site offers "${service}"`,
        'see `services` under db/content/sites/',
      );
  }
  const topic = step.contacts?.topic ?? step.queue?.topic;
  if (
    topic !== undefined &&
    !content.countries().some((c) => content.contactsFor(c, topic, 'en', 1).length > 0)
  ) {
    report(
      flow,
      step,
      'unknown-topic',
      `no contact helps with "${topic}"`,
      'see `topics` under db/content/contacts/',
    );
  }
  const urgent = step.emergency?.topic;
  if (urgent !== undefined) {
    const without = content.countries().filter((c) => content.emergency(c, urgent).length === 0);
    // A step that says where to go without a number has been thought through.
    if (without.length > 0 && (step.none === undefined || without.length === content.countries().length)) {
      const none = without.length === content.countries().length;
      const hint =
        'the number that never waits is missing there: find it, or say in the text what to do without';
      const message = `no number for "${urgent}" in ${without.join(', ')}`;
      report(flow, step, 'unknown-topic', message, hint, none ? 'error' : 'warning');
    }
  }
  const table = step.decide?.table;
  if (table !== undefined && tables !== undefined && !tables.has(table)) {
    report(flow, step, 'unknown-table', `no decision table "${table}"`, suggest(table, tables.keys()));
  }
}

/** Countries of stay and of citizenship: a page may be about either. */
function everywhere({ content }: CheckInput): string[] {
  return [...new Set([...content.countries(), ...content.citizenships()])];
}
