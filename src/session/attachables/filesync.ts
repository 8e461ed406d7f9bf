/** A directory that the daemon may read, whole or filtered as it asks. Owners become root, as buildx sends them. */
export interface SyncedDir {
  readonly root: string;
}

export interface FilesyncOptions {
  /** Local sources by name: `context`, `dockerfile`, named contexts. */
  readonly dirs: ReadonlyMap<string, SyncedDir>;
  /** Called now and then with the bytes sent so far for one source, and once more with `done` when it is complete. */
  readonly onProgress?: ((name: string, bytes: number, done: boolean) => void) | undefined;
}
