import { type ScaleLinear, scaleBand, scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { periodOf } from '../../../usage/calendar.ts';
import type { Figures, TrendWeek } from '../../../usage/figures.ts';
import type { FigureNames } from '../../../usage/names.ts';
import { HATCH, Hidden, percent } from './marks.tsx';

/** Height of the plot and of everything, in per cent of the drawing: below it stand the months. */
const PLOT = 88;
/** Height of a week of which nothing is shown. */
const STUB = 12;
const TICKS = 3;
/** From so many weeks on there is no room for the name of every month. */
const LONG = 20;

/** Visits week by week, the weeks of the period marked. */
export function Trend({ names, figures }: { names: FigureNames; figures: Figures }) {
  const { trend } = figures;
  const most = trend.reduce<TrendWeek | undefined>(
    (best, week) => (week.visits.n > (best?.visits.n ?? 0) ? week : best),
    undefined,
  );
  const highest =
    most === undefined
      ? names.t('none')
      : names.t('trend.most', { n: names.number(most.visits.n), day: names.day(most.week) });
  const y = scaleLinear([0, Math.max(10, most?.visits.n ?? 0)], [PLOT, 4]).nice(TICKS);
  return (
    <figure>
      <div class="trend">
        <svg width="100%" height="100%" aria-hidden="true" focusable="false">
          {y.ticks(TICKS).map((tick) => (
            <text x="100%" y={percent(y(tick))} dy="5" text-anchor="end">
              {names.number(tick)}
            </text>
          ))}
        </svg>
        <svg width="100%" height="100%" role="img" aria-labelledby="trend-name trend-text">
          <title id="trend-name">{names.t('trend.title')}</title>
          <desc id="trend-text">{`${names.t('trend.what')} ${highest}`}</desc>
          <Plot names={names} figures={figures} y={y} />
        </svg>
      </div>
      <figcaption class="hint">{`${names.t('trend.what')} ${highest}`}</figcaption>
      <details>
        <summary>{names.t('table')}</summary>
        <TrendTable names={names} trend={trend} />
      </details>
    </figure>
  );
}

type Height = ScaleLinear<number, number>;

function Plot({ names, figures, y }: { names: FigureNames; figures: Figures; y: Height }) {
  const { trend, period } = figures;
  const x = scaleBand(
    trend.map(({ week }) => week),
    [0, 100],
  ).padding(trend.length > 1 ? 0.25 : 0.6);
  const left = (week: string) => x(week) ?? 0;
  const path = line<TrendWeek>()
    .defined(({ helped }) => helped.n > 0)
    .x(({ week }) => left(week) + x.bandwidth() / 2)
    .y(({ helped }) => y(helped.n));
  return (
    <>
      {y.ticks(TICKS).map((tick) => (
        <line class="grid" x1="0" x2="100%" y1={percent(y(tick))} y2={percent(y(tick))} />
      ))}
      {trend.map(({ week, visits }) => {
        const height = visits.n === 0 ? STUB : PLOT - y(visits.n);
        return (
          <rect
            class={visits.n === 0 ? 'hatched' : period.weeks.includes(week) ? 'mark' : 'past'}
            fill={visits.n === 0 ? HATCH : undefined}
            x={percent(left(week))}
            width={percent(x.bandwidth())}
            y={percent(PLOT - height)}
            height={percent(height)}
          />
        );
      })}
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%" aria-hidden="true">
        <path class="halo" d={path([...trend]) ?? ''} vector-effect="non-scaling-stroke" />
        <path class="line" d={path([...trend]) ?? ''} vector-effect="non-scaling-stroke" />
      </svg>
      {monthsOf(trend).map((week) => (
        <text x={percent(left(week))} y="100%" dy="-4">
          {names.month(week)}
        </text>
      ))}
    </>
  );
}

/** Weeks under which the name of their month stands: where a month begins, in a long row where a quarter does. */
function monthsOf(trend: readonly TrendWeek[]): string[] {
  const kind = trend.length > LONG ? 'quarter' : 'month';
  const begins = trend.filter(({ week }, at) => {
    const before = trend[at - 1];
    // Not so far right that the name has no room.
    if (before === undefined || (trend.length > LONG && at > trend.length - 3)) return false;
    return periodOf(before.week, kind).id !== periodOf(week, kind).id;
  });
  const named = begins.length > 0 ? begins : trend.slice(0, 1);
  return named.map(({ week }) => week);
}

function TrendTable({ names, trend }: { names: FigureNames; trend: readonly TrendWeek[] }) {
  return (
    <table class="plain">
      <caption class="sr">{names.t('trend.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{names.t('heads.week')}</th>
          <th scope="col" class="n">
            {names.t('heads.visits')}
          </th>
          <th scope="col" class="n">
            {names.t('heads.helped')}
          </th>
        </tr>
      </thead>
      <tbody>
        {trend.toReversed().map(({ week, visits, helped }) => (
          <tr>
            <th scope="row">{periodOf(week, 'week').id}</th>
            <td class="n">{names.shown(visits) ?? <Hidden names={names} />}</td>
            <td class="n">{names.shown(helped) ?? <Hidden names={names} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
