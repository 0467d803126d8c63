import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import {
  aesDecryptCTR,
  aesDecryptGCM,
  aesEncryptCTR,
  type BinaryNode,
  Curve,
  derivePairingCodeKey,
  type KeyPair,
  proto,
  WA_ADV_ACCOUNT_SIG_PREFIX,
  WA_ADV_DEVICE_SIG_PREFIX,
} from '@whiskeysockets/baileys';
import { signatureHolds } from './whatsapp-keys.ts';
import { bytesOf, child, node } from './whatsapp-nodes.ts';

/** What a QR code says. */
export interface QrPayload {
  ref: string;
  noiseKey: Buffer;
  identity: Buffer;
  secret: Buffer;
}

/** Reads a QR payload as Baileys gives it to be shown. @throws when it is none */
export function readQr(payload: string): QrPayload {
  const [ref, noiseKey, identity, secret] = payload.replace(/^https:\/\/wa\.me\/[^#]*#/, '').split(',');
  if (!ref || !noiseKey || !identity || !secret) throw new Error('not a QR code for linking a device');
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  return { ref, noiseKey: bytes(noiseKey), identity: bytes(identity), secret: bytes(secret) };
}

/** The phone's word for a new linked device: signed with the account's identity, sealed with the pairing secret. */
export class Voucher {
  readonly #details: Uint8Array;
  readonly #account: KeyPair;
  readonly #companion: Uint8Array;

  constructor(account: KeyPair, companion: Uint8Array, device: number, now: number) {
    this.#account = account;
    this.#companion = companion;
    this.#details = proto.ADVDeviceIdentity.encode({
      rawId: 1,
      timestamp: Math.floor(now / 1000),
      keyIndex: device,
    }).finish();
  }

  /** The content of `<device-identity>` in pair-success. */
  sealed(secret: Uint8Array): Uint8Array {
    const signed = Buffer.concat([WA_ADV_ACCOUNT_SIG_PREFIX, this.#details, this.#companion]);
    const details = proto.ADVSignedDeviceIdentity.encode({
      details: this.#details,
      accountSignatureKey: this.#account.public,
      accountSignature: Curve.sign(this.#account.private, signed),
    }).finish();
    const hmac = createHmac('sha256', secret).update(details).digest();
    return proto.ADVSignedDeviceIdentityHMAC.encode({ details, hmac }).finish();
  }

  /** Whether the device put its own good signature under the voucher. */
  countersigned(reply: BinaryNode): boolean {
    const identity = child(child(reply, 'pair-device-sign'), 'device-identity')?.content;
    if (!(identity instanceof Uint8Array)) return false;
    const { details, deviceSignature } = proto.ADVSignedDeviceIdentity.decode(identity);
    if (!details || !deviceSignature || !Buffer.from(details).equals(this.#details)) return false;
    const message = Buffer.concat([
      WA_ADV_DEVICE_SIG_PREFIX,
      this.#details,
      this.#companion,
      this.#account.public,
    ]);
    return signatureHolds(this.#companion, message, deviceSignature);
  }
}

/** A device that asked to be linked by a code, from its first word to its last. */
export class CodePairing {
  readonly ref = randomBytes(16);
  readonly #wrapped: Buffer;
  readonly #ephemeral = Curve.generateKeyPair();
  readonly #account: KeyPair;
  #companionEphemeral: Buffer | undefined;

  /** @param hello `<link_code_companion_reg stage="companion_hello">` */
  constructor(hello: BinaryNode, account: KeyPair) {
    this.#wrapped = bytesOf(hello, 'link_code_pairing_wrapped_companion_ephemeral_pub');
    this.#account = account;
  }

  /** The person has typed the code: the answer of the phone. A wrong code shows only at the end. */
  async primaryHello(code: string): Promise<BinaryNode> {
    const opened = await derivePairingCodeKey(code, this.#wrapped.subarray(0, 32));
    this.#companionEphemeral = aesDecryptCTR(
      this.#wrapped.subarray(48, 80),
      opened,
      this.#wrapped.subarray(32, 48),
    );
    const salt = randomBytes(32);
    const iv = randomBytes(16);
    const sealed = aesEncryptCTR(this.#ephemeral.public, await derivePairingCodeKey(code, salt), iv);
    return node('link_code_companion_reg', { stage: 'primary_hello' }, [
      node('link_code_pairing_wrapped_primary_ephemeral_pub', {}, Buffer.concat([salt, iv, sealed])),
      node('primary_identity_pub', {}, this.#account.public),
      node('link_code_pairing_ref', {}, this.ref),
    ]);
  }

  /**
   * The device's last word: both sides now know the pairing secret.
   * @throws when the code was wrong
   */
  finish(last: BinaryNode, companion: Uint8Array): Buffer {
    if (!this.#companionEphemeral) throw new Error('nobody has typed the code yet');
    const bundle = bytesOf(last, 'link_code_pairing_wrapped_key_bundle');
    const shared = Curve.sharedKey(this.#ephemeral.private, this.#companionEphemeral);
    const info = 'link_code_pairing_key_bundle_encryption_key';
    const key = Buffer.from(hkdfSync('sha256', shared, bundle.subarray(0, 32), info, 32));
    const plain = aesDecryptGCM(bundle.subarray(44), key, bundle.subarray(32, 44), Buffer.alloc(0));
    const [theirs, ours, random] = [plain.subarray(0, 32), plain.subarray(32, 64), plain.subarray(64)];
    if (!theirs.equals(companion) || !ours.equals(this.#account.public))
      throw new Error('other keys came back');
    const identities = Curve.sharedKey(this.#account.private, theirs);
    const secret = Buffer.concat([shared, identities, random]);
    return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'adv_secret', 32));
  }
}
