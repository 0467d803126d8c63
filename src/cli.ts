#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { addDemoCommand } from './cli/demo.ts';
import { flowGraph, flowProblems } from './cli/flows.ts';
import { addOperatorCommands } from './cli/operator.ts';
import { report } from './cli/report.ts';
import { addStatsCommands } from './cli/stats.ts';
import { isoDate, systemClock } from './clock.ts';
import { checkContent } from './content/check.ts';
import { staleContent } from './content/stale.ts';
import { AppError } from './errors.ts';
import { writeFlowSchema } from './flow/json-schema.ts';
import { acceptLocale } from './i18n/accept.ts';
import { checkLocales } from './i18n/check.ts';
import { exportLocale, importLocale } from './i18n/transfer.ts';
import { codeOf } from './log-port.ts';
import { LANGS, type Lang } from './message.ts';
import { projectRoot } from './paths.ts';
import { checkPhrases } from './understanding/check-phrases.ts';

const root = projectRoot();
const today = isoDate(systemClock.now());
const print = (text: string): void => {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
};

const program = new Command('hamroh')
  .description('A companion on the road: HIV information for migrants in Central Asia.')
  .exitOverride()
  .showHelpAfterError();

program
  .command('chat')
  .description('talk to the bot in this terminal; nothing is kept afterwards')
  .action(async () => (await import('./cli/chat.ts')).chat(root, process));

const flows = program.command('flows').description('conversations under flows/');
flows
  .command('check')
  .description('prove that no conversation can get lost, and that every text, fact and place in them exists')
  .addOption(
    new Option('--stale <level>', 'what a fact past its review date is')
      .choices(['error', 'warn'])
      .default('error'),
  )
  .action(({ stale }: { stale: string }) => {
    report(flowProblems(root, today, stale === 'warn' ? 'warning' : 'error'), 'flows');
  });
flows
  .command('graph')
  .argument('<flow>', 'id of the flow, e.g. rights')
  .option('--lang <code>', `language of the labels: ${LANGS.join(', ')}`, 'en')
  .description('draw a conversation as Mermaid text')
  .action((flow: string, { lang }: { lang: string }) => print(flowGraph(root, flow, langOf(lang))));
flows
  .command('schema')
  .description('write flows/flow.schema.json for editors')
  .action(() => writeFlowSchema(root));

const locales = program.command('locales').description('texts under locales/');
locales
  .command('check')
  .description('find what is missing, too long, stale, or understood in two ways')
  .action(() => report([...checkLocales(root), ...checkPhrases(root)], 'locales'));
locales
  .command('accept')
  .argument('<lang>', 'language whose translations were brought up to date')
  .description('note that every text of a language matches the present English')
  .action((lang: string) => print(`${acceptLocale(root, langOf(lang)).accepted} texts of ${lang} noted.`));
locales
  .command('export')
  .argument('<lang>')
  .description('print one language for a translator, one text a line (JSON Lines)')
  .action((lang: string) => print(exportLocale(root, langOf(lang))));
locales
  .command('import')
  .argument('<lang>')
  .argument('<file>', 'what the translator sent back')
  .description('take translations back; with any mistake in the file nothing is changed')
  .action((lang: string, file: string) => {
    const { changed, problems } = importLocale(root, langOf(lang), textOf(file));
    if (problems.length > 0) return report(problems, 'import');
    print(`${changed} texts of ${lang} changed. Now run: npx hamroh locales check`);
  });

const content = program.command('content').description('facts under db/content/');
content
  .command('check')
  .description('find facts that are broken, without a source, or named but not there')
  .action(() => report(checkContent(root, today), 'content'));
content
  .command('stale')
  .option('--days <n>', 'also what will be due within so many days', daysOf, 0)
  .description('list facts whose review date is past, the oldest first')
  .action(({ days }: { days: number }) => {
    const facts = staleContent(root, today, days);
    for (const f of facts) {
      print(
        `${f.reviewAfter}  ${f.file}:${f.line}  ${f.id}${f.shown ? '' : ' (not shown)'}${f.lookAt === null ? '' : `  ${f.lookAt}`}`,
      );
    }
    print(
      facts.length === 0
        ? 'Every fact is within its review date.'
        : `${facts.length} facts to look at again.`,
    );
  });

program
  .command('route')
  .argument('[text...]', 'what somebody typed')
  .option('--json', 'one line: {"intent", "score", "urgent"}')
  .description('what free words are understood as; without text, of each line of the input, as JSON')
  .action(async (text: string[], options: { json?: boolean }) =>
    (await import('./cli/route.ts')).route(root, text, options, process),
  );

addOperatorCommands(program, root, process);
addDemoCommand(program, root, process);
addStatsCommands(program, root, process);

// What a command needs is loaded with the command: half of a short one's time would go into the rest.
const commands = () => import('./cli/whatsapp.ts');
const whatsapp = program
  .command('whatsapp')
  .description('the phone that WhatsApp is paired with (WHATSAPP=baileys)');
whatsapp
  .command('pair')
  .option(
    '--phone <number>',
    'number of that phone with the country: gives a code to type instead of a QR code',
  )
  .description('link this computer to a phone, as WhatsApp Web does')
  .action(async ({ phone }: { phone?: string }) => (await commands()).pair(root, phone, print));
whatsapp
  .command('status')
  .description('whether WhatsApp works, and how many messages a conversation takes')
  .action(async () => (await commands()).status(root, print));
whatsapp
  .command('logout')
  .description('unlink from the phone and delete every WhatsApp key')
  .action(async () => (await commands()).logout(root, print));

program
  .command('doctor')
  .description('what runs, what is missing, what to do next')
  .action(async () => (await import('./cli/doctor.ts')).doctor(root, process));

function langOf(code: string): Lang {
  const lang = LANGS.find((l) => l === code);
  if (lang !== undefined) return lang;
  throw new AppError('LOCALE_INVALID', `no language "${code}"`, { hint: `Use one of ${LANGS.join(', ')}.` });
}

function daysOf(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a number of days, e.g. 30.');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AppError('LOCALE_INVALID', `${file} cannot be read (${codeOf(cause)}).`, {
      hint: 'Give the path of the file that the translator sent back.',
      cause,
    });
  }
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else if (error instanceof AppError) {
    process.stderr.write(`${error.message}\n→ ${error.hint}\n`);
    process.exitCode = 1;
  } else throw error;
}

// The WhatsApp library leaves a timer of half a minute behind that nobody can clear. What was printed goes out first.
await new Promise<void>((written) => process.stdout.write('', () => written()));
process.exit();
