import type { Child } from 'hono/jsx';
import { type Period, periodOf } from '../../../usage/calendar.ts';
import type { Figures, GroupLine, Line, ListName } from '../../../usage/figures.ts';
import type { FigureNames } from '../../../usage/names.ts';
import { nameOf } from '../../../usage/summary.ts';
import { Notice } from '../layout.tsx';
import { type BarLine, BarTable } from './bars.tsx';
import { Funnels, WeakSteps } from './funnel.tsx';
import { Hours } from './hours.tsx';
import { Patterns } from './marks.tsx';
import { Changes, PeriodChoice, Summary, Tiles } from './top.tsx';
import { Trend } from './trend.tsx';

/** What the page of a period is drawn from. */
export interface StatsPageProps {
  names: FigureNames;
  figures: Figures;
  /** The newest released week in it. */
  latest: string;
  /** A week whose release is not as it was made. */
  tampered?: string | undefined;
  /** Of the same kind, the newest first. */
  periods: readonly Period[];
  /** Whose figures these are, for the printed report. */
  organisation: string;
  /** Country of the deployment. */
  country: string;
}

/** The whole report on a period. */
export function StatsReport(props: StatsPageProps) {
  const { names, figures, latest, periods, organisation, country, tampered } = props;
  return (
    <Frame>
      <Patterns />
      <p class="letterhead">{`${organisation} · ${names.t('title')}`}</p>
      <PeriodChoice names={names} period={figures.period} latest={latest} periods={periods} />
      {tampered !== undefined && (
        <Notice kind="bad" text={names.t('tampered', { week: periodOf(tampered, 'week').id })} />
      )}
      <Summary names={names} figures={figures} />
      <Tiles names={names} figures={figures} />
      <div class="pair news">
        <Part title={names.t('changed.title')}>
          <Changes names={names} figures={figures} />
        </Part>
        <Part title={names.t('trend.title')}>
          <Trend names={names} figures={figures} />
        </Part>
      </div>
      <Part title={names.t('topics.title')}>
        <Group names={names} list="topics" lines={figures.topics} heads={['topic', 'opened']} />
      </Part>
      <Part title={names.t('weak.title')}>
        <p class="hint">{names.t('weak.what')}</p>
        <WeakSteps names={names} weak={figures.weak} />
        <div class="screen">
          <h3>{names.t('funnel.title')}</h3>
          <p class="hint">{names.t('funnel.what')}</p>
          <Funnels names={names} figures={figures} />
        </div>
      </Part>
      <div class="second">
        <Part title={names.t('who.title')}>
          <Group names={names} list="languages" lines={figures.languages} heads={['language', 'visits']} />
          <div class="pair">
            <List names={names} list="countries" lines={figures.countries} heads={['country', 'opened']} />
            <List names={names} list="channels" lines={figures.channels} heads={['channel', 'visits']} />
          </div>
          <p class="hint">{names.t('who.country_default', { country: names.country(country) })}</p>
        </Part>
        <Part title={names.t('hours.title')}>
          <Hours names={names} figures={figures} />
        </Part>
        <Part title={names.t('person.title')}>
          <Person names={names} figures={figures} />
        </Part>
        <Part title={names.t('gaps.title')}>
          <p class="hint">{names.t('gaps.what')}</p>
          <Gaps names={names} figures={figures} />
        </Part>
      </div>
      <Method names={names} />
      <Save names={names} period={figures.period} />
    </Frame>
  );
}

/** Before the first release. @param day the earliest day of one */
export function StatsEmpty({ names, day }: { names: FigureNames; day: string }) {
  return (
    <Frame>
      <div class="card">
        <h2>{names.t('empty.title')}</h2>
        <p>{names.t('empty.what')}</p>
        <p>{names.t('empty.when', { day: names.day(day) })}</p>
        <p>
          {names.t('empty.demo')} <code>npm run demo</code>
        </p>
      </div>
      <Method names={names} />
    </Frame>
  );
}

