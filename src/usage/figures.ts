import { type Period, periodBefore } from './calendar.ts';
import { type Change, compare } from './chance.ts';
import type { UsageEvent } from './event.ts';
import type { Release } from './release.ts';
import { add, Sheet, type Shown } from './sheet.ts';
import { type FlowSteps, flowSteps, type IsQuestion, type WeakStep, weakSteps } from './steps.ts';
import { medianWait } from './wait.ts';

/** Standard deviations a change must have: the more numbers are looked at, the more. */
const SURE = { top: 2, step: 2.5, line: 3 };
/** Weeks in the trend. */
const TREND = 52;
/** How a flow ends for somebody who says so. */
const HELPED = 'helped';
const NOT_HELPED = 'not-helped';
const HOURS = 24;

/** A number, and how it has changed; without a change the two cannot be compared. */
export interface Figure {
  now: Shown;
  before?: Shown;
  change?: Change;
}

/** A line of a list. */
export interface Line extends Figure {
  id: string;
}

/** A line that says whether people were helped and understood there. */
export interface GroupLine extends Line {
  helped: Shown;
  missed: Shown;
}

export interface TrendWeek {
  /** Its Monday. */
  week: string;
  visits: Shown;
  helped: Shown;
}

/** Lists whose lines are compared with the period before. */
export const LISTS = ['topics', 'languages', 'channels', 'countries', 'asked', 'gaps'] as const;
export type ListName = (typeof LISTS)[number];

/** Everything that can be said of a period, from its released weeks and those of the period before alone. */
export interface Figures extends Readonly<Record<ListName, readonly Line[]>> {
  period: Period;
  /** How many of its weeks are released. */
  weeks: number;
  /** Absent when nothing of it is released. */
  before?: Period;
  weeksBefore: number;
  visits: Figure;
  helped: Figure;
  /** Answers to "did this help?". */
  answered: Shown;
  person: Figure;
  wait: { now?: number; before?: number };
  topics: readonly GroupLine[];
  languages: readonly GroupLine[];
  flows: readonly FlowSteps[];
  weak: readonly WeakStep[];
  talks: readonly Line[];
  waits: readonly Line[];
  /** `[day][hour]`, Monday first. */
  hours: readonly (readonly Shown[])[];
  /** Its sums by day and by hour; empty where none are released. */
  days: readonly Shown[];
  clock: readonly Shown[];
  trend: readonly TrendWeek[];
}

/** What the figures cannot know by themselves. */
export interface Meaning {
  /** Whether people come for it; false for the menu and the like. */
  isTopic(flow: string): boolean;
  isQuestion: IsQuestion;
}

/** @param releases all there are, in order; at least one of them in the period */
export function figuresOf(releases: readonly Release[], period: Period, meaning: Meaning): Figures {
  const of = ({ weeks }: Period) => releases.filter(({ week }) => weeks.includes(week));
  const earlier = periodBefore(period);
  const [now, before] = [new Sheet(of(period)), new Sheet(of(earlier))];
  const pair: Pair = { now, ...(before.weeks === 0 ? {} : { before }) };
  const flows = flowSteps(now, meaning.isQuestion);
  return {
    period,
    weeks: now.weeks,
    ...(before.weeks === 0 ? {} : { before: earlier }),
    weeksBefore: before.weeks,
    ...topFigures(pair),
    ...lists(pair, meaning),
    flows,
    weak: weakSteps(
      flows.filter(({ id }) => meaning.isTopic(id)),
      now,
      pair.before,
      SURE.step,
    ),
    ...times(now),
    trend: trendOf(releases, period),
  };
}

/** A period and the one before it. */
interface Pair {
  now: Sheet;
  before?: Sheet;
}

function topFigures(pair: Pair): Pick<Figures, 'visits' | 'helped' | 'answered' | 'person' | 'wait'> {
  const { now, before } = pair;
  const [waited, waitedBefore] = [medianWait(now), before && medianWait(before)];
  return {
    visits: figure(pair, (sheet) => sheet.total('visit'), now.size('visit', 'table'), SURE.top),
    helped: figure(pair, (sheet) => sheet.row('flow-ended', HELPED), now.size('flow-ended', 'row'), SURE.top),
    answered: add([HELPED, NOT_HELPED].map((outcome) => now.row('flow-ended', outcome))),
    person: figure(pair, (sheet) => sheet.total('person-asked'), now.size('person-asked', 'table'), SURE.top),
    wait: {
      ...(waited === undefined ? {} : { now: waited }),
      ...(waitedBefore === undefined ? {} : { before: waitedBefore }),
    },
  };
}

function lists(pair: Pair, { isTopic }: Meaning) {
  const { now } = pair;
  const rows = (name: UsageEvent['name']) =>
    now.rows(name).map((id) => ({
      id,
      ...figure(pair, (sheet) => sheet.row(name, id), now.size(name, 'row'), SURE.line),
    }));
  const columns = (name: UsageEvent['name']) =>
    now.columns(name).map((id) => ({
      id,
      ...figure(pair, (sheet) => sheet.column(name, id), now.size(name, 'column'), SURE.line),
    }));
  return {
    topics: rows('flow-started')
      .filter(({ id }) => isTopic(id))
      .map((line) => ({
        ...line,
        helped: now.cell('useful', line.id, HELPED),
        missed: now.row('not-understood', line.id),
      })),
    languages: columns('visit').map((line) => ({
      ...line,
      helped: now.cell('flow-ended', HELPED, line.id),
      missed: now.column('not-understood', line.id),
    })),
    channels: rows('visit'),
    countries: columns('flow-started'),
    asked: rows('person-asked'),
    gaps: rows('gap'),
    talks: columns('talk'),
    waits: rows('wait'),
  };
}

function figure(pair: Pair, read: (sheet: Sheet) => Shown, cells: number, sure: number): Figure {
  const { now, before } = pair;
  const found: Figure = { now: read(now) };
  if (before === undefined) return found;
  found.before = read(before);
  const amount = (sheet: Sheet, shown: Shown) => ({ shown, weeks: sheet.weeks, cells });
  const change = compare(amount(now, found.now), amount(before, found.before), sure);
  if (change !== undefined) found.change = change;
  return found;
}

function times(sheet: Sheet): Pick<Figures, 'hours' | 'days' | 'clock'> {
  const days = ['1', '2', '3', '4', '5', '6', '7'];
  const clock = Array.from({ length: HOURS }, (_, hour) => String(hour).padStart(2, '0'));
  return {
    hours: days.map((day) => clock.map((hour) => sheet.cell('hour', day, hour))),
    days: sheet.hasSums('hour', 'rows') ? days.map((day) => sheet.row('hour', day)) : [],
    clock: sheet.hasSums('hour', 'columns') ? clock.map((hour) => sheet.column('hour', hour)) : [],
  };
}

/** The weeks up to the end of a period; earlier ones for comparison, later ones not. */
function trendOf(releases: readonly Release[], { weeks }: Period): TrendWeek[] {
  const last = weeks.at(-1) ?? '';
  return releases
    .filter(({ week }) => week <= last)
    .slice(-TREND)
    .map((release) => {
      const sheet = new Sheet([release]);
      return { week: release.week, visits: sheet.total('visit'), helped: sheet.row('flow-ended', HELPED) };
    });
}
