import type { Archive } from './archive.ts';
import type { FigureLang, NameSources } from './names.ts';
import type { FrozenRelease } from './release.ts';
import type { Selection } from './selection.ts';

/** A form in which figures leave the house. */
export interface ExportFormat {
  /** Also the end of the file's name. */
  id: 'csv' | 'xlsx' | 'json';
  type: string;
}

/** What an export is made from. */
export interface ExportParts {
  /** The workbook's words; the other formats have none. */
  sources(): NameSources;
  lang: FigureLang;
  selection: Selection;
  /** All there are: a period is compared with the one before it. */
  releases: readonly FrozenRelease[];
  archive: Archive;
}
