// OCI layouts on disk, made by hand.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function sha256(data: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(data).digest('hex')}`;
}

/** Path of a blob in a layout. */
export function blobFile(dir: string, digest: string): string {
  return join(dir, 'blobs', ...digest.split(':'));
}

/** Adds a blob to a layout; answers its descriptor. */
export function putBlob(
  dir: string,
  data: string,
  mediaType = 'application/octet-stream',
): { readonly mediaType: string; readonly digest: string; readonly size: number } {
  const digest = sha256(data);
  mkdirSync(join(dir, 'blobs/sha256'), { recursive: true });
  writeFileSync(blobFile(dir, digest), data);
  return { mediaType, digest, size: Buffer.byteLength(data) };
}
