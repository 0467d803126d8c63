import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import {
  type BinaryNode,
  DEFAULT_CONNECTION_CONFIG,
  getAllBinaryNodeChildren,
  isJidBroadcast,
  isJidGroup,
  isJidMetaAI,
  isJidNewsletter,
  makeWASocket,
  type proto,
  type SignalKeyStore,
  type SignalKeyStoreWithTransaction,
  type SignalRepositoryWithLIDStore,
  type UserFacingSocketConfig,
  type WACallEvent,
  type WAMessage,
  type WASocket,
  type WAVersion,
} from '@whiskeysockets/baileys';
import { codeOf, type Log } from '../log-port.ts';
import type { Keys } from './whatsapp-auth.ts';
import { quietLogger } from './whatsapp-quiet.ts';

export interface ClientTimings {
  /** Longest time in ms to connect, and for an answer to one of the library's questions. */
  answer: number;
}

export interface ClientOptions {
  wsUrl?: string;
  version: WAVersion;
  log: Log;
  timings: ClientTimings;
  /** Stores what a stanza says, before WhatsApp is told "received". Rejects when it has to be sent again. */
  onMessage(stanza: BinaryNode, plaintext: Uint8Array): Promise<void>;
  /** Messages that our own phone has sent on. */
  onResent(messages: WAMessage[]): void;
  /** The server has a message of ours, or has refused it with a code. */
  onAnswer(id: string, refusal?: string): void;
  /** The credentials have changed. */
  onCreds(): void;
  /** A message of ours that somebody's device could not read, to be encrypted for it again. */
  recall(id: string): proto.IMessage | undefined;
}

/** One connection made with the library. */
export interface Client {
  /** How it goes is told by its `connection.update` events. */
  sock: WASocket;
  /** Resolves when no message is being handled any more. */
  idle(): Promise<void>;
}

/** Opens one connection. */
export function connectClient(keys: Keys, options: ClientOptions): Client {
  const { log, onAnswer, onCreds, onResent } = options;
  // The stanza whose content is being opened; they are handled one at a time.
  let current: BinaryNode | undefined;
  const sock = contained(
    socketConfig(keys, options, async (plaintext) => {
      if (!current) return;
      try {
        await options.onMessage(current, plaintext);
      } catch (error) {
        log.error('a message could not be stored; WhatsApp has to send it again', {
          channel: 'whatsapp',
          code: codeOf(error),
        });
        // Without a connection the library can tell WhatsApp neither "received" nor "unreadable".
        void Promise.resolve(sock.ws.close());
        throw error;
      }
    }),
    log,
  );
  const idle = oneAtATime(sock, log, (stanza) => {
    current = stanza;
  });
  sock.ev.on('creds.update', onCreds);
  sock.ev.on('messages.upsert', ({ messages, requestId }) => {
    // Everything else has been taken on its way in.
    if (requestId !== undefined) onResent(messages);
  });
  sock.ev.on('call', (calls) => {
    for (const call of calls) reject(sock, call, log);
  });
  // Baileys tells of refusals only, later, and mixed with other things. A receipt proves the same as an answer.
  sock.ws.on('CB:ack,class:message', ({ attrs }: BinaryNode) => onAnswer(attrs.id ?? '', attrs.error));
  sock.ws.on('CB:receipt', (node: BinaryNode) => {
    for (const id of idsOf(node)) onAnswer(id);
  });
  return { sock, idle };
}

/**
 * Hands message stanzas to the library one after the other. By itself it begins with all of them at once, and lets
 * those that come live pass those that waited while we were away: two messages of one person can change places.
 *
 * @returns what resolves when none is being handled
 */
function oneAtATime(
  sock: WASocket,
  log: Log,
  onBegin: (stanza: BinaryNode | undefined) => void,
): () => Promise<void> {
  const [handle, ...others] = sock.ws.listeners('CB:message');
  if (!handle || others.length > 0) throw new Error('this is not the version of Baileys that was tested');
  sock.ws.removeAllListeners('CB:message');
  let line = Promise.resolve();
  const begin = async (stanza: BinaryNode): Promise<void> => {
    // Not confirmed, so it comes again with the next connection.
    if (!sock.ws.isOpen) return;
    const { offline: _, ...attrs } = stanza.attrs;
    onBegin(stanza);
    try {
      await Reflect.apply(handle, sock.ws, [{ ...stanza, attrs }]);
    } catch (error) {
      log.info('a step of the library failed', { channel: 'whatsapp', code: codeOf(error) });
    } finally {
      onBegin(undefined);
    }
    // Others have their turn, also while a thousand messages come in.
    await setImmediate();
  };
  sock.ws.on('CB:message', (stanza: BinaryNode) => {
    line = line.then(() => begin(stanza));
  });
  return () => line;
}

