import { createHash } from 'node:crypto';
import { TsbuildxError } from '../../base/errors.ts';
import { digestFault } from '../../oci/index.ts';
import type { RpcClient } from '../rpc/index.ts';
import type { ContentClient, ReadContentOptions, StoredContent } from './client.ts';
import { INFO, READ } from './content-codec.ts';

const DEFAULT_LIMIT = 64 << 20;

/** The content store of the daemon at the other end of `rpc`. */
export function createContentClient(rpc: RpcClient): ContentClient {
  return {
    info: (digest, { signal }) => rpc.unary(INFO, digest, { signal }),
    read: (content, options) => read(rpc, content, options),
    async readAll(content, { limit = DEFAULT_LIMIT, signal }) {
      const pieces: Uint8Array[] = [];
      for await (const piece of read(rpc, content, { limit, signal })) pieces.push(piece);
      return Buffer.concat(pieces);
    },
  };
}

async function* read(
  rpc: RpcClient,
  { digest, size: told }: StoredContent,
  { limit = Number.MAX_SAFE_INTEGER, signal }: ReadContentOptions,
): AsyncGenerator<Uint8Array> {
  const fail = (why: string): never => {
    throw new TsbuildxError('PROTOCOL', `content ${digest} of the daemon ${why}`);
  };
  const fault = digestFault(digest);
  if (fault !== undefined) fail(`has no usable name: ${fault}`);
  const size = told === -1 ? (await rpc.unary(INFO, digest, { signal })).size : told;
  if (!Number.isSafeInteger(size) || size < 0) fail(`has no usable size: ${size}`);
  if (size > limit) fail(`is larger than ${limit} bytes`);
  const hash = createHash(digest.slice(0, digest.indexOf(':')));
  let length = 0;
  for await (const view of rpc.serverStream(READ, { digest, size }, { signal })) {
    length += view.length;
    if (length > size) fail(`is larger than the ${size} bytes that were told`);
    const piece = new Uint8Array(view);
    hash.update(piece);
    yield piece;
  }
  if (length < size) fail(`is smaller than the ${size} bytes that were told`);
  if (hash.digest('hex') !== digest.slice(digest.indexOf(':') + 1)) fail('has another digest');
}
