import { cannedFor } from '../../../handoff/canned.ts';
import type { HandoffHead } from '../../../handoff/port.ts';
import type { StaffRequest } from '../pages.ts';
import { drawChat, mayRead, type Successors } from './chat.ts';
import { DeskFeed } from './events.ts';
import { Names } from './names.ts';
import type { DeskOptions } from './options.ts';
import { drawHow, drawPage } from './page.ts';
import { drawQueue, type Reader } from './queue.ts';
import { Reads } from './reads.ts';
import { drawSide, type Side } from './side.ts';
import type { Element } from './tree.ts';

/** What the pages share. */
export class Desk {
  readonly options: DeskOptions;
  readonly feed: DeskFeed;
  readonly reads: Reads;

  constructor(options: DeskOptions) {
    this.options = options;
    this.feed = new DeskFeed(options.handoffs, options.clock, options.ending);
    this.reads = new Reads(options.staff, options.clock);
  }

  /** The chat that a path names. */
  find({ c }: Pick<StaffRequest, 'c'>): HandoffHead | undefined {
    return this.options.handoffs.find((c.req.param('ref') ?? '').toUpperCase());
  }

  /** @param current reference of the chat that the page shows */
  reader(request: StaffRequest, current?: string): Reader {
    const { options } = this;
    return {
      me: request.me.id,
      names: new Names(options, request),
      csrf: request.csrf,
      now: options.clock.now(),
      ...(current === undefined ? {} : { current }),
    };
  }

  /** To whom a chat can go from here. */
  successors(request: StaffRequest): Successors {
    const { staff, teams } = this.options;
    const operators = staff.accounts
      .list()
      .filter(({ id, role, state }) => role === 'operator' && state === 'active' && id !== request.me.id);
    return { operators, teams: teams.map(({ id, names }) => ({ id, name: names[request.lang] })) };
  }

  /** A chat and what stands beside it, as far as its reader may see it; the reading is written down. */
  draw(head: HandoffHead, request: StaffRequest): { chat: Element; side?: Element } {
    const { handoffs } = this.options;
    const reader = this.reader(request);
    const readable = mayRead(head, reader.me);
    if (readable) this.reads.add(reader.me, head);
    const lines = readable ? handoffs.lines(head.id) : [];
    const chat = drawChat(head, lines, reader, this.successors(request));
    if (!readable || head.state !== 'claimed') return { chat };
    return { chat, side: drawSide(this.sideOf(head, request), reader) };
  }

  /** What stands beside a chat. */
  sideOf(head: HandoffHead, { lang }: StaffRequest): Side {
    const { handoffs, canned } = this.options;
    const used = handoffs.heads().flatMap((other) => other.labels);
    return {
      head,
      way: handoffs.way(head.id),
      canned: cannedFor(canned, head.lang, head.topic),
      labels: [...new Set(used)].sort(),
      lang,
    };
  }

  /** The queue, with what to do beside it. */
  showQueue(request: StaffRequest) {
    const { handoffs } = this.options;
    const { c } = request;
    const last = this.feed.last;
    const reader = this.reader(request);
    const queue = drawQueue(handoffs.heads(), reader);
    if (wantsJson(request)) return c.json({ last, queue });
    const closed = handoffs.find(c.req.query('closed') ?? '');
    const main = drawHow(reader, closed);
    return request.page(drawPage({ request, reader, last, queue, main, at: 'queue' }));
  }

  /** @param notice why something was not done; then with this status */
  showChat(request: StaffRequest, notice?: string) {
    const { c, t } = request;
    const head = this.find(request);
    if (head === undefined) return this.#showNone(request);
    const last = this.feed.last;
    const { chat, side } = this.draw(head, request);
    const reader = this.reader(request, head.ref);
    const queue = drawQueue(this.options.handoffs.heads(), reader);
    if (wantsJson(request)) return c.json({ last, queue, chat, side }, notice === undefined ? 200 : 409);
    const page = drawPage({ request, reader, last, queue, main: chat, side, at: 'chat', notice });
    return request.page({
      ...page,
      title: `${head.ref} · ${t('desk.title')}`,
      ...(notice === undefined ? {} : { status: 409 }),
    });
  }

  #showNone(request: StaffRequest) {
    const { c, t } = request;
    if (wantsJson(request)) return c.json({ notice: t('desk.why.gone') }, 404);
    const reader = this.reader(request);
    const queue = drawQueue(this.options.handoffs.heads(), reader);
    const main = drawHow(reader);
    const parts = { request, reader, last: this.feed.last, queue, main, at: 'queue' } as const;
    return request.page({ ...drawPage({ ...parts, notice: t('desk.why.gone') }), status: 404 });
  }
}

/** Whether the page's script asks. */
export function wantsJson({ c }: Pick<StaffRequest, 'c'>): boolean {
  return (c.req.header('accept') ?? '').startsWith('application/json');
}