/**
 * Opens what is sealed, and lets `take` store it before the step of the encryption is: a crash in between makes
 * WhatsApp send the message again, and it can be read again. Then the library tells WhatsApp "received".
 */
function storingFirst(
  repository: SignalRepositoryWithLIDStore,
  keys: SignalKeyStore | SignalKeyStoreWithTransaction,
  take: (plaintext: Uint8Array) => Promise<void>,
): SignalRepositoryWithLIDStore {
  if (!('transaction' in keys)) throw new Error('this is not the version of Baileys that was tested');
  const open = repository.decryptMessage;
  repository.decryptMessage = (sealed) =>
    keys.transaction(async () => {
      const plaintext = await open(sealed);
      await take(plaintext);
      return plaintext;
    }, sealed.jid);
  return repository;
}

/** Nothing is looked up, downloaded or announced: no history, no previews, no pictures, no "online". */
function socketConfig(
  keys: Keys,
  { version, wsUrl, timings, recall }: ClientOptions,
  take: (plaintext: Uint8Array) => Promise<void>,
): UserFacingSocketConfig {
  const { makeSignalRepository } = DEFAULT_CONNECTION_CONFIG;
  return {
    auth: keys.state,
    version,
    ...(wsUrl === undefined ? {} : { waWebSocketUrl: wsUrl }),
    logger: quietLogger,
    syncFullHistory: false,
    shouldSyncHistoryMessage: () => false,
    markOnlineOnConnect: false,
    generateHighQualityLinkPreview: false,
    emitOwnEvents: false,
    connectTimeoutMs: timings.answer,
    defaultQueryTimeoutMs: timings.answer,
    // The next message would wait as well, and anybody can send what cannot be opened.
    retryRequestDelayMs: 0,
    // Keys that are not stored must be noticed at once, not after half a minute.
    transactionOpts: { maxCommitRetries: 3, delayBetweenTriesMs: 200 },
    shouldIgnoreJid: (jid) =>
      Boolean(isJidGroup(jid) || isJidBroadcast(jid) || isJidNewsletter(jid) || isJidMetaAI(jid)),
    makeSignalRepository: (auth, ...more) =>
      storingFirst(makeSignalRepository(auth, ...more), auth.keys, take),
    getMessage: async ({ id }) => (id ? recall(id) : undefined),
  };
}

/**
 * A socket whose handlers cannot end the process: the library has some that fail with nobody listening when the
 * connection goes at the wrong moment, and other channels must not fall with it.
 */
function contained(config: UserFacingSocketConfig, log: Log): WASocket {
  const before = EventEmitter.captureRejections;
  EventEmitter.captureRejections = true;
  try {
    const sock = makeWASocket(config);
    sock.ws[EventEmitter.captureRejectionSymbol] = (error: Error): void => {
      log.info('a step of the library failed', { channel: 'whatsapp', code: codeOf(error) });
    };
    return sock;
  } finally {
    EventEmitter.captureRejections = before;
  }
}

/** One receipt may stand for many messages. */
function idsOf(receipt: BinaryNode): string[] {
  const listed = getAllBinaryNodeChildren(receipt).flatMap(getAllBinaryNodeChildren);
  return [receipt, ...listed].flatMap(({ attrs }) => attrs.id ?? []);
}

/** Nobody is here to talk. A call of an hour ago has ended by itself. */
function reject(sock: WASocket, call: WACallEvent, log: Log): void {
  if (call.status !== 'offer' || call.offline) return;
  void sock.rejectCall(call.id, call.from).catch((error: unknown) => {
    log.info('a call was not rejected', { channel: 'whatsapp', code: codeOf(error) });
  });
}
