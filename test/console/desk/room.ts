import { expect, onTestFinished } from 'vitest';
import { systemIds } from '../../../src/clock.ts';
import { fault, step } from '../../../src/engine/step.ts';
import { loadCanned } from '../../../src/handoff/canned.ts';
import { desk as deskFor } from '../../../src/handoff/desk.ts';
import type { Handoffs } from '../../../src/handoff/port.ts';
import type { Team } from '../../../src/handoff/teams.ts';
import type { ChannelId, Lang } from '../../../src/message.ts';
import { createRuntime, type Runtime } from '../../../src/runtime/runtime.ts';
import type { Store } from '../../../src/store/port.ts';
import { openStore } from '../../../src/store/sqlite.ts';
import { DESK_FILES, deskPages } from '../../../src/web/console/desk/desk.ts';
import type { DeskOptions } from '../../../src/web/console/desk/options.ts';
import { MemoryChannel, until } from '../../runtime/support.ts';
import { message, tempDir } from '../../store/support.ts';
import { world } from '../../support/world.ts';
import { type Desk, openDesk } from '../desk.ts';
import { type Office, openOffice, ROOT } from '../office.ts';

export const { canned } = loadCanned(ROOT);

const hours = (open: boolean): Team['hours'] => ({ isOpen: () => open, next: () => undefined });
const team = (id: string, name: string): Team => ({
  id,
  names: { ru: name, kk: name, en: name },
  hours: hours(true),
  languages: ['ru', 'tg', 'uz', 'kk'],
  countries: ['ALL'],
  topics: ['general'],
  claimWithin: 15,
});
export const TEAMS: readonly Team[] = [team('north', 'North'), team('doctors', 'Doctors')];

const CHANNELS = ['telegram', 'whatsapp'] as const;
/** The buttons of the first choice, by their words. */
const ENDONYMS: Partial<Record<Lang, string>> = {
  tg: 'Тоҷикӣ',
  uz: 'Oʻzbekcha',
  kk: 'Қазақша',
  ru: 'Русский',
  en: 'English',
};

/** Waits for it, however busy the machine is. */
export const eventually = <T>(what: () => T) => expect.poll(what, { timeout: 20_000 });

/** The whole bot on a real store, two channels into memory, and the operators' pages above it. */
export interface Room extends Office {
  store: Store;
  runtime: Runtime;
  handoffs: Handoffs;
  channels: Record<(typeof CHANNELS)[number], MemoryChannel>;
  /** A person writes these, one after the other; each is handled before the next. */
  write(user: string, texts: readonly string[], channel?: ChannelId): Promise<void>;
  /** Somebody asks for a person in their language. @returns the reference of the chat */
  ask(
    user: string,
    more?: { lang?: Lang; via?: ChannelId; way?: readonly string[]; says?: readonly string[] },
  ): Promise<string>;
  /** What a person was sent, in its order. */
  told(user: string): string[];
}

export function openRoom(more: Partial<DeskOptions> = {}): Room {
  const { room, close } = buildRoom(openDesk(), tempDir(), more);
  onTestFinished(close);
  return room;
}

/** The same outside of a test. @param dir folder of the store */
export function buildRoom(
  desk: Desk,
  dir: string,
  more: Partial<DeskOptions> = {},
): { room: Room; close(): Promise<void> } {
  const { clock } = desk;
  const shift = { open: true, claimWithin: 15 * 60_000 };
  const rules = {
    shift: (id: string | null) => (id === null || TEAMS.some((t) => t.id === id) ? shift : undefined),
    canned: (id: string, lang: Lang) => canned.replies.find((reply) => reply.id === id)?.texts[lang],
  };
  const store = openStore({ dir, clock, ids: systemIds, desk: rules });
  const channels = { telegram: new MemoryChannel('telegram'), whatsapp: new MemoryChannel('whatsapp') };
  const faults: string[] = [];
  const runtime = createRuntime({
    store,
    step: (...[session, input, ctx]) => step(world, session, input, ctx),
    onFault: (session, { channel }) => fault(world, session, { channel }),
    doneMessage: (lang) => ({ lang, text: world.texts.t(lang, 'common:forgotten'), choices: [] }),
    desk: (wanted, now) => deskFor(TEAMS, now, wanted),
    channels: new Map(Object.entries(channels) as [ChannelId, MemoryChannel][]),
    clock,
    ids: systemIds,
    log: { info: () => undefined, warn: () => undefined, error: (event) => void faults.push(event) },
  });
  runtime.start();
  const ending = new AbortController();
  const { handoffs } = runtime;
  const pages = deskPages({
    handoffs,
    staff: desk.staff,
    canned,
    teams: TEAMS,
    texts: world.texts,
    flows: world.flows,
    clock,
    ending: ending.signal,
    ...more,
  });
  const office = openOffice({ pages, scripts: DESK_FILES }, desk);
  const close = async () => {
    ending.abort();
    await runtime.stop(50);
    store.close();
    if (faults.length > 0) throw new Error(faults.join());
  };
  const write: Room['write'] = async (user, texts, channel = 'telegram') => {
    for (const text of texts) {
      await runtime.host.accept([message(user, text, { channel })]);
      await until(() => store.backlog(clock.now()).inbox === undefined, `the turn after "${text}"`);
    }
  };
  const ask: Room['ask'] = async (user, { lang = 'tg', via = 'telegram', way = [], says = [] } = {}) => {
    const before = new Set(handoffs.heads().map(({ ref }) => ref));
    await write(user, ['/start', ENDONYMS[lang] ?? lang, ...way, '/human', ...says], via);
    const head = handoffs.heads().find(({ ref }) => !before.has(ref));
    if (head === undefined) throw new Error(`nobody was asked for: ${told(user).at(-1)}`);
    return head.ref;
  };
  const told = (user: string) => [
    ...channels.telegram.texts(`chat-${user}`),
    ...channels.whatsapp.texts(`chat-${user}`),
  ];
  const room = Object.assign(office, { store, runtime, handoffs, channels, write, ask, told });
  return { room, close };
}
