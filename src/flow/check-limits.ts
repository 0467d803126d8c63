import type { Problem } from '../errors.ts';
import type { Choice, Lang, OutboundMessage } from '../message.ts';
import type { CheckInput, Limits, StepReport } from './check-input.ts';
import { textKey } from './keys.ts';
import { type Label, listLabels } from './labels.ts';
import type { Flow, FlowStep } from './types.ts';

/** Kept free for the line of sources under a text, in UTF-16 units. */
const NOTE_ROOM = 400;
/** A longer label is cut by older phones, even where the platform takes it. */
const READABLE_LABEL = 34;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Rules `text-long`, `label-long`, `data-long`, `many-choices`, `render`: every message fits every channel as it is. */
export function checkLimits(input: CheckInput, report: StepReport): void {
  for (const flow of input.flows.values()) {
    for (const step of flow.steps.values()) checkStep(input, flow, step, report);
  }
}

function checkStep(input: CheckInput, flow: Flow, step: FlowStep, report: StepReport): void {
  // The same label on five channels in seven languages is one thing to mend.
  const said = new Set<string>();
  for (const lang of input.langs) {
    for (const message of listMessages(input, lang, flow, step)) {
      for (const [channel, limits] of input.channels) {
        const found = findTooMuch(message, limits);
        const extra = found.length > 0 ? [] : (input.renderLimits?.(message, channel) ?? []);
        for (const { rule, text, level } of [...found, ...extra.map((e) => ({ rule: 'render', ...e }))]) {
          if (said.has(text)) continue;
          said.add(text);
          report(flow, step, rule, `in ${lang} on ${channel}, ${text}`, HINTS[rule] ?? 'shorten it', level);
        }
      }
    }
  }
}

const HINTS: Readonly<Record<string, string>> = {
  'text-long': 'split the step in two, or shorten the text',
  'label-long': 'shorten the label',
  'data-long': 'shorten the ids of flow, step or choice',
  'many-choices': 'split the choices over two steps',
};

/** Kinds whose message is made of records, not of texts of the flow. */
const FILLED: ReadonlySet<FlowStep['kind']> = new Set([
  'find_sites',
  'contacts',
  'emergency',
  'decide',
  'queue',
]);

/** The messages of a step in one language: one for each country it says something else in. */
function listMessages(input: CheckInput, lang: Lang, flow: Flow, step: FlowStep): OutboundMessage[] {
  const own = step.kind === 'say' || step.kind === 'ask' || step.kind === 'after';
  if (!own && !FILLED.has(step.kind)) return [];
  const key = textKey(flow.id, step.id);
  const text = input.texts.has(lang, key) ? input.texts.t(lang, key, { country: '…', citizenship: '…' }) : '';
  const bodies = listBodies(input, lang, step)
    // A page that is empty in a country leads to `none` there and says nothing.
    .filter((body) => body !== '' || step.say?.none === undefined)
    .map((body) =>
      [text, body === '' && FILLED.has(step.kind) ? '…' : body].filter((part) => part !== '').join('\n\n'),
    );
  const sets = step.waits ? listLabels(input, lang, flow, step) : [[]];
  return [...new Set(bodies)].flatMap((body) =>
    sets.map((labels) => ({ lang, text: body, choices: makeChoices(input, lang, flow, step, labels) })),
  );
}

function listBodies(input: CheckInput, lang: Lang, step: FlowStep): string[] {
  const { content, texts } = input;
  const claims = (ids: readonly string[]) => ids.map((id) => texts.t(lang, `claims:${id}`)).join('\n\n');
  if (step.say?.claim !== undefined) return [claims([step.say.claim])];
  const page = step.say?.page;
  if (page !== undefined) {
    const countries = new Set([...content.countries(), ...content.citizenships()]);
    return [...countries].map((country) => claims(content.page(page, country).map((c) => c.id)));
  }
  const table = step.decide?.show === 'answer' ? input.tables?.get(step.decide.table) : undefined;
  if (table !== undefined)
    return table.rows.map((row) => texts.t(lang, `eligibility:${step.decide?.table}.${row}`));
  return [''];
}

function makeChoices(
  input: CheckInput,
  lang: Lang,
  flow: Flow,
  step: FlowStep,
  labels: readonly Label[],
): Choice[] {
  const choice = (id: string, label: string, number: string): Choice => ({
    data: `${lang}:${flow.id}:${step.id}:${id}`,
    label,
    number,
  });
  const choices = labels.map((label, i) => choice(label.id, label.text, String(i + 1)));
  if (!step.waits || !step.nav) return choices;
  const nav = (id: string, number: string) =>
    choice(`@${id}`, input.texts.t(lang, `common:nav.${id}`), number);
  return [...choices, nav('back', '0'), nav('menu', '00')];
}

interface TooMuch {
  rule: string;
  text: string;
  level: Problem['level'];
}

function findTooMuch(message: OutboundMessage, limits: Limits): TooMuch[] {
  const found: TooMuch[] = [];
  const add = (rule: string, text: string, level: Problem['level'] = 'error') =>
    found.push({ rule, text, level });
  if (message.text.length + NOTE_ROOM > limits.textLimit) {
    add('text-long', `the text has ${message.text.length} characters, ${limits.textLimit - NOTE_ROOM} fit`);
  }
  const menu = limits.menus.find((m) => m.spills);
  if (menu !== undefined && message.choices.length > menu.max) {
    add('many-choices', `there are ${message.choices.length} buttons, ${menu.max} fit`);
  }
  for (const { data, label } of message.choices) {
    if (menu !== undefined && label.length > menu.labelLimit)
      add('label-long', `"${label}" has ${label.length} characters, ${menu.labelLimit} fit`);
    else if (countSeen(label) > READABLE_LABEL)
      add(
        'label-long',
        `"${label}" has ${countSeen(label)} characters, ${READABLE_LABEL} are read everywhere`,
        'warning',
      );
    const bytes = Buffer.byteLength(data);
    if (menu !== undefined && bytes > menu.dataLimit)
      add('data-long', `the button "${data}" carries ${bytes} bytes, ${menu.dataLimit} fit`);
  }
  return found;
}

/** Characters as a person sees them. Telling them apart is slow, and only a label long enough to be too long needs it. */
function countSeen(label: string): number {
  return label.length > READABLE_LABEL ? Array.from(graphemes.segment(label)).length : label.length;
}
