import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Clock, Ids } from '../clock.ts';
import type { ChannelRows } from '../store/port.ts';
import type { Staff } from '../store/staff.ts';
import type { Operator } from '../store/staff-types.ts';

/** How long a code can be used, and how long tries are counted, in ms. */
const CODE_LIFE = 10 * 60_000;
/** Tries with a wrong code in that time: of one account on Telegram, and of all. */
const TRIES = { one: 5, all: 50 } as const;
const CODE_LENGTH = 8;
/** 32 signs without those that look alike: five bits each, 40 bits in all. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz123456789';

const ROW = 'group links';
const stored = z.array(z.object({ who: z.string(), operator: z.int(), seal: z.string() }));
type Link = z.infer<typeof stored>[number];

/** What linking came to. */
export type Linked = { result: 'linked'; operator: Operator } | { result: 'wrong' | 'slow' };

export interface LinksOptions {
  rows: ChannelRows;
  staff: Pick<Staff, 'accounts'>;
  /** 32 bytes of the staff secret, for HMACs. */
  key: Buffer;
  clock: Clock;
  ids: Ids;
}

/**
 * Which account on Telegram belongs to which account of the console. Telegram's id is kept as an HMAC only. A link hangs on
 * the second factor it was made with: whoever's account is locked and set up again has to link again.
 */
export class Links {
  readonly #options: LinksOptions;
  readonly #codes = new Map<string, { operator: number; until: number }>();
  #links: Link[];
  #tries = { since: 0, all: 0, by: new Map<string, number>() };

  constructor(options: LinksOptions) {
    this.#options = options;
    this.#links = stored.parse(JSON.parse(options.rows.get([ROW]).get(ROW) ?? '[]'));
  }

  /**
   * A code that links whoever sends it, once; an earlier one of the same account is void.
   * @returns the code and when it ends in ms since 1970; undefined for an account that may not answer people
   */
  code(operator: number): { code: string; until: number } | undefined {
    if (this.#operator(operator) === undefined) return undefined;
    const { ids, clock } = this.#options;
    const now = clock.now();
    for (const [hash, made] of this.#codes)
      if (made.operator === operator || made.until <= now) this.#codes.delete(hash);
    const signs = [...ids.bytes(CODE_LENGTH)].map((byte) => SIGNS[byte % SIGNS.length]).join('');
    const until = now + CODE_LIFE;
    this.#codes.set(this.#hash('code', signs), { operator, until });
    return { code: `${signs.slice(0, CODE_LENGTH / 2)}-${signs.slice(CODE_LENGTH / 2)}`, until };
  }

  /** @param from Telegram's id of whoever sent the code */
  redeem(from: number, code: string): Linked {
    const who = this.#hash('account', from);
    if (from === 0 || !this.#mayTry(who)) return { result: from === 0 ? 'wrong' : 'slow' };
    const hash = this.#hash('code', code.toLowerCase().replace(/[^a-z0-9]/g, ''));
    const made = this.#codes.get(hash);
    const operator = made && this.#operator(made.operator);
    if (made === undefined || operator === undefined || made.until <= this.#options.clock.now()) {
      this.#tries.all += 1;
      this.#tries.by.set(who, (this.#tries.by.get(who) ?? 0) + 1);
      return { result: 'wrong' };
    }
    const others = this.#links.filter((link) => link.who !== who && link.operator !== operator.id);
    this.#keep([...others, { who, operator: operator.id, seal: this.#seal(operator.id) }]);
    this.#codes.delete(hash);
    return { result: 'linked', operator };
  }

  /** Who of the operators somebody on Telegram is. */
  who(from: number): Operator | undefined {
    if (from === 0) return undefined;
    const who = this.#hash('account', from);
    const link = this.#links.find((known) => known.who === who);
    return link && this.#valid(link) ? this.#operator(link.operator) : undefined;
  }

  /** Whether an account of the console is linked. */
  has(operator: number): boolean {
    const link = this.#links.find((known) => known.operator === operator);
    return link !== undefined && this.#valid(link) && this.#operator(operator) !== undefined;
  }

  remove(operator: number): void {
    const rest = this.#links.filter((link) => link.operator !== operator);
    if (rest.length < this.#links.length) this.#keep(rest);
  }

  /** Somebody who may answer people now. */
  #operator(id: number): Operator | undefined {
    const operator = this.#options.staff.accounts.get(id);
    return operator?.state === 'active' && operator.role === 'operator' ? operator : undefined;
  }

  #valid({ operator, seal }: Link): boolean {
    return this.#seal(operator) === seal;
  }

  #seal(operator: number): string {
    return this.#hash('factor', this.#options.staff.accounts.row(operator)?.seed?.toString('hex') ?? '');
  }

  #mayTry(who: string): boolean {
    const now = this.#options.clock.now();
    if (now - this.#tries.since > CODE_LIFE) this.#tries = { since: now, all: 0, by: new Map() };
    return this.#tries.all < TRIES.all && (this.#tries.by.get(who) ?? 0) < TRIES.one;
  }

  /** Written first, so that nobody is linked who is not after a restart. */
  #keep(links: Link[]): void {
    this.#options.rows.set([{ name: ROW, value: JSON.stringify(links) }]);
    this.#links = links;
  }

  #hash(use: 'account' | 'code' | 'factor', value: string | number): string {
    return createHmac('sha256', this.#options.key)
      .update(`telegram group ${use}\0${value}`)
      .digest('base64url');
  }
}
