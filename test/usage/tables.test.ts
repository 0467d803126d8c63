import { beforeAll, describe, expect, test } from 'vitest';
import type { Effect } from '../../src/engine/types.ts';
import { LANGS } from '../../src/message.ts';
import { counterOf, type UsageEvent, usageEvent, WAIT_MINUTES, waitCounter } from '../../src/usage/event.ts';
import type { TableSpec } from '../../src/usage/release.ts';
import { declareTables } from '../../src/usage/tables.ts';
import { TEAMS, walkFlow } from '../support/walk.ts';
import { world } from '../support/world.ts';

const TABLES = declareTables(world);
const table = (name: UsageEvent['name']) => TABLES.find((t) => t.name === name)!;
/** Passed on the way to everything: the store does not count that they began. */
const PASSAGES = new Set(['welcome', 'menu', 'language']);

function isDeclared(event: UsageEvent): boolean {
  const [name, a, b] = counterOf(event);
  return table(name).rows.includes(a) && table(name).columns.includes(b);
}

describe('whatever a conversation can count', () => {
  const seen = new Map<string, UsageEvent>();
  const keep = (effects: readonly Effect[]) => {
    for (const effect of effects)
      if (effect.type === 'count') seen.set(counterOf(effect.event).join(' '), effect.event);
  };

  beforeAll(() => {
    const places = new Set<string>();
    for (const flow of world.flows.keys())
      for (const team of flow === 'handoff' ? TEAMS : [undefined])
        walkFlow(
          flow,
          'uz',
          'telegram',
          (talk) => {
            keep(talk.effects);
            if (places.has(talk.at)) return;
            places.add(talk.at);
            // From every step: to the menu, to a person, to the end, and words that nothing understands.
            const { session } = talk;
            const { state } = talk.chat;
            for (const words of ['menu', 'human', 'stop', 'qwrtz psdfg']) {
              talk.session = session;
              talk.chat.state = state;
              keep(talk.type(words).effects);
            }
            talk.session = session;
            keep(talk.send({ kind: 'staff' }).effects);
          },
          team,
        );
  });

  test('has a place in a table, and nothing of it a person could be known by', () => {
    expect(seen.size).toBeGreaterThan(300);
    const outside = [...seen.values()].filter(
      (event) => !isDeclared(event) && !(event.name === 'flow-started' && PASSAGES.has(event.flow)),
    );
    expect(outside).toEqual([]);
    for (const event of seen.values())
      expect(usageEvent.safeParse(event).success, JSON.stringify(event)).toBe(true);
  });

  test('of every table something is counted by the engine, but for what the store counts', () => {
    const names = new Set([...seen.values()].map((event) => event.name));
    const store = new Set(['hour', 'sent', 'wait', 'gap']);
    expect(TABLES.map((t) => t.name).filter((name) => !names.has(name) && !store.has(name))).toEqual([]);
  });
});

test('what the store counts has a place too', () => {
  const events: UsageEvent[] = [
    { name: 'hour', day: '1', hour: '00' },
    { name: 'hour', day: '7', hour: '23' },
    { name: 'sent', channel: 'whatsapp' },
    ...[0, 1, 3, 1440, 99_999].map((m): UsageEvent => ({ name: 'wait', minutes: waitCounter(m) })),
    ...world.content.gapTopics().map((topic): UsageEvent => ({ name: 'gap', topic })),
  ];
  expect(events.filter((event) => !isDeclared(event))).toEqual([]);
  expect(table('wait').rows).toHaveLength(WAIT_MINUTES.length + 1);
  for (const flow of world.flows.values())
    for (const step of flow.steps.values())
      if (step.waits)
        expect(isDeclared({ name: 'step', flow: flow.id, step: step.id, what: 'expired' })).toBe(true);
});

test('every table is declared once, every value in it once', () => {
  expect(new Set(TABLES.map((t) => t.name)).size).toBe(TABLES.length);
  for (const { rows, columns } of TABLES) {
    expect(new Set(rows).size).toBe(rows.length);
    expect(new Set(columns).size).toBe(columns.length);
    expect(rows.length * columns.length).toBeGreaterThan(0);
  }
  expect(table('visit').columns).toEqual(LANGS);
});

test('the domain is that of the deployment: its channels and its country, never what was counted', () => {
  const of = (tables: TableSpec[], name: string) => tables.find((t) => t.name === name)!.rows;
  const web = declareTables(world, ['web', 'terminal']);
  expect([of(web, 'visit'), of(web, 'sent')]).toEqual([['web'], ['web']]);
  const georgia = declareTables({ ...world, country: 'GE' });
  expect(georgia.find((t) => t.name === 'flow-started')!.columns).toContain('GE');
});
