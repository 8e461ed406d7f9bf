import { TsbuildxError } from '../base/errors.ts';

const headSize = 1024;
const sizeLimit = 16 << 20;

/** All of stdin, for what must be held in memory: a Dockerfile. `checkHead` sees the first bytes and may throw. */
export async function readStdin(checkHead: (head: Uint8Array) => void): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  let checked = false;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk as Uint8Array);
    chunks.push(bytes);
    size += bytes.length;
    if (!checked && size >= headSize) {
      checkHead(Buffer.concat(chunks));
      checked = true;
    }
    if (size > sizeLimit)
      throw new TsbuildxError('INVALID_ARGUMENT', `the Dockerfile on stdin is larger than ${sizeLimit} bytes`);
  }
  const data = Buffer.concat(chunks);
  if (!checked) checkHead(data);
  return data;
}
