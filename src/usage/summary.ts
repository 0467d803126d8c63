import { type Change, isWhole } from './chance.ts';
import type { Figure, Figures, ListName } from './figures.ts';
import { LISTS } from './figures.ts';
import type { FigureNames } from './names.ts';
import type { Shown } from './sheet.ts';

/** Lines of "what changed", in all and of one list. */
const CHANGES = 5;
const OF_ONE = 2;
const BASE = 5;

/** What a period was like, in two or three sentences of released figures. What is hidden is called so, never guessed. */
export function summaryOf(figures: Figures, names: FigureNames): string[] {
  return [
    visitsSentence(figures, names),
    personSentence(figures, names),
    stepSentence(figures, names),
  ].flatMap((sentence) => sentence ?? []);
}

function visitsSentence(figures: Figures, names: FigureNames): string {
  const topic = topicClause(figures, names);
  const period = names.period(figures.period);
  return counted(names, 'sum.visits', figures.visits.now, { period, topic });
}

/** The topic that was opened most, with its share of the visits. */
function topicClause({ topics, visits }: Figures, names: FigureNames): string {
  const most = topics.reduce<(typeof topics)[number] | undefined>(
    (best, line) => (line.now.n > (best?.now.n ?? 0) ? line : best),
    undefined,
  );
  if (most === undefined) return '';
  const topic = names.flow(most.id);
  if (!isWhole(most.now) || !isWhole(visits.now)) return names.t('sum.topic_alone', { topic });
  const share = Math.min(100, Math.round((most.now.n / visits.now.n) * 100));
  return names.t('sum.topic', { topic, share: names.percent(share) });
}

function personSentence({ person, wait }: Figures, names: FigureNames): string {
  const time = wait.now === undefined ? '' : names.t('sum.wait', { time: names.minutes(wait.now) });
  return counted(names, 'sum.person', person.now, { wait: time });
}

/** Where more people stop than before; without such a place, where most do. */
function stepSentence({ weak, period }: Figures, names: FigureNames): string | undefined {
  const grown = weak.find((step) => step.grown);
  const [most] = weak;
  if (grown !== undefined)
    return names.t(`sum.grown.${period.kind}`, { step: names.step(grown.flow, grown.id) });
  return most === undefined ? undefined : names.t('sum.weakest', { step: names.step(most.flow, most.id) });
}

/** A sentence with a number: about so many, at least so many, or fewer than may be shown. */
function counted(
  names: FigureNames,
  key: string,
  { n, hidden }: Shown,
  more: Record<string, string>,
): string {
  if (n === 0) return names.t(`${key}_hidden`, more);
  return names.t(hidden === 0 ? key : `${key}_least`, { ...more, count: n, n: names.number(n) });
}

/** How one of the four numbers has changed, e.g. "12 % more than the week before". */
export function changeText(
  { period, before }: Figures,
  change: Change | undefined,
  names: FigureNames,
): string {
  if (before === undefined || change === undefined) return names.t('change.none');
  const than = names.t(`than.${period.kind}`);
  return names.t(`change.${change.direction}`, { p: names.percent(change.percent), than });
}

/** What is different from the period before by more than chance, the clearest first; one sentence when nothing is. */
export function changesOf(figures: Figures, names: FigureNames): string[] {
  if (figures.before === undefined) return [names.t('changed.first')];
  const lines = LISTS.flatMap((list) =>
    figures[list]
      .flatMap((line) => {
        const { change } = line;
        if (change === undefined || change.direction === 'same') return [];
        return [{ strength: change.strength, text: lineText(figures, names, list, line) }];
      })
      .sort((a, b) => b.strength - a.strength)
      .slice(0, OF_ONE),
  ).sort((a, b) => b.strength - a.strength);
  const steps = figures.weak
    .filter(({ grown }) => grown)
    .map((step) =>
      names.t('changed.left', {
        flow: names.flow(step.flow),
        step: names.step(step.flow, step.id),
        now: names.percent(step.share ?? 0),
        before: names.percent(step.before ?? 0),
      }),
    );
  const texts = [...steps, ...lines.map(({ text }) => text)].slice(0, CHANGES);
  return texts.length === 0 ? [names.t('changed.nothing')] : texts.map((text) => names.capital(text));
}

function lineText(
  figures: Figures,
  names: FigureNames,
  list: ListName,
  line: Figure & { id: string },
): string {
  const weekly = figures.period.kind !== 'week';
  const [now, before] = [line.now.n, line.before?.n ?? 0];
  const weeksBefore = figures.weeksBefore;
  const each = (n: number, weeks: number) => names.number(weekly ? Math.round(n / weeks / BASE) * BASE : n);
  return names.t(weekly ? 'changed.line_week' : 'changed.line', {
    list: names.t(`lists.${list}`),
    name: nameOf(names, list, line.id),
    now: each(now, figures.weeks),
    before: each(before, weeksBefore),
  });
}

/** What a line of a list is called. */
export function nameOf(names: FigureNames, list: ListName, id: string): string {
  switch (list) {
    case 'topics':
      return names.flow(id);
    case 'languages':
      return names.language(id);
    case 'channels':
      return names.channel(id);
    case 'countries':
      return names.country(id);
    case 'asked':
      return names.topic(id);
    case 'gaps':
      return names.gap(id);
  }
}
