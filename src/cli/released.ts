import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isoDate, systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { AppError } from '../errors.ts';
import { codeOf } from '../log-port.ts';
import { findTampered, readReleases } from '../store/releases.ts';
import { Archive } from '../usage/archive.ts';
import { periodOf } from '../usage/calendar.ts';
import { EXPORT_FORMATS, exportFigures } from '../usage/export.ts';
import type { FigureLang, NameSources } from '../usage/names.ts';
import type { FrozenRelease } from '../usage/release.ts';
import { selectReleases } from '../usage/selection.ts';
import { Sheet } from '../usage/sheet.ts';
import { loadWorld } from '../world.ts';

/** What the commands need of the process they run in. */
export interface StatsProcess {
  stdout: { write(text: string | Uint8Array): unknown; isTTY?: boolean };
  env: Record<string, string | undefined>;
}

/** Of `hamroh stats export`. */
export interface ExportOptions {
  format: string;
  period: string;
  lang: FigureLang;
  out?: string;
}

/**
 * `hamroh stats export`.
 * @throws AppError CONFIG_INVALID when there is no such period or the file cannot be written, STORE_UNREADABLE when the
 * releases are not as they were made
 */
export async function exportReleases(
  root: string,
  { stdout, env }: StatsProcess,
  { format: id, period, lang, out }: ExportOptions,
): Promise<void> {
  const releases = releasesOf(root, env);
  refuseTampered(releases);
  const format = EXPORT_FORMATS.find((one) => one.id === id);
  const selection = selectReleases(releases, period);
  if (format === undefined || selection === undefined) {
    throw new AppError('CONFIG_INVALID', `There are no released figures for "${period}".`, {
      hint: 'See: hamroh stats list. A period is written 2026-W46, 2026-11, 2026-Q4 or all.',
    });
  }
  if (out === undefined && id === 'xlsx' && stdout.isTTY) {
    throw new AppError('CONFIG_INVALID', 'A workbook cannot be shown in a terminal.', {
      hint: `Name a file: --out hamroh-${period}.xlsx`,
    });
  }
  const sources = () => sourcesOf(root);
  const bytes = await exportFigures(format, { sources, lang, selection, releases, archive: new Archive() });
  if (out === undefined) stdout.write(bytes);
  else write(out, bytes);
}

/** `hamroh stats list`. @throws AppError STORE_UNREADABLE when the releases are not as they were made */
export function listReleases(root: string, { stdout, env }: StatsProcess): void {
  const releases = releasesOf(root, env);
  for (const line of listed(releases)) stdout.write(`${line}\n`);
  refuseTampered(releases);
  if (releases.length > 0) stdout.write(`Released weeks: ${releases.length}. All are as they were made.\n`);
}

function listed(releases: readonly FrozenRelease[]): string[] {
  if (releases.length === 0)
    return ['No week is released yet. The first one comes on the Monday after the first full week.'];
  return new Archive().open(releases).map((release) => {
    const { n } = new Sheet([release]).total('visit');
    const visits = n === 0 ? 'fewer visits than may be shown' : `about ${n} visits`;
    return `${periodOf(release.week, 'week').id}  from ${release.week}  ${visits}`;
  });
}

function refuseTampered(releases: readonly FrozenRelease[]): void {
  const week = findTampered(releases);
  if (week === undefined) return;
  throw new AppError(
    'STORE_UNREADABLE',
    `The figures of the week of ${week} are not as they were released.`,
    {
      hint: 'Somebody changed the database. Compare with an earlier export or a backup.',
    },
  );
}

function releasesOf(root: string, env: StatsProcess['env']): FrozenRelease[] {
  const envFile = join(root, '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  return readReleases(readConfig(env).dataDir);
}

function sourcesOf(root: string): NameSources {
  return loadWorld(root, 'KZ', isoDate(systemClock.now()));
}

function write(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes);
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', `${file} cannot be written (${codeOf(cause)}).`, {
      hint: 'Give --out the path of a file in a folder that exists.',
      cause,
    });
  }
}
