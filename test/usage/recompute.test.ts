import { expect, test } from 'vitest';
import { type PeriodKind, periodsOf } from '../../src/usage/calendar.ts';
import type { Count } from '../../src/usage/event.ts';
import type { Release } from '../../src/usage/release.ts';
import { Sheet } from '../../src/usage/sheet.ts';
import { releaseWeek } from '../../src/usage/weekly.ts';
import { sixSteps } from './six-steps.ts';
import { projectTables, seededNoise, seededNumbers } from './support.ts';

const TABLES = projectTables();
const DAY = 86_400_000;
/** Mondays of a year and a bit, over the end of two years. */
const WEEKS = Array.from({ length: 60 }, (_, i) =>
  new Date(Date.parse('2026-11-02') + i * 7 * DAY).toISOString().slice(0, 10),
);

/** A week in which most things happen rarely. */
function countsOf(week: string): Count[] {
  const number = seededNumbers(`counts ${week}`);
  return TABLES.flatMap(({ name, rows, columns }) =>
    rows.flatMap((a) => columns.map((b) => ({ name, a, b, n: number(3) === 0 ? number(200) : number(12) }))),
  );
}

function releaseOf(week: string): Release {
  return releaseWeek(week, countsOf(week), { country: 'KZ', tables: TABLES, draw: seededNoise(week) })
    .release;
}

test('what is released of a week is what a second reckoning makes of the same counters and the same noise', () => {
  let shown = 0;
  for (const week of WEEKS.slice(0, 8)) {
    const counts = new Map(countsOf(week).map((c) => [`${c.name} ${c.a} ${c.b}`, c.n]));
    const draw = seededNoise(week);
    const { tables } = releaseOf(week);
    for (const [at, spec] of TABLES.entries()) {
      const matrix = spec.rows.map((a) => spec.columns.map((b) => counts.get(`${spec.name} ${a} ${b}`)!));
      const second = sixSteps(matrix, spec, draw);
      const first = tables[at]!;
      const pairs = [
        ...(first.rowSums ?? []).map((value, i) => [value, second.rowSums?.[i]] as const),
        ...(first.columnSums ?? []).map((value, i) => [value, second.columnSums?.[i]] as const),
        [first.total, second.total] as const,
      ];
      for (const [value, expected] of pairs) if (value !== null) expect(value).toBe(expected);
      // Which cells are hidden for another's sake is for the subtraction test; where both show one, it is the same.
      for (const [r, line] of first.cells.entries())
        for (const [c, value] of line.entries()) {
          const other = second.cells[r]?.[c] ?? null;
          if (value !== null && other !== null) expect(value).toBe(other);
          if (value !== null) shown += 1;
        }
    }
  }
  expect(shown).toBeGreaterThan(1_000);
});

test.each(['month', 'quarter'] as PeriodKind[])(
  'a %s is the sum of its frozen weeks, of what is shown in them',
  (kind) => {
    const releases = WEEKS.map(releaseOf);
    /** By the calendar: the name of the month, or the quarter, in which the Thursday lies. */
    const nameOf = (week: string) => {
      const [year, month] = new Date(Date.parse(week) + 3 * DAY).toISOString().split('-');
      return kind === 'month' ? `${year}-${month}` : `${year}-Q${Math.ceil(Number(month) / 3)}`;
    };
    const periods = periodsOf(WEEKS, kind);
    expect(periods.map((p) => p.id)).toEqual([...new Set(WEEKS.map(nameOf))].reverse());
    for (const period of periods) {
      const own = releases.filter((r) => nameOf(r.week) === period.id);
      const sheet = new Sheet(releases.filter((r) => period.weeks.includes(r.week)));
      expect(sheet.weeks).toBe(own.length);
      const totals = own.map((r) => r.tables.find((t) => t.name === 'visit')!.total);
      const cells = own.map((r) => r.tables.find((t) => t.name === 'talk')!.cells[0]![0]!);
      for (const [found, values] of [
        [sheet.total('visit'), totals],
        [sheet.cell('talk', TABLES.find((t) => t.name === 'talk')!.rows[0]!, 'closed'), cells],
      ] as const) {
        const shown = values.flatMap((v) => v ?? []);
        expect(found).toEqual({
          n: shown.reduce((sum, v) => sum + v, 0),
          hidden: values.length - shown.length,
        });
      }
    }
  },
);
