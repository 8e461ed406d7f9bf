// Matches buildx driver/docker-container/tar.go: directories first, each by name, same modes and error texts.
import { TsbuildxError } from '../../base/errors.ts';

/** Contents by path below the directory, with `/`. */
export type ConfigFiles = Readonly<Record<string, Uint8Array>>;

const BLOCK = 512;
const DIR_MODE = 0o755;
const FILE_MODE = 0o644;
const MAX_NAME = 100;

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
    ...[...dirs].toSorted().flatMap((dir) => tarEntry({ name: `${dir}/`, type: '5', mode: DIR_MODE }, Buffer.alloc(0))),
    ...entries.flatMap(({ name, data }) => tarEntry({ name, type: '0', mode: FILE_MODE }, data)),
    Buffer.alloc(2 * BLOCK),
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

interface TarHead {
  readonly name: string;
  readonly type: '0' | '5' | 'x';
  readonly mode: number;
}

function tarEntry(head: TarHead, data: Uint8Array): Buffer[] {
  const isShort = Buffer.byteLength(head.name) <= MAX_NAME && /^[\x20-\x7e]*$/.test(head.name);
  const before = isShort ? [] : tarEntry({ name: 'PaxHeaders/path', type: 'x', mode: FILE_MODE }, paxPath(head.name));
  const padding = Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK);
  return [...before, header(head, data.length), Buffer.from(data), padding];
}

function header({ name, type, mode }: TarHead, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): unknown =>
    block.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
  block.write(name, 0, MAX_NAME, 'utf8');
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write(`        ${type}`, 148, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** A record of POSIX's extended headers: its length counts itself. */
function paxPath(name: string): Buffer {
  const rest = Buffer.byteLength(` path=${name}\n`);
  let length = rest;
  while (length !== rest + String(length).length) length = rest + String(length).length;
  return Buffer.from(`${length} path=${name}\n`);
}
