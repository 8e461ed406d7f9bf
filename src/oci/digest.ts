import { TsbuildxError } from '../base/errors.ts';

const LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };
const DIGEST = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;

/** Checks `algorithm:hex` as go-digest does. Returns the reason why it is none, or undefined. */
export function digestFault(text: string): string | undefined {
  const colon = text.indexOf(':');
  if (colon <= 0 || colon + 1 === text.length) return 'invalid checksum digest format';
  const encoded = text.slice(colon + 1);
  const length = LENGTHS[text.slice(0, colon)];
  if (length === undefined)
    return DIGEST.test(text) ? 'unsupported digest algorithm' : 'invalid checksum digest format';
  if (encoded.length !== length) return 'invalid checksum digest length';
  return /^[a-f0-9]+$/.test(encoded) ? undefined : 'invalid checksum digest format';
}

/** Returns `text` when it is a digest. Throws INVALID_ARGUMENT. */
export function parseDigest(text: string): string {
  const fault = digestFault(text);
  if (fault !== undefined) throw new TsbuildxError('INVALID_ARGUMENT', fault);
  return text;
}
