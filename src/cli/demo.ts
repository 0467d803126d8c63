import { type Command, InvalidArgumentError, Option } from 'commander';
import { CONSOLE_LANGS, type ConsoleLang } from '../store/staff-types.ts';

/** What somebody asked for. */
interface Given {
  dir?: string;
  people: number;
  weeks: number;
  seed: number;
  lang: ConsoleLang;
}

const PEOPLE = 50_000;
const A_YEAR = 52;

/** Adds `hamroh demo`: a data folder with a simulated year, so that the console can be looked at on a first day. */
export function addDemoCommand(program: Command, root: string, process: NodeJS.Process): void {
  program
    .command('demo')
    .description('fill a throw-away data folder with a simulated year, to look at the figures and the queue')
    .option('--dir <folder>', 'a folder that is empty or not there yet (default: a new temporary one)')
    .option('--people <n>', 'how many come', countOf, PEOPLE)
    .option('--weeks <n>', 'in how many weeks, of which the current one is the last', countOf, A_YEAR)
    .option('--seed <n>', 'another number makes other people', countOf, 1)
    .addOption(new Option('--lang <code>', 'language of the console').choices(CONSOLE_LANGS).default('ru'))
    .action(async (given: Given) => (await import('../demo/command.ts')).runDemo(root, given, process));
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number from 1 up.');
}
