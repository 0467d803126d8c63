import { PERIOD_KINDS, type Period, type PeriodKind, periodOf } from '../../../usage/calendar.ts';
import type { Figure, Figures } from '../../../usage/figures.ts';
import type { FigureNames } from '../../../usage/names.ts';
import { changesOf, changeText, summaryOf } from '../../../usage/summary.ts';
import { Hidden } from './marks.tsx';

const PATH = '/console/stats';
/** Periods that are offered without unfolding anything. */
const NEAR = 4;

/** Links to other periods: kinds, the newest of this kind, and all others folded. */
export function PeriodChoice(props: {
  names: FigureNames;
  period: Period;
  /** The newest released week in it. */
  latest: string;
  /** Of the same kind, the newest first. */
  periods: readonly Period[];
}) {
  const { names, period, latest, periods } = props;
  const sameTime = (kind: PeriodKind) => (kind === period.kind ? period : periodOf(latest, kind));
  return (
    <nav class="periods" aria-label={names.t('period.label')}>
      <p>
        {PERIOD_KINDS.map((kind) => (
          <a href={linkTo(sameTime(kind))} aria-current={kind === period.kind ? 'true' : undefined}>
            {names.t(`period.kinds.${kind}`)}
          </a>
        ))}
      </p>
      <p>
        {nearOf(periods, period).map((one) => (
          <PeriodLink names={names} period={one} current={period} />
        ))}
      </p>
      {periods.length > NEAR && (
        <details>
          <summary>{names.t('period.others')}</summary>
          {years(periods).map(([year, some]) => (
            <p>
              <b>{year}</b>
              {some.map((one) => (
                <PeriodLink names={names} period={one} current={period} />
              ))}
            </p>
          ))}
        </details>
      )}
    </nav>
  );
}

function PeriodLink({ names, period, current }: { names: FigureNames; period: Period; current: Period }) {
  return (
    <a href={linkTo(period)} aria-current={period.id === current.id ? 'page' : undefined}>
      {names.period(period)}
    </a>
  );
}

/** The newest ones, or those around one that is older. */
function nearOf(periods: readonly Period[], { id }: Period): Period[] {
  const at = Math.max(
    0,
    periods.findIndex((one) => one.id === id),
  );
  const from = Math.max(0, Math.min(at - 1, periods.length - NEAR));
  return periods.slice(from, from + NEAR);
}

function years(periods: readonly Period[]): [number, Period[]][] {
  const found = new Map<number, Period[]>();
  for (const period of periods) {
    const same = found.get(period.year);
    if (same === undefined) found.set(period.year, [period]);
    else same.push(period);
  }
  return [...found];
}

function linkTo({ id }: Period): string {
  return `${PATH}?period=${id}`;
}

/** What the period was like, in words. */
export function Summary({ names, figures }: { names: FigureNames; figures: Figures }) {
  const { period, weeks } = figures;
  return (
    <>
      <p class="summary">{summaryOf(figures, names).join(' ')}</p>
      {weeks < period.weeks.length && (
        <p class="hint">{names.t('period.so_far', { have: weeks, all: period.weeks.length })}</p>
      )}
    </>
  );
}

/** The four numbers, each with its change. */
export function Tiles({ names, figures }: { names: FigureNames; figures: Figures }) {
  const { visits, helped, answered, person, wait } = figures;
  const whole = helped.now.n > 0 && helped.now.hidden === 0 && answered.hidden === 0 && answered.n > 0;
  const share = whole
    ? names.percent(Math.min(100, Math.round((helped.now.n / answered.n) * 100)))
    : undefined;
  return (
    <dl class="tiles">
      <Tile names={names} word="visits" figure={visits} figures={figures} />
      <Tile
        names={names}
        word="helped"
        figure={helped}
        figures={figures}
        note={share === undefined ? undefined : names.t('tiles.helped_of', { share })}
      />
      <Tile names={names} word="person" figure={person} figures={figures} />
      <div>
        <dt>{names.t('tiles.wait')}</dt>
        <dd class="big">{wait.now === undefined ? <Few names={names} /> : `≤ ${names.minutes(wait.now)}`}</dd>
        <dd class="hint">
          {names.t('tiles.wait_note')}
          {wait.before !== undefined &&
            `; ${names.t('change.wait', { time: `≤ ${names.minutes(wait.before)}` })}`}
        </dd>
      </div>
    </dl>
  );
}

function Tile(props: {
  names: FigureNames;
  word: 'visits' | 'helped' | 'person';
  figure: Figure;
  figures: Figures;
  note?: string | undefined;
}) {
  const { names, word, figure, figures, note } = props;
  return (
    <div>
      <dt>{names.t(`tiles.${word}`)}</dt>
      <dd class="big">{names.shown(figure.now) ?? <Few names={names} />}</dd>
      <dd class="hint">
        {note !== undefined && `${note}; `}
        {changeText(figures, figure.change, names)}
      </dd>
    </div>
  );
}

function Few({ names }: { names: FigureNames }) {
  return (
    <>
      <Hidden names={names} />
      <span class="small" aria-hidden="true">
        {names.t('few')}
      </span>
    </>
  );
}

/** What is different from the period before. */
export function Changes({ names, figures }: { names: FigureNames; figures: Figures }) {
  const texts = changesOf(figures, names);
  return (
    <ul class="changes">
      {texts.map((text) => (
        <li>{text}</li>
      ))}
    </ul>
  );
}
