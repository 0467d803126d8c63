import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../../src/channels/channel.ts';
import { limitProblems, render } from '../../src/channels/render.ts';
import { TELEGRAM_CAPABILITIES } from '../../src/channels/telegram-send.ts';
import { TERMINAL_CAPABILITIES } from '../../src/channels/terminal.ts';
import { WEB_CAPABILITIES } from '../../src/channels/web.ts';
import { readContent } from '../../src/content/load.ts';
import type { Session } from '../../src/engine/types.ts';
import { textKey } from '../../src/flow/keys.ts';
import { type ChannelId, LANGS, type Lang, type OutboundMessage } from '../../src/message.ts';
import { ROOT, Talk, world } from '../support/world.ts';

const CHANNELS: [ChannelId, Capabilities][] = [
  ['telegram', TELEGRAM_CAPABILITIES],
  ['web', WEB_CAPABILITIES],
  ['terminal', TERMINAL_CAPABILITIES],
];

/** Cities and citizenships that stand for all of their list: what they lead to differs by their country only. */
const SAMPLE = new Set(['almaty', 'aktau', 'bishkek', 'tashkent', 'dushanbe', 'moscow']);

/**
 * Every simple path of a flow: from its start, by every button that does not lead back, until a step comes a second
 * time on the path or another flow begins. Two paths that stand at the same step, in the same country, before the
 * same screen go on alike but for the decision table (its own test is below), so such a place is walked once.
 * Calls `see` with everything the bot says.
 */
function walkFlow(
  flow: string,
  lang: Lang,
  channel: ChannelId,
  see: (m: OutboundMessage, at: string) => void,
): Set<string> {
  const visited = new Set<string>();
  const steps = new Set<string>();
  const open: Session[] = [{ v: 1, lang, vars: {}, calls: [], back: [], misses: 0 }];
  const talk = new Talk(world, channel);
  const first = world.flows.get(flow)!;
  for (let session = open.pop(); session !== undefined; session = open.pop()) {
    const buttons =
      session.at === undefined ? [`${lang}:${flow}:${first.start}:@menu`] : buttonsAt(talk, session);
    for (const data of buttons) {
      talk.session = structuredClone(session);
      if (session.at === undefined) enter(talk, flow);
      else talk.send({ kind: 'tap', data });
      for (const m of talk.said) see(m, talk.at);
      const { at, vars } = talk.session!;
      const screen = talk.said.at(-1);
      if (at?.flow !== flow) continue;
      steps.add(at.step);
      const place = JSON.stringify([
        at.step,
        vars.country,
        vars.status,
        vars.found,
        vars.site,
        screen?.text,
        at.shown,
      ]);
      if (visited.has(place)) continue;
      visited.add(place);
      open.push({ ...talk.session!, back: [] });
    }
  }
  return steps;
}

/** Enters a flow as an interruption of nothing: by its command, or from the start for the first flow. */
function enter(talk: Talk, flow: string): void {
  const { command } = world.flows.get(flow)!.triggers;
  if (flow === 'welcome') talk.session = null;
  if (command === undefined) talk.start();
  else talk.type(`/${command}`);
}

function buttonsAt(talk: Talk, session: Session): string[] {
  talk.session = structuredClone(session);
  // Not understood shows the same options again without moving.
  talk.send({ kind: 'media' });
  const all = talk.choices().filter((c) => !c.data.includes(':@'));
  const id = (data: string) => data.split(':')[3] ?? '';
  return all
    .filter((c) => world.content.city(id(c.data)) === undefined || SAMPLE.has(id(c.data)))
    .map((c) => c.data);
}

function differs(flow: string, lang: Lang): boolean {
  const steps = [...world.flows.get(flow)!.steps.keys()];
  return steps.some((step) => CHANNELS.some(([c]) => world.texts.has(lang, `${textKey(flow, step)}_${c}`)));
}

const flows = [...world.flows.keys()];

