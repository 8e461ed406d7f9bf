// Matches buildx build/opt.go loadInputs: `--build-context NAME=oci-layout://PATH[:TAG][@DIGEST]`.
import { resolve } from 'node:path';
import { TsbuildxError, wrap } from '../base/errors.ts';
import { formatLayoutReference, parseLayoutReference } from '../oci/index.ts';
import { findByName, type OciStore, openStore, readLayoutIndex } from '../registry/layout/index.ts';
import { newIdentity } from '../buildkit/control/index.ts';

/** An OCI layout of this machine as a build context. */
export interface LayoutContext {
  /** The frontend attribute: the id of the store in the place of the path, and the digest. */
  readonly attribute: string;
  /** What the daemon calls the store in the session. */
  readonly storeId: string;
  readonly store: OciStore;
}

/** `text` is a reference to a layout. Errors: INVALID_ARGUMENT, NOT_FOUND, IO. */
export async function layoutContext(text: string, cwd: string): Promise<LayoutContext> {
  const reference = parseLayoutReference(text);
  if (reference === undefined) throw new TsbuildxError('INVALID_ARGUMENT', `not an OCI layout: ${text}`);
  const dir = resolve(cwd, reference.path);
  let { digest } = reference;
  if (digest === undefined) {
    try {
      digest = await resolveDigest(dir, reference.tag ?? '');
    } catch (error) {
      const code = error instanceof TsbuildxError ? error.code : 'IO';
      throw wrap(code, `oci-layout reference ${JSON.stringify(text)} could not be resolved`, error);
    }
  }
  const id = newIdentity();
  return {
    attribute: formatLayoutReference({ ...reference, path: id, digest }),
    storeId: `oci:${id}`,
    store: openStore(dir, { writable: false }),
  };
}

/** A layout with one image has that one under any tag. */
async function resolveDigest(dir: string, tag: string): Promise<string> {
  const manifests = await readLayoutIndex(dir);
  const found = findByName(manifests, tag) ?? (manifests.length === 1 ? manifests[0] : undefined);
  if (found === undefined) throw new TsbuildxError('NOT_FOUND', 'failed to resolve digest');
  return found.digest;
}
