import { CAPABILITIES } from '../channels/capabilities.ts';
import type { Capabilities } from '../channels/channel.ts';
import { limitProblems } from '../channels/render.ts';
import { loadContent } from '../content/load.ts';
import { AppError, type Problem } from '../errors.ts';
import { checkFlows } from '../flow/check.ts';
import { mermaid } from '../flow/graph.ts';
import { LANGS, type Lang } from '../message.ts';
import { loadWorld } from '../world.ts';

/** What each channel can show; the flow checker proves that every message fits all of them. */
const CHANNEL_LIMITS: ReadonlyMap<string, Capabilities> = new Map(Object.entries(CAPABILITIES));

/**
 * Everything `hamroh flows check` proves.
 *
 * @param stale level of a fact past its review date
 * @throws AppError when flows, locales or content do not load
 */
export function flowProblems(root: string, today: string, stale: Problem['level']): Problem[] {
  const { flows, texts } = loadWorld(root, 'KZ', today);
  const { content, tables } = loadContent(root);
  return checkFlows({
    flows,
    texts,
    content,
    langs: LANGS,
    today,
    channels: CHANNEL_LIMITS,
    tables,
    renderLimits: (message, channel) => {
      const caps = CHANNEL_LIMITS.get(channel);
      return caps === undefined ? [] : limitProblems(message, caps);
    },
    stale,
  });
}

/** One conversation as Mermaid text. @throws AppError FLOW_INVALID when there is no such flow */
export function flowGraph(root: string, id: string, lang: Lang): string {
  const { flows, texts } = loadWorld(root, 'KZ', '0000-00-00');
  const flow = flows.get(id);
  if (flow !== undefined) return mermaid(flow, texts, lang);
  throw new AppError('FLOW_INVALID', `no flow "${id}"`, {
    hint: `There are: ${[...flows.keys()].join(', ')}.`,
  });
}
