import { readFile } from 'node:fs/promises';
import { wrap } from '../base/errors.ts';

/** What $EXPERIMENTAL_BUILDKIT_SOURCE_POLICY names, for the daemon. Matches buildx ReadSourcePolicy. Errors: IO, INVALID_ARGUMENT. */
export async function readSourcePolicy(env: NodeJS.ProcessEnv): Promise<Uint8Array | undefined> {
  const path = env['EXPERIMENTAL_BUILDKIT_SOURCE_POLICY'];
  if (!path) return undefined;
  let data: Uint8Array;
  try {
    data = await readFile(path);
  } catch (error) {
    throw wrap('IO', 'failed to read policy file', error);
  }
  const { encodeSourcePolicy } = await import('../build/index.ts');
  return encodeSourcePolicy(data);
}
