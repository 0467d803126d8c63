import { compress } from 'hono/compress';
import { mondayOf } from '../../../clock.ts';
import { findTampered } from '../../../store/releases.ts';
import type { Role } from '../../../store/staff-types.ts';
import { Archive } from '../../../usage/archive.ts';
import { endOf, periodOf, periodsOf, readPeriod } from '../../../usage/calendar.ts';
import { figuresOf } from '../../../usage/figures.ts';
import { FigureNames, meaningOf } from '../../../usage/names.ts';
import type { FrozenRelease } from '../../../usage/release.ts';
import { NAME } from '../../words.ts';
import type { StaffPage, StaffRequest } from '../pages.ts';
import { exportPages } from './export.ts';
import type { StatsOptions } from './options.ts';
import { StatsEmpty, StatsReport } from './page.tsx';

/** Released figures are for whoever reports and whoever watches over it; operators see people. */
export const STATS_ROLES: readonly Role[] = ['coordinator', 'admin', 'auditor'];

/** Files of the pages, for `ConsoleOptions.scripts`. */
export const STATS_FILES: readonly string[] = ['stats.css'];

/** `/console/stats`: what may be published of how many came, with what, and where they give up. */
export function statsPages(options: StatsOptions): StaffPage[] {
  const shelf: Shelf = { archive: new Archive(), tampered: createCheck() };
  return [
    {
      path: '/console/stats',
      method: 'GET',
      roles: STATS_ROLES,
      nav: { word: 'stats.title', order: 20 },
      handle: (request) => show(options, shelf, request),
    },
    ...exportPages(options, shelf.archive, STATS_ROLES),
  ];
}

/** What is kept between requests. */
interface Shelf {
  archive: Archive;
  /** The first week whose release is not as it was made. */
  tampered(frozen: readonly FrozenRelease[]): string | undefined;
}

/** Compares the releases with their hashes: at the first request, and whenever there is a new one. */
function createCheck(): Shelf['tampered'] {
  let last: { hash: string; found: string | undefined } | undefined;
  return (frozen) => {
    const hash = frozen.at(-1)?.hash ?? '';
    if (last?.hash !== hash) last = { hash, found: findTampered(frozen) };
    return last.found;
  };
}

async function show(options: StatsOptions, shelf: Shelf, request: StaffRequest): Promise<Response> {
  const names = new FigureNames(options, request.lang);
  const frozen = options.releases();
  const releases = shelf.archive.open(frozen);
  const newest = releases.at(-1);
  if (newest === undefined) return showEmpty(options, names, request);
  const asked = request.c.req.query('period');
  const period = asked === undefined ? periodOf(newest.week, 'week') : readPeriod(asked);
  const weeks = releases.map(({ week }) => week);
  const latest = weeks.findLast((week) => period?.weeks.includes(week));
  if (period === undefined || latest === undefined) return showUnknown(names, request);
  const figures = figuresOf(releases, period, meaningOf(options));
  const body = (
    <StatsReport
      names={names}
      figures={figures}
      latest={latest}
      tampered={shelf.tampered(frozen)}
      periods={periodsOf(weeks, period.kind)}
      organisation={options.organisation ?? NAME}
      country={options.country}
    />
  );
  const title = `${names.period(period)} · ${names.dates(period)}`;
  return packed(request, await request.page({ title, body, wide: true }));
}

function showEmpty({ clock }: StatsOptions, names: FigureNames, request: StaffRequest) {
  const body = <StatsEmpty names={names} day={endOf(periodOf(mondayOf(clock.now()), 'week'))} />;
  return request.page({ title: names.t('title'), body, wide: true });
}

function showUnknown(names: FigureNames, request: StaffRequest) {
  const body = (
    <p>
      <a href="/console/stats" class="button">
        {names.t('newest')}
      </a>
    </p>
  );
  return request.page({ title: names.t('unknown_period'), body, status: 404 });
}

/** A report is some hundred kilobytes of markup, and a tenth of that on the wire. */
async function packed({ c }: StaffRequest, response: Response): Promise<Response> {
  await compress()(c, async () => {
    c.res = response;
  });
  return c.res;
}
