import writeXlsxFile, { type Sheet as Page, type Row } from 'write-excel-file/node';
import { periodOf } from './calendar.ts';
import type { UsageEvent } from './event.ts';
import type { ExportParts } from './export-parts.ts';
import { type Figures, figuresOf } from './figures.ts';
import { FigureNames, meaningOf } from './names.ts';
import { isDemo, type Release } from './release.ts';
import { Sheet, type Shown } from './sheet.ts';
import { changesOf, changeText, summaryOf } from './summary.ts';
import { medianWait } from './wait.ts';
import { dropZipDates } from './zip-dates.ts';

type Name = UsageEvent['name'];
type Book = Page<Buffer>;
type Cell = Row[number];

const FONT = { fontFamily: 'Calibri', fontSize: 11 };
/** Widths in characters. */
const WIDE = 44;
const NARROW = 15;
const COUNT = '#,##0';
const GREY = '#595959';

/**
 * A workbook: first what the period was like, in words and four numbers; then week by week; then every published table,
 * summed over the period.
 */
export async function xlsxOf(parts: ExportParts): Promise<Uint8Array<ArrayBuffer>> {
  const { archive, selection, lang, releases } = parts;
  const sources = parts.sources();
  const names = new FigureNames(sources, lang);
  const weeks = archive.open(selection.weeks);
  const sheet = new Sheet(weeks);
  const { period } = selection;
  // The period before it is compared with may lie outside of what was asked for.
  const figures = period && figuresOf(archive.open(releases), period, meaningOf(sources));
  const tables = [...new Set(weeks.flatMap((week) => week.tables.map(({ name }) => name)))];
  const book: Book[] = [
    summaryPage(
      names,
      weeks,
      figures,
      isDemo(weeks) ? sources.texts.t(lang, 'console:simulated') : undefined,
    ),
    weeksPage(names, weeks),
    ...tables.map((name) => tablePage(names, sheet, name)),
  ];
  const bytes = await writeXlsxFile(book, FONT).toBuffer();
  return new Uint8Array(dropZipDates(bytes));
}

/** @param notice of a demo */
function summaryPage(
  names: FigureNames,
  weeks: readonly Release[],
  figures: Figures | undefined,
  notice?: string,
): Book {
  const title = figures === undefined ? names.t('period.all') : names.period(figures.period);
  const days = figures === undefined ? spanOf(names, weeks) : names.dates(figures.period);
  const rows: Row[] = [
    [{ value: `Hamroh · ${names.t('title')} · ${title}`, fontWeight: 'bold', fontSize: 16 }],
    [{ value: days, textColor: GREY }],
    ...(notice === undefined ? [] : [[{ value: notice, fontWeight: 'bold' as const, columnSpan: 3 }]]),
    [],
    ...(figures === undefined ? [] : figureRows(names, figures)),
    [bold(names.t('method.title'))],
    ...['method.counting', 'method.release', 'few_why', 'at_least_why', 'method.weeks'].map((key) =>
      wrapped(names.t(key)),
    ),
  ];
  return {
    sheet: names.t('book.summary'),
    data: rows,
    columns: [{ width: WIDE }, { width: NARROW }, { width: WIDE }],
    stickyRowsCount: 1,
    showGridLines: false,
  };
}

function figureRows(names: FigureNames, figures: Figures): Row[] {
  const { visits, helped, person, wait } = figures;
  const number = (word: string, figure: typeof visits): Row => [
    names.t(`tiles.${word}`),
    counted(names, figure.now),
    changeText(figures, figure.change, names),
  ];
  const before = wait.before === undefined ? '' : `≤ ${names.minutes(wait.before)}`;
  return [
    ...summaryOf(figures, names).map(wrapped),
    [],
    [names.t('book.number'), '', names.t('book.change')].map(bold),
    number('visits', visits),
    number('helped', helped),
    number('person', person),
    [
      names.t('tiles.wait'),
      wait.now === undefined ? hidden(names) : { value: `≤ ${names.minutes(wait.now)}`, align: 'right' },
      before === '' ? '' : names.t('change.wait', { time: before }),
    ],
    [],
    [bold(names.t('changed.title'))],
    ...changesOf(figures, names).map(wrapped),
    [],
  ];
}

function weeksPage(names: FigureNames, weeks: readonly Release[]): Book {
  const heads = [
    names.t('heads.week'),
    names.t('book.first_day'),
    ...['visits', 'helped', 'person', 'wait'].map((word) => names.t(`tiles.${word}`)),
  ];
  const rows = weeks.map((release): Row => {
    const sheet = new Sheet([release]);
    const wait = medianWait(sheet);
    return [
      periodOf(release.week, 'week').id,
      release.week,
      counted(names, sheet.total('visit')),
      counted(names, sheet.row('flow-ended', 'helped')),
      counted(names, sheet.total('person-asked')),
      wait === undefined ? hidden(names) : { value: `≤ ${names.minutes(wait)}`, align: 'right' },
    ];
  });
  return {
    sheet: names.t('book.weeks'),
    data: [heads.map(bold), ...rows],
    columns: heads.map(() => ({ width: NARROW })),
    stickyRowsCount: 1,
  };
}

function tablePage(names: FigureNames, sheet: Sheet, name: Name): Book {
  const columns = sheet.columns(name);
  const [byRow, byColumn] = [sheet.hasSums(name, 'rows'), sheet.hasSums(name, 'columns')];
  const all = names.t('heads.all');
  const heads = [
    names.t(`tables.${name}`),
    ...columns.map((column) => (column === '' ? names.t('heads.times') : names.column(name, column))),
    ...(byRow ? [all] : []),
  ];
  const rows = sheet
    .rows(name)
    .map(
      (row): Row => [
        names.row(name, row),
        ...columns.map((column) => counted(names, sheet.cell(name, row, column))),
        ...(byRow ? [counted(names, sheet.row(name, row))] : []),
      ],
    );
  const sums: Row = [
    bold(all),
    ...columns.map((column) => counted(names, sheet.column(name, column))),
    ...(byRow ? [counted(names, sheet.total(name))] : []),
  ];
  return {
    sheet: names.t(`tables.${name}`),
    data: [heads.map(bold), ...rows, ...(byColumn ? [sums] : [])],
    columns: heads.map((_, at) => ({ width: at === 0 ? WIDE : NARROW })),
    stickyRowsCount: 1,
    stickyColumnsCount: 1,
  };
}

/** A number that can be calculated with; hatched when it is hidden, "≥" when a part of it is. */
function counted(names: FigureNames, { n, hidden: weeks }: Shown): Cell {
  if (n === 0) return hidden(names);
  return { value: n, type: Number, format: weeks === 0 ? COUNT : `"≥ "${COUNT}`, align: 'right' };
}

function hidden(names: FigureNames): Cell {
  return {
    value: names.t('book.hidden'),
    type: String,
    textColor: GREY,
    align: 'right',
    backgroundColor: '#FFFFFF',
    fillPatternStyle: 'lightUp',
    fillPatternColor: '#BFBFBF',
  };
}

function bold(value: string): Cell {
  return { value, type: String, fontWeight: 'bold', wrap: true, alignVertical: 'top' };
}

/** Text over the whole width. */
function wrapped(value: string): Row {
  const lines = Math.ceil(value.length / (2 * WIDE));
  return [{ value, type: String, wrap: true, columnSpan: 3, alignVertical: 'top', height: 16 * lines }];
}

function spanOf(names: FigureNames, weeks: readonly Release[]): string {
  return [weeks[0], weeks.at(-1)].map((release) => release && names.day(release.week)).join(' – ');
}
