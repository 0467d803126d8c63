import { AppError } from '../errors.ts';
import { codeOf, type Log } from '../log-port.ts';
import type { Staff } from '../store/staff.ts';
import type { AuditAction } from '../store/staff-audit.ts';
import type { Operator } from '../store/staff-types.ts';
import { BY_PHONE, type DeskAction, type DeskResult, type HandoffHead, type Handoffs } from './port.ts';
import type { Post } from './telegram-group-calls.ts';
import { dataOf, type Press, readData, type Words } from './telegram-group-card.ts';
import type { Links } from './telegram-group-links.ts';
import type { GroupMemory } from './telegram-group-memory.ts';
import type { GroupEvent } from './telegram-group-updates.ts';

/** Something to say in the group. */
export interface Note extends Post {
  /** Not again in the same topic within a minute. */
  once?: true;
}

export interface TalkOptions {
  handoffs: Handoffs;
  staff: Pick<Staff, 'audit'>;
  links: Links;
  memory: GroupMemory;
  relay: boolean;
  t: Words;
  nameOf(account: number): string;
  /** Where the console shows a chat. */
  link(ref: string): string;
  log: Log;
  say(note: Note): void;
  /** An operator's words were taken as this line of the chat. */
  taken(line: number, message: number): void;
}

type Refusal = Extract<DeskResult, { ok: false }>;
type Said = Extract<GroupEvent, { kind: 'words' }>;

/** Reasons that hold for the next words as well. */
const ONCE: readonly Refusal['reason'][] = ['not-yours', 'ended', 'gone'];

const AUDITED: Partial<Record<DeskAction['type'], AuditAction>> = {
  claim: 'handoff_claimed',
  release: 'handoff_transferred',
  close: 'handoff_closed',
};

/** What people of the staff do in the group. Everything goes through `Handoffs.act`: the console knows no other rule. */
export class Talk {
  readonly #options: TalkOptions;

  constructor(options: TalkOptions) {
    this.#options = options;
  }

  /** A button. @returns what whoever pressed it is told, at most 200 characters */
  press(from: number, data: string): string {
    const { links, handoffs, t } = this.#options;
    const press = readData(data);
    const head = press && handoffs.find(press.ref);
    if (press === undefined || head === undefined) return t('group.gone');
    const me = links.who(from);
    if (me === undefined) return t('group.not_linked');
    const result = this.#act(head, actionOf(press), me);
    if (result === undefined) return t('group.not_stored');
    if (!result.ok) return this.#refusal(result, head);
    return press.act === 'claim' ? this.#yours(head.ref) : t('group.done');
  }

  /** Words in a topic. They go to the person, once, or somebody is told why not. */
  hear(said: Said): void {
    const { memory, relay, handoffs, links, t } = this.#options;
    const topic = memory.inThread(said.thread);
    if (topic === undefined || memory.isDone(said.message)) return;
    // Whoever writes here writes about the person: it goes with the topic.
    if (!topic.words) this.#stored(() => memory.patch(topic.id, { words: true }));
    const refuse = (key: string, params: Record<string, string> = {}): void =>
      this.#answer(said, t(`group.${key}`, params), true);
    if (!relay) return refuse('relay_off', { link: this.#options.link(topic.ref) });
    const me = links.who(said.from);
    if (me === undefined) return refuse('not_linked');
    if (said.text === undefined) return this.#answer(said, t('group.text_only'));
    const head = handoffs.head(topic.id);
    if (head === undefined) return refuse('gone');
    this.#handOn(head, said, said.text, me);
  }

  /** At most once: written down before, so that words that Telegram delivers again are not sent again. */
  #handOn(head: HandoffHead, said: Said, text: string, me: Operator): void {
    const { memory, t, taken } = this.#options;
    const seen = this.#stored(() => memory.begin(said.message));
    if (seen === undefined) return this.#answer(said, t('group.not_stored'));
    if (seen === 'done') return;
    if (seen === 'unclear') {
      this.#stored(() => memory.end(said.message));
      return this.#answer(said, t('group.unclear'));
    }
    const result = this.#act(head, { type: 'reply', text }, me);
    if (result === undefined) this.#answer(said, t('group.not_stored'));
    else if (!result.ok) this.#answer(said, this.#refusal(result, head), ONCE.includes(result.reason));
    else if (result.line !== undefined) taken(result.line.id, said.message);
    // If this cannot be written, it is only called unclear should Telegram deliver it again.
    this.#stored(() => memory.end(said.message));
  }

  /** @returns undefined when the store could not take it, and nothing was changed */
  #act(head: HandoffHead, action: DeskAction, me: Operator): DeskResult | undefined {
    const { handoffs, staff } = this.#options;
    const result = this.#stored(() => handoffs.act(head.id, action, me.id));
    const audited = AUDITED[action.type];
    const again = action.type === 'claim' && head.owner === me.id;
    if (result?.ok && audited !== undefined && !again)
      this.#stored(() => staff.audit.add(me.id, audited, head.ref));
    return result;
  }

  /** @returns undefined when the disk did not take it */
  #stored<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.#options.log.error('group.not-stored', { code: codeOf(error) });
      return undefined;
    }
  }

  #refusal({ reason, owner }: Refusal, head: HandoffHead): string {
    const { t } = this.#options;
    switch (reason) {
      case 'taken':
        return t('group.taken', { name: this.#ownerName(owner ?? head.owner) });
      case 'not-yours':
        return owner === undefined
          ? t('group.nobody_holds')
          : t('group.taken', { name: this.#ownerName(owner) });
      case 'empty':
        return t('group.text_only');
      case 'too-long':
        return t('group.too_long');
      case 'too-late':
        return t('group.too_late');
      case 'gone':
      case 'unknown-canned':
        return t('group.gone');
      case 'ended':
        return t('group.ended_already');
    }
  }

  #yours(ref: string): string {
    const { t, relay, link } = this.#options;
    const text = t(relay ? 'group.yours_here' : 'group.yours', { ref, link: link(ref) });
    return text.length > 200 ? t('group.yours', { ref, link: '' }).trim() : text;
  }

  #ownerName(owner: number | null): string {
    const { t, nameOf } = this.#options;
    return owner === null || owner === BY_PHONE ? t('group.the_phone') : nameOf(owner);
  }

  #answer({ thread, message }: Said, text: string, once = false): void {
    this.#options.say({ text, thread, reply: message, ...(once ? { once } : {}) });
  }
}

function actionOf({ act, line }: Press): DeskAction {
  return act === 'resend' ? { type: 'resend', line: line ?? 0 } : { type: act };
}

/** What a topic says about an operator's words that did not simply arrive; undefined for those that did, or are on their way. */
export function fateOf(
  delivery: string | undefined,
  ref: string,
  line: number,
  t: Words,
): Omit<Note, 'thread'> | undefined {
  switch (delivery) {
    case 'unknown':
    case 'failed':
      return {
        text: t(`group.${delivery}`),
        buttons: [{ label: t('group.resend'), data: dataOf({ act: 'resend', ref, line }) }],
      };
    case 'waiting-for-person':
      return { text: t('group.waits_for_person') };
    default:
      return undefined;
  }
}
