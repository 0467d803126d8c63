import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, formatProblem, type Problem } from '../errors.ts';
import { LANGS, type Lang } from '../message.ts';
import { parseYaml, type Source } from '../yaml-source.ts';
import { INTENTS, type Intent } from './types.ts';

/** What a phrase can mean more exactly than its intent. Ids are fixed: flows are reached by them. */
export const DETAILS: Readonly<Record<Intent, readonly string[]>> = {
  testing: ['how', 'window', 'cost', 'self', 'cert'],
  art: ['running-out', 'start', 'remote'],
  rights: [
    ...['deport', 'employer', 'secrecy', 'permit', 'entry', 'partner'],
    ...['complain', 'custody', 'asylum', 'trafficking'],
  ],
  handoff: [],
  pep: ['when'],
  crisis: ['violence', 'doubt'],
  prevention: ['prep', 'condoms', 'treated'],
  pregnancy: ['cost', 'child'],
  basics: ['what', 'passed', 'not_passed', 'treatment'],
  privacy: ['forget', 'hide'],
  language: [],
  menu: [],
  none: [],
};

/** A phrase as people type it, and what it means. */
export interface Phrase {
  text: string;
  lang: Lang;
  intent: Intent;
  detail?: string;
}

/** A phrase and where it stands. */
export interface PlacedPhrase extends Phrase {
  file: string;
  line: number;
}

/** `locales/ru/phrases.yaml` */
export function phraseFile(lang: Lang): string {
  return `locales/${lang}/phrases.yaml`;
}

/**
 * Reads `locales/<lang>/phrases.yaml` of every language under the project's folder that has one.
 *
 * @returns every phrase that could be read, with its line, and every problem of the files' form
 */
export function loadPhrases(root: string): { phrases: PlacedPhrase[]; problems: Problem[] } {
  const phrases: PlacedPhrase[] = [];
  const problems: Problem[] = [];
  for (const lang of LANGS) {
    const file = phraseFile(lang);
    if (!existsSync(join(root, file))) continue;
    const { source, problems: syntax } = parseYaml(file, readFileSync(join(root, file), 'utf8'));
    problems.push(...syntax);
    if (source !== undefined) addPhrases(lang, source, phrases, problems);
  }
  return { phrases, problems };
}

/**
 * The phrases under the project's folder, all of them or none.
 *
 * @throws AppError LOCALE_INVALID with file and line of everything that cannot be read
 */
export function readPhrases(root: string): Phrase[] {
  const { phrases, problems } = loadPhrases(root);
  if (problems.length === 0) return phrases;
  throw new AppError('LOCALE_INVALID', problems.map(formatProblem).join('\n'), {
    hint: 'Correct these files; the same list is shown by: npx hamroh locales check',
  });
}

/** `art.running-out` → its intent and detail; undefined when there is no such key. */
export function parseKey(key: string): Pick<Phrase, 'intent' | 'detail'> | undefined {
  const [name, detail, ...rest] = key.split('.');
  const intent = INTENTS.find((id) => id === name);
  if (intent === undefined || rest.length > 0) return undefined;
  if (detail === undefined) return { intent };
  return DETAILS[intent].includes(detail) ? { intent, detail } : undefined;
}

function addPhrases(lang: Lang, source: Source, phrases: PlacedPhrase[], problems: Problem[]): void {
  const report = (path: PropertyKey[], message: string, hint: string) => {
    const line = source.lineOf(path);
    problems.push({ file: source.file, line, rule: 'schema', message, hint, level: 'error' });
  };
  const { data, file } = source;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return report([], 'is not a list of intents', 'write `intent:` and under it one `- phrase` a line');
  }
  for (const [key, list] of Object.entries(data)) {
    const meaning = parseKey(key);
    if (meaning === undefined) report([key], `no intent "${key}"`, `there are: ${allKeys().join(', ')}`);
    else if (!Array.isArray(list)) report([key], `"${key}" is not a list`, 'one `- phrase` a line under it');
    else {
      for (const [i, text] of list.entries()) {
        const path = [key, i];
        if (typeof text === 'string')
          phrases.push({ text, lang, ...meaning, file, line: source.lineOf(path) });
        else report(path, 'is not a text', 'put it between quotation marks');
      }
    }
  }
}

function allKeys(): string[] {
  return INTENTS.flatMap((intent) => [intent, ...DETAILS[intent].map((detail) => `${intent}.${detail}`)]);
}
