import { parse } from 'csv-parse/sync';
import readXlsxFile, { type Sheet } from 'read-excel-file/node';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Archive } from '../../src/usage/archive.ts';
import { EXPORT_FORMATS, exportFigures, fileName } from '../../src/usage/export.ts';
import type { ExportFormat } from '../../src/usage/export-parts.ts';
import type { FigureLang } from '../../src/usage/names.ts';
import { type FrozenRelease, hashRelease, type Release } from '../../src/usage/release.ts';
import { selectReleases } from '../../src/usage/selection.ts';
import { dropZipDates } from '../../src/usage/zip-dates.ts';
import { chain, releaseOf, season } from '../console/stats-fixture.ts';
import { world } from '../support/world.ts';

const DAY_MS = 86_400_000;

async function bytesOf(
  id: ExportFormat['id'],
  releases: readonly FrozenRelease[],
  period = 'all',
  lang: FigureLang = 'en',
): Promise<Buffer> {
  const format = EXPORT_FORMATS.find((one) => one.id === id);
  const selection = selectReleases(releases, period);
  if (format === undefined || selection === undefined) throw new Error(period);
  const sources = () => world;
  return Buffer.from(
    await exportFigures(format, { sources, lang, selection, releases, archive: new Archive() }),
  );
}

const csvOf = async (releases: readonly FrozenRelease[], period?: string) =>
  parse<Record<string, string>>(await bytesOf('csv', releases, period), { bom: true, columns: true });

const book = async (
  releases: readonly FrozenRelease[],
  period?: string,
  lang?: FigureLang,
): Promise<Sheet[]> => readXlsxFile(await bytesOf('xlsx', releases, period, lang));

describe('exports', () => {
  let weeks: FrozenRelease[] = [];
  beforeAll(() => {
    weeks = season({ weeks: 3, visits: 1300 });
  });
  afterEach(() => void vi.useRealTimers());

  it('are the same bytes at another time, and for every period; the file says which it is', async () => {
    for (const { id } of EXPORT_FORMATS) {
      for (const period of ['all', '2026-W46']) {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-16T08:00:00Z') });
        const first = await bytesOf(id, weeks, period);
        vi.setSystemTime(Date.parse('2027-03-01T21:30:10Z') + DAY_MS);
        const second = await bytesOf(id, weeks, period);
        expect([id, period, first.equals(second)]).toEqual([id, period, true]);
      }
    }
    const selection = selectReleases(weeks, '2026-W46');
    const names = EXPORT_FORMATS.map((format) => selection && fileName(selection, format));
    expect(names).toEqual(['hamroh-2026-W46.csv', 'hamroh-2026-W46.xlsx', 'hamroh-2026-W46.json']);
    for (const id of ['2026-W47', '2025-11', 'ALL', '', '../all', '2026-W46/..'])
      expect([id, selectReleases(weeks, id)]).toEqual([id, undefined]);
  });

  it('CSV: one line for each published number, read by another library', async () => {
    const bytes = await bytesOf('csv', weeks, '2026-W46');
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const lines = await csvOf(weeks, '2026-W46');
    const { tables }: Release = JSON.parse(weeks.at(-1)?.body ?? '');
    const cells = tables.reduce((sum, { rows, columns }) => sum + rows.length * columns.length, 0);
    expect(lines.filter(({ kind }) => kind === 'cell')).toHaveLength(cells);
    for (const line of lines) {
      expect(line).toMatchObject({ format: '1', country: 'KZ', week: '2026-W46', monday: '2026-11-09' });
      expect([line, line.hidden === '1']).toEqual([line, line.value === '']);
    }
    const visits = tables.find(({ name }) => name === 'visit');
    const at = (kind: string, row: string, column: string) =>
      lines.find((l) => l.table === 'visit' && l.kind === kind && l.row === row && l.column === column)
        ?.value;
    expect(at('total', '', '')).toBe(String(visits?.total));
    expect(at('cell', 'telegram', 'tg')).toBe(String(visits?.cells[0]?.[visits.columns.indexOf('tg')]));
    expect(at('row', 'whatsapp', '')).toBe(String(visits?.rowSums?.[1]));
    expect(lines.filter(({ table, kind }) => table === 'step' && kind !== 'cell')).toEqual([]);
    expect((await csvOf(weeks)).length).toBe(3 * lines.length);
  });

  it('JSON: the frozen bodies, from which anybody verifies the chain', async () => {
    const read = JSON.parse((await bytesOf('json', weeks, '2026-W46')).toString());
    expect(read).toMatchObject({ format: 1, period: '2026-W46', before: weeks[1]?.hash });
    const [release] = read.releases;
    expect(hashRelease(read.before, release.body)).toBe(release.hash);
    expect(JSON.parse((await bytesOf('json', weeks)).toString())).toEqual({
      format: 1,
      period: 'all',
      before: '',
      releases: weeks,
    });
  });

  it('XLSX: words and four numbers first, then weeks, then every table, read by another library', async () => {
    const sheets = await book(weeks, '2026-W46');
    const names = sheets.map(({ sheet }) => sheet);
    expect(names.slice(0, 3)).toEqual(['Summary', 'Week by week', 'Channels and languages']);
    expect(names).toHaveLength(2 + 12);
    const [summary = [], byWeek = [], visits = []] = sheets.map(({ data }) => data);
    const total = JSON.parse(weeks.at(-1)?.body ?? '').tables[0].total;
    expect(summary[0]?.[0]).toBe('Hamroh · Figures · Week 46');
    expect(summary[3]?.[0]).toContain(`about ${total.toLocaleString('en')} visits`);
    expect(summary.find(([word]) => word === 'Visits')?.[1]).toBe(total);
    expect(byWeek[1]?.slice(0, 3)).toEqual(['2026-W46', '2026-11-09', total]);
    expect(visits.at(-1)?.at(-1)).toBe(total);
    expect(visits[0]).toContain('Tajik');
    expect(sheets.flatMap(({ data }) => data.flat())).toContain('hidden');
    expect((await book(weeks, '2026-W46', 'kk')).map(({ sheet }) => sheet)).toContain('Қадамдар');
    const all = await book(weeks);
    expect(all[1]?.data.map(([week]) => week)).toEqual(['Week', '2026-W44', '2026-W45', '2026-W46']);
  });

  it('a name that a spreadsheet would run is text', async () => {
    const evil = ['=HYPERLINK("http://evil.example")', '+1+cmd|x', '-2+3', '@SUM(1)', '\t=1', 'a"b,c\nd'];
    const tables = [
      { name: 'gap', rows: evil, cells: evil.map(() => [20]), columnSums: [120], total: 120 } as const,
    ];
    const releases = chain([releaseOf('2026-11-09', tables)]);
    const rows = (await csvOf(releases)).filter(({ kind }) => kind === 'cell').map(({ row }) => row);
    expect(rows).toEqual(evil.map((text) => (/^[=+\-@\t]/.test(text) ? `'${text}` : text)));
    const sheets = await book(releases);
    const names = sheets.at(-1)?.data.map(([name]) => name);
    // A formula would have no value before a spreadsheet has worked it out.
    expect(names?.slice(1, 5)).toEqual(evil.slice(0, 4));
  });

  it('refuses to undate what is no archive', () => {
    expect(() => dropZipDates(Buffer.from('not a zip archive at all, but long enough'))).toThrow('not a zip');
  });
});
