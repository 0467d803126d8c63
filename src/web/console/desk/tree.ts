import { type Child, jsx } from 'hono/jsx';

/** Attributes of an element; undefined ones are left out, `true` stands for an attribute without a value. */
export type Attributes = Readonly<Record<string, string | number | true | undefined>>;

/** A piece of a page as plain data: text, or `[tag, attributes, …children]`. */
export type Tree = string | Element;
export type Element = readonly [tag: string, attributes: Attributes, ...children: Tree[]];

/**
 * One element. The server writes it into a page, and the script of the desk builds the very same from the JSON of an event: so
 * there is one way a chat looks, and text stays text on both.
 */
export function h(
  tag: string,
  attributes: Attributes,
  ...children: readonly (Tree | false | undefined)[]
): Element {
  const kept = children.filter((child): child is Tree => child !== undefined && child !== false);
  return [tag, attributes, ...kept];
}

/** For a page; texts are escaped there. */
export function toMarkup(tree: Tree): Child {
  if (typeof tree === 'string') return tree;
  const [tag, attributes, ...children] = tree;
  return jsx(tag, { ...attributes }, ...children.map((child) => toMarkup(child)));
}