describe.each(LANGS)('every simple path in %s', (lang) => {
  it.each(flows)('%s is rendered whole on every channel', (flow) => {
    const reached = new Set<string>();
    // Only some texts differ between channels; where none does, one walk stands for all of them.
    const walks = differs(flow, lang) ? CHANNELS.map(([channel]) => channel) : [CHANNELS[0]![0]];
    for (const channel of walks) {
      const seen = new Map<string, OutboundMessage>();
      const see = (m: OutboundMessage) => seen.set(JSON.stringify([m.text, m.note, m.choices]), m);
      for (const step of walkFlow(flow, lang, channel, see)) reached.add(step);
      expect(seen.size).toBeGreaterThan(0);
      const on = CHANNELS.filter(([c]) => walks.length === 1 || c === channel);
      expect([...seen.values()].flatMap((m) => on.flatMap(([, caps]) => flawsOf(m, caps)))).toEqual([]);
    }
    const waits = [...world.flows.get(flow)!.steps.values()].filter((s) => s.waits).map((s) => s.id);
    const missed = waits.filter((s) => !reached.has(s));
    // Steps for "nothing found" need a country about which nothing is known; the flow checker proves them reachable.
    expect(missed.filter((s) => !/^(no_|nothing|nobody)/.test(s))).toEqual([]);
  });
});

describe.each(LANGS)('every answer of the decision table in %s', (lang) => {
  const { variables } = readContent(ROOT).data.tables.get('art')!.record;
  const at = { flow: 'art-access', step: 'need', hash: world.flows.get('art-access')!.hash, shown: [] };

  it.each(variables.country!)('%s: what to do next is rendered whole, to the last part', (country) => {
    const flaws: string[] = [];
    // Most answers share their messages: each is looked at once.
    const seen = new Map<string, OutboundMessage>();
    for (const citizenship of variables.citizenship!) {
      for (const status of variables.status!) {
        for (const need of variables.need!) {
          const talk = new Talk();
          talk.session = {
            v: 1,
            lang,
            at,
            vars: { country, citizenship, status },
            calls: [],
            back: [],
            misses: 0,
          };
          talk.send({ kind: 'tap', data: `${lang}:art-access:need:${need}` });
          if (talk.at !== 'art-access.steps' || talk.said.length !== 2)
            flaws.push(`${citizenship} ${status} ${need}: ${talk.at}`);
          for (const m of talk.said) seen.set(m.text, m);
          for (let parts = 1; parts < 8 && talk.choice('more') !== undefined; parts++) {
            talk.tap('more');
            for (const m of talk.said) seen.set(m.text, m);
          }
          if (talk.choice('more') !== undefined)
            flaws.push(`${citizenship} ${status} ${need}: steps without an end`);
        }
      }
    }
    for (const m of seen.values()) for (const [, caps] of CHANNELS) flaws.push(...flawsOf(m, caps));
    expect(seen.size).toBeGreaterThan(0);
    expect(flaws).toEqual([]);
  });
});

/** What is wrong with a message on a channel: something lost, or a key or placeholder that would reach a person. */
function flawsOf(message: OutboundMessage, caps: Capabilities): string[] {
  const flaws = limitProblems(message, caps);
  const parts = render(message, caps);
  const text = parts.map((p) => p.text).join('\n');
  if (/\{\{|\}\}|undefined|\b[a-z-]+:[a-z_]+\.[a-z_]+/.test(text)) flaws.push(`raw: ${text}`);
  const shown = [text, ...parts.flatMap((p) => p.buttons.flat().map((b) => b.label))].join('\n');
  for (const choice of message.choices)
    if (!shown.includes(choice.label)) flaws.push(`no option ${choice.label}`);
  for (const line of message.text.split('\n')) if (!text.includes(line)) flaws.push(`no line ${line}`);
  if (parts.length !== 1) flaws.push(`${parts.length} parts`);
  return flaws;
}
