import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { parseDigest } from '../../oci/index.ts';
import { StoreError } from './store-error.ts';

/** Where a blob lies in a layout. A digest that is none cannot lead elsewhere: throws StoreError. */
export function blobPath(dir: string, digest: string): string {
  try {
    parseDigest(digest);
  } catch (error) {
    throw new StoreError('invalid argument', `${JSON.stringify(digest)} failed validation: ${messageOf(error)}`);
  }
  return join(dir, 'blobs', algorithmOf(digest), digest.slice(digest.indexOf(':') + 1));
}

/** `sha256`, `sha384` or `sha512`: also the hash's name in node:crypto. */
export function algorithmOf(digest: string): string {
  return digest.slice(0, digest.indexOf(':'));
}
