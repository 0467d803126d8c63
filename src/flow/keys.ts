/** Where the text of a step stands: `rights:deport.text`. */
export function textKey(flow: string, step: string): string {
  return `${flow}:${step}.text`;
}

/** What a `queue` step may have to say, each under its step: `handoff:waiting.open`. */
const QUEUE_TEXTS = [
  'open',
  'open_wait',
  'closed',
  'closed_unknown',
  'today',
  'tomorrow',
  'weekday',
  'later',
  'weekdays',
  'urgent',
  'meanwhile',
  'passed',
  'text_only',
  'claimed',
  'opened',
  'released',
  'over',
] as const;
export type QueueText = (typeof QUEUE_TEXTS)[number];

/** Where such a sentence stands. */
export function queueKey(flow: string, step: string, text: QueueText): string {
  return `${flow}:${step}.${text}`;
}

/** Every key a `queue` step needs. */
export function queueKeys(flow: string, step: string): string[] {
  return QUEUE_TEXTS.map((text) => queueKey(flow, step, text));
}

/**
 * Where the label of a choice may stand, most particular first: the step's own, one shared by the flow, one
 * shared by all flows. `locales/README.md` tells translators the same.
 */
export function choiceKeys(flow: string, step: string, choice: string): [string, string, string] {
  return [`${flow}:${step}.choices.${choice}`, `${flow}:choices.${choice}`, `common:choices.${choice}`];
}
