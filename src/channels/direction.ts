const LETTER = /\p{L}/u;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
const FIRST_ISOLATE = '\u2066';
const POP_ISOLATE = '\u2069';
/** Digits with what stands between their groups, so that "+7 727 246 53 36" is one number. */
const NUMBER = /\+?\d(?:[\d\s().,:/-]*\d)?/gu;

/** Whether a text is read from right to left, by its first letter. */
export function isRightToLeft(text: string): boolean {
  const first = LETTER.exec(text)?.[0];
  return first !== undefined && RIGHT_TO_LEFT.test(first);
}

/**
 * Keeps every number of a right-to-left text in its own order: without it "+7 727 246" is shown as "246 727 7+". Not
 * for other texts: people copy phone numbers, and an invisible character in one is a number that cannot be dialled.
 */
export function isolateNumbers(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(NUMBER, (number) => `${FIRST_ISOLATE}${number}${POP_ISOLATE}`))
    .join('\n');
}
