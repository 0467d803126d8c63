import { Secret, TOTP } from 'otpauth';

const PASSWORD = 'four quiet words in a row';

/** A browser without pictures: keeps its cookie, and sends forms as their page made them. */
export class Visitor {
  readonly #base: string;
  readonly #now: number;
  #cookie = '';

  /** @param now on the server's clock, ms since 1970 */
  constructor(base: string, now: number) {
    this.#base = base;
    this.#now = now;
  }

  /** @throws Error for anything but a page */
  async get(path: string): Promise<string> {
    return this.#read(
      await fetch(new URL(path, this.#base), { headers: this.#headers(), redirect: 'manual' }),
    );
  }

  /** Opens a link and sets its account up: a password, then the first code of an app. */
  async setUp(path: string): Promise<void> {
    const seed = await this.#send(path, { password: PASSWORD, again: PASSWORD });
    const key = /class="code"[^>]*>([A-Z2-7 ]+)</.exec(seed)?.[1]?.replaceAll(' ', '') ?? '';
    const code = TOTP.generate({ secret: Secret.fromBase32(key), timestamp: this.#now });
    await this.#send(path, { step: 'app', code });
  }

  async #send(path: string, fields: Record<string, string>): Promise<string> {
    const csrf = /name="csrf" value="([^"]+)"/.exec(await this.get(path))?.[1] ?? '';
    const body = new URLSearchParams({ csrf, ...fields });
    const headers = { ...this.#headers(), 'sec-fetch-site': 'same-origin' };
    return this.#read(
      await fetch(new URL(path, this.#base), { method: 'POST', headers, body, redirect: 'manual' }),
    );
  }

  #headers(): Record<string, string> {
    const cookie: Record<string, string> = this.#cookie === '' ? {} : { cookie: this.#cookie };
    return { accept: 'text/html', 'accept-language': 'en', ...cookie };
  }

  async #read(answer: Response): Promise<string> {
    const [cookie] = (answer.headers.get('set-cookie') ?? '').split(';');
    if (cookie) this.#cookie = cookie;
    if (answer.status >= 400) throw new Error(`${answer.url} answered ${answer.status}`);
    return answer.text();
  }
}
