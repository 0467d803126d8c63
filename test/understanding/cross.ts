import { ALL_FOLDINGS, type Folding, foldWords } from '../../src/understanding/folding.ts';
import { learnPhrases } from '../../src/understanding/learn.ts';
import type { Phrase } from '../../src/understanding/phrases.ts';
import { CONFIDENT, Reader } from '../../src/understanding/reader.ts';
import type { Understanding, Understood } from '../../src/understanding/types.ts';

/** What was made of a phrase by somebody who had not learnt it. */
export interface Answer {
  phrase: Phrase;
  understood: Understood;
}

/** Shares, 0..1; undefined when there is no phrase of the kind. */
export interface Figures {
  count: number;
  /** Of the phrases of real intents: understood as theirs. */
  top1: number | undefined;
  /** Of all: a wrong real intent, said with confidence. */
  wrong: number | undefined;
  /** Of the urgent ones: seen to be urgent. */
  recall: number | undefined;
  /** Of the others: taken for urgent. */
  alarms: number | undefined;
  /** Of what is none of ours: left alone. */
  none: number | undefined;
}

/** How phrases are divided and learnt. */
export interface Way {
  /** Into how many parts the phrases are divided. */
  folds: number;
  /** How many of the parts are asked, each by somebody who has learnt all the others; all when absent. */
  asked?: number;
  on?: ReadonlySet<Folding>;
  /** What is done to a phrase before it is asked: damage. Undefined: this phrase cannot be damaged so. */
  change?: (phrase: Phrase) => string | undefined;
}

/**
 * Learns all parts but one and asks that one, in turn. Phrases that are the same after folding are in the same part:
 * no phrase can be recognised because it was learnt.
 */
export function crossValidate(phrases: readonly Phrase[], way: Way): Answer[] {
  const answers: Answer[] = [];
  for (let part = 0; part < (way.asked ?? way.folds); part++) {
    const { asked, reader } = divide(phrases, way.folds, part, way.on);
    answers.push(...ask(reader, asked, way.change));
  }
  return answers;
}

/** One part, and somebody who has learnt all the others. */
export function divide(
  phrases: readonly Phrase[],
  folds: number,
  part: number,
  on: ReadonlySet<Folding> = ALL_FOLDINGS,
): { asked: Phrase[]; reader: Understanding } {
  const isAsked = (phrase: Phrase) => partOf(phrase, folds) === part;
  const learnt = learnPhrases(
    phrases.filter((phrase) => !isAsked(phrase)),
    on,
  );
  return { asked: phrases.filter(isAsked), reader: new Reader(learnt, on) };
}

/** Asks phrases, as they are or changed. */
export function ask(reader: Understanding, phrases: readonly Phrase[], change?: Way['change']): Answer[] {
  return phrases.flatMap((phrase) => {
    const text = change === undefined ? phrase.text : change(phrase);
    return text === undefined ? [] : [{ phrase, understood: reader.read(text) }];
  });
}

export function figuresOf(answers: readonly Answer[]): Figures {
  const isUrgent = ({ phrase: { intent } }: Answer) => intent === 'pep' || intent === 'crisis';
  const isNone = ({ phrase: { intent } }: Answer) => intent === 'none';
  const isRight = ({ phrase, understood }: Answer) => phrase.intent === understood.intent;
  const isWrong = (answer: Answer) =>
    answer.understood.intent !== 'none' && !isRight(answer) && answer.understood.score >= CONFIDENT;
  const isSeen = ({ understood }: Answer) => understood.urgent;
  const share = (of: (answer: Answer) => boolean, is: (answer: Answer) => boolean): number | undefined => {
    const all = answers.filter(of);
    return all.length === 0 ? undefined : all.filter(is).length / all.length;
  };
  return {
    count: answers.length,
    top1: share((a) => !isNone(a), isRight),
    wrong: share(() => true, isWrong),
    recall: share(isUrgent, isSeen),
    alarms: share((a) => !isUrgent(a), isSeen),
    none: share(isNone, isRight),
  };
}

/** Always the same part for the same folded words: FNV-1a, so that neighbours in a file do not stay together. */
function partOf({ text }: Phrase, folds: number): number {
  let hash = 2166136261;
  for (const letter of foldWords(text).join(' '))
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) % folds;
}
