import {
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  encodeWAMessage,
  generateRegistrationId,
  generateSignalPubKey,
  type KeyPair,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStoreWithTransaction,
  type SignalRepositoryWithLIDStore,
  signedKeyPair,
  unpadRandomMax16,
} from '@whiskeysockets/baileys';
import type { Bundle } from './whatsapp-keys.ts';
import { SILENT } from './whatsapp-nodes.ts';

/** Something sealed for one device. */
export interface Sealed {
  type: 'pkmsg' | 'msg';
  ciphertext: Uint8Array;
}

/** One phone, or one computer linked to it: an identity and real Signal sessions, in memory. */
export class SignalDevice {
  /** The identity, which vouches for linked devices when this is the account's phone. */
  identity: KeyPair;
  #repository: SignalRepositoryWithLIDStore;
  #keys: SignalKeyStoreWithTransaction;
  #signed: ReturnType<typeof signedKeyPair> | undefined;
  #registrationId = 0;
  #nextPreKey = 1;
  #sessions = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor() {
    this.identity = Curve.generateKeyPair();
    this.#keys = memoryKeys();
    this.#repository = this.#start();
  }

  /** Forgets everything and begins with a new identity, as a phone does after WhatsApp was installed again. */
  reinstall(): void {
    this.close();
    this.identity = Curve.generateKeyPair();
    this.#signed = undefined;
    this.#keys = memoryKeys();
    this.#sessions.clear();
    this.#repository = this.#start();
  }

  /** Runs one job after the other, so that messages leave and arrive in order. */
  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#last.then(job);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** What somebody needs to write to this device first; each call gives away one new pre-key. */
  async bundle(): Promise<Bundle> {
    const id = this.#nextPreKey++;
    const pair = Curve.generateKeyPair();
    await this.#keys.set({ 'pre-key': { [id]: pair } });
    const { keyId, keyPair, signature } = this.#signedPreKey();
    return {
      registrationId: this.#registrationId,
      identity: Buffer.from(this.identity.public),
      signed: { id: keyId, key: Buffer.from(keyPair.public), signature: Buffer.from(signature) },
      preKey: { id, key: Buffer.from(pair.public) },
    };
  }

  hasSession(jid: string): boolean {
    return this.#sessions.has(jid);
  }

  /** Begins a new session with the owner of a bundle; the next message to them is a `pkmsg`. */
  async begin(jid: string, { registrationId, identity, signed, preKey }: Bundle): Promise<void> {
    const session = {
      registrationId,
      identityKey: generateSignalPubKey(identity),
      signedPreKey: {
        keyId: signed.id,
        publicKey: generateSignalPubKey(signed.key),
        signature: signed.signature,
      },
      ...(preKey ? { preKey: { keyId: preKey.id, publicKey: generateSignalPubKey(preKey.key) } } : {}),
    };
    await this.#repository.injectE2ESession({ jid, session });
    this.#sessions.add(jid);
  }

  /** Drops the session with somebody: their next `msg` cannot be read. */
  async forget(jid: string): Promise<void> {
    this.#sessions.delete(jid);
    await this.#repository.deleteSession([jid]);
  }

  seal(jid: string, message: proto.IMessage): Promise<Sealed> {
    return this.#repository.encryptMessage({ jid, data: encodeWAMessage(message) });
  }

  /** @throws when there is no session, or the message does not belong to it */
  async open(jid: string, { type, ciphertext }: Sealed): Promise<proto.Message> {
    const padded = await this.#repository.decryptMessage({ jid, type, ciphertext });
    this.#sessions.add(jid);
    return proto.Message.decode(unpadRandomMax16(padded));
  }

  /** Seals for a whole group: the message, and the key that has to reach every member first. */
  async sealGroup(group: string, meId: string, message: proto.IMessage) {
    const data = encodeWAMessage(message);
    const sealed = await this.#repository.encryptGroupMessage({ group, meId, data });
    const senderKey: proto.IMessage = {
      senderKeyDistributionMessage: {
        groupId: group,
        axolotlSenderKeyDistributionMessage: sealed.senderKeyDistributionMessage,
      },
    };
    return { ciphertext: sealed.ciphertext, senderKey };
  }

  close(): void {
    this.#repository.close?.();
  }

  /** Made when somebody asks: the signature takes 8 ms, and most phones write first and never need it. */
  #signedPreKey(): ReturnType<typeof signedKeyPair> {
    this.#signed ??= signedKeyPair(this.identity, 1);
    return this.#signed;
  }

  #start(): SignalRepositoryWithLIDStore {
    this.#registrationId = generateRegistrationId();
    const signed = (): ReturnType<typeof signedKeyPair> => this.#signedPreKey();
    const creds = {
      signedIdentityKey: this.identity,
      registrationId: this.#registrationId,
      get signedPreKey() {
        return signed();
      },
    };
    return DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds, keys: this.#keys }, SILENT);
  }
}

type Stored = SignalDataTypeMap[keyof SignalDataTypeMap];

/** A key store in memory. A device does one job at a time, so a transaction has nothing to guard. */
function memoryKeys(): SignalKeyStoreWithTransaction {
  const rows = new Map<string, Map<string, unknown>>();
  return {
    get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
      const found: Record<string, SignalDataTypeMap[T]> = {};
      for (const id of ids) {
        const value = rows.get(type)?.get(id) as SignalDataTypeMap[T] | undefined;
        if (value !== undefined) found[id] = value;
      }
      return found;
    },
    set(data: SignalDataSet) {
      for (const [type, values] of Object.entries(data)) {
        const row = rows.get(type) ?? new Map<string, Stored>();
        rows.set(type, row);
        for (const [id, value] of Object.entries(values))
          value === null ? row.delete(id) : row.set(id, value);
      }
    },
    isInTransaction: () => false,
    transaction: (work) => work(),
  };
}
