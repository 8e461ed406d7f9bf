import { TsbuildxError } from '../base/errors.ts';

const LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Checks `algorithm:hex` as go-digest does. Returns the reason why it is none, or undefined. */
export function digestFault(text: string): string | undefined {
  const match = /^([a-z0-9]+(?:[.+_-][a-z0-9]+)*):([a-zA-Z0-9=_-]+)$/.exec(text);
  if (match === null) return 'invalid checksum digest format';
  const [, algorithm = '', encoded = ''] = match;
  const length = LENGTHS[algorithm];
  if (length === undefined) return 'unsupported digest algorithm';
  if (encoded.length !== length) return 'invalid checksum digest length';
  return /^[a-f0-9]+$/.test(encoded) ? undefined : 'invalid checksum digest format';
}

/** Returns `text` when it is a digest. Throws INVALID_ARGUMENT. */
export function parseDigest(text: string): string {
  const fault = digestFault(text);
  if (fault !== undefined) throw new TsbuildxError('INVALID_ARGUMENT', fault);
  return text;
}
