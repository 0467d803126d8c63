import { CAPABILITIES, type CapabilityRow } from '../../src/channels/capabilities.ts';
import type { Session, TurnContext } from '../../src/engine/types.ts';
import { textKey } from '../../src/flow/keys.ts';
import type { Desk } from '../../src/handoff/types.ts';
import type { ChannelId, Input, Lang } from '../../src/message.ts';
import { Talk, world } from './world.ts';

/** Whose wording of the texts a row of the table speaks in, and on which channel. */
const SPEAKS: Record<CapabilityRow, { channel: ChannelId; wording: string }> = {
  telegram: { channel: 'telegram', wording: 'telegram' },
  web: { channel: 'web', wording: 'web' },
  terminal: { channel: 'terminal', wording: 'terminal' },
  'whatsapp-baileys': { channel: 'whatsapp', wording: 'whatsapp' },
  'whatsapp-cloud': { channel: 'whatsapp', wording: 'whatsapp-cloud' },
};

export const ROWS = Object.keys(CAPABILITIES) as CapabilityRow[];

/** A person on a channel of the table. */
export function talkOn(row: CapabilityRow): Talk {
  const { channel, wording } = SPEAKS[row];
  return new Talk(world, channel, undefined, wording);
}

/** The rows for which a flow has to be walked, each with all rows that hear the same: most have no wording of their own. */
export function walksOf(flow: string, lang: Lang): [CapabilityRow, CapabilityRow[]][] {
  const steps = [...world.flows.get(flow)!.steps.keys()];
  const own = (row: CapabilityRow) =>
    steps.some((step) => world.texts.has(lang, `${textKey(flow, step)}_${SPEAKS[row].wording}`));
  const alone = ROWS.filter(own);
  const [first, ...rest] = ROWS.filter((row) => !own(row));
  const walks = alone.map((row): [CapabilityRow, CapabilityRow[]] => [row, [row]]);
  return first === undefined ? walks : [...walks, [first, [first, ...rest]]];
}

/** Cities that stand for all of their list: what they lead to differs by their country only. */
const SAMPLE = new Set(['almaty', 'aktau', 'bishkek', 'tashkent', 'dushanbe', 'moscow']);

/** Who may sit at the chat while a flow is walked: nobody; a team; a team that takes nobody more. */
export const TEAMS: readonly (Desk | undefined)[] = [
  undefined,
  { team: 'a', open: true, wait: 15 },
  { team: 'a', open: true, full: true },
];

/** What can happen at a step where people wait, besides its buttons. */
const WHILE_WAITING: readonly Input[] = [
  { kind: 'text', text: 'one two three' },
  { kind: 'media' },
  ...(['opened', 'claimed', 'released', 'nobody-came', 'closed', 'silence'] as const).map(
    (event): Input => ({ kind: 'desk', event }),
  ),
];

/**
 * Every simple path of a flow: from its start, by every button that does not lead back, until a step comes a second
 * time on the path or another flow begins. Two paths that stand at the same step, in the same country, before the
 * same screen go on alike but for the decision table (paths.test.ts goes through that), so such a place is walked once.
 * Calls `see` after every turn, with the session as it was after it; `see` may go on talking.
 *
 * @returns the steps that were reached
 */
export function walkFlow(
  flow: string,
  lang: Lang,
  row: CapabilityRow,
  see: (talk: Talk, after: Session) => void,
  team?: Desk,
): Set<string> {
  const visited = new Set<string>();
  const steps = new Set<string>();
  const talk = talkOn(row);
  talk.chat.team = team;
  const open: { session: Session; handoff: TurnContext['handoff']; acts: Input[] }[] = [];
  const turn = (act: () => void) => {
    act();
    const after = talk.session!;
    const { at, vars } = after;
    const screen = talk.said.at(-1);
    const place = [at?.step, vars.country, vars.status, vars.found, vars.site, screen?.text, at?.shown];
    const key = [...place, talk.chat.state].join('\u0000');
    if (at?.flow === flow && !visited.has(key)) {
      visited.add(key);
      steps.add(at.step);
      const more = talk.chat.state !== undefined && at.step === 'waiting' ? WHILE_WAITING : [];
      open.push({
        session: { ...after, back: [] },
        handoff: talk.chat.state,
        acts: [...forwardFrom(talk), ...more],
      });
    }
    see(talk, after);
  };
  turn(() => enter(talk, flow, lang));
  for (const key of world.flows.get(flow)!.triggers.intents.keys()) turn(() => enter(talk, flow, lang, key));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { session, handoff, acts } = next;
    for (const act of acts) {
      turn(() => {
        talk.session = session;
        talk.chat.state = handoff;
        talk.chat.team = team;
        if (act.kind === 'desk') talk.hear(act.event);
        else talk.send(act);
      });
    }
  }
  return steps;
}

/** Enters a flow as an interruption of nothing: by its command, from the start for the first flow, or as words of an intent do. */
function enter(talk: Talk, flow: string, lang: Lang, key?: string): void {
  const { command } = world.flows.get(flow)!.triggers;
  if (flow !== 'welcome') talk.session = { v: 1, lang, vars: {}, calls: [], back: [], misses: 0 };
  if (key !== undefined) talk.send({ kind: 'tap', data: `${lang}:menu:main:@go.${key}` });
  else if (command === undefined) talk.start();
  else talk.type(`/${command}`);
}

/** The buttons of the screen that do not lead back; of the cities, some. */
function forwardFrom(talk: Talk): Input[] {
  const all = talk.choices().filter((c) => !c.data.includes(':@'));
  const id = (data: string) => data.split(':')[3] ?? '';
  return all
    .filter((c) => world.content.city(id(c.data)) === undefined || SAMPLE.has(id(c.data)))
    .map((c) => ({ kind: 'tap', data: c.data }));
}
