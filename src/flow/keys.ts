/** Where the text of a step stands: `rights:deport.text`. */
export function textKey(flow: string, step: string): string {
  return `${flow}:${step}.text`;
}

/**
 * Where the label of a choice may stand, most particular first: the step's own, one shared by the flow, one
 * shared by all flows. `locales/README.md` tells translators the same.
 */
export function choiceKeys(flow: string, step: string, choice: string): [string, string, string] {
  return [`${flow}:${step}.choices.${choice}`, `${flow}:choices.${choice}`, `common:choices.${choice}`];
}
