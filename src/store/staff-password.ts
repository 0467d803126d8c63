import { hash, verify } from '@node-rs/argon2';
import type { Ids } from '../clock.ts';
import type { Why } from './staff-types.ts';

/** argon2id (the library's default kind): 64 MiB, three passes, one lane. */
const COST = { memoryCost: 64 * 1024, timeCost: 3, parallelism: 1, outputLen: 32 };
const SALT_BYTES = 16;

/** In characters. Long enough that a phrase is easier than a trick. */
export const PASSWORD_LENGTH = { min: 15, max: 128 } as const;

/** Each takes 64 MiB and a core for about 0.1 s. */
const AT_ONCE = 2;
const WAITING = 30;

/** Why a new password cannot be taken, if it cannot. */
export function passwordProblem(password: string): Why | undefined {
  const length = Array.from(password.normalize('NFKC')).length;
  if (length < PASSWORD_LENGTH.min) return 'password_short';
  return length > PASSWORD_LENGTH.max ? 'password_long' : undefined;
}

/** Makes and checks password hashes, at most two at once. */
export class Passwords {
  readonly #ids: Ids;
  /** Stands in for people who do not exist, so that nobody hears the difference. Nothing hashes to it. */
  readonly #nobody: string;
  readonly #queue: (() => void)[] = [];
  readonly #waiting: number;
  #running = 0;

  /** @param waiting how many may wait for their turn; more are refused at once */
  constructor(ids: Ids, waiting = WAITING) {
    this.#ids = ids;
    this.#waiting = waiting;
    const { memoryCost, timeCost, parallelism, outputLen } = COST;
    const [salt, none] = [SALT_BYTES, outputLen].map((n) =>
      ids.bytes(n).toString('base64').replaceAll('=', ''),
    );
    this.#nobody = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${salt}$${none}`;
  }

  /** @returns the hash in PHC form, or undefined when too many wait already */
  hash(password: string): Promise<string | undefined> {
    return this.#inTurn(() =>
      hash(password.normalize('NFKC'), { ...COST, salt: this.#ids.bytes(SALT_BYTES) }),
    );
  }

  /**
   * Whether a password is the one. Without a hash the work is the same and the answer is no.
   * @returns undefined when too many wait already
   */
  verify(stored: string | null | undefined, password: string): Promise<boolean | undefined> {
    const given = passwordProblem(password) === 'password_long' ? '' : password.normalize('NFKC');
    return this.#inTurn(async () => (await verify(stored ?? this.#nobody, given)) && stored != null);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#running >= AT_ONCE) {
      if (this.#queue.length >= this.#waiting) return undefined;
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      // The place goes to the next in line, or is free again.
      const next = this.#queue.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
