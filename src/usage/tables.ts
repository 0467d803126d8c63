import type { ContentLookup } from '../content/types.ts';
import { BUILT_IN, type Flow, type Flows, type Target } from '../flow/types.ts';
import { type ChannelId, LANGS } from '../message.ts';
import { WAIT_MINUTES } from './event.ts';
import type { TableSpec } from './release.ts';

/** What the tables are declared from. */
export interface TableWorld {
  flows: Flows;
  content: Pick<ContentLookup, 'countries' | 'gapTopics'>;
  /** The deployment's country. */
  country: string;
}

/** Channels people come by. The terminal is for whoever tries out flows. */
const PUBLIC_CHANNELS: readonly ChannelId[] = ['telegram', 'whatsapp', 'web'];
const HOURS = 24;
const WAYS = ['reached', 'menu', 'stopped', 'expired'];
/** Where everybody passes on the way to something. */
const PASSAGES: ReadonlySet<string> = new Set([BUILT_IN.welcome, BUILT_IN.menu, BUILT_IN.language]);
/** What the engine itself asks for a person about, in a flow that names no topic. */
const GENERAL = ['general', 'testing', 'art', 'lawyer', 'crisis', 'prevention', 'pregnancy'];
/** How a talk with a person, or the wait for one, ends. */
const TALK_ENDS = ['closed', 'nobody-came', 'silence', 'withdrawn', 'full', 'by-phone'];
/** How the engine ends a flow that does not say. */
const FLOW_ENDS = ['done', 'over', 'left', 'skipped'];
const HELPED = ['helped', 'not'];

/**
 * Every table that is published, with its whole domain: known before anything is counted, so that neither a name nor a
 * place in a table says that something happened.
 *
 * @param channels those that are switched on
 */
export function declareTables(
  { flows, content, country }: TableWorld,
  channels: readonly ChannelId[] = PUBLIC_CHANNELS,
): TableSpec[] {
  const all = [...flows.values()];
  const open = PUBLIC_CHANNELS.filter((channel) => channels.includes(channel));
  const topics = topicsOf(all);
  const countries = unique([...content.countries(), country]);
  const days = Array.from({ length: 7 }, (_, day) => String(day + 1));
  const hours = Array.from({ length: HOURS }, (_, hour) => String(hour).padStart(2, '0'));
  const waits = [...WAIT_MINUTES.map(String), 'more'];
  return [
    { name: 'visit', rows: open, columns: LANGS, sums: 'both' },
    { name: 'hour', rows: days, columns: hours, sums: 'none' },
    {
      name: 'flow-started',
      rows: ids(all.filter((f) => !PASSAGES.has(f.id))),
      columns: countries,
      sums: 'both',
    },
    { name: 'flow-ended', rows: outcomesOf(all), columns: LANGS, sums: 'both' },
    { name: 'step', rows: waitsOf(all), columns: WAYS, sums: 'none' },
    { name: 'not-understood', rows: ids(all), columns: LANGS, sums: 'both' },
    usefulOf(all),
    list('person-asked', topics),
    { name: 'talk', rows: topics, columns: TALK_ENDS, sums: 'both' },
    list('wait', waits),
    list('gap', content.gapTopics()),
    { name: 'sent', rows: open, columns: [''], sums: 'none' },
  ];
}

/** A table of one dimension and its total. */
function list(name: TableSpec['name'], rows: readonly string[]): TableSpec {
  return { name, rows, columns: [''], sums: 'columns' };
}

/** Most flows can be answered in one way only, so sums over the answers would say what a cell hides. */
function usefulOf(flows: readonly Flow[]): TableSpec {
  const after = flows.flatMap((flow) =>
    [...flow.steps.values()].flatMap((step) => (step.kind === 'after' ? step.choices.map((c) => c.id) : [])),
  );
  const asking = flows.filter(
    (flow) => flow.id === BUILT_IN.handoff || endsOf(flow).some((end) => end.includes('helped')),
  );
  return { name: 'useful', rows: ids(asking), columns: unique([...HELPED, ...after]), sums: 'none' };
}

function outcomesOf(flows: readonly Flow[]): string[] {
  return unique([...flows.flatMap(endsOf), ...FLOW_ENDS]);
}

function topicsOf(flows: readonly Flow[]): string[] {
  return unique([
    ...GENERAL,
    ...flows.flatMap((flow) => targetsOf(flow, 'handoff').map(({ topic }) => topic)),
  ]);
}

function endsOf(flow: Flow): string[] {
  return targetsOf(flow, 'end').map(({ outcome }) => outcome);
}

type TargetTo<K extends Target['to']> = Extract<Target, { to: K }>;

/** Where a flow's steps and choices lead, of one kind. */
function targetsOf<K extends Target['to']>(flow: Flow, to: K): TargetTo<K>[] {
  const targets = [...flow.steps.values()].flatMap((step): Target[] => [
    ...step.choices.flatMap((choice) => choice.target ?? []),
    ...(step.end === undefined ? [] : [{ to: 'end' as const, outcome: step.end }]),
    ...(step.handoff === undefined ? [] : [{ to: 'handoff' as const, topic: step.handoff.topic }]),
  ]);
  return targets.filter((target): target is TargetTo<K> => target.to === to);
}

function waitsOf(flows: readonly Flow[]): string[] {
  return flows.flatMap((flow) =>
    [...flow.steps.values()].flatMap((step) => (step.waits ? [`${flow.id}.${step.id}`] : [])),
  );
}

function ids(flows: readonly Flow[]): string[] {
  return flows.map(({ id }) => id);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
