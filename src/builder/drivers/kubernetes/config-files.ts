// Matches buildx driver/kubernetes/manifest/manifest.go splitConfigFiles: a config map has no directories.
import { posix } from 'node:path';

/** Contents by path below `/etc/buildkit`. */
export type ConfigFiles = Readonly<Record<string, Uint8Array>>;

export interface ConfigDirectory {
  /** Of the volume. */
  readonly name: string;
  /** Where it is mounted. */
  readonly mountPath: string;
  readonly data: Readonly<Record<string, string>>;
}

/** One for each directory, in the order of paths. */
export function splitConfigFiles(files: ConfigFiles): readonly ConfigDirectory[] {
  const directories = new Map<string, Record<string, string>>();
  for (const path of Object.keys(files).toSorted()) {
    const directory = posix.dirname(path);
    const data = directories.get(directory) ?? {};
    data[posix.basename(path)] = Buffer.from(files[path] ?? []).toString('utf8');
    directories.set(directory, data);
  }
  let named = 0;
  return [...directories].map(([directory, data]) => ({
    name: directory === '.' ? 'config' : `config-${++named}`,
    mountPath: posix.join('/etc/buildkit', directory),
    data,
  }));
}
