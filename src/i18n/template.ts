/** Values for `{{placeholders}}`. */
export type Params = Readonly<Record<string, string | number>>;

const PLACEHOLDER = /\{\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}\}/g;

/** A text cut at its placeholders once, so that filling it in costs next to nothing. A missing value leaves a gap. */
export function compileTemplate(text: string): (params: Params | undefined) => string {
  // split() with one group: literal, name, literal, name, …, literal
  const parts = text.split(PLACEHOLDER);
  if (parts.length === 1) return () => text;
  return (params) => {
    let filled = '';
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] ?? '';
      filled += i % 2 === 0 ? part : String(params?.[part] ?? '');
    }
    return filled;
  };
}

/** Names of the placeholders in a text, sorted, each once. */
export function listPlaceholders(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((found) => found[1] ?? ''))].sort();
}

/** A text without its placeholders, for looking at its letters. */
export function dropPlaceholders(text: string): string {
  return text.replace(PLACEHOLDER, ' ');
}
