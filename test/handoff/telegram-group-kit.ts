import { Api } from 'grammy';
import { onTestFinished } from 'vitest';
import type { TelegramChannel } from '../../src/channels/telegram.ts';
import { systemIds } from '../../src/clock.ts';
import type { HandoffHead } from '../../src/handoff/port.ts';
import {
  createTelegramGroup,
  type TelegramGroup,
  type TelegramGroupOptions,
} from '../../src/handoff/telegram-group.ts';
import { loadTexts } from '../../src/i18n/texts.ts';
import { projectRoot } from '../../src/paths.ts';
import type { Operator } from '../../src/store/staff-types.ts';
import { wordsIn } from '../../src/web/console/words.ts';
import { MemoryHost, MemoryLog, telegramOn } from '../channels/fixtures/host.ts';
import { openDesk as openStaff, seat } from '../console/desk.ts';
import { FakeTelegram } from '../fake/telegram.ts';
import type { FakeForum } from '../fake/telegram-forum.ts';
import { type Desk, openDesk } from '../store/handoff-support.ts';

export const CHAT = -1001234567890;
export const CONSOLE = 'https://desk.example.org/console/chat';
/** Accounts on Telegram. */
export const ON_TELEGRAM = { anna: 5550001, boris: 5550002, stranger: 5550003 };
export const { texts } = loadTexts(projectRoot());
export const t = wordsIn(texts, 'en');

const KEY = systemIds.bytes(32);
const QUICK: TelegramGroupOptions['timings'] = {
  pace: { perSecond: Number.POSITIVE_INFINITY, perContact: { everyMs: 0, burst: 1 } },
  gather: 1,
  tick: 10,
  backoff: 5,
  maxBackoff: 20,
  recheck: 20,
  lastCalls: 50,
};

/** The real group, channel, store and accounts against the stand-in. */
export interface Team {
  tg: FakeTelegram;
  forum: FakeForum;
  desk: Desk;
  staff: ReturnType<typeof openStaff>;
  anna: Operator;
  boris: Operator;
  group: TelegramGroup;
  channel: TelegramChannel;
  host: MemoryHost;
  log: MemoryLog;
  /** Group and store end and begin again, as a restart does; `away` happens in between. */
  restart(away?: () => void | Promise<void>): Promise<void>;
  /** Thread of a chat's topic, once it is there. */
  threadOf(head: HandoffHead): Promise<number>;
  /** Waits until a topic says this. */
  says(thread: number | undefined, text: string): Promise<void>;
  /** Waits until nothing more is asked of Telegram but updates. */
  quiet(): Promise<void>;
}

export interface TeamOptions extends Partial<Pick<TelegramGroupOptions, 'relay' | 'timings'>> {
  /** Anna and Boris are linked already. Default: yes. */
  linked?: boolean;
  /** Before the group is started. */
  prepare?(forum: FakeForum, tg: FakeTelegram): void;
}

export async function openTeam(options: TeamOptions = {}): Promise<Team> {
  const tg = await FakeTelegram.start();
  const forum = tg.forum(CHAT);
  options.prepare?.(forum, tg);
  const desk = openDesk();
  const staff = openStaff(undefined, desk.clock);
  const log = new MemoryLog();
  const open = () => openGroup(tg, desk, staff, log, options);
  const team: Team = {
    ...{ tg, forum, desk, staff, log, ...(await open()) },
    anna: seat(staff, 'Anna', 'operator'),
    boris: seat(staff, 'Boris', 'operator'),
    async restart(away) {
      await close(team);
      await away?.();
      desk.restart();
      Object.assign(team, await open());
    },
    async threadOf({ ref }) {
      await tg.until(() => forum.thread(ref) !== undefined && forum.texts(forum.thread(ref)).length > 0);
      return forum.thread(ref)!;
    },
    says: (thread, text) => tg.until(() => forum.texts(thread).some((said) => said.includes(text))),
    quiet: () => settle(tg),
  };
  onTestFinished(async () => {
    await close(team);
    await tg.stop();
  });
  if (options.linked !== false) {
    link(team, ON_TELEGRAM.anna, team.anna);
    link(team, ON_TELEGRAM.boris, team.boris);
  }
  return team;
}

/** Somebody sends a code in private, as the update arrives. */
export function link({ group, tg }: Pick<Team, 'group' | 'tg'>, from: number, { id }: Operator): void {
  tg.user(from).chat.standing = 'open';
  group.take({ update_id: 1, message: privately(from, `/link ${group.linkCode(id)?.code}`) });
}

export function privately(from: number, text: string) {
  return { message_id: 1, date: 0, from: { id: from }, chat: { id: from, type: 'private' }, text };
}

/** Everything that was ever asked of Telegram, as text. */
export function asked({ tg }: Pick<Team, 'tg'>): string {
  return JSON.stringify(tg.calls);
}

async function openGroup(
  tg: FakeTelegram,
  desk: Desk,
  staff: ReturnType<typeof openStaff>,
  log: MemoryLog,
  { relay = false, timings = {} }: TeamOptions,
) {
  const group = createTelegramGroup({
    api: new Api(tg.token, { apiRoot: tg.root, timeoutSeconds: 2 }),
    chat: CHAT,
    relay,
    handoffs: desk.store.handoffs,
    staff: staff.staff,
    key: KEY,
    rows: desk.store.channelRows('telegram'),
    t,
    topic: (id) => t(`desk.topics.${id}`),
    link: (ref) => `${CONSOLE}/${ref}`,
    log,
    clock: desk.clock,
    ids: systemIds,
    timings: { ...QUICK, ...timings },
  });
  const { channel } = telegramOn(tg, { group });
  const host = new MemoryHost();
  await channel.start(host);
  group.start();
  return { group, channel, host };
}

async function close({ channel, group }: Pick<Team, 'channel' | 'group'>): Promise<void> {
  await channel.stop();
  await group.stop();
}

/** No call but questions for updates in three looks in a row, and no update that waits. */
async function settle(tg: FakeTelegram): Promise<void> {
  let [before, same] = [-1, 0];
  await tg.until(() => {
    const now = tg.calls.filter((call) => call.method !== 'getUpdates').length;
    same = now === before && tg.pending.length === 0 ? same + 1 : 0;
    before = now;
    return same > 3;
  });
}
