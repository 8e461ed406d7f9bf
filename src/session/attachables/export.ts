import type { Writable } from 'node:stream';

/** Where the data of one exporter goes on this machine. Nothing is created before data arrives. */
export type ExportTarget =
  /** A tree of files, written into this directory over what is there. */
  | { readonly kind: 'directory'; readonly path: string }
  /** One file, written under a temporary name and renamed when it is complete. */
  | { readonly kind: 'file'; readonly path: string }
  /** Not closed. */
  | { readonly kind: 'stream'; readonly stream: Writable };

export interface ExportOptions {
  /** By the position of the exporter in the solve request. */
  readonly targets: ReadonlyMap<number, ExportTarget>;
}
