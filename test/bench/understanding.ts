import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LANGS } from '../../src/message.ts';
import { FOLDINGS, type Folding } from '../../src/understanding/folding.ts';
import { learnPhrases } from '../../src/understanding/learn.ts';
import { digestOf, readLearnt, writeLearnt } from '../../src/understanding/learnt-file.ts';
import { loadPhrases, type Phrase } from '../../src/understanding/phrases.ts';
import { CONFIDENT, Reader } from '../../src/understanding/reader.ts';
import { INTENTS } from '../../src/understanding/types.ts';
import { ROOT } from '../support/world.ts';
import { type Answer, ask, crossValidate, divide, figuresOf } from '../understanding/cross.ts';
import { DAMAGES, type Damage } from '../understanding/damage.ts';
import { quantile, table, thousands } from './measure.ts';

const HEAD = ['', 'phrases', 'top-1', 'wrong, sure', 'urgent seen', 'false alarms', 'none'];
/** The ablation learns anew for each folding; a third of the phrases shows the differences as well. */
const SAMPLE = 3;

const percent = (share: number | undefined) => (share === undefined ? '' : (100 * share).toFixed(1));

function row(name: string, answers: readonly Answer[]): string[] {
  const { count, top1, wrong, recall, alarms, none } = figuresOf(answers);
  return [name, thousands(count), ...[top1, wrong, recall, alarms, none].map(percent)];
}

/** How well free words are understood, by cross-validation; what each folding earns; what it costs. */
export function benchUnderstanding(): void {
  const { phrases } = loadPhrases(ROOT);
  const answers = crossValidate(phrases, { folds: 5 });
  const of = (is: (phrase: Phrase) => boolean) => answers.filter(({ phrase }) => is(phrase));
  console.log(
    `\nUnderstanding free words: each phrase asked of a model that has learnt the other four fifths, %\n`,
  );
  const rows = [
    row('all', answers),
    ...LANGS.map((lang) =>
      row(
        lang,
        of((phrase) => phrase.lang === lang),
      ),
    ),
    ...INTENTS.map((intent) =>
      row(
        intent,
        of((phrase) => phrase.intent === intent),
      ),
    ),
  ];
  console.log(table(HEAD, rows));
  console.log(`\nTop-1 by language and intent, %\n`);
  const cells = INTENTS.map((intent) => [
    intent,
    ...LANGS.map((lang) => {
      const { top1, none } = figuresOf(of((phrase) => phrase.lang === lang && phrase.intent === intent));
      return percent(top1 ?? none);
    }),
  ]);
  console.log(table(['', ...LANGS], cells));
  const sure = of(({ intent }) => intent !== 'none').filter(
    ({ understood }) => understood.score >= CONFIDENT,
  );
  console.log(`\nsure from ${CONFIDENT} on: ${percent(sure.length / answers.length)} % of all phrases`);
  ablation(phrases);
  costs(phrases);
}

/** Top-1 of one part when a folding is left out, on the phrases as they are and on damaged ones. */
function ablation(phrases: readonly Phrase[]): void {
  const sample = phrases.filter((_, i) => i % SAMPLE === 0);
  const damages = Object.keys(DAMAGES) as Damage[];
  const rows = [undefined, ...FOLDINGS].map((off) => {
    const on = new Set<Folding>(FOLDINGS.filter((folding) => folding !== off));
    const { asked, reader } = divide(sample, 5, 0, on);
    const shares = [undefined, ...damages].map((damage) => {
      const answers = ask(reader, asked, damage === undefined ? undefined : DAMAGES[damage]);
      return percent(figuresOf(answers).top1);
    });
    return [off === undefined ? 'all foldings' : `without ${off}`, ...shares];
  });
  console.log(`\nWhat each folding earns: top-1 with a third of the phrases, as typed and damaged, %\n`);
  console.log(table(['', 'as typed', ...damages], rows));
}

function costs(phrases: readonly Phrase[]): void {
  const dir = mkdtempSync(join(tmpdir(), 'hamroh-bench-'));
  try {
    const learning = performance.now();
    const digest = digestOf(ROOT);
    writeLearnt(dir, digest, learnPhrases(phrases));
    const learnt = performance.now() - learning;
    const starting = performance.now();
    const known = readLearnt(dir, digestOf(ROOT));
    if (known === undefined) throw new Error('what was written cannot be read');
    const reader = new Reader(known);
    const started = performance.now() - starting;
    // What is read from the file is kept as it is: rows of numbers.
    const { size } = statSync(join(dir, 'dist', 'understanding.bin'));
    const times = phrases.slice(0, 5_000).map(({ text }) => {
      const start = performance.now();
      reader.read(`${text} ?`);
      return performance.now() - start;
    });
    console.log(
      `\na phrase: p50 ${quantile(times, 0.5).toFixed(2)} ms, p99 ${quantile(times, 0.99).toFixed(2)} ms; ` +
        `memory ${(size / 2 ** 20).toFixed(1)} MiB; start ${thousands(started)} ms; learning (in the build) ${thousands(learnt)} ms`,
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
