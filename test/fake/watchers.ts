/** Those who wait until something is so on a stand-in. */
export class Watchers {
  readonly #looks = new Set<() => void>();

  /** Something happened: everybody looks. */
  look(): void {
    for (const look of this.#looks) look();
  }

  /** Waits until something is so; looks whenever something happens, and every 10 ms for what happens elsewhere. */
  async until(what: () => boolean, timeoutMs = 25_000): Promise<void> {
    if (what()) return;
    await new Promise<void>((resolve, reject) => {
      const end = (finish: () => void): void => {
        clearInterval(ticker);
        clearTimeout(limit);
        this.#looks.delete(look);
        finish();
      };
      const look = (): void => {
        try {
          if (what()) end(resolve);
        } catch (error) {
          end(() => reject(error));
        }
      };
      const ticker = setInterval(look, 10);
      const limit = setTimeout(
        () => end(() => reject(new Error(`not so after ${timeoutMs} ms: ${what}`))),
        timeoutMs,
      );
      this.#looks.add(look);
    });
  }
}
