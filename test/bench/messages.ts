import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAPABILITIES, type CapabilityRow } from '../../src/channels/capabilities.ts';
import { countSent, joinTurn } from '../../src/channels/join.ts';
import { LANGS, type OutboundMessage } from '../../src/message.ts';
import { talkOn, walkFlow, walksOf } from '../support/walk.ts';
import { world } from '../support/world.ts';
import { linesOf, perform, teamOf } from '../transcripts/transcript.ts';
import { table } from './measure.ts';

const TRANSCRIPTS = join(import.meta.dirname, '..', 'transcripts');

/** What one turn costs on a row of the table: messages sent if nothing were joined, and as they are sent. */
interface Cost {
  before: number;
  after: number;
}

function costOf(turn: readonly OutboundMessage[], row: CapabilityRow): Cost {
  const caps = CAPABILITIES[row];
  const count = (messages: readonly OutboundMessage[]) =>
    messages.reduce((sum, m) => sum + countSent(m, caps), 0);
  return { before: count(turn), after: count(joinTurn(turn, caps)) };
}

/** Every different turn of every simple path of every flow in seven languages. */
function pathTurns(rows: readonly CapabilityRow[]): Map<CapabilityRow, Cost[]> {
  const costs = new Map(rows.map((row) => [row, [] as Cost[]]));
  for (const lang of LANGS) {
    for (const flow of world.flows.keys()) {
      for (const [walked, all] of walksOf(flow, lang)) {
        const wanted = all.filter((row) => rows.includes(row));
        if (wanted.length === 0) continue;
        const known = new Set<string>();
        walkFlow(flow, lang, walked, ({ said }) => {
          const key = said.map((m) => m.text + m.choices.map((c) => c.label).join()).join('\n');
          if (known.has(key)) return;
          known.add(key);
          for (const row of wanted) costs.get(row)?.push(costOf(said, row));
        });
      }
    }
  }
  return costs;
}

/** The turns of every conversation in test/transcripts, as they go on this row. */
function conversations(row: CapabilityRow): Cost[][] {
  const files = readdirSync(TRANSCRIPTS, { recursive: true, encoding: 'utf8' }).filter((f) =>
    f.endsWith('.md'),
  );
  return files.map((file) => {
    const talk = talkOn(row);
    const source = readFileSync(join(TRANSCRIPTS, file), 'utf8');
    talk.chat.team = teamOf(source);
    return linesOf(source).flatMap((line) =>
      perform(line, talk) === undefined ? [] : [costOf(talk.said, row)],
    );
  });
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
const most = (numbers: readonly number[]) => numbers.reduce((max, n) => Math.max(max, n), 0);

/** Prints how many messages a turn and a conversation take where each has its price, before and after joining. */
export function benchMessages(): void {
  const rows = (Object.keys(CAPABILITIES) as CapabilityRow[]).filter(
    (row) => CAPABILITIES[row].messagesPerTurn !== undefined,
  );
  const paths = pathTurns(rows);
  const pair = (costs: readonly Cost[], show: (numbers: number[]) => string) =>
    `${show(costs.map((c) => c.before))} → ${show(costs.map((c) => c.after))}`;
  const lines = rows.map((row) => {
    const turns = paths.get(row) ?? [];
    const talks = conversations(row);
    const total = (talk: readonly Cost[]): Cost => ({
      before: talk.reduce((sum, c) => sum + c.before, 0),
      after: talk.reduce((sum, c) => sum + c.after, 0),
    });
    return [
      row,
      String(turns.length),
      pair(turns, (n) => String(most(n))),
      pair(turns, (n) => mean(n).toFixed(2)),
      String(turns.filter((c) => c.after > (CAPABILITIES[row].messagesPerTurn ?? 0)).length),
      String(talks.length),
      pair(talks.flat(), (n) => String(most(n))),
      pair(talks.flat(), (n) => mean(n).toFixed(2)),
      pair(talks.map(total), (n) => mean(n).toFixed(1)),
    ];
  });
  const head = [
    '',
    'turns',
    'most',
    'mean',
    'over',
    'conversations',
    'most a turn',
    'mean a turn',
    'mean in all',
  ];
  console.log(
    '\nMessages where each has its price: every turn of the flows, and the written conversations\n',
  );
  console.log(table(head, lines));
}
