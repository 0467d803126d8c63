/**
 * A network of edges that each carry at least so much and at most so much, in whole numbers, with as much into every
 * node as out of it. Says between which ends the flow of an edge can lie. Sizes here are those of a small table: some
 * dozen nodes.
 */
export class Network {
  /** Edge e leads from `#from[e]` to `#to[e]`; e ^ 1 is the same one backwards. */
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  /** How much more can go through. */
  readonly #room: number[] = [];
  /** Edges out of each node. */
  readonly #out: number[][] = [];
  /** What flows into each node more than out of it, when every edge carries as little as it may. */
  readonly #surplus: number[] = [];

  node(): number {
    this.#surplus.push(0);
    return this.#out.push([]) - 1;
  }

  /** @returns a number to ask for it with */
  edge(from: number, to: number, low: number, high: number): number {
    const edge = this.#from.length;
    this.#link(from, to, high - low);
    this.#surplus[to] = (this.#surplus[to] ?? 0) + low;
    this.#surplus[from] = (this.#surplus[from] ?? 0) - low;
    return edge;
  }

  /** Finds a flow that keeps all the bounds. @returns false when there is none */
  settle(): boolean {
    const surplus = [...this.#surplus];
    const [source, sink] = [this.node(), this.node()];
    let wanted = 0;
    for (const [node, extra] of surplus.entries()) {
      if (extra > 0) this.#link(source, node, extra);
      if (extra < 0) this.#link(node, sink, -extra);
      wanted += Math.max(0, extra);
    }
    return this.#push(source, sink, wanted) === wanted;
  }

  /** How far apart the smallest and the largest flow of an edge are, or `enough` when that is as much or more. */
  width(edge: number, enough: number): number {
    const [from, to] = [this.#from[edge] ?? 0, this.#to[edge] ?? 0];
    const up = this.#turn(edge, to, from, enough);
    return up >= enough ? enough : this.#turn(edge ^ 1, from, to, enough);
  }

  /** Sends as much as can be, up to `limit`, over an edge and back to its beginning by another way. */
  #turn(edge: number, from: number, to: number, limit: number): number {
    const room = this.#room[edge] ?? 0;
    const back = this.#room[edge ^ 1] ?? 0;
    this.#room[edge] = 0;
    this.#room[edge ^ 1] = 0;
    const sent = this.#push(from, to, Math.min(room, limit));
    this.#room[edge] = room - sent;
    this.#room[edge ^ 1] = back + sent;
    return sent;
  }

  #link(from: number, to: number, room: number): void {
    const edge = this.#from.length;
    this.#from.push(from, to);
    this.#to.push(to, from);
    this.#room.push(room, 0);
    this.#out[from]?.push(edge);
    this.#out[to]?.push(edge + 1);
  }

  /** As much as goes from one node to another, up to `limit`, each time by a shortest way. */
  #push(from: number, to: number, limit: number): number {
    let sent = 0;
    while (sent < limit) {
      const way = this.#way(from, to);
      if (way === undefined) return sent;
      const room = Math.min(limit - sent, ...way.map((edge) => this.#room[edge] ?? 0));
      for (const edge of way) {
        this.#room[edge] = (this.#room[edge] ?? 0) - room;
        this.#room[edge ^ 1] = (this.#room[edge ^ 1] ?? 0) + room;
      }
      sent += room;
    }
    return sent;
  }

  /** Edges with room from one node to another. */
  #way(from: number, to: number): number[] | undefined {
    const by = new Map<number, number>();
    const queue = [from];
    for (const node of queue) {
      if (node === to) break;
      for (const edge of this.#out[node] ?? []) {
        const next = this.#to[edge] ?? 0;
        if ((this.#room[edge] ?? 0) === 0 || by.has(next) || next === from) continue;
        by.set(next, edge);
        queue.push(next);
      }
    }
    if (!by.has(to)) return undefined;
    const way: number[] = [];
    for (let node = to; node !== from; ) {
      const edge = by.get(node) ?? 0;
      way.push(edge);
      node = this.#from[edge] ?? from;
    }
    return way;
  }
}
