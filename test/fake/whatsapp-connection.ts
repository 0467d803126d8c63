import { type BinaryNode, decodeBinaryNode, encodeBinaryNode, type proto } from '@whiskeysockets/baileys';
import type { WebSocket } from 'ws';
import type { Companion } from './whatsapp-companion.ts';
import { child, node, SERVER } from './whatsapp-nodes.ts';
import { type Certificate, NoiseResponder } from './whatsapp-noise.ts';

/** What the server does with a connection. */
export interface ConnectionHost {
  /** The handshake is over; this is who the client says it is. */
  opened(connection: Connection, payload: proto.ClientPayload): void;
  stanza(connection: Connection, stanza: BinaryNode): void;
  closed(connection: Connection): void;
  /** Something a real client never does. */
  problem(what: string): void;
}

/** One WebSocket of a client: the handshake, then stanzas both ways. */
export class Connection {
  /** Set when a linked device logged in. */
  companion: Companion | undefined;
  /** The client's static key of the handshake. */
  clientKey: Buffer = Buffer.alloc(0);
  readonly #socket: WebSocket;
  readonly #host: ConnectionHost;
  readonly #noise: NoiseResponder;
  readonly #answers = new Map<string, (reply: BinaryNode) => void>();
  #step: 'hello' | 'finish' | 'open' = 'hello';
  #reading: Promise<void> = Promise.resolve();
  #ids = 0;
  #held: BinaryNode[] | undefined;

  constructor(socket: WebSocket, certificate: Certificate, host: ConnectionHost) {
    this.#socket = socket;
    this.#host = host;
    this.#noise = new NoiseResponder(certificate);
    socket.on('message', (data: Buffer) => this.#read(data));
    socket.on('close', () => host.closed(this));
    socket.on('error', () => socket.terminate());
  }

  /** While frozen nothing is read and nothing is sent, as on a dead line that was never closed. */
  freeze(frozen: boolean): void {
    if (frozen) {
      this.#held ??= [];
      this.#socket.pause();
      return;
    }
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const stanza of held) this.send(stanza);
    this.#socket.resume();
  }

  send(stanza: BinaryNode): void {
    if (this.#held) {
      this.#held.push(stanza);
      return;
    }
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(this.#noise.frame(encodeBinaryNode(stanza)));
  }

  /** Asks the client something; the answer comes later. */
  ask(content: BinaryNode, answered: (reply: BinaryNode) => void, attrs: Record<string, string> = {}): void {
    const id = `s${++this.#ids}`;
    this.#answers.set(id, answered);
    this.send(node('iq', { from: SERVER, type: 'set', id, ...attrs }, [content]));
  }

  /** The service ends the stream with a code, and the connection. */
  streamError(code: number | undefined, reason?: BinaryNode): void {
    this.send(node('stream:error', { code: code?.toString() }, reason ? [reason] : undefined));
    this.close();
  }

  /** The service refuses this login. */
  failure(code: number): void {
    this.send(node('failure', { reason: String(code), location: 'tst' }));
    this.close();
  }

  /** Ends as the service does for this code of Baileys' `DisconnectReason`. */
  end(code: number): void {
    if (code === 428) this.close();
    else if (code === 403 || code === 405) this.failure(code);
    else if (code === 440) this.streamError(undefined, node('conflict', { type: 'replaced' }));
    else if (code === 401) this.streamError(401, node('conflict', { type: 'device_removed' }));
    else if (code === 411) this.send(node('ib', { from: SERVER }, [node('downgrade_webclient')]));
    else this.streamError(code);
  }

  close(): void {
    this.#socket.close();
  }

  /** Breaks the line without a word. */
  terminate(): void {
    this.#socket.terminate();
  }

  #read(data: Buffer): void {
    try {
      for (const frame of this.#noise.frames(data)) this.#frame(frame);
    } catch (error) {
      this.#host.problem(`a broken handshake: ${error instanceof Error ? error.message : error}`);
      this.terminate();
    }
  }

  #frame(frame: Buffer): void {
    if (this.#step === 'hello') {
      this.#socket.send(this.#noise.frame(this.#noise.hello(frame)));
      this.#step = 'finish';
    } else if (this.#step === 'finish') {
      const payload = this.#noise.finish(frame);
      this.clientKey = this.#noise.clientKey ?? this.clientKey;
      this.#step = 'open';
      this.#host.opened(this, payload);
    } else {
      // Decoding is asynchronous (a stanza may be compressed); the chain keeps stanzas in order.
      this.#reading = this.#reading
        .then(async () => this.#stanza(await decodeBinaryNode(frame)))
        .catch((error) => this.#host.problem(`a stanza could not be handled: ${error}`));
    }
  }

  #stanza(stanza: BinaryNode): void {
    const id = stanza.attrs.id ?? '';
    const answered = stanza.tag === 'iq' && stanza.attrs.type !== 'get' ? this.#answers.get(id) : undefined;
    if (answered && !child(stanza, 'error')) {
      this.#answers.delete(id);
      answered(stanza);
    } else {
      this.#host.stanza(this, stanza);
    }
  }
}
