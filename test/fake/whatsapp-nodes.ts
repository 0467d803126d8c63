import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildBuffer,
  jidDecode,
  type proto,
} from '@whiskeysockets/baileys';

/** How the service itself is written as an address. */
export const SERVER = '@s.whatsapp.net';

/** The part of Baileys' logger that is asked for, saying nothing. */
export const SILENT = {
  level: 'silent',
  child: () => SILENT,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Attributes as written: one that is undefined is left out. */
export type Attrs = Record<string, string | undefined>;

/** One stanza. */
export function node(tag: string, attrs: Attrs = {}, content?: BinaryNode['content']): BinaryNode {
  const given: Record<string, string> = {};
  for (const [key, value] of Object.entries(attrs)) if (value !== undefined) given[key] = value;
  return content === undefined ? { tag, attrs: given } : { tag, attrs: given, content };
}

/** The child of that name. */
export function child(parent: BinaryNode | undefined, tag: string): BinaryNode | undefined {
  return getBinaryNodeChild(parent, tag);
}

/** All children. */
export function children(parent: BinaryNode | undefined): BinaryNode[] {
  return Array.isArray(parent?.content) ? parent.content : [];
}

/** The bytes in the child of that name; throws where there are none. */
export function bytesOf(parent: BinaryNode | undefined, tag: string): Buffer {
  const bytes = getBinaryNodeChildBuffer(parent, tag);
  if (!bytes) throw new Error(`<${parent?.tag}> has no <${tag}> with bytes`);
  return Buffer.from(bytes);
}

/** A big-endian number. */
export function uint(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The user part of an address: without device, without server. */
export function userOf(jid: string | undefined): string {
  return jidDecode(jid)?.user ?? '';
}

/** The device of an address; 0 is the phone. */
export function deviceOf(jid: string | undefined): number {
  return jidDecode(jid)?.device ?? 0;
}

/** The words of a message, '' when it has none. */
export function textOf(message: proto.IMessage): string {
  return message.conversation || message.extendedTextMessage?.text || '';
}

/** Waits until something holds, looking every few milliseconds. @throws when it has not after `timeoutMs` */
export async function until<T>(
  check: () => T | undefined | false | null | 0 | '',
  what: string,
  timeoutMs = 20_000,
): Promise<T> {
  for (const end = Date.now() + timeoutMs; ; ) {
    const value = check();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const MUTED = ['log', 'info', 'warn', 'error'] as const;
const silenced = new WeakSet<object>();

/**
 * Takes away what libsignal prints: whole sessions, private keys included. Everybody else's lines stay. The product
 * does the same on its own; here the simulated phones need it too.
 */
export function silenceLibsignal(): void {
  for (const name of MUTED) {
    const print = console[name];
    if (silenced.has(print)) continue;
    const quiet = (...args: unknown[]): void => {
      if (!new Error().stack?.includes('/libsignal/')) print.apply(console, args);
    };
    silenced.add(quiet);
    console[name] = quiet;
  }
}
