const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Kept free on every page for its mark. */
const MARK_ROOM = '\n\n(999/999)'.length;

/**
 * A text and the lines of a menu as messages of at most `limit` UTF-16 units. What fits stays one message. Otherwise
 * the text is cut by {@link splitText}, the menu between two lines and never inside one (unless a line alone is longer
 * than a message), and every page ends in its mark, "(1/3)": it says in any language that there is more.
 *
 * @param limit far more than a mark is long
 * @returns at least one page; '' for nothing
 */
export function paginate(body: string, lines: readonly string[], limit: number): string[] {
  const whole = joinBlocks([body, lines.join('\n')]);
  if (whole.length <= limit) return [whole];
  const pages = paginateMenu(splitText(body, limit - MARK_ROOM), lines, limit - MARK_ROOM);
  if (pages.length < 2) return pages;
  return pages.map((page, i) => `${page}\n\n(${i + 1}/${pages.length})`);
}

/** Blocks of text with a blank line between them; blank ones are left out. */
export function joinBlocks(blocks: readonly string[]): string {
  return blocks.filter((block) => block.trim() !== '').join('\n\n');
}

/** Adds the lines to the pages of the text: whole where they fit on one page, else one by one. */
function paginateMenu(text: readonly string[], lines: readonly string[], room: number): string[] {
  const pages = text.map((page) => page.trimEnd());
  const menu = lines.join('\n');
  if (menu.length <= room) {
    const together = joinBlocks([pages.at(-1) ?? '', menu]);
    if (together.length <= room) pages[pages.length - 1] = together;
    else pages.push(menu);
  } else {
    let between = '\n\n';
    for (const line of lines.flatMap((l) => splitText(l, room))) {
      const last = pages.at(-1) ?? '';
      const together = last === '' ? line : `${last}${between}${line}`;
      if (together.length <= room) pages[pages.length - 1] = together;
      else pages.push(line);
      between = '\n';
    }
  }
  return pages.filter((page) => page !== '');
}

/**
 * Cuts a text into parts of at most `limit` UTF-16 units: after a paragraph, else a line, a sentence, a word, and
 * only then inside one. The parts joined are the text; parts of nothing but white space are left out.
 */
export function splitText(text: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const at = cutAt(rest, limit);
    parts.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  parts.push(rest);
  const visible = parts.filter((part) => part.trim() !== '');
  return visible.length > 0 ? visible : [''];
}

/** A label of at most `limit` UTF-16 units, cut between characters as a person sees them; a shortened one ends in '…'. */
export function shorten(label: string, limit: number): string {
  if (label.length <= limit) return label;
  // Where the character begins that would take the last place: the '…' stands there.
  const at = graphemes.segment(label).containing(limit - 1)?.index ?? 0;
  return `${label.slice(0, at).trimEnd()}…`;
}

/** Where to end a part: 1 … limit. A cut that would leave less than a quarter is not worth its tidiness. */
function cutAt(text: string, limit: number): number {
  const window = text.slice(0, limit);
  const least = Math.max(1, limit / 4);
  const tidy = [
    window.lastIndexOf('\n\n') + 2,
    window.lastIndexOf('\n') + 1,
    lastEnd(text, /[.!?…]["»”)]?\s/gu, limit),
    // Not between the groups of a phone number.
    lastEnd(text, /(?<!\d)\s|\s(?!\d)/gu, limit),
  ].find((at) => at > least && at <= limit);
  if (tidy !== undefined) return tidy;
  const grapheme = graphemes.segment(text.slice(0, limit + 64)).containing(limit)?.index ?? 0;
  if (grapheme > 0) return grapheme;
  // One cluster longer than a message: keep at least its code points whole.
  const code = text.charCodeAt(limit);
  return code >= 0xdc00 && code <= 0xdfff && limit > 1 ? limit - 1 : limit;
}

/** Where the last match that ends within `limit` ends; 0 for none. */
function lastEnd(text: string, pattern: RegExp, limit: number): number {
  let end = 0;
  // One unit more, so that a look-ahead at the very end sees what comes.
  for (const match of text.slice(0, limit + 1).matchAll(pattern)) {
    const at = match.index + match[0].length;
    if (at <= limit) end = at;
  }
  return end;
}
