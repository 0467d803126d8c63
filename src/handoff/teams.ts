import { z } from 'zod';
import type { Problem } from '../errors.ts';
import type { Lang } from '../message.ts';
import { DAYS_AHEAD, type Hours, type OtherDay, openingHours } from './hours.ts';
import { hoursFault } from './opening-hours.ts';
import { calendarDay, type Read, type Report, readDeskFile, reporter } from './read.ts';
import { openZone } from './zone.ts';

/** Languages operators read the console in. */
export const STAFF_LANGS = ['ru', 'kk', 'en'] as const;
export type StaffLang = (typeof STAFF_LANGS)[number];

/** Languages people write in; Uzbek is one, in either script. */
export const SPOKEN = ['uz', 'tg', 'ky', 'kk', 'ru', 'en'] as const satisfies readonly Lang[];

/** People who answer together. */
export interface Team {
  id: string;
  names: Record<StaffLang, string>;
  hours: Hours;
  languages: readonly Lang[];
  /** Countries of stay, `ALL` for every one. */
  countries: readonly string[];
  /** Topics of handoffs; `general` takes whatever no other team names. */
  topics: readonly string[];
  /** Minutes in which somebody should have taken a person; then the bot is back. */
  claimWithin: number;
  /** Telegram's number of the team's group. */
  telegramGroup?: number;
}

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'an id: a–z, 0–9 and "-"');
const country = z.string().regex(/^([A-Z]{2}|ALL)$/, 'two capital letters, e.g. KZ, or ALL');
const day = calendarDay();
const text = z.string().trim().min(1, 'some words');
const clock = String.raw`(?:[01]\d|2[0-3]):[0-5]\d`;
const span = `${clock}-(?:${clock}|24:00)`;
const times = new RegExp(`^(?:off|${span}(?:, ?${span})*)$`);

const holidayList = z.strictObject({
  country,
  year: z.int().min(2020).max(2100),
  source: id,
  source_title: text,
  read_at: text.nullable(),
  checked_on: day,
  days: z.array(z.strictObject({ day, name: text })),
});

const team = z.strictObject({
  id,
  names: z.strictObject({ ru: text, kk: text, en: text }),
  time_zone: text,
  hours: text,
  holidays: country.or(z.literal('none')),
  days: z
    .array(z.strictObject({ day, hours: z.string().regex(times, 'off, or times, e.g. 10:00-14:00') }))
    .default([]),
  languages: z.array(z.enum(SPOKEN)).min(1, 'at least one language'),
  countries: z.array(country).min(1, 'at least one country, or ALL'),
  topics: z.array(id).min(1, 'at least one topic'),
  claim_within: z.int().min(1, 'whole minutes, 1 to 240').max(240, 'whole minutes, 1 to 240'),
  telegram_group: z.int().max(-1, 'the number of a group, which is below 0').optional(),
});

const teamsFile = z.strictObject({
  holidays: z.array(holidayList).default([]),
  teams: z.array(team).default([]),
});

/** `db/content/teams.yaml` as it stands there. */
export type TeamsFile = z.infer<typeof teamsFile>;
type TeamRecord = TeamsFile['teams'][number];

/**
 * Reads and proves `db/content/teams.yaml` under the project's folder. Without the file there is no team.
 *
 * @param today `2026-11-22`: hours are tried from this day on
 * @returns the teams, every problem with file and line, and the file itself for further checks. With any problem of level `error`
 *   the teams are not to be used.
 */
export function loadTeams(
  root: string,
  today: string,
): { teams: Team[]; problems: Problem[]; read?: Read<TeamsFile> } {
  const { read, problems } = readDeskFile(root, 'teams', teamsFile);
  if (read === undefined) return { teams: [], problems };
  const { data, source } = read;
  const report = reporter(source, problems);
  checkHolidays(data.holidays, report);
  once(
    data.teams.map((t) => t.id),
    (i) =>
      report(
        ['teams', i],
        'duplicate-id',
        `the team "${data.teams[i]?.id}" stands twice`,
        'rename one of them',
      ),
  );
  const start = Date.parse(`${today}T00:00:00Z`);
  const teams = data.teams.flatMap((record, i) => {
    const at = (...path: PropertyKey[]) => ['teams', i, ...path];
    return openTeam(record, data.holidays, start, (path, ...rest) => report(at(...path), ...rest)) ?? [];
  });
  return { teams, problems, read };
}

/** Rules `time-zone`, `hours`, `duplicate-day` and `never-open`. */
function openTeam(
  record: TeamRecord,
  holidays: TeamsFile['holidays'],
  today: number,
  report: Report,
): Team | undefined {
  const zone = openZone(record.time_zone);
  if (zone === undefined)
    report(
      ['time_zone'],
      'time-zone',
      `"${record.id}": no time zone "${record.time_zone}"`,
      'a name of the IANA list, e.g. Asia/Almaty',
    );
  const fault = hoursFault(record.hours, today);
  if (fault !== undefined) report(['hours'], 'hours', `"${record.id}": ${fault.message}`, fault.hint);
  once(
    record.days.map((d) => d.day),
    (i) =>
      report(
        ['days', i],
        'duplicate-day',
        `"${record.id}": ${record.days[i]?.day} stands twice`,
        'leave one of them',
      ),
  );
  if (zone === undefined || fault !== undefined) return undefined;
  const free = holidays.filter((list) => list.country === record.holidays).flatMap((list) => list.days);
  const others: OtherDay[] = [...free.map((d) => ({ day: d.day, hours: 'off' })), ...record.days];
  const hours = openingHours(record.hours, others, zone);
  if (hours.next(today) === undefined)
    report(
      ['hours'],
      'never-open',
      `"${record.id}" does not open in the next ${DAYS_AHEAD} days`,
      'are the hours and days right?',
      'warning',
    );
  return {
    id: record.id,
    names: record.names,
    hours,
    languages: record.languages,
    countries: record.countries,
    topics: record.topics,
    claimWithin: record.claim_within,
    ...(record.telegram_group === undefined ? {} : { telegramGroup: record.telegram_group }),
  };
}

/** Rules `duplicate-list`, `duplicate-day` and `wrong-year`. */
function checkHolidays(lists: TeamsFile['holidays'], report: Report): void {
  once(
    lists.map((list) => `${list.country} ${list.year}`),
    (i, name) =>
      report(
        ['holidays', i],
        'duplicate-list',
        `the holidays of ${name} stand twice`,
        'make one list of them',
      ),
  );
  lists.forEach((list, i) => {
    once(
      list.days.map((d) => d.day),
      (j, name) =>
        report(['holidays', i, 'days', j], 'duplicate-day', `${name} stands twice`, 'leave one of them'),
    );
    list.days.forEach(({ day }, j) => {
      if (!day.startsWith(`${list.year}-`))
        report(
          ['holidays', i, 'days', j],
          'wrong-year',
          `${day} is not in ${list.year}`,
          'move it to the list of its year',
        );
    });
  });
}

/** Calls back for every name that stood before. */
function once(names: readonly string[], again: (index: number, name: string) => void): void {
  const seen = new Set<string>();
  names.forEach((name, i) => {
    if (seen.has(name)) again(i, name);
    seen.add(name);
  });
}
