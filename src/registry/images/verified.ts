import { createHash } from 'node:crypto';
import { TsbuildxError } from '../../base/errors.ts';
import { digestFault } from '../../oci/index.ts';

/** Bytes of the longest manifest or config that is read whole: no image that works has a longer one. */
export const MAX_DOCUMENT: number = 8 << 20;

/** The pieces as they come; the last of them only when all together have the digest, and the size when it is known. */
export async function* verified(
  pieces: AsyncIterable<Uint8Array>,
  { digest, size = -1 }: { readonly digest: string; readonly size?: number | undefined },
): AsyncGenerator<Uint8Array> {
  requireDigest(digest);
  const hash = createHash(digest.split(':', 1)[0] ?? '');
  let count = 0;
  let held: Uint8Array | undefined;
  for await (const piece of pieces) {
    if (piece.length === 0) continue;
    count += piece.length;
    if (size >= 0 && count > size)
      throw new TsbuildxError('PROTOCOL', `content of ${digest} is longer than ${size} bytes`);
    if (held !== undefined) yield held;
    hash.update(piece);
    held = piece;
  }
  const found = `${digest.split(':', 1)[0]}:${hash.digest('hex')}`;
  if (found !== digest) throw new TsbuildxError('PROTOCOL', `content of ${digest} has digest ${found}`);
  if (size >= 0 && count !== size) {
    throw new TsbuildxError('PROTOCOL', `content of ${digest} has ${count} bytes instead of ${size}`);
  }
  if (held !== undefined) yield held;
}

/** Throws PROTOCOL: digests come from others and become part of URLs. */
export function requireDigest(digest: string): void {
  if (digestFault(digest) !== undefined)
    throw new TsbuildxError('PROTOCOL', `invalid digest ${JSON.stringify(digest)}`);
}

/** All pieces as one. Throws PROTOCOL when there is more than `limit`. */
export async function collect(pieces: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > limit) throw new TsbuildxError('PROTOCOL', `answer is larger than ${limit} bytes`);
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}
