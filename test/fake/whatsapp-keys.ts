import { type BinaryNode, encodeBigEndian, KEY_BUNDLE_TYPE } from '@whiskeysockets/baileys';
import * as curve from 'curve25519-js';
import { bytesOf, child, children, node, uint } from './whatsapp-nodes.ts';

// A CommonJS package: under node its functions are on `default`, under vitest on the namespace.
type Curve = Pick<typeof curve, 'verify'>;
const loose: Partial<Curve> & { default?: unknown } = curve;
const verify: Curve['verify'] = loose.verify ?? (loose.default as Curve).verify;

/**
 * Whether a signature is good. Baileys' own `Curve.verify` accepts every signature, so it must not be asked.
 * @param key of 32 bytes, without the type byte
 */
export function signatureHolds(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === 64 && verify(key, message, signature);
}

/** A public key with its number. */
export interface NumberedKey {
  id: number;
  key: Buffer;
}

/** What a device publishes so that others can begin a session with it. All keys of 32 bytes. */
export interface Bundle {
  registrationId: number;
  identity: Buffer;
  signed: NumberedKey & { signature: Buffer };
  preKey?: NumberedKey;
}

/** Whether the signed pre-key was signed by the identity of its bundle. */
export function bundleHolds({ identity, signed }: Bundle): boolean {
  return signatureHolds(identity, Buffer.concat([KEY_BUNDLE_TYPE, signed.key]), signed.signature);
}

/** Reads `<skey>`. */
export function readSigned(parent: BinaryNode): Bundle['signed'] {
  const skey = child(parent, 'skey');
  const id = uint(bytesOf(skey, 'id'));
  return { id, key: bytesOf(skey, 'value'), signature: bytesOf(skey, 'signature') };
}

/** Reads `<key>`. */
export function readKey(key: BinaryNode): NumberedKey {
  return { id: uint(bytesOf(key, 'id')), key: bytesOf(key, 'value') };
}

/** Reads an uploaded set of pre-keys. */
export function readUpload(iq: BinaryNode): { bundle: Bundle; keys: NumberedKey[] } {
  const bundle: Bundle = {
    registrationId: uint(bytesOf(iq, 'registration')),
    identity: bytesOf(iq, 'identity'),
    signed: readSigned(iq),
  };
  return { bundle, keys: children(child(iq, 'list')).map(readKey) };
}

/** Reads the new keys that come with a second retry receipt, if there are any. */
export function readRetryKeys(receipt: BinaryNode): Bundle | undefined {
  const keys = child(receipt, 'keys');
  if (!keys) return undefined;
  const key = child(keys, 'key');
  return {
    registrationId: uint(bytesOf(receipt, 'registration')),
    identity: bytesOf(keys, 'identity'),
    signed: readSigned(keys),
    ...(key ? { preKey: readKey(key) } : {}),
  };
}

/** Writes a bundle as the service hands it out. */
export function bundleNodes(bundle: Bundle): BinaryNode[] {
  const { signed, preKey } = bundle;
  const numbered = ({ id, key }: NumberedKey): BinaryNode[] => [
    node('id', {}, encodeBigEndian(id, 3)),
    node('value', {}, key),
  ];
  return [
    node('registration', {}, encodeBigEndian(bundle.registrationId)),
    node('type', {}, KEY_BUNDLE_TYPE),
    node('identity', {}, bundle.identity),
    node('skey', {}, [...numbered(signed), node('signature', {}, signed.signature)]),
    ...(preKey ? [node('key', {}, numbered(preKey))] : []),
  ];
}
