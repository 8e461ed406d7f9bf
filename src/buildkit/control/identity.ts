import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/** A new random id in the form of BuildKit's identity package: 25 characters of base 36, about 129 bits. */
export function newIdentity(): string {
  const bytes = random(17);
  bytes[0] = (bytes[0] ?? 0) | 0x80; // never short of digits
  return BigInt(`0x${bytes.toString('hex')}`)
    .toString(36)
    .slice(1, 26);
}

/** A digest that nothing else has. */
export function newDigest(): string {
  return `sha256:${random(32).toString('hex')}`;
}

/** From the system's own device where there is one: a build needs ids long before it needs the rest of node:crypto. */
function random(length: number): Buffer {
  if (!existsSync('/dev/urandom')) return randomBytes(length);
  const bytes = Buffer.alloc(length);
  const device = openSync('/dev/urandom', 'r');
  try {
    return readSync(device, bytes) === length ? bytes : randomBytes(length);
  } finally {
    closeSync(device);
  }
}
