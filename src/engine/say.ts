import type { SourceRef } from '../content/types.ts';
import type { Lang, OutboundMessage, Place } from '../message.ts';
import type { Texts } from './types.ts';

/** A piece of what a turn says, before it is cut into messages. */
export interface Piece {
  text: string;
  /** What stands behind the text; becomes the source line. */
  sources: readonly SourceRef[];
  place?: Place;
  /** Joined to the message after it: an opening sentence, a heading. */
  join: boolean;
}

/** Facts a line of sources names before it says "…". */
const SOURCES_NAMED = 2;

/**
 * `Source: Health Code, February 2026 · checked November 2026`, with a warning when a fact is past its review date.
 *
 * @param today `2026-11-22`
 */
export function sourceLine(
  texts: Texts,
  lang: Lang,
  sources: readonly SourceRef[],
  today: string,
): string | undefined {
  if (sources.length === 0) return undefined;
  const named = [...new Set(sources.map((s) => datedSource(texts, lang, s)))];
  const list = named.slice(0, SOURCES_NAMED).join('; ') + (named.length > SOURCES_NAMED ? ' …' : '');
  const checked = sources.map((s) => s.checkedOn).sort()[0] ?? today;
  const line = texts.t(lang, 'common:source.line', { sources: list, checked: monthOf(texts, lang, checked) });
  const old = sources.some((s) => s.reviewAfter < today);
  return old ? `${line}\n${texts.t(lang, 'common:source.old')}` : line;
}

/** `Health Code, February 2026`; without a date, the name alone. */
export function datedSource(texts: Texts, lang: Lang, source: SourceRef): string {
  const name = texts.has(lang, `sources:${source.source}`)
    ? texts.t(lang, `sources:${source.source}`)
    : source.title;
  if (source.month === undefined) return name;
  return texts.t(lang, 'common:source.dated', { source: name, month: monthOf(texts, lang, source.month) });
}

/** `February 2026` from `2026-02` or `2026-02-03`; `2026` stays as it is. */
export function monthOf(texts: Texts, lang: Lang, date: string): string {
  const [year = date, month] = date.split('-');
  const name = month === undefined ? undefined : texts.list(lang, 'common:months')[Number(month) - 1];
  return name === undefined ? year : `${name} ${year}`;
}

/** All sources with their links, for a person who wants to check for themselves. */
export function sourceList(texts: Texts, lang: Lang, sources: readonly SourceRef[]): string {
  const lines = sources.map((s) => {
    const head = `${datedSource(texts, lang, s)} — ${s.title}`;
    const checked = texts.t(lang, 'common:source.checked', { date: s.checkedOn });
    return s.link === undefined ? `${head} (${checked})` : `${head} (${checked})\n${s.link}`;
  });
  return [texts.t(lang, 'common:source.title'), ...new Set(lines)].join('\n\n');
}

/** Pieces → messages: headings join what follows; a map point is a message of its own. */
export function toMessages(
  pieces: readonly Piece[],
  make: (text: string, sources: SourceRef[]) => OutboundMessage,
): OutboundMessage[] {
  const messages: OutboundMessage[] = [];
  let text: string[] = [];
  let sources: SourceRef[] = [];
  const flush = () => {
    if (text.length > 0) messages.push(make(text.join('\n\n'), sources));
    text = [];
    sources = [];
  };
  for (const piece of pieces) {
    if (piece.place !== undefined) {
      flush();
      messages.push({ ...make(piece.text, []), place: piece.place });
      continue;
    }
    text.push(piece.text);
    sources.push(...piece.sources);
    if (!piece.join) flush();
  }
  flush();
  return messages;
}
