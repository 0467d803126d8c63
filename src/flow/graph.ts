import type { Texts } from '../engine/types.ts';
import type { Lang } from '../message.ts';
import { choiceKeys, textKey } from './keys.ts';
import type { Flow, FlowStep, Target } from './types.ts';
import { type Way, waysOf } from './ways.ts';

/** Characters of a text shown in a box. */
const MAX_LABEL = 60;

/**
 * The flow as a Mermaid flowchart, which code hosts draw. With texts, boxes and arrows carry what people read;
 * without, ids. Ends with a newline.
 */
export function mermaid(flow: Flow, texts?: Texts, lang: Lang = 'en'): string {
  const lines = ['flowchart TD', `  start([${quote(flow.id)}]) --> ${boxId(flow.start)}`];
  const outside = new Map<string, string>();
  for (const step of flow.steps.values()) {
    lines.push(`  ${boxId(step.id)}${shape(step, stepLabel(flow, step, texts, lang))}`);
    for (const way of waysOf(step)) {
      const label = wayLabel(flow, step, way, texts, lang);
      const to = targetBox(step, way.target, outside);
      const arrow = way.waited || way.label === '' || step.kind === 'branch' ? '-->' : '-.->';
      lines.push(`  ${boxId(step.id)} ${arrow}${label === '' ? '' : `|${quote(label)}|`} ${to}`);
    }
  }
  for (const [id, label] of outside) lines.push(`  ${id}([${quote(label)}])`);
  return `${lines.join('\n')}\n`;
}

/** Ids of ours may be words of Mermaid (`end`), so every box gets a prefix. */
function boxId(step: string): string {
  return `s_${step}`;
}

function targetBox(step: FlowStep, target: Target, outside: Map<string, string>): string {
  const box = (id: string, label: string) => {
    const safe = id.replace(/[^A-Za-z0-9_]/g, '_');
    outside.set(safe, label);
    return safe;
  };
  switch (target.to) {
    case 'step':
      return boxId(target.step);
    case 'goto':
      return box(`goto_${target.flow}`, `→ ${target.flow}`);
    case 'call':
      return box(`call_${target.flow}`, `⇄ ${target.flow}`);
    case 'handoff':
      return box('handoff', 'a person');
    case 'end':
      return box(`end_${target.outcome}`, `end: ${target.outcome}`);
    case 'do':
      if (target.action === 'forget') return box('do_forget', 'everything deleted');
      return target.action === 'leave' ? box('end_left', 'end: left') : boxId(step.id);
  }
}

function stepLabel(flow: Flow, step: FlowStep, texts: Texts | undefined, lang: Lang): string {
  const key = textKey(flow.id, step.id);
  const text = texts?.has(lang, key) ? texts.t(lang, key) : '';
  const facts =
    step.say?.page ??
    step.say?.claim ??
    step.find_sites?.service ??
    step.contacts?.topic ??
    step.queue?.topic ??
    step.decide?.table ??
    step.branch?.on;
  const head = facts === undefined ? `${step.id} · ${step.kind}` : `${step.id} · ${step.kind} ${facts}`;
  return text === '' ? head : `${head}\n${shorten(text)}`;
}

function wayLabel(flow: Flow, step: FlowStep, way: Way, texts: Texts | undefined, lang: Lang): string {
  if (way.choice === undefined || texts === undefined) return way.label;
  const key = choiceKeys(flow.id, step.id, way.choice).find((k) => texts.has(lang, k));
  return key === undefined ? way.label : texts.t(lang, key);
}

function shape(step: FlowStep, label: string): string {
  if (step.kind === 'branch' || step.kind === 'decide') return `{${quote(label)}}`;
  return step.waits ? `[${quote(label)}]` : `(${quote(label)})`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > MAX_LABEL ? `${line.slice(0, MAX_LABEL - 1).trimEnd()}…` : line;
}

/** Mermaid reads everything between quotes as text, but knows `#` codes and some HTML. */
function quote(text: string): string {
  const safe = text
    .replace(/#/g, '#35;')
    .replace(/&/g, '#38;')
    .replace(/"/g, '#quot;')
    .replace(/</g, '#lt;')
    .replace(/>/g, '#gt;')
    .replace(/`/g, '#96;')
    .replace(/\n/g, '<br>');
  return `"${safe}"`;
}
