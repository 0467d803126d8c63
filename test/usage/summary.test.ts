import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { periodBefore, periodOf, periodsOf, readPeriod } from '../../src/usage/calendar.ts';
import { type Figures, figuresOf } from '../../src/usage/figures.ts';
import { type FigureLang, FigureNames, meaningOf } from '../../src/usage/names.ts';
import type { Release } from '../../src/usage/release.ts';
import { Sheet } from '../../src/usage/sheet.ts';
import { changesOf, changeText, summaryOf } from '../../src/usage/summary.ts';
import { medianWait } from '../../src/usage/wait.ts';
import { releaseOf } from '../console/stats-fixture.ts';
import { world } from '../support/world.ts';

const LANGS: readonly FigureLang[] = ['en', 'ru', 'kk'];
const named = (lang: FigureLang) => new FigureNames(world, lang);
/** Numbers hang together by spaces that do not break. */
const plain = (text: string | undefined) => text?.replace(/[\u00a0\u202f]/g, ' ') ?? '';
const figures = (releases: readonly Release[], id: string): Figures => {
  const period = readPeriod(id);
  if (period === undefined) throw new Error(id);
  return figuresOf(releases, period, meaningOf(world));
};

interface Numbers {
  visits: number | null;
  /** Opened: testing, treatment. */
  topics?: [number | null, number | null];
  person?: number | null;
  /** Up to 5 and up to 10 minutes. */
  waits?: [number | null, number | null];
  waited?: number | null;
  /** Reached the question about papers, and expired there. */
  papers?: [number | null, number | null];
}

function weekOf(week: string, n: Numbers): Release {
  const [a, b] = n.topics ?? [null, null];
  const [five, ten] = n.waits ?? [null, null];
  const [reached, expired] = n.papers ?? [null, null];
  return releaseOf(week, [
    {
      name: 'visit',
      rows: ['web'],
      columns: ['ru'],
      cells: [[n.visits]],
      rowSums: [n.visits],
      columnSums: [n.visits],
      total: n.visits,
    },
    {
      name: 'flow-started',
      rows: ['find-testing', 'art-access'],
      columns: ['KZ'],
      cells: [[a], [b]],
      rowSums: [a, b],
      columnSums: [null],
    },
    {
      name: 'person-asked',
      rows: ['general'],
      cells: [[n.person ?? null]],
      columnSums: [n.person ?? null],
      total: n.person ?? null,
    },
    {
      name: 'wait',
      rows: ['5', '10'],
      cells: [[five], [ten]],
      columnSums: [n.waited ?? null],
      total: n.waited ?? null,
    },
    {
      name: 'step',
      rows: ['art-access.status'],
      columns: ['reached', 'menu', 'stopped', 'expired'],
      cells: [[reached, null, null, expired]],
    },
  ]);
}

const told = (lang: FigureLang, n: Numbers, id = '2026-W46') =>
  plain(summaryOf(figures([weekOf('2026-11-09', n)], id), named(lang)).join(' '));

