import {
  type AuthenticationCreds,
  type AuthenticationState,
  BufferJSON,
  type CacheStore,
  initAuthCreds,
  makeCacheableSignalKeyStore,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
} from '@whiskeysockets/baileys';
import type { Clock } from '../clock.ts';
import { quietLogger } from './whatsapp-quiet.ts';

/**
 * Where the keys live: named values, sealed, a transaction a call, durable when it returns. A row with an `owner`
 * (a platform's id of a person) dies 48 hours after it was last written.
 */
export interface KeyRows {
  /** @returns the values there are, by name */
  get(names: readonly string[]): Map<string, string>;
  /** `null` deletes. */
  set(rows: readonly { name: string; value: string | null; owner?: string }[]): void;
  /** Deletes every row of these owners. */
  forget(owners: readonly string[]): void;
  /** Deletes everything. */
  clear(): void;
}

/** What one connection works with. */
export interface Keys {
  state: AuthenticationState;
  /**
   * The connection is over: what it still writes is dropped. It would be the step of a message that WhatsApp was not
   * told of and sends again, and could not be read a second time; and two connections must not write on one state.
   */
  end(): void;
}

/** The credentials of our device and the encryption sessions with people. */
export interface Auth {
  /** For a new connection: the paired device's credentials, or new ones to pair with. Ends the one before. */
  begin(): Keys;
  /** Whether a phone has accepted us. */
  paired(): boolean;
  /** Our own ids, when paired: user parts of our phone number's and our hidden JID. */
  own(): { pn: string; lid?: string } | undefined;
  /** Stores the credentials as they are now; those of a pairing that is not finished are never stored. */
  save(): void;
  /** The other JID of the same person, if we have seen both. */
  aliasOf(jid: string): string | undefined;
  /** Remembers that two JIDs are one person, for as long as they go on writing. */
  learn(lid: string, pn: string): void;
  /** Deletes what is kept about this person, under both JIDs. */
  forget(jid: string): void;
  /** Deletes everything: the phone has thrown us out, or we leave. */
  clear(): void;
}

const CREDS = 'creds';

/**
 * What is stored. The rest is not needed, and better not had: keys to the phone's address book ("app-state-…") and
 * to groups ("sender-key…"), which anybody could make us store.
 */
const KEPT: ReadonlySet<string> = new Set<keyof SignalDataTypeMap>([
  'pre-key',
  'session',
  'identity-key',
  'device-list',
  'lid-mapping',
  'tctoken',
]);

/** A list of everybody that Baileys keeps to tidy up after itself; our rows die by themselves. */
const ADDRESS_BOOK = 'tctoken/__index';

/** Makes the auth state over the store's rows. Throws what `rows.get` throws. */
export function createAuth(rows: KeyRows, clock: Clock): Auth {
  let cache = createCache(clock);
  let creds = load(rows) ?? initAuthCreds();

  const paired = (): boolean => creds.account !== undefined && creds.me !== undefined;
  const mapped = (id: string): string | undefined => {
    const name = `lid-mapping/${id}`;
    const known = cache.get(`lid-mapping.${id}`) ?? parse(rows.get([name]).get(name));
    return typeof known === 'string' ? known : undefined;
  };

  return {
    paired,
    begin() {
      // A try at pairing leaves half a login behind, with which the next connection would be refused.
      if (!paired()) creds = initAuthCreds();
      const own = createCache(clock);
      cache = own;
      let over = false;
      const keys = createKeys(rows, () => !over && cache === own);
      return {
        state: { creds, keys: makeCacheableSignalKeyStore(keys, quietLogger, own) },
        end() {
          over = true;
        },
      };
    },
    own() {
      if (!paired() || !creds.me) return undefined;
      const lid = creds.me.lid;
      return { pn: userOf(creds.me.id), ...(lid ? { lid: userOf(lid) } : {}) };
    },
    save() {
      if (paired()) rows.set([{ name: CREDS, value: write(creds) }]);
    },
    aliasOf(jid) {
      const user = userOf(jid);
      const other = mapped(jid.endsWith('@lid') ? `${user}_reverse` : user);
      return other && (jid.endsWith('@lid') ? `${other}@s.whatsapp.net` : `${other}@lid`);
    },
    learn(lidJid, pnJid) {
      const lid = userOf(lidJid);
      const pn = userOf(pnJid);
      // Baileys writes a pair once and then trusts its memory; ours has to outlive the conversation, not its start.
      if (cache.get(`lid-mapping.${pn}`) === lid) return;
      rows.set([
        { name: `lid-mapping/${pn}`, value: write(lid), owner: pn },
        { name: `lid-mapping/${lid}_reverse`, value: write(pn), owner: lid },
      ]);
      cache.set(`lid-mapping.${pn}`, lid);
      cache.set(`lid-mapping.${lid}_reverse`, pn);
    },
    forget(jid) {
      const other = this.aliasOf(jid);
      const owners = [jid, ...(other ? [other] : [])].map(userOf);
      rows.forget(owners);
      cache.drop((key) => owners.includes(userOf(key.slice(key.indexOf('.') + 1))));
    },
    clear() {
      rows.clear();
      cache = createCache(clock);
      creds = initAuthCreds();
    },
  };
}

