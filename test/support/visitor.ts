import { Secret, TOTP } from 'otpauth';
import { expect } from 'vitest';

const PASSWORD = 'four quiet words in a row';

/** A browser without pictures: keeps its cookie, and sends forms as their page made them. Any error of a page fails the test. */
export class Visitor {
  readonly #base: string;
  readonly #now: number | undefined;
  #cookie = '';

  /** @param now on the server's clock, ms since 1970, when it is not ours */
  constructor(base: string, now?: number) {
    this.#base = base;
    this.#now = now;
  }

  async get(path: string): Promise<string> {
    return this.#read(
      await fetch(new URL(path, this.#base), { headers: this.#headers(), redirect: 'manual' }),
    );
  }

  /** Opens a link and sets its account up: a password, then the first code of an app. @returns the last page */
  async setUp(path: string): Promise<string> {
    const seed = await this.send(path, path, { password: PASSWORD, again: PASSWORD });
    const key = /class="code"[^>]*>([A-Z2-7 ]+)</.exec(seed)?.[1]?.replaceAll(' ', '') ?? '';
    const timestamp = this.#now ?? Date.now();
    const code = TOTP.generate({ secret: Secret.fromBase32(key), timestamp });
    return this.send(path, path, { step: 'app', code });
  }

  /** Sends the form of the page at `from` to `to`, with these fields. */
  async send(from: string, to: string, fields: Record<string, string>): Promise<string> {
    const csrf = /name="csrf" value="([^"]+)"/.exec(await this.get(from))?.[1] ?? '';
    const body = new URLSearchParams({ csrf, ...fields });
    const headers = { ...this.#headers(), 'sec-fetch-site': 'same-origin' };
    return this.#read(
      await fetch(new URL(to, this.#base), { method: 'POST', headers, body, redirect: 'manual' }),
    );
  }

  #headers(): Record<string, string> {
    const cookie: Record<string, string> = this.#cookie === '' ? {} : { cookie: this.#cookie };
    return { accept: 'text/html', 'accept-language': 'en', ...cookie };
  }

  async #read(answer: Response): Promise<string> {
    const [cookie] = (answer.headers.get('set-cookie') ?? '').split(';');
    if (cookie) this.#cookie = cookie;
    expect(answer.status, answer.url).toBeLessThan(400);
    return answer.text();
  }
}