function Frame({ children }: { children?: Child }) {
  return (
    <div class="stats">
      <link rel="stylesheet" href="/console/stats.css" />
      {children}
    </div>
  );
}

function Part({ title, children }: { title: string; children?: Child }) {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

type Heads = readonly [first: string, value: string];

function List(props: { names: FigureNames; list: ListName; lines: readonly Line[]; heads: Heads }) {
  const { names, list, lines, heads } = props;
  return (
    <div>
      <BarTable
        names={names}
        caption={names.t(`lists.${list}`)}
        heads={[names.t(`heads.${heads[0]}`), names.t(`heads.${heads[1]}`)]}
        lines={lines.map((line) => barOf(names, list, line))}
      />
    </div>
  );
}

function Group(props: { names: FigureNames; list: ListName; lines: readonly GroupLine[]; heads: Heads }) {
  const { names, list, lines, heads } = props;
  return (
    <BarTable
      names={names}
      caption={names.t(`lists.${list}`)}
      heads={[
        names.t(`heads.${heads[0]}`),
        names.t(`heads.${heads[1]}`),
        names.t('heads.helped'),
        names.t('heads.missed'),
      ]}
      lines={lines.map((line) => ({ ...barOf(names, list, line), more: [line.helped, line.missed] }))}
    />
  );
}

function barOf(names: FigureNames, list: ListName, { id, now, change }: Line): BarLine {
  return { name: nameOf(names, list, id), value: now, change };
}

function Person({ names, figures }: { names: FigureNames; figures: Figures }) {
  const { asked, talks, waits } = figures;
  const times = names.t('heads.times');
  const lists = [
    { head: 'asked_about', lines: asked, name: (id: string) => names.topic(id) },
    { head: 'outcome', lines: talks, name: (id: string) => names.talk(id) },
    { head: 'wait', lines: waits, name: (id: string) => names.wait(id), ordered: true },
  ] as const;
  return (
    <div class="triple">
      {lists.map(({ head, lines, name, ...order }) => (
        <div>
          <BarTable
            names={names}
            caption={names.t(`heads.${head}`)}
            heads={[names.t(`heads.${head}`), times]}
            lines={lines.map(({ id, now }) => ({ name: name(id), value: now }))}
            {...order}
          />
        </div>
      ))}
    </div>
  );
}

/** Subjects nobody asked for often enough are not named: the list is long. */
function Gaps({ names, figures }: { names: FigureNames; figures: Figures }) {
  const shown = figures.gaps.filter(({ now }) => now.n > 0);
  if (shown.length === 0) return <p>{names.t('gaps.none')}</p>;
  return (
    <div class="gaps">
      <List names={names} list="gaps" lines={shown} heads={['gap', 'times']} />
    </div>
  );
}

function Method({ names }: { names: FigureNames }) {
  return (
    <footer class="method">
      <h2>{names.t('method.title')}</h2>
      <p>
        {['method.counting', 'method.release', 'few_why', 'at_least_why', 'method.weeks']
          .map((key) => names.t(key))
          .join(' ')}
      </p>
    </footer>
  );
}

function Save({ names, period }: { names: FigureNames; period: Period }) {
  const link = (id: string, format: string, name: string) => {
    // Only the workbook has words in it.
    const lang = format === 'xlsx' ? `&lang=${names.lang}` : '';
    return (
      <a class="button" href={`/console/stats/export.${format}?period=${id}${lang}`}>
        {name}
      </a>
    );
  };
  return (
    <section class="save screen">
      <h2>{names.t('save.title')}</h2>
      <p>{names.t('save.print')}</p>
      <p>
        {names.t('save.this')} {link(period.id, 'xlsx', 'Excel')} {link(period.id, 'csv', 'CSV')}{' '}
        {link(period.id, 'json', 'JSON')}
      </p>
      <p>
        {names.t('save.all')} {link('all', 'xlsx', 'Excel')} {link('all', 'csv', 'CSV')}{' '}
        {link('all', 'json', 'JSON')}
      </p>
    </section>
  );
}