/**
 * The person behind a JID or behind the id of a key: `4`, `4:2@lid`, `4_1.0`, `4_reverse` are all 4. Numbers only
 * matter here: a hidden id and a phone number that are equal would be one owner, which deletes too much, never too
 * little.
 */
export function userOf(id: string): string {
  return /^[^._:@]*/.exec(id)?.[0] ?? '';
}

/** One `set` of the library is one transaction of ours. */
function createKeys(rows: KeyRows, live: () => boolean): SignalKeyStore {
  return {
    get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
      const found = rows.get(ids.map((id) => `${type}/${id}`));
      const values: { [id: string]: SignalDataTypeMap[T] } = {};
      for (const id of ids) {
        const text = found.get(`${type}/${id}`);
        if (text !== undefined) values[id] = parse(text) as SignalDataTypeMap[T];
      }
      return values;
    },
    set(data: SignalDataSet) {
      const changed = Object.entries(data).flatMap(([type, values]) =>
        KEPT.has(type)
          ? Object.entries(values ?? {}).map(([id, value]) => ({
              name: `${type}/${id}`,
              value: value === null || value === undefined ? null : write(value),
              ...(type === 'pre-key' ? {} : { owner: userOf(id) }),
            }))
          : [],
      );
      const kept = changed.filter(({ name }) => name !== ADDRESS_BOOK);
      if (kept.length > 0 && live()) rows.set(kept);
    },
  };
}

interface KeyCache extends CacheStore {
  get<T>(key: string): T | undefined;
  set<T>(key: string, value: T): void;
  flushAll(): void;
  /** Deletes every entry whose key, `<type>.<id>`, is one of these. */
  drop(which: (key: string) => boolean): void;
}

const CACHE_ENTRIES = 4000;
/** Also how long a row that the store has swept may still be served. Whatever is used is written again anyway. */
const CACHE_MS = 5 * 60_000;

/** Least recently set goes first. Its own, so that a person can be taken out of it. */
function createCache(clock: Clock): KeyCache {
  const entries = new Map<string, { value: unknown; at: number }>();
  return {
    get<T>(key: string) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (Math.abs(clock.now() - entry.at) < CACHE_MS) return entry.value as T;
      entries.delete(key);
      return undefined;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, { value, at: clock.now() });
      const oldest = entries.keys().next();
      if (entries.size > CACHE_ENTRIES && !oldest.done) entries.delete(oldest.value);
    },
    del: (key) => {
      entries.delete(key);
    },
    flushAll: () => entries.clear(),
    drop(which) {
      for (const key of entries.keys()) if (which(key)) entries.delete(key);
    },
  };
}

function load(rows: KeyRows): AuthenticationCreds | undefined {
  const stored = parse(rows.get([CREDS]).get(CREDS));
  return isCreds(stored) ? stored : undefined;
}

function isCreds(value: unknown): value is AuthenticationCreds {
  return typeof value === 'object' && value !== null && 'noiseKey' in value && 'signedIdentityKey' in value;
}

function write(value: unknown): string {
  return JSON.stringify(value, BufferJSON.replacer);
}

function parse(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text, BufferJSON.reviver);
}
