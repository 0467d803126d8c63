import { type Command, Option } from 'commander';
import { CONSOLE_LANGS } from '../store/staff-types.ts';
import type { ExportOptions, StatsProcess } from './released.ts';

/** Adds `hamroh stats list|export`: released figures alone, whether Hamroh runs or not. */
export function addStatsCommands(program: Command, root: string, process: StatsProcess): void {
  const stats = program
    .command('stats')
    .description('released figures: made once a week, protected, never changed again');
  // What a command needs is loaded with the command.
  const commands = () => import('./released.ts');
  stats
    .command('list')
    .description('which weeks are released, and whether all are as they were made')
    .action(async () => (await commands()).listReleases(root, process));
  stats
    .command('export')
    .addOption(
      new Option('--format <format>', 'csv and json for programs, xlsx for people')
        .choices(['csv', 'xlsx', 'json'])
        .makeOptionMandatory(),
    )
    .option('--period <period>', 'e.g. 2026-W46, 2026-11, 2026-Q4', 'all')
    .addOption(new Option('--lang <code>', 'language of an xlsx').choices(CONSOLE_LANGS).default('ru'))
    .option('--out <file>', 'where to write it; without it, to the standard output')
    .description('the figures as a file, the same bytes as from the console')
    .action(async (options: ExportOptions) => (await commands()).exportReleases(root, process, options));
}
