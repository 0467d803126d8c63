import type { Source } from '../yaml-source.ts';
import type {
  CityRecord,
  ClaimRecord,
  ContactRecord,
  GapRecord,
  Pages,
  SiteRecord,
  TableRecord,
} from './schema.ts';

/** A record with the place it stands at, for messages to its editor. */
export interface Entry<T> {
  record: T;
  source: Source;
  /** Path of the record in its file. */
  path: readonly PropertyKey[];
}

/** Everything under db/content/, validated record by record but not yet against each other. */
export interface ContentData {
  countries: readonly string[];
  citizenships: readonly string[];
  sources: Entry<{ id: string; title: string }>[];
  claims: Entry<ClaimRecord>[];
  sites: Entry<SiteRecord>[];
  contacts: Entry<ContactRecord>[];
  cities: Entry<CityRecord>[];
  /** Topics people may ask about and we have nothing about. */
  gaps: Entry<GapRecord>[];
  pages: Pages;
  pagesSource?: Source;
  /** By name of the file: `art` for `eligibility/art.yaml`. */
  tables: Map<string, Entry<TableRecord>>;
}
