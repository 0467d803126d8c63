import { scaleLinear } from 'd3-scale';
import type { Figures } from '../../../usage/figures.ts';
import type { FigureNames } from '../../../usage/names.ts';
import { add, type Shown } from '../../../usage/sheet.ts';
import { BarTable } from './bars.tsx';
import { HATCH, Hidden, percent } from './marks.tsx';

/** Height of an hour of which nothing is shown, and of the fullest one, in per cent of the row. */
const STUB = 20;
const FULL = 90;
const DAYS = 7;
const HOURS = 24;
/** Every so many hours one is named. */
const EVERY = 6;

/** When people come: the hours of a week as a grid, and its sums. */
export function Hours({ names, figures }: { names: FigureNames; figures: Figures }) {
  const { hours, days, clock } = figures;
  const some = hours.flat().some(({ n }) => n > 0);
  const heads = (name: string) => [names.t(`heads.${name}`), names.t('heads.visits')] as const;
  return (
    <>
      {some ? <Grid names={names} figures={figures} /> : <p>{names.t('hours.few')}</p>}
      <div class="pair">
        {days.length > 0 && (
          <div>
            <h3>{names.t('hours.by_day')}</h3>
            <BarTable
              names={names}
              caption={names.t('hours.by_day')}
              heads={heads('day')}
              lines={days.map((value, day) => ({ name: names.weekday(day, 'long'), value }))}
              ordered
            />
          </div>
        )}
        {clock.length > 0 && (
          <div>
            <h3>{names.t('hours.by_hour')}</h3>
            <BarTable
              names={names}
              caption={names.t('hours.by_hour')}
              heads={heads('hour')}
              lines={partsOfDay(clock).map(([name, value]) => ({ name, value }))}
              ordered
            />
          </div>
        )}
      </div>
    </>
  );
}

/** Three hours together: twenty-four lines would tell less. Sums of what is shown. */
function partsOfDay(clock: readonly Shown[]): [string, Shown][] {
  const width = 3;
  return Array.from({ length: HOURS / width }, (_, at) => [
    `${hourName(at * width)}–${hourName((at + 1) * width)}`,
    add(clock.slice(at * width, (at + 1) * width)),
  ]);
}

function Grid({ names, figures: { hours } }: { names: FigureNames; figures: Figures }) {
  const all = hours.flat();
  const tall = scaleLinear([0, Math.max(...all.map(({ n }) => n))], [0, FULL]);
  const { day, hour } = busiest(hours);
  const most = names.t('hours.most', { day: `${names.weekday(day, 'long')}, ${hourName(hour)}` });
  return (
    <figure class="hours">
      <div class="week">
        <div class="day-names" aria-hidden="true">
          {hours.map((_, at) => (
            <span>{names.weekday(at, 'short')}</span>
          ))}
        </div>
        <svg width="100%" role="img" aria-labelledby="hours-name hours-text">
          <title id="hours-name">{names.t('hours.title')}</title>
          <desc id="hours-text">{`${names.t('hours.what')} ${most}`}</desc>
          {hours.map((row, at) => (
            <svg y={percent((at * 100) / DAYS)} width="100%" height={percent(100 / DAYS)} aria-hidden="true">
              <line class="grid" x1="0" x2="100%" y1="100%" y2="100%" />
              {row.map(({ n }, hour) => (
                <rect
                  class={n === 0 ? 'hatched' : 'mark'}
                  fill={n === 0 ? HATCH : undefined}
                  x={percent(((hour + 0.1) * 100) / HOURS)}
                  width={percent(80 / HOURS)}
                  y={percent(100 - (n === 0 ? STUB : tall(n)))}
                  height={percent(n === 0 ? STUB : tall(n))}
                />
              ))}
            </svg>
          ))}
        </svg>
        <div class="hour-names" aria-hidden="true">
          {Array.from({ length: HOURS / EVERY }, (_, at) => (
            <span>{hourName(at * EVERY)}</span>
          ))}
        </div>
      </div>
      <figcaption class="hint">{`${names.t('hours.what')} ${most}`}</figcaption>
      <details>
        <summary>{names.t('hours.table')}</summary>
        <GridTable names={names} hours={hours} />
      </details>
    </figure>
  );
}

function GridTable({ names, hours }: { names: FigureNames; hours: Figures['hours'] }) {
  const title = names.t('hours.table');
  return (
    <section class="scroll" tabindex={0} aria-label={title}>
      <table class="plain">
        <caption class="sr">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{names.t('heads.hour')}</th>
            {hours.map((_, at) => (
              <th scope="col" class="n">
                {names.weekday(at, 'short')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: HOURS }, (_, clock) => (
            <tr>
              <th scope="row">{hourName(clock)}</th>
              {hours.map((day) => (
                <td class="n">{cellOf(names, day[clock])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function cellOf(names: FigureNames, value: Shown | undefined) {
  return (value && names.shown(value)) ?? <Hidden names={names} />;
}

function busiest(hours: Figures['hours']): { day: number; hour: number } {
  let [best, found] = [0, { day: 0, hour: 0 }];
  hours.forEach((row, day) => {
    row.forEach(({ n }, hour) => {
      if (n > best) [best, found] = [n, { day, hour }];
    });
  });
  return found;
}

function hourName(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
