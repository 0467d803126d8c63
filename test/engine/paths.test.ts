import { describe, expect, it } from 'vitest';
import { CAPABILITIES, type CapabilityRow } from '../../src/channels/capabilities.ts';
import type { Capabilities } from '../../src/channels/channel.ts';
import { countSent, joinTurn } from '../../src/channels/join.ts';
import { shorten } from '../../src/channels/pages.ts';
import { limitProblems, render } from '../../src/channels/render.ts';
import { readContent } from '../../src/content/load.ts';
import type { Session } from '../../src/engine/types.ts';
import type { Desk } from '../../src/handoff/types.ts';
import { LANGS, type OutboundMessage } from '../../src/message.ts';
import { ROWS, TEAMS, walkFlow, walksOf } from '../support/walk.ts';
import { ROOT, Talk, world } from '../support/world.ts';

const flows = [...world.flows.keys()];

describe.each(LANGS)('every simple path in %s', (lang) => {
  it.each(flows)(
    '%s is rendered whole on every channel, in few messages, and what is shown can be typed',
    (flow) => {
      const reached = new Set<string>();
      // Who sits at the chat matters only where somebody is asked for.
      const teams = flow === 'handoff' ? TEAMS : [undefined];
      for (const [[walked, rows], team] of walksOf(flow, lang).flatMap((w) =>
        teams.map((t) => [w, t] as const),
      )) {
        const seen = new Map<string, OutboundMessage>();
        const flaws: string[] = [];
        const turns = new Set<string>();
        const typed = new Set<string>();
        const see = (talk: Talk, after: Session) => {
          const turn = keyOf(talk.said);
          if (turns.has(turn)) return;
          turns.add(turn);
          for (const m of talk.said) seen.set(keyOf([m]), m);
          for (const row of rows) flaws.push(...turnFlaws(talk.said, row));
          flaws.push(...typedFlaws(talk, after, typed));
        };
        for (const step of walkFlow(flow, lang, walked, see, team)) reached.add(step);
        expect(seen.size).toBeGreaterThan(0);
        for (const m of seen.values()) for (const row of rows) flaws.push(...flawsOf(m, CAPABILITIES[row]));
        expect(flaws).toEqual([]);
      }
      const waits = [...world.flows.get(flow)!.steps.values()].filter((s) => s.waits).map((s) => s.id);
      const missed = waits.filter((s) => !reached.has(s));
      // Steps for "nothing found" need a country about which nothing is known; the flow checker proves them reachable.
      expect(missed.filter((s) => !/^(no_|nothing|nobody)/.test(s))).toEqual([]);
    },
  );
});

/** What a person sees of these messages; made for every turn, so it is put together the fast way. */
function keyOf(messages: readonly OutboundMessage[]): string {
  let key = '';
  for (const m of messages) {
    key += `${m.text}\u0000${m.note}\u0000${m.place?.name}`;
    for (const c of m.choices) key += `\u0000${c.data}\u0000${c.label}`;
    key += '\u0001';
  }
  return key;
}

/** A turn of more messages than the channel should get. */
function turnFlaws(said: readonly OutboundMessage[], row: CapabilityRow): string[] {
  const caps = CAPABILITIES[row];
  const most = caps.messagesPerTurn ?? Number.POSITIVE_INFINITY;
  const sent = joinTurn(said, caps).reduce((sum, m) => sum + countSent(m, caps), 0);
  return sent > most ? [`${sent} messages on ${row}: ${said.map((m) => m.text).join(' | ')}`] : [];
}

/** Labels that, typed as they are shown where only 20 or 24 characters fit, are not the same answer as their button. */
function typedFlaws(talk: Talk, at: Session, known: Set<string>): string[] {
  const choices = talk.choices().filter((c) => c.label.length > 20);
  const screen = choices.map((c) => c.data + c.label).join();
  if (known.has(screen)) return [];
  known.add(screen);
  const { state } = talk.chat;
  const after = (act: () => unknown): string => {
    talk.session = at;
    talk.chat.state = state;
    act();
    return JSON.stringify([talk.session, talk.said]);
  };
  return choices.flatMap(({ data, label }) => {
    const shown = [shorten(label, 20), shorten(label, 24)].filter((s) => s !== label);
    const tapped = after(() => talk.send({ kind: 'tap', data }));
    return shown.filter((s) => after(() => talk.type(s)) !== tapped).map((s) => `"${s}" is not ${data}`);
  });
}

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
    for (const m of seen.values()) for (const row of ROWS) flaws.push(...flawsOf(m, CAPABILITIES[row]));
    expect(seen.size).toBeGreaterThan(0);
    expect(flaws).toEqual([]);
  });
});

describe.each(LANGS)('every time and topic at which somebody can be asked for, in %s', (lang) => {
  const opens = [0, 1, 4, 9, 21].map((days) => ({ days, weekday: 2 as const, time: '09:30' }));
  const teams: Desk[] = [
    { team: 'a', open: true },
    { team: 'a', open: true, wait: 240 },
    ...opens.map((at) => ({ team: 'a', open: false, opens: at })),
    { team: 'a', open: false },
  ];

  it.each([
    ['general', 'menu', 'main'],
    ['pep', 'emergency', 'where'],
    ['crisis', 'emergency', 'crisis'],
    ['violence', 'emergency', 'violence'],
    ['lawyer', 'rights', 'topics'],
  ])('%s is said whole, in one message', (topic, flow, step) => {
    const at = { flow, step, hash: '', shown: [] };
    const said = new Set<string>();
    for (const team of teams) {
      for (const country of ['KZ', 'RU', 'TM']) {
        const talk = new Talk();
        talk.chat.team = team;
        talk.session = { v: 1, lang, at, vars: { country }, calls: [], back: [], misses: 0 };
        talk.send({ kind: 'tap', data: `${lang}:${flow}:${step}:human` });
        expect([talk.at, talk.vars.topic, talk.said.length]).toEqual(['handoff.waiting', topic, 1]);
        for (const m of talk.said) {
          said.add(m.text);
          for (const row of ROWS) expect(flawsOf(m, CAPABILITIES[row])).toEqual([]);
        }
        if (team.opens !== undefined) expect(talk.text).toContain('09:30');
        if (team.wait !== undefined) expect(talk.text).toContain('240');
      }
    }
    expect(said.size).toBeGreaterThan(teams.length);
  });
});

/** What is wrong with a message on a channel: something lost, or a key or placeholder that would reach a person. */
function flawsOf(message: OutboundMessage, caps: Capabilities): string[] {
  const flaws = limitProblems(message, caps).map((p) => p.text);
  const parts = render(message, caps);
  const text = parts.map((p) => p.text).join('\n');
  if (/\{\{|\}\}|undefined|\b[a-z-]+:[a-z_]+\.[a-z_]+/.test(text)) flaws.push(`raw: ${text}`);
  const buttons = parts.flatMap((p) => p.buttons.flat());
  const shown = [text, ...buttons.map((b) => b.description ?? b.label)].join('\n');
  for (const choice of message.choices)
    if (!shown.includes(choice.label)) flaws.push(`no option ${choice.label}`);
  for (const line of message.text.split('\n')) if (!text.includes(line)) flaws.push(`no line ${line}`);
  if (parts.length !== 1) flaws.push(`${parts.length} parts`);
  return flaws;
}
