import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import {
  Curve,
  type KeyPair,
  NOISE_MODE,
  NOISE_WA_HEADER,
  proto,
  WA_CERT_DETAILS,
} from '@whiskeysockets/baileys';

const NONE = Buffer.alloc(0);
const ROOT = Curve.generateKeyPair();

/** Makes Baileys trust the certificates of this stand-in, should it ever really look at them. */
export function installTestRoot(): void {
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(ROOT.public);
}

/** The server's key and the chain that vouches for it: root → intermediate → leaf. */
export interface Certificate {
  leaf: KeyPair;
  chain: Uint8Array;
}

/** A leaf under the test root; `forged` signs it with a key nobody vouches for. */
export function certificate(forged = false): Certificate {
  const { NoiseCertificate } = proto.CertChain;
  const intermediate = Curve.generateKeyPair();
  const leaf = Curve.generateKeyPair();
  const sign = (by: KeyPair, key: Uint8Array, serial: number, issuerSerial: number) => {
    const details = NoiseCertificate.Details.encode({ serial, issuerSerial, key }).finish();
    return { details, signature: Curve.sign(by.private, details) };
  };
  const chain = proto.CertChain.encode({
    intermediate: sign(
      forged ? Curve.generateKeyPair() : ROOT,
      intermediate.public,
      1,
      WA_CERT_DETAILS.SERIAL,
    ),
    leaf: sign(intermediate, leaf.public, 2, 1),
  }).finish();
  return { leaf, chain };
}

/** The answering side of Noise_XX_25519_AESGCM_SHA256 as WhatsApp speaks it, and the frames around it. */
export class NoiseResponder {
  /** The client's static key, known after the handshake. */
  clientKey: Buffer | undefined;
  readonly #certificate: Certificate;
  readonly #ephemeral = Curve.generateKeyPair();
  #hash: Buffer = Buffer.from(NOISE_MODE);
  #salt: Buffer = this.#hash;
  #key: Buffer = this.#hash;
  #counter = 0;
  #transport: { read: Buffer; write: Buffer; reads: number; writes: number } | undefined;
  #input: Buffer = NONE;
  #introduced = false;

  constructor(certificate: Certificate) {
    this.#certificate = certificate;
  }

  /** Adds what arrived; gives the complete frames, opened when the handshake is over. */
  *frames(data: Buffer): Generator<Buffer> {
    this.#input = Buffer.concat([this.#input, data]);
    if (!this.#introduced && !this.#intro()) return;
    while (this.#input.length >= 3) {
      const end = 3 + this.#input.readUIntBE(0, 3);
      if (this.#input.length < end) return;
      const frame = this.#input.subarray(3, end);
      this.#input = this.#input.subarray(end);
      yield this.#transport ? this.#open(frame) : frame;
    }
  }

  /** Wraps one frame, sealed when the handshake is over. */
  frame(data: Uint8Array): Buffer {
    const body = this.#transport ? this.#seal(data) : data;
    const head = Buffer.alloc(3);
    head.writeUIntBE(body.length, 0, 3);
    return Buffer.concat([head, body]);
  }

  /** Answers the client's hello. */
  hello(frame: Uint8Array): Uint8Array {
    const client = proto.HandshakeMessage.decode(frame).clientHello?.ephemeral;
    if (!client) throw new Error('a handshake without a client hello');
    this.#mixHash(client);
    this.#mixHash(this.#ephemeral.public);
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, client));
    const fixed = this.#encrypt(this.#certificate.leaf.public);
    this.#mixKey(Curve.sharedKey(this.#certificate.leaf.private, client));
    const payload = this.#encrypt(this.#certificate.chain);
    const serverHello = { ephemeral: this.#ephemeral.public, static: fixed, payload };
    return proto.HandshakeMessage.encode({ serverHello }).finish();
  }

  /** Takes the client's last word; from here on frames are sealed with the two keys of the connection. */
  finish(frame: Uint8Array): proto.ClientPayload {
    const last = proto.HandshakeMessage.decode(frame).clientFinish;
    if (!last?.static || !last.payload) throw new Error('a handshake without an end');
    this.clientKey = this.#decrypt(last.static);
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, this.clientKey));
    const payload = proto.ClientPayload.decode(this.#decrypt(last.payload));
    const [read, write] = this.#derive(NONE);
    this.#transport = { read, write, reads: 0, writes: 0 };
    return payload;
  }

  /** `WA\x06\x03`, perhaps after the routing the server gave earlier. */
  #intro(): boolean {
    let at = 0;
    if (this.#input.subarray(0, 2).toString() === 'ED') {
      if (this.#input.length < 7) return false;
      at = 7 + this.#input.readUIntBE(4, 3);
    }
    const header = this.#input.subarray(at, at + NOISE_WA_HEADER.length);
    if (header.length < NOISE_WA_HEADER.length) return false;
    if (!header.equals(NOISE_WA_HEADER)) throw new Error('not a WhatsApp connection');
    this.#mixHash(header);
    this.#input = this.#input.subarray(at + NOISE_WA_HEADER.length);
    this.#introduced = true;
    return true;
  }

  #mixHash(data: Uint8Array): void {
    this.#hash = createHash('sha256').update(this.#hash).update(data).digest();
  }

  #derive(secret: Uint8Array): [Buffer, Buffer] {
    const both = Buffer.from(hkdfSync('sha256', secret, this.#salt, '', 64));
    return [both.subarray(0, 32), both.subarray(32)];
  }

  #mixKey(secret: Uint8Array): void {
    [this.#salt, this.#key] = this.#derive(secret);
    this.#counter = 0;
  }

  #encrypt(plain: Uint8Array): Buffer {
    const sealed = seal(this.#key, this.#counter++, this.#hash, plain);
    this.#mixHash(sealed);
    return sealed;
  }

  #decrypt(sealed: Uint8Array): Buffer {
    const plain = open(this.#key, this.#counter++, this.#hash, sealed);
    this.#mixHash(sealed);
    return plain;
  }

  #seal(plain: Uint8Array): Buffer {
    const state = this.#transport;
    if (!state) throw new Error('the handshake is not over');
    return seal(state.write, state.writes++, NONE, plain);
  }

  #open(sealed: Uint8Array): Buffer {
    const state = this.#transport;
    if (!state) throw new Error('the handshake is not over');
    return open(state.read, state.reads++, NONE, sealed);
  }
}

function nonce(counter: number): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(counter, 8);
  return iv;
}

function seal(key: Buffer, counter: number, extra: Buffer, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(counter)).setAAD(extra);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer, counter: number, extra: Buffer, sealed: Uint8Array): Buffer {
  const cipher = createDecipheriv('aes-256-gcm', key, nonce(counter)).setAAD(extra);
  cipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
}
