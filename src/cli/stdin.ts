import { Readable } from 'node:stream';
import { TsbuildxError } from '../base/errors.ts';

/** What tells an archive from a Dockerfile. */
const headSize = 1024;
const sizeLimit = 16 << 20;

export interface OpenedStdin {
  /** Its first 1024 bytes; fewer when there are not more. */
  readonly head: Uint8Array;
  /** All of it, from the first byte. */
  readonly stream: Readable;
}

/** Waits for the beginning of a stream; the rest stays where it is. */
export async function openStdin(stdin: Readable = process.stdin): Promise<OpenedStdin> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk as Uint8Array);
    chunks.push(bytes);
    size += bytes.length;
    if (size >= headSize) break;
  }
  const read = Buffer.concat(chunks);
  const head = read.subarray(0, headSize);
  if (stdin.readableEnded) return { head, stream: Readable.from(read.length === 0 ? [] : [read]) };
  stdin.unshift(read);
  return { head, stream: stdin };
}

/** All of a stream, for what must be held in memory: a Dockerfile. */
export async function readAll(stream: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk as Uint8Array);
    chunks.push(bytes);
    size += bytes.length;
    if (size > sizeLimit)
      throw new TsbuildxError('INVALID_ARGUMENT', `the Dockerfile on stdin is larger than ${sizeLimit} bytes`);
  }
  return Buffer.concat(chunks);
}
