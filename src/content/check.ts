import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Problem } from '../errors.ts';
import { checkDesk } from './check-desk.ts';
import { checkReferences } from './check-references.ts';
import { checkSentences } from './check-sentences.ts';
import { checkTables } from './check-tables.ts';
import type { ContentData, Entry } from './data.ts';
import { checkGaps } from './gaps.ts';
import { readContent } from './load.ts';
import { createLookup } from './lookup.ts';
import type { ContactRecord, SiteRecord } from './schema.ts';
import { listStale } from './stale.ts';

/** Claims on one page: more is not read on a phone. */
const MAX_CLAIMS = 3;
const REPOSITORY = /^urn:|\/\/([^/]*\.)?(github|githubusercontent|gitlab|bitbucket|codeberg|sourceforge)\./i;
/** Declared undesirable in Russia: a link can bring a person there before a court. */
const UNDESIRABLE = /ejaf|elton-?john/i;
const SHORT_NUMBER = /^\d{3,4}$/;

/**
 * Everything that must hold for the content before it is shown, with file and line.
 *
 * @param root the project's folder
 * @param today `2026-11-22`; facts past their review day are warnings
 */
export function checkContent(root: string, today: string): Problem[] {
  const { data, problems } = readContent(root);
  const content = createLookup(data);
  return [
    ...problems,
    ...checkReferences(data),
    ...checkShown(data),
    ...checkPages(data),
    ...checkTables(data, content),
    ...checkGaps(data),
    ...checkSentences(root, data),
    ...checkDesk(root, data, today),
    ...listStale(data, today).map((s): Problem => {
      const message = `the ${s.kind} "${s.id}" was to be reviewed by ${s.reviewAfter}`;
      const hint = 'look at its source again and set checked_on and review_after';
      return { file: s.file, line: s.line, rule: 'stale', message, hint, level: 'warning' };
    }),
  ];
}

function problem(
  entry: Entry<unknown>,
  field: PropertyKey,
  rule: string,
  message: string,
  hint: string,
): Problem {
  const line = entry.source.lineOf([...entry.path, field]);
  return { file: entry.source.file, line, rule, message, hint, level: 'error' };
}

/** Rules `phone`, `code-link`, `undesirable-link`, `status`, `address`. */
function checkShown(data: ContentData): Problem[] {
  const reach = [...data.sites, ...data.contacts];
  return [
    ...data.claims.flatMap((e) => checkLink(e, 'link', e.record.link, e.record.country)),
    ...reach.flatMap((e) => [
      ...checkLink(e, 'link', e.record.link, e.record.country),
      ...checkLink(e, 'url', e.record.url, e.record.country),
      ...e.record.phones
        .filter((p) => !isDialled(p))
        .map((p) =>
          problem(
            e,
            'phones',
            'phone',
            `"${p}" is not a number that can be dialled from abroad`,
            'write it like +7 727 246 53 36, or as a short number like 112',
          ),
        ),
      ...checkStatus(e),
    ]),
  ];
}

function checkLink(
  entry: Entry<unknown>,
  field: string,
  link: string | null | undefined,
  country: string,
): Problem[] {
  if (link === null || link === undefined) return [];
  if (REPOSITORY.test(link))
    return [
      problem(
        entry,
        field,
        'code-link',
        `${field} leads to a code repository`,
        'give the official page or null; where it was read stays in read_at',
      ),
    ];
  if (UNDESIRABLE.test(link) && (country === 'RU' || country === 'ALL'))
    return [
      problem(entry, field, 'undesirable-link', `${field} is dangerous for people in Russia`, 'leave it out'),
    ];
  return [];
}

function isDialled(phone: string): boolean {
  if (SHORT_NUMBER.test(phone)) return true;
  return /^\+[1-9][\d ]+$/.test(phone) && parsePhoneNumberFromString(phone)?.isPossible() === true;
}

function checkStatus(entry: Entry<SiteRecord> | Entry<ContactRecord>): Problem[] {
  const { record } = entry;
  const hint = 'see "Status" in db/content/README.md';
  const reached =
    record.phones.length > 0 ||
    record.address !== undefined ||
    ('topics' in record && record.url !== undefined);
  if (record.status === 'ready' && !record.publish_ready)
    return [problem(entry, 'status', 'status', `"${record.id}" is ready but not publish_ready`, hint)];
  if (record.status === 'unconfirmed' && (!reached || record.confidence === 'low'))
    return [
      problem(
        entry,
        'status',
        'status',
        `"${record.id}" has nothing to show, or too little confidence`,
        hint,
      ),
    ];
  if (record.status === 'placeholder' && record.phones.length > 0)
    return [problem(entry, 'status', 'status', `"${record.id}" is a placeholder but has a number`, hint)];
  return [];
}

/** Rules `page-too-long` and `low-confidence`. */
function checkPages(data: ContentData): Problem[] {
  const { pagesSource: source } = data;
  if (source === undefined) return [];
  const low = new Set(data.claims.filter((c) => c.record.confidence === 'low').map((c) => c.record.id));
  const problems = Object.entries(data.pages).flatMap(([page, lists]) =>
    Object.entries(lists).flatMap(([country, ids]) => {
      const at = { record: undefined, source, path: [page] };
      const long = problem(
        at,
        country,
        'page-too-long',
        `${page}, ${country}: ${ids.length} claims`,
        `at most ${MAX_CLAIMS} are said at once`,
      );
      const weak = ids
        .filter((id) => low.has(id))
        .map((id) =>
          problem(
            at,
            country,
            'low-confidence',
            `"${id}" is of low confidence`,
            'it is never said; lead to a person instead',
          ),
        );
      return ids.length > MAX_CLAIMS ? [long, ...weak] : weak;
    }),
  );
  const rows = [...data.tables.values()].flatMap((entry) =>
    [
      ...entry.record.rows.map((row, i) => ({ claims: row.claims, path: ['rows', i] })),
      ...Object.entries(entry.record.steps).map(([id, step]) => ({
        claims: step.claims,
        path: ['steps', id],
      })),
    ].flatMap(({ claims, path }) =>
      claims
        .filter((id) => low.has(id))
        .map((id) =>
          problem(
            { ...entry, path },
            'claims',
            'low-confidence',
            `"${id}" is of low confidence`,
            'an answer may not rest on it',
          ),
        ),
    ),
  );
  return [...problems, ...rows];
}
