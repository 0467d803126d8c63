import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isoDate } from '../clock.ts';
import type { Problem } from '../errors.ts';
import { ANY_TOPIC, loadCanned } from '../handoff/canned.ts';
import { GENERAL } from '../handoff/desk.ts';
import { DAYS_AHEAD } from '../handoff/hours.ts';
import { type Report, reporter } from '../handoff/read.ts';
import { loadTeams, type TeamsFile } from '../handoff/teams.ts';
import { parseYaml } from '../yaml-source.ts';
import type { ContentData } from './data.ts';

/**
 * Everything that must hold for teams, holidays and canned replies, with file and line: what their own files say, and that what
 * they name exists.
 *
 * @param root the project's folder
 * @param today `2026-11-22`
 */
export function checkDesk(
  root: string,
  data: Pick<ContentData, 'countries' | 'sources'>,
  today: string,
): Problem[] {
  const teams = loadTeams(root, today);
  const canned = loadCanned(root);
  const problems = [...teams.problems, ...canned.problems];
  const topics = handoffTopics(root);
  if (teams.read !== undefined) {
    const report = reporter(teams.read.source, problems);
    checkNames(teams.read.data, data, topics, report);
    checkYears(teams.read.data, today, report);
    checkCover(teams.read.data, topics, report);
  }
  if (canned.read !== undefined) {
    const report = reporter(canned.read.source, problems);
    canned.read.data.replies.forEach((reply, i) => {
      for (const topic of reply.topics.filter((t) => t !== ANY_TOPIC && !topics.has(t)))
        reportTopic(report, ['replies', i, 'topics'], topic, [...topics, ANY_TOPIC]);
    });
  }
  return problems;
}

/** Rule `unknown-id`: sources, countries and topics exist. */
function checkNames(
  file: TeamsFile,
  data: Pick<ContentData, 'countries' | 'sources'>,
  topics: ReadonlySet<string>,
  report: Report,
): void {
  const sources = new Set(data.sources.map((entry) => entry.record.id));
  const unknown = (country: string) => country !== 'ALL' && !data.countries.includes(country);
  const reportCountry = (path: readonly PropertyKey[], country: string) =>
    report(path, 'unknown-id', `no country "${country}"`, 'see db/content/countries.yaml');
  file.holidays.forEach((list, i) => {
    if (!sources.has(list.source))
      report(
        ['holidays', i, 'source'],
        'unknown-id',
        `no source "${list.source}"`,
        'add it to db/content/sources.yaml',
      );
    if (unknown(list.country)) reportCountry(['holidays', i, 'country'], list.country);
  });
  file.teams.forEach((team, i) => {
    const { holidays } = team;
    if (holidays !== 'none' && unknown(holidays)) reportCountry(['teams', i, 'holidays'], holidays);
    for (const country of team.countries.filter(unknown)) reportCountry(['teams', i, 'countries'], country);
    for (const topic of team.topics.filter((t) => !topics.has(t)))
      reportTopic(report, ['teams', i, 'topics'], topic, [...topics]);
  });
}

function reportTopic(
  report: Report,
  path: readonly PropertyKey[],
  topic: string,
  known: readonly string[],
): void {
  report(
    path,
    'unknown-id',
    `no conversation hands over for "${topic}"`,
    `expected one of: ${[...known].sort().join(', ')}`,
  );
}

/** Rule `holidays`: without its list a team would be said to be there on a day when nobody is. */
function checkYears(file: TeamsFile, today: string, report: Report): void {
  const last = isoDate(Date.parse(`${today}T00:00:00Z`) + DAYS_AHEAD * 86_400_000);
  const years = new Set([today, last].map((day) => Number(day.slice(0, 4))));
  file.teams.forEach(({ id, holidays }, i) => {
    if (holidays === 'none') return;
    for (const year of years) {
      const known = file.holidays.some((l) => l.country === holidays && l.year === year && l.days.length > 0);
      if (known) continue;
      const message = `"${id}": no public holidays of ${holidays} for ${year}, it counts as open on them`;
      report(
        ['teams', i, 'holidays'],
        'holidays',
        message,
        'add the list from an official calendar',
        'warning',
      );
    }
  });
}

/** Rule `nobody`: with teams at work, a topic that none of them takes is probably an oversight. */
function checkCover(file: TeamsFile, topics: ReadonlySet<string>, report: Report): void {
  const taken = new Set(file.teams.flatMap((team) => team.topics));
  if (file.teams.length === 0 || taken.has(GENERAL)) return;
  const left = [...topics].filter((topic) => !taken.has(topic)).sort();
  const message = `no team takes: ${left.join(', ')}`;
  report(['teams'], 'nobody', message, `give one team the topic "${GENERAL}"`, 'warning');
}

/** Topics of every `handoff` in the conversations; files that cannot be read are told by `hamroh flows check`. */
function handoffTopics(root: string): Set<string> {
  const topics = new Set([GENERAL]);
  const folder = join(root, 'flows');
  if (!existsSync(folder)) return topics;
  for (const name of readdirSync(folder).filter((n) => n.endsWith('.yaml'))) {
    const { source } = parseYaml(`flows/${name}`, readFileSync(join(folder, name), 'utf8'));
    collect(source?.data, topics);
  }
  return topics;
}

/** A way out says `handoff: art`, a step of that kind `handoff: { topic: art }`. */
function collect(node: unknown, topics: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    const topic: unknown =
      key === 'handoff' && typeof value === 'object' && value !== null ? Reflect.get(value, 'topic') : value;
    if (key === 'handoff' && typeof topic === 'string') topics.add(topic);
    else collect(value, topics);
  }
}
