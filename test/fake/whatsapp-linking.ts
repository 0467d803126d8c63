import { randomBytes } from 'node:crypto';
import type { BinaryNode, KeyPair, proto } from '@whiskeysockets/baileys';
import { Companion } from './whatsapp-companion.ts';
import type { Connection } from './whatsapp-connection.ts';
import { type Bundle, bundleHolds } from './whatsapp-keys.ts';
import { child, node, SERVER, uint, userOf } from './whatsapp-nodes.ts';
import { CodePairing, readQr, Voucher } from './whatsapp-pairing.ts';

/** What linking a device needs of the service. */
export interface LinkHost {
  now(): number;
  readonly account: { pn: string; lid: string };
  /** The identity of the account's phone. */
  identity(): KeyPair;
  /** How many QR codes a device gets before it has to ask again. */
  readonly qrRefs: number;
  link(companion: Companion): void;
  unlinkAll(): void;
  problem(what: string): void;
}

/** A device that is not linked yet. */
interface Candidate {
  connection: Connection;
  bundle: Bundle;
  refs: string[];
  code?: CodePairing;
  /** Told when the device has gone, or answered the code. */
  failed?: (error: Error) => void;
  finished?: (last: BinaryNode) => boolean;
}

/** Linking devices, by QR code and by eight characters, as the service and the phone do it together. */
export class Linking {
  readonly #host: LinkHost;
  readonly #candidates = new Map<Connection, Candidate>();
  #devices = 0;

  constructor(host: LinkHost) {
    this.#host = host;
  }

  /** Devices that wait to be linked now. */
  get waiting(): number {
    return this.#candidates.size;
  }

  /** Numbers for which a code was asked, and nobody has typed it yet. */
  get codesAsked(): number {
    return [...this.#candidates.values()].filter(({ code }) => code).length;
  }

  /** A device without an account connects. */
  offer(connection: Connection, { devicePairingData: data }: proto.ClientPayload): void {
    if (!data?.eIdent || !data.eSkeyVal || !data.eSkeySig || !data.eSkeyId || !data.eRegid) {
      this.#host.problem('a registration without keys');
      connection.failure(400);
      return;
    }
    const bundle: Bundle = {
      registrationId: uint(data.eRegid),
      identity: Buffer.from(data.eIdent),
      signed: {
        id: uint(data.eSkeyId),
        key: Buffer.from(data.eSkeyVal),
        signature: Buffer.from(data.eSkeySig),
      },
    };
    if (!bundleHolds(bundle)) {
      this.#host.problem('a pre-key whose signature does not hold');
      connection.failure(400);
      return;
    }
    const refs = Array.from({ length: this.#host.qrRefs }, () => `2@${randomBytes(24).toString('base64')}`);
    this.#candidates.set(connection, { connection, bundle, refs });
    const content = refs.map((ref) => node('ref', {}, Buffer.from(ref)));
    connection.ask(node('pair-device', {}, content), () => undefined);
  }

  gone(connection: Connection): void {
    const candidate = this.#candidates.get(connection);
    this.#candidates.delete(connection);
    candidate?.failed?.(new Error('the device left before it was linked'));
  }

  async scan(payload: string): Promise<void> {
    const { ref, noiseKey, identity, secret } = readQr(payload);
    const candidate = [...this.#candidates.values()].find(({ refs }) => refs.includes(ref));
    if (!candidate) throw new Error('nobody shows this QR code now');
    if (!identity.equals(candidate.bundle.identity) || !noiseKey.equals(candidate.connection.clientKey)) {
      throw new Error('the QR code has other keys than the device that shows it');
    }
    await this.#pair(candidate, secret);
  }

  async enterCode(typed: string): Promise<void> {
    const candidate = [...this.#candidates.values()].find(({ code }) => code);
    if (!candidate?.code) throw new Error('no device asked to be linked to this number');
    const { code, connection, bundle } = candidate;
    const hello = await code.primaryHello(typed.replaceAll('-', '').toUpperCase());
    const secret = await new Promise<Buffer>((resolve, reject) => {
      candidate.failed = reject;
      candidate.finished = (last) => {
        try {
          resolve(code.finish(last, bundle.identity));
          return true;
        } catch (cause) {
          reject(new Error('the code is wrong', { cause }));
          return false;
        }
      };
      const attrs = { from: SERVER, type: 'link_code_companion_reg', id: `code${this.#devices}` };
      connection.send(node('notification', { ...attrs, t: '1' }, [hello]));
    });
    await this.#pair(candidate, secret);
  }

  unlink(): void {
    this.#host.unlinkAll();
  }

  /** The iq of a device that wants to be linked by code. @returns the answer's content, or an error's code */
  answer(connection: Connection, request: BinaryNode): BinaryNode[] | number {
    const candidate = this.#candidates.get(connection);
    if (!candidate) return 400;
    if (request.attrs.stage === 'companion_hello') {
      if (userOf(request.attrs.jid) !== this.#host.account.pn) return 404;
      candidate.code = new CodePairing(request, this.#host.identity());
      const ref = node('link_code_pairing_ref', {}, candidate.code.ref);
      return [node('link_code_companion_reg', { stage: 'companion_hello' }, [ref])];
    }
    const ref = child(request, 'link_code_pairing_ref')?.content;
    const known = candidate.code && ref instanceof Uint8Array && candidate.code.ref.equals(ref);
    return known && candidate.finished?.(request) ? [] : 400;
  }

  #pair(candidate: Candidate, secret: Uint8Array): Promise<void> {
    const { connection, bundle } = candidate;
    const { account } = this.#host;
    const device = ++this.#devices;
    const voucher = new Voucher(this.#host.identity(), bundle.identity, device, this.#host.now());
    const companion = new Companion(account, device, bundle, connection.clientKey);
    const success = node('pair-success', {}, [
      node('device-identity', {}, voucher.sealed(secret)),
      node('platform', { name: 'android' }),
      node('device', { jid: companion.jid, lid: companion.lid }),
    ]);
    return new Promise((resolve, reject) => {
      candidate.failed = reject;
      const t = String(Math.floor(this.#host.now() / 1000));
      connection.ask(
        success,
        (reply) => {
          if (voucher.countersigned(reply)) {
            delete candidate.failed;
            this.#host.link(companion);
            connection.streamError(515);
            resolve();
          } else {
            this.#host.problem('a device signature that does not hold');
            reject(new Error('the signature of the device does not hold'));
            connection.failure(401);
          }
        },
        { t },
      );
    });
  }
}
