// The key by which the daemon tells clients with the same credentials. Matches BuildKit session/auth/authprovider.
import { createHmac, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

/** PKCS #8 of an ed25519 key, up to the 32 bytes of its seed. */
const PKCS8_PREFIX: Uint8Array = Buffer.from('302e020100300506032b657004220420', 'hex');
const KEY_BYTES = 32;

/** @param seed the registry's seed; undefined for who has no credentials: all of these are the same client. */
export function authorityKey(salt: Uint8Array, seed: Uint8Array | undefined): KeyObject {
  const secret = createHmac('sha256', salt)
    .update(seed ?? new Uint8Array())
    .digest();
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, secret]), format: 'der', type: 'pkcs8' });
}

export function publicKeyOf(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
}

/** NaCl's `sign` form: the signature, then the message. */
export function signed(key: KeyObject, payload: Uint8Array): Uint8Array {
  return Buffer.concat([sign(null, payload, key), payload]);
}
