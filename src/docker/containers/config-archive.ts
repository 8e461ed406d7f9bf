// Matches buildx driver/docker-container/tar.go: directories first, each by name, same modes and error texts.
import { TsbuildxError } from '../../base/errors.ts';
import { TAR_END, type TarHead, tarHeaders, tarPadding } from '../../base/tar-entry.ts';

/** Contents by path below the directory, with `/`. */
export type ConfigFiles = Readonly<Record<string, Uint8Array>>;

const DIR_MODE = 0o755;
const FILE_MODE = 0o644;

/** A tar archive of files below the directory `root`. Throws INVALID_ARGUMENT for names that lead elsewhere. */
export function configArchive(root: string, files: ConfigFiles): Buffer {
  const entries = Object.entries(files)
    .map(([name, data]) => ({ name: archivePath(root, name), data }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const dirs = new Set(entries.flatMap(({ name }) => parentsOf(name)));
  const conflict = entries.find(({ name }) => dirs.has(name));
  if (conflict !== undefined) {
    const name = JSON.stringify(conflict.name.slice(root.length + 1));
    throw new TsbuildxError('INVALID_ARGUMENT', `config file path ${name} conflicts with directory`);
  }
  return Buffer.concat([
    ...[...dirs]
      .toSorted()
      .flatMap((dir) => tarEntry({ name: `${dir}/`, type: 'directory', mode: DIR_MODE }, new Uint8Array())),
    ...entries.flatMap(({ name, data }) => tarEntry({ name, type: 'file', mode: FILE_MODE }, data)),
    TAR_END,
  ]);
}

function archivePath(root: string, name: string): string {
  const isClean = name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isClean || name.includes('\\') || name.includes('\0')) {
    throw new TsbuildxError('INVALID_ARGUMENT', `invalid config file path ${JSON.stringify(name)}`);
  }
  return `${root}/${name}`;
}

function parentsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, at) => parts.slice(0, at + 1).join('/'));
}

function tarEntry(head: Omit<TarHead, 'size'>, data: Uint8Array): Uint8Array[] {
  return [tarHeaders({ ...head, size: data.length }), data, tarPadding(data.length)];
}
