import { fold } from '../i18n/fold.ts';
import type { Lang } from '../message.ts';
import type { CheckInput, StepReport } from './check-input.ts';
import { queueKeys, textKey } from './keys.ts';
import { areExclusive, labelKey, listLabels } from './labels.ts';
import type { Flow, FlowStep } from './types.ts';

const BASE: Lang = 'en';
const MAX_STATEMENTS = 3;
const MAX_QUESTIONS = 1;
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Rules `missing-text`, `same-label`, `wordy`: everything said exists, can be told apart, and is short. */
export function checkTexts(input: CheckInput, report: StepReport): void {
  for (const flow of input.flows.values()) {
    for (const step of flow.steps.values()) {
      checkMissing(input, flow, step, report);
      if (step.waits) for (const lang of input.langs) checkDistinct(input, lang, flow, step, report);
      checkWordy(input, flow, step, report);
    }
  }
}

/** Languages by what they lack, so that one forgotten text is one problem and not seven. */
function checkMissing(input: CheckInput, flow: Flow, step: FlowStep, report: StepReport): void {
  const lacking = (key: string, has: (lang: Lang) => boolean) => {
    const langs = input.langs.filter((lang) => !has(lang));
    if (langs.length > 0)
      report(flow, step, 'missing-text', `no text ${key} in ${langs.join(', ')}`, fileHint(key, langs[0]));
  };
  const needs = new Set<string>();
  const key = textKey(flow.id, step.id);
  if (needsText(step) || input.texts.has(BASE, key)) needs.add(key);
  if (step.kind === 'queue') for (const said of queueKeys(flow.id, step.id)) needs.add(said);
  for (const claim of claimsOf(input, step)) needs.add(`claims:${claim}`);
  for (const [list] of [listLabels(input, BASE, flow, step)]) {
    for (const label of list ?? [])
      if (label.choice === undefined && label.key !== undefined) needs.add(label.key);
  }
  const table = input.tables?.get(step.decide?.table ?? '');
  for (const row of table?.rows ?? []) needs.add(`eligibility:${step.decide?.table}.${row}`);
  for (const id of table?.steps ?? []) needs.add(`eligibility:steps.${id}`);
  if (step.waits && step.nav) for (const id of ['back', 'menu']) needs.add(`common:nav.${id}`);
  for (const need of needs) lacking(need, (lang) => input.texts.has(lang, need));
  for (const choice of step.choices) {
    lacking(
      `${flow.id}:${step.id}.choices.${choice.id}`,
      (lang) => labelKey(input, lang, flow, step, choice.id) !== undefined,
    );
  }
}

/** A step that says nothing else must have a text of its own. */
function needsText(step: FlowStep): boolean {
  if (step.kind === 'ask' || step.kind === 'after') return true;
  const silentPage = step.say?.page !== undefined && step.say.none === undefined;
  return (
    step.say !== undefined && step.say.claim === undefined && (step.say.page === undefined || silentPage)
  );
}

/** Ids of the claims a step prints, in any country. */
function claimsOf({ content }: CheckInput, step: FlowStep): Set<string> {
  // A claim that does not exist is the content check's to report.
  const single = step.say?.claim === undefined ? undefined : content.claim(step.say.claim);
  const ids = new Set<string>(single === undefined ? [] : [single.id]);
  const page = step.say?.page ?? step.find_sites?.page;
  if (page === undefined) return ids;
  for (const country of new Set([...content.countries(), ...content.citizenships()])) {
    for (const claim of content.page(page, country)) ids.add(claim.id);
  }
  return ids;
}

function fileHint(key: string, lang = BASE): string {
  return `add it to locales/${lang}/${key.slice(0, key.indexOf(':'))}.json`;
}

/** Two options that fold to the same word could not be typed. */
function checkDistinct(input: CheckInput, lang: Lang, flow: Flow, step: FlowStep, report: StepReport): void {
  const reported = new Set<string>();
  for (const labels of listLabels(input, lang, flow, step)) {
    const byWord = new Map<string, typeof labels>();
    for (const label of labels) {
      const word = fold(label.text);
      const before = byWord.get(word) ?? [];
      const clash = before.find((other) => !areExclusive(other.choice, label.choice));
      const pair = `${clash?.id} ${label.id}`;
      if (clash !== undefined && !reported.has(pair)) {
        reported.add(pair);
        const message = `in ${lang}, "${clash.id}" and "${label.id}" are both called "${label.text}"`;
        report(flow, step, 'same-label', message, 'give one of them another name');
      }
      byWord.set(word, [...before, label]);
    }
  }
}

function checkWordy(input: CheckInput, flow: Flow, step: FlowStep, report: StepReport): void {
  const key = textKey(flow.id, step.id);
  if (!input.texts.has(BASE, key)) return;
  const found = Array.from(sentences.segment(input.texts.t(BASE, key)), (s) => s.segment.trim()).filter((s) =>
    /\p{L}/u.test(s),
  );
  const questions = found.filter((s) => s.endsWith('?')).length;
  if (found.length - questions <= MAX_STATEMENTS && questions <= MAX_QUESTIONS) return;
  const message = `the English text has ${found.length - questions} sentences and ${questions} questions`;
  const hint = `at most ${MAX_STATEMENTS} sentences and ${MAX_QUESTIONS} question in a message: split the step, or cut`;
  report(flow, step, 'wordy', message, hint, 'warning');
}
