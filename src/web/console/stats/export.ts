import type { Role } from '../../../store/staff-types.ts';
import { CONSOLE_LANGS } from '../../../store/staff-types.ts';
import type { Archive } from '../../../usage/archive.ts';
import { EXPORT_FORMATS, exportFigures, fileName } from '../../../usage/export.ts';
import type { ExportFormat } from '../../../usage/export-parts.ts';
import { selectReleases } from '../../../usage/selection.ts';
import type { StaffPage, StaffRequest } from '../pages.ts';
import type { StatsOptions } from './options.ts';

/** `/console/stats/export.csv|xlsx|json?period=…`: the same bytes for the same address, whoever asks. */
export function exportPages(options: StatsOptions, archive: Archive, roles: readonly Role[]): StaffPage[] {
  return EXPORT_FORMATS.map(
    (format): StaffPage => ({
      path: `/console/stats/export.${format.id}`,
      method: 'GET',
      roles,
      handle: (request) => download(options, archive, format, request),
    }),
  );
}

async function download(
  options: StatsOptions,
  archive: Archive,
  format: ExportFormat,
  { c }: StaffRequest,
): Promise<Response> {
  const releases = options.releases();
  const selection = selectReleases(releases, c.req.query('period') ?? 'all');
  if (selection === undefined) return c.text('404 Not Found', 404);
  // The language is part of the address, not of who asks.
  const lang = CONSOLE_LANGS.find((known) => known === c.req.query('lang')) ?? 'ru';
  const bytes = await exportFigures(format, { sources: () => options, lang, selection, releases, archive });
  return c.body(bytes, 200, {
    'Content-Type': format.type,
    'Content-Disposition': `attachment; filename="${fileName(selection, format)}"`,
  });
}
