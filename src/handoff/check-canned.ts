import { checkCyrillic } from '../i18n/uz-cyrillic.ts';
import type { Lang } from '../message.ts';
import type { Report } from './read.ts';

const MAX_SENTENCES = 3;
/** Fits every channel beside its buttons, and a small screen. */
const MAX_CHARACTERS = 300;
const LATIN: ReadonlySet<string> = new Set(['uz', 'en']);

/**
 * Rules about what a canned reply says: `placeholder`, `number`, `too-long`, `script` and `same-text`.
 *
 * @param texts by language, Uzbek in both scripts
 * @param names words that stay Latin in Uzbek Cyrillic
 */
export function checkReply(
  id: string,
  texts: Readonly<Record<Lang, string>>,
  names: readonly string[],
  report: Report,
): void {
  const seen = new Map<string, string>();
  for (const [lang, text] of Object.entries(texts)) {
    const fault = (rule: string, message: string, hint: string) =>
      report(['text', lang], rule, `"${id}", ${lang}: ${message}`, hint);
    if (/[{}]/.test(text))
      fault('placeholder', 'nothing is filled in here', 'write the sentence without { and }');
    if (/\d{3}|:\/\/|www\.|@/.test(text))
      fault(
        'number',
        'a number, an address or a link',
        'those stand in contacts/ with their source; the bot shows them',
      );
    checkLength(text, fault);
    checkScript(lang, text, names, fault);
    const other = seen.get(text.toLowerCase());
    if (other !== undefined) fault('same-text', `the same words as ${other}`, 'translate it');
    seen.set(text.toLowerCase(), lang);
  }
}

type Fault = (rule: string, message: string, hint: string) => void;

function checkLength(text: string, fault: Fault): void {
  const sentences = text.split(/[.!?…]+(?:[»”"]*\s|[»”"]*$)/u).filter((part) => part.trim() !== '').length;
  const questions = text.split('?').length - 1;
  const length = Array.from(text).length;
  if (sentences > MAX_SENTENCES || questions > 1)
    fault(
      'too-long',
      `${sentences} sentences, ${questions} questions`,
      `at most ${MAX_SENTENCES} sentences and one question`,
    );
  if (length > MAX_CHARACTERS) fault('too-long', `${length} characters`, `at most ${MAX_CHARACTERS}`);
}

function checkScript(lang: string, text: string, names: readonly string[], fault: Fault): void {
  const [strange] = LATIN.has(lang)
    ? (/[\p{L}\p{M}]*\p{Script=Cyrillic}[\p{L}\p{M}]*/u.exec(text) ?? [])
    : checkCyrillic(text, names);
  if (strange === undefined) return;
  const byRule = 'write this reply under uz-Cyrl by hand, or the name into locales/latin.json';
  const hint = lang === 'uz-Cyrl' ? byRule : 'type the word again in the letters of the language';
  fault('script', `"${strange}" has letters of another alphabet`, hint);
}