describe('the top line', () => {
  it('says in three languages what experience asks for', () => {
    const before = weekOf('2026-11-02', { visits: 1000, papers: [300, 60] });
    const now = weekOf('2026-11-09', {
      visits: 1240,
      topics: [570, 300],
      person: 40,
      waits: [15, 25],
      waited: 40,
      papers: [300, 135],
    });
    const line = (lang: FigureLang) =>
      plain(summaryOf(figures([before, now], '2026-W46'), named(lang)).join(' '));
    expect(line('en')).toBe(
      'Week 46: about 1,240 visits, most often about testing (46 %). People asked for a person about 40 times; half of those who were answered waited no longer than 10 min. More people than the week before stop at “On what papers do you live there now?”.',
    );
    expect(line('ru')).toBe(
      'Неделя 46: около 1 240 обращений, чаще всего: тестирование (46 %). Живого человека просили около 40 раз; половина тех, кому ответили, ждала не дольше 10 мин. Больше людей, чем неделей раньше, бросают на шаге «По каким документам вы там сейчас живёте?».',
    );
    expect(line('kk')).toMatch(
      /^46-апта: шамамен 1 240 жүгіну, ең жиі: тест тапсыру \(46 %\)\. Адаммен сөйлесуді шамамен 40 рет сұрады; жауап алғандардың жартысы үшін күту ең көбі 10 мин болды\. «.+» қадамында алдыңғы аптадағыдан көп адам тоқтап қалды\.$/,
    );
  });

  it('says that something may not be shown, and guesses nothing', () => {
    expect(told('en', { visits: null })).toBe(
      'Week 46: fewer visits than we may show. People asked for a person fewer times than we may show.',
    );
    expect(told('ru', { visits: null, topics: [20, null] })).toBe(
      'Неделя 46: обращений меньше, чем можно показать, чаще всего: тестирование. Живого человека просили реже, чем можно показать.',
    );
    expect(told('kk', { visits: null })).toContain('көрсетуге болатыннан аз');
  });

  it('bends the words to the number', () => {
    const asked = (n: number) => told('ru', { visits: n, person: n });
    expect(asked(21)).toMatch(/около 21 обращения\. Живого человека просили около 21 раза\./);
    expect(asked(22)).toMatch(/около 22 обращений\. Живого человека просили около 22 раз\./);
    expect(asked(25)).toMatch(/около 25 обращений\. Живого человека просили около 25 раз\./);
    expect(asked(111)).toMatch(/около 111 обращений/);
    expect(told('en', { visits: 1, person: 1 })).toMatch(/about 1 visit\. .* about 1 time\./);
    expect(told('kk', { visits: 1 })).toMatch(/шамамен 1 жүгіну\./);
  });

  it('says "at least" of a month with a hidden week', () => {
    const weeks = [
      weekOf('2026-11-02', { visits: null }),
      weekOf('2026-11-09', { visits: 1240, person: 40 }),
    ];
    const line = (lang: FigureLang) => plain(summaryOf(figures(weeks, '2026-11'), named(lang))[0]);
    expect(line('en')).toBe('November 2026: at least 1,240 visits.');
    expect(line('ru')).toBe('Ноябрь 2026 г.: не меньше 1 240 обращений.');
    expect(line('kk')).toBe('2026 ж. қараша: кемінде 1 240 жүгіну.');
  });

  it('leaves no placeholder and no key in any language, whatever is shown', () => {
    const some = fc.option(fc.integer({ min: 3, max: 400 }).map((n) => n * 5));
    const pair = fc.tuple(some, some);
    const numbers = fc.record({
      visits: some,
      topics: pair,
      person: some,
      waits: pair,
      waited: some,
      papers: pair,
    });
    fc.assert(
      fc.property(numbers, numbers, fc.constantFrom('2026-W46', '2026-11', '2026-Q4'), (then, now, id) => {
        const all = figures([weekOf('2026-11-02', then), weekOf('2026-11-09', now)], id);
        for (const lang of LANGS) {
          const names = named(lang);
          const texts = [...summaryOf(all, names), ...changesOf(all, names)];
          texts.push(changeText(all, all.visits.change, names));
          for (const text of texts)
            expect(text).not.toMatch(/\{\{|undefined|NaN|Infinity|stats\.|\s{2}|\.\.|\s[,.;]/);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('what changed', () => {
  const two = (before: number, now: number) =>
    figures([weekOf('2026-11-02', { visits: before }), weekOf('2026-11-09', { visits: now })], '2026-W46');
  const text = (all: Figures, lang: FigureLang = 'en') =>
    plain(changeText(all, all.visits.change, named(lang)));

  it('is told from chance', () => {
    expect(text(two(1000, 1240))).toBe('24 % more than the week before');
    expect(text(two(1240, 1000))).toBe('19 % fewer than the week before');
    expect(text(two(1000, 1030))).toBe('no clear change');
    expect(text(two(20, 35))).toBe('no clear change');
    expect(text(figures([weekOf('2026-11-09', { visits: 1240 })], '2026-W46'))).toBe(
      'nothing to compare with',
    );
    expect(text(two(1000, 1240), 'ru')).toBe('на 24 % больше, чем неделей раньше');
  });

  it('compares months by the week: five weeks are not more than four', () => {
    const october = ['10-05', '10-12', '10-19', '10-26'].map((day) =>
      weekOf(`2026-${day}`, { visits: 1000 }),
    );
    const september = ['08-31', '09-07', '09-14', '09-21', '09-28'].map((day) =>
      weekOf(`2026-${day}`, { visits: 1000 }),
    );
    const all = figures([...september, ...october], '2026-10');
    // The week of 28 September has its Thursday in October.
    expect([all.period.weeks.length, all.weeks, all.weeksBefore]).toEqual([5, 5, 4]);
    expect(text(all)).toBe('no clear change');
  });

  it('names what moved most, and says when nothing did', () => {
    const topics = (a: number, b: number) => ({ visits: 1000, topics: [a, b] as [number, number] });
    const moved = [weekOf('2026-11-02', topics(400, 200)), weekOf('2026-11-09', topics(410, 320))];
    expect(changesOf(figures(moved, '2026-W46'), named('en'))).toEqual([
      'Topics, treatment: 320 instead of 200',
    ]);
    const still = [weekOf('2026-11-02', topics(400, 200)), weekOf('2026-11-09', topics(410, 205))];
    expect(changesOf(figures(still, '2026-W46'), named('kk'))).toEqual([
      'Кездейсоқтықтан артық ештеңе өзгермеді.',
    ]);
    const hidden = [
      weekOf('2026-11-02', { visits: 1000, topics: [400, null] }),
      weekOf('2026-11-09', topics(400, 320)),
    ];
    expect(changesOf(figures(hidden, '2026-W46'), named('en'))).toEqual([
      'Nothing changed by more than chance would.',
    ]);
  });
});

describe('the median wait', () => {
  const wait = (cells: Record<string, number | null>, total: number | null) =>
    medianWait(
      new Sheet([
        releaseOf('2026-11-09', [
          { name: 'wait', rows: Object.keys(cells), cells: Object.values(cells).map((n) => [n]), total },
        ]),
      ]),
    );

  it('is the limit that half did not pass, whatever is hidden', () => {
    expect(wait({ 1: 20, 5: 30, more: 40 }, 90)).toBe(5);
    expect(wait({ 1: 60, 5: null, 10: null }, 80)).toBe(1);
    // Twenty who may have waited for long: half of fifty are surely within ten minutes only.
    expect(wait({ 1: 15, 5: 15, 10: 15, more: null }, 65)).toBe(10);
    expect(wait({ 1: 15, more: null }, 65)).toBeUndefined();
    expect(wait({ 1: 20, 5: null, 10: 20 }, 60)).toBe(5);
    expect(wait({ 1: 20, 5: null }, null)).toBeUndefined();
  });
});

test('periods: weeks belong to the month and quarter of their Thursday', () => {
  expect(periodOf('2026-12-28', 'week').id).toBe('2026-W53');
  expect(periodOf('2024-12-30', 'week').id).toBe('2025-W01');
  expect(periodOf('2026-12-28', 'month').id).toBe('2026-12');
  expect(periodOf('2025-12-29', 'quarter').id).toBe('2026-Q1');
  expect(periodBefore(periodOf('2027-01-04', 'week')).id).toBe('2026-W53');
  expect(periodsOf(['2026-10-26', '2026-11-02', '2026-11-09'], 'month').map((p) => p.id)).toEqual([
    '2026-11',
    '2026-10',
  ]);
  for (const id of [
    '2026-W00',
    '2026-W54',
    '2025-W53',
    '2026-00',
    '2026-13',
    '2026-Q5',
    '2026',
    'all',
    '',
    '2026-W46 ',
    '../x',
  ]) {
    expect([id, readPeriod(id)]).toEqual([id, undefined]);
  }
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4000 }), fc.constantFrom('week', 'month', 'quarter'), (n, kind) => {
      const monday = new Date(Date.parse('2020-01-06') + n * 7 * 86_400_000).toISOString().slice(0, 10);
      const period = periodOf(monday, kind);
      expect(period.weeks).toContain(monday);
      expect(readPeriod(period.id)).toEqual(period);
      const [first = ''] = period.weeks;
      expect(periodBefore(period).weeks.at(-1)).toBe(
        new Date(Date.parse(first) - 7 * 86_400_000).toISOString().slice(0, 10),
      );
    }),
  );
});
