// Matches BuildKit's session/filesync/filesync.go: FileSync, by which the daemon reads local directories.
import { resolveRoot, sendTree } from '../fsutil/index.ts';
import { type Attachable, CallError, GrpcStatus, type Metadata, metadataValues, type ServerCall } from '../method.ts';

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

/** Lets the daemon read directories of this machine. */
export function filesyncAttachable(options: FilesyncOptions): Attachable {
  return { methods: [{ path: '/moby.filesync.v1.FileSync/DiffCopy', handle: (call) => diffCopy(call, options) }] };
}

async function diffCopy(call: ServerCall, { dirs, onProgress }: FilesyncOptions): Promise<void> {
  const { metadata } = call;
  const name = listOf(metadata, 'dir-name')[0] ?? '';
  const dir = dirs.get(name);
  if (dir === undefined) {
    throw new CallError(GrpcStatus.NOT_FOUND, `no access allowed to dir ${JSON.stringify(name)}`);
  }
  let sent = 0;
  await sendTree(call, {
    root: resolveRoot(dir.root),
    patterns: {
      include: listOf(metadata, 'include-patterns'),
      exclude: listOf(metadata, 'exclude-patterns'),
      followPaths: listOf(metadata, 'followpaths'),
    },
    onProgress: (bytes) => {
      sent = bytes;
      onProgress?.(name, bytes, false);
    },
  });
  onProgress?.(name, sent, true);
}

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);

/** A list in the metadata. One with any character beyond ASCII comes query-escaped, and says so. */
function listOf(metadata: Metadata, key: string): string[] {
  const values = metadataValues(metadata, key);
  return TRUE.has(metadataValues(metadata, `${key}-encoded`)[0] ?? '') ? values.map(unescapeQuery) : values;
}

/** Go's url.QueryUnescape, where a malformed text gives none. */
function unescapeQuery(text: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return '';
  const bytes = text
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
