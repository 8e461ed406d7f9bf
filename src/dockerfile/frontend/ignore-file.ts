import { customName, localSource } from '../../llb/index.ts';
import { marshalAlone, solveAlone } from './build-context.ts';
import type { Gateway, LocalFiles } from './gateway.ts';

/** The file of a context that says what is not part of it. */
export const ignoreName = '.dockerignore';

export interface LocalContext {
  readonly localName: string;
  readonly sessionId: string;
  readonly sharedKeyHint: string;
  /** `internal`, or `context NAME`: whose step it is. */
  readonly owner: string;
}

/** The ignore file of a directory of the client; empty when there is none, which is the usual case. */
export async function readIgnoreFile(
  { gateway, locals }: { readonly gateway: Gateway; readonly locals: LocalFiles },
  { localName, sessionId, sharedKeyHint, owner }: LocalContext,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const state = localSource(localName, {
    sessionId,
    followPaths: [ignoreName],
    sharedKeyHint: `${sharedKeyHint}-${ignoreName}`,
    description: { [customName]: `[${owner}] load ${ignoreName}` },
    differ: 'none',
  });
  if (locals.has(localName)) {
    const digest = (): string | undefined => marshalAlone(gateway, state).digests.at(-2);
    return (await locals.read(localName, ignoreName, { signal, digest })) ?? new Uint8Array();
  }
  const ref = await solveAlone(gateway, state, `failed to load ${ignoreName}`, signal);
  if (ref === undefined) return new Uint8Array();
  return gateway.readFile(ref, { path: ignoreName }, { signal }).catch(() => new Uint8Array());
}
