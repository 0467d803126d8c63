import { csvOf } from './export-csv.ts';
import { jsonOf } from './export-json.ts';
import type { ExportFormat, ExportParts } from './export-parts.ts';
import { isDemo } from './release.ts';
import type { Selection } from './selection.ts';

export const EXPORT_FORMATS: readonly ExportFormat[] = [
  { id: 'csv', type: 'text/csv; charset=utf-8' },
  { id: 'xlsx', type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  { id: 'json', type: 'application/json; charset=utf-8' },
];

/**
 * Released weeks as a file. The same parts give the same bytes, every time.
 * @throws AppError STORE_UNREADABLE when a release cannot be read
 */
export async function exportFigures(
  { id }: ExportFormat,
  parts: ExportParts,
): Promise<Uint8Array<ArrayBuffer>> {
  const { selection, archive } = parts;
  switch (id) {
    case 'csv':
      return new TextEncoder().encode(await csvOf(archive.open(selection.weeks)));
    case 'json':
      return new TextEncoder().encode(jsonOf(selection, isDemo(archive.open(selection.weeks))));
    case 'xlsx': {
      // Loaded when it is asked for: few ask.
      const { xlsxOf } = await import('./export-xlsx.ts');
      return xlsxOf(parts);
    }
  }
}

/** `hamroh-2026-W46.csv` */
export function fileName(selection: Selection, { id }: ExportFormat): string {
  return `hamroh-${selection.id}.${id}`;
}
