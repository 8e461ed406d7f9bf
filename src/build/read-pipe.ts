import { constants, openSync } from 'node:fs';

/** Opens what may be a named pipe: waiting for one that nobody writes to would hold up the program, and its end too. */
export function openWithoutWaiting(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

export interface PipeOptions {
  /** Bytes that are read at most. Default: no limit. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a pipe gives until its writers are gone. It is closed in the end. */
export async function readPipe(fd: number, { limit = Infinity, signal }: PipeOptions = {}): Promise<Buffer> {
  const { Socket } = await import('node:net');
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of new Socket({ fd, writable: false, signal })) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (length >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit);
}
