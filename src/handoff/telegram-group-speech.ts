import type { HandoffLine } from './port.ts';
import type { Words } from './telegram-group-card.ts';

/** Longest part of a message with somebody's words, in UTF-16 units: Telegram takes 4096. */
const PART = 3900;

/** A person's words as the group shows them. */
export interface Speech {
  /** Messages, one after the other; empty when there is nothing new. */
  parts: string[];
  /** Line up to which these are. */
  upTo: number;
}

/** What a person said after the line `upTo`: as many lines as fit one message, or one line that does not. */
export function speechAfter(lines: readonly HandoffLine[], upTo: number | undefined, t: Words): Speech {
  const from = lines.findIndex((line) => line.id === upTo) + 1;
  let parts: string[] = [];
  let last = upTo ?? 0;
  for (const line of lines.slice(from)) {
    const text = spokenBy(line, t);
    if (text === undefined) continue;
    const joined = partsOf([...parts, text].join('\n\n'));
    if (parts.length > 0 && joined.length > 1) break;
    parts = joined;
    last = line.id;
  }
  return { parts, upTo: last };
}

/** A person's line as the group may show it; undefined for lines that are not theirs, or nothing to see. */
function spokenBy(line: HandoffLine, t: Words): string | undefined {
  if (line.from === 'person') return harmless(line.text);
  if (line.from === 'event' && (line.text === 'media' || line.text === 'place'))
    return t(`group.said.${line.text}`);
  return undefined;
}

/** Cuts words into messages that Telegram takes, never within a character. */
function partsOf(text: string): string[] {
  const parts = [''];
  for (const sign of text) {
    const last = parts.length - 1;
    const part = parts[last] ?? '';
    if (part.length + sign.length > PART) parts.push(sign);
    else parts[last] = part + sign;
  }
  return parts;
}

/**
 * Telegram's apps make links, mentions and commands of plain words by themselves: one tap of an operator would open a page of the
 * writer's choice, and "@name" would call somebody in. A joiner that nobody sees keeps words words.
 */
function harmless(text: string): string {
  return text.replace(/[@#/.:$](?=[\p{L}\p{N}/])/gu, '$&\u2060');
}
