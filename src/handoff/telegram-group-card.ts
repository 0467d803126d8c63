import type { Clock } from '../clock.ts';
import { isOpen } from './machine.ts';
import { BY_PHONE, type HandoffHead } from './port.ts';

/** Texts of the namespace `console`, in the language of the group: `t('group.waits', { ref, minutes })`. */
export type Words = (key: string, params?: Record<string, string | number>) => string;

/** A button under a message of ours. */
export interface Button {
  label: string;
  data: string;
}

/** How a chat stands, as its topic shows it. */
export interface Card {
  /** Changes when there is something new to show, and not with every minute. */
  key: string;
  text: string;
  buttons: Button[];
}

export interface CardOptions {
  clock: Clock;
  t: Words;
  /** A topic in the language of the group. */
  topic(id: string): string;
  /** Name of an account, as colleagues see it. */
  nameOf(account: number): string;
  /** Whether people's words are shown in the group. */
  relay: boolean;
}

/** From how many minutes on a wait is shown anew. */
const WAITS = [30, 15, 5, 0] as const;
const MINUTE = 60_000;

/** What a button of ours wants. */
export interface Press {
  act: 'claim' | 'release' | 'close' | 'resend';
  ref: string;
  line?: number;
}

/** `h:claim:K7Q2MX`, at most 64 bytes. */
export function dataOf({ act, ref, line }: Press): string {
  return line === undefined ? `h:${act}:${ref}` : `h:${act}:${ref}:${line}`;
}

/** @returns undefined for what is on no button of ours */
export function readData(data: string): Press | undefined {
  const [, act, ref, line] =
    /^h:(claim|release|close|resend):([A-Z0-9]{4,12})(?::(\d{1,16}))?$/.exec(data) ?? [];
  if (ref === undefined) return undefined;
  switch (act) {
    case 'claim':
    case 'release':
    case 'close':
      return { act, ref };
    case 'resend':
      return line === undefined ? undefined : { act, ref, line: Number(line) };
    default:
      return undefined;
  }
}

/** Nothing in it says who the person is, or what they wrote. */
export function cardOf(head: HandoffHead, options: CardOptions): Card {
  if (!isOpen(head)) return { key: `ended ${head.ended ?? ''}`, text: endedText(head, options), buttons: [] };
  const { ref, owner } = head;
  const { t, relay } = options;
  const button = (act: Press['act']): Button => ({ label: t(`group.${act}`), data: dataOf({ act, ref }) });
  if (head.state !== 'claimed') {
    const { key, first } = waiting(head, options);
    return { key, text: [first, ...about(head, options)].join(' · '), buttons: [button('claim')] };
  }
  if (owner === null || owner === BY_PHONE)
    return { key: 'phone', text: t('group.phone', { ref }), buttons: [button('claim')] };
  return {
    key: `held ${owner}`,
    text: t('group.held', { ref, name: options.nameOf(owner) }),
    buttons: relay ? [button('release'), button('close')] : [button('release')],
  };
}

function waiting(head: HandoffHead, { clock, t }: CardOptions): { key: string; first: string } {
  const { ref, waitingSince } = head;
  if (waitingSince === undefined) return { key: 'requested', first: t('group.requested', { ref }) };
  const minutes = Math.max(0, Math.floor((clock.now() - waitingSince) / MINUTE));
  const from = WAITS.find((wait) => minutes >= wait) ?? 0;
  const first = minutes === 0 ? t('group.now', { ref }) : t('group.waits', { ref, minutes });
  return { key: `waits ${waitingSince} ${from}`, first };
}

function about(head: HandoffHead, { t, topic }: CardOptions): string[] {
  const { lang, country, urgent } = head;
  return [lang, country, topic(head.topic), ...(urgent ? [t('group.urgent')] : [])];
}

function endedText({ ref, ended, owner }: HandoffHead, { t, nameOf }: CardOptions): string {
  const name = owner === null || owner === BY_PHONE ? '' : nameOf(owner);
  return ended === 'closed' && name !== ''
    ? t('group.ended.by', { ref, name })
    : t(`group.ended.${ended ?? 'closed'}`, { ref });
}
