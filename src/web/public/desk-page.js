// @ts-check
// What the scripts of the operators' pages share.
export const doc = document;
/** @param {string} id @returns {any} */
export const $ = (id) => doc.getElementById(id);
/** @param {string} query @param {any} [root] @returns {any[]} */
export const all = (query, root = doc) => [...root.querySelectorAll(query)];
export const desk = $('desk');
const says = JSON.parse(desk.dataset.says);
/** Reference of the chat that the page shows, or ''. */
export const ref = () => $('chat').dataset.ref || '';
export const json = { accept: 'application/json' };
export const say = (word, params = {}) =>
  says[word].replace(/\{\{(\w+)\}\}/g, (_all, name) => params[name] ?? '');

/** Builds an element. Text is only ever text; nothing here loads, runs or leads away. */
export function build(tree) {
  if (typeof tree === 'string') return doc.createTextNode(tree);
  const [tag, attributes, ...kids] = tree;
  const e = doc.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (/^on|^style$|^src/.test(name) || (/^(href|action)$/.test(name) && !/^\/console\//.test(value)))
      continue;
    e.setAttribute(name, value === true ? '' : value);
  }
  e.append(...kids.map(build));
  return e;
}
