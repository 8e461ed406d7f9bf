import { randomBytes } from 'node:crypto';

/** A new random id in the form of BuildKit's identity package: 25 characters of base 36, about 129 bits. */
export function newIdentity(): string {
  const bytes = randomBytes(17);
  bytes[0] = (bytes[0] ?? 0) | 0x80; // never short of digits
  return BigInt(`0x${bytes.toString('hex')}`)
    .toString(36)
    .slice(1, 26);
}
