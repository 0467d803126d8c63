import type { Clock } from '../../../clock.ts';
import type { DeskChange, Handoffs } from '../../../handoff/port.ts';

/** Changes that are kept for a browser that was away for a moment. */
const KEPT = 1_000;
/** A browser that is so many changes behind is cut off. */
const MOST_BEHIND = 2_000;
/** Open pages of one operator; the oldest makes room. */
const MOST_EACH = 8;

/** A change with its number, by which a browser says what it has. */
interface Entry {
  id: string;
  change: DeskChange;
}

/** The changes of all chats as every open page of the console hears of them. */
export class DeskFeed {
  readonly #name: string;
  readonly #kept: Entry[] = [];
  readonly #watchers = new Set<Watcher>();
  #count = 0;

  /** @param ending ends every page's stream */
  constructor(handoffs: Pick<Handoffs, 'onChange'>, clock: Clock, ending?: AbortSignal) {
    // Numbers of the run before must not look like ours.
    this.#name = clock.now().toString(36);
    const stop = handoffs.onChange((change) => this.#add(change));
    ending?.addEventListener('abort', () => {
      stop();
      for (const watcher of [...this.#watchers]) watcher.end();
    });
  }

  /** Number of the newest change. */
  get last(): string {
    return `${this.#name}-${this.#count}`;
  }

  /**
   * @param since number of the last change the page has
   * @param drop called when the page is too far behind, or makes room
   */
  watch(owner: number, since: string, drop: () => void): Watcher {
    const own = [...this.#watchers].filter((w) => w.owner === owner);
    if (own.length >= MOST_EACH) own[0]?.cut();
    const missed = this.#since(since);
    const watcher = new Watcher(owner, drop, (w) => void this.#watchers.delete(w));
    if (missed === undefined) watcher.lost = true;
    else for (const entry of missed) watcher.add(entry);
    this.#watchers.add(watcher);
    return watcher;
  }

  #add(change: DeskChange): void {
    this.#count += 1;
    const entry = { id: this.last, change };
    this.#kept.push(entry);
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const watcher of [...this.#watchers]) watcher.add(entry);
  }

  /** @returns undefined when nobody knows any more */
  #since(id: string): Entry[] | undefined {
    const [name, number] = id.split('-');
    const missed = name === this.#name ? this.#count - Number(number) : Number.NaN;
    if (!(missed >= 0 && missed <= this.#kept.length)) return undefined;
    return this.#kept.slice(this.#kept.length - missed);
  }
}

/** What one open page has not been sent yet: never more than {@link MOST_BEHIND}, so that one that stalls costs nothing. */
export class Watcher {
  readonly owner: number;
  /** The page missed something that is not kept any more and has to be read anew. */
  lost = false;
  ended = false;
  readonly #drop: () => void;
  readonly #leave: (watcher: Watcher) => void;
  #waiting: Entry[] = [];
  #wake: () => void = () => undefined;

  constructor(owner: number, drop: () => void, leave: (watcher: Watcher) => void) {
    this.owner = owner;
    this.#drop = drop;
    this.#leave = leave;
  }

  add(entry: Entry): void {
    this.#waiting.push(entry);
    if (this.#waiting.length > MOST_BEHIND) this.cut();
    else this.#wake();
  }

  /** Resolves when there is something to send, at the latest after so many ms. */
  async something(ms: number): Promise<void> {
    if (this.ended || this.lost || this.#waiting.length > 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }

  /** Everything that waits, each chat and line only as it is now; and the number it brings the page to. */
  take(): { changes: DeskChange[]; last?: string } {
    const latest = new Map<string, DeskChange>();
    for (const { change } of this.#waiting) {
      const key = change.type === 'line' ? `line ${change.line.id}` : `head ${idOf(change)}`;
      latest.delete(key);
      latest.set(key, change);
    }
    const last = this.#waiting.at(-1)?.id;
    this.#waiting = [];
    return { changes: [...latest.values()], ...(last === undefined ? {} : { last }) };
  }

  /** Ends it: nothing more is kept for this page. */
  end(): void {
    this.ended = true;
    this.#waiting = [];
    this.#leave(this);
    this.#wake();
  }

  /** Ends it and the connection. */
  cut(): void {
    this.end();
    this.#drop();
  }
}

function idOf(change: DeskChange): number {
  return change.type === 'head' ? change.head.id : change.id;
}
