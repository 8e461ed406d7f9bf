// Entries of archives as Go's archive/tar writes them: ustar, of root, from 1970; names that it has no room for in POSIX's records.
import { TsbuildxError } from './errors.ts';

const BLOCK = 512;
const MAX_NAME = 100;
/** What eleven octal digits cannot tell. */
const SIZE_LIMIT = 8 * 2 ** 30;
const FILE_MODE = 0o644;

/** What follows the last entry. */
export const TAR_END: Uint8Array = Buffer.alloc(2 * BLOCK);

export interface TarHead {
  /** Of a directory with a slash at the end. */
  readonly name: string;
  readonly type: 'file' | 'directory';
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
}

/** What stands before the content of an entry. Throws UNSUPPORTED when that has 8 GiB or more. */
export function tarHeaders({ name, type, mode, size }: TarHead): Buffer {
  if (size >= SIZE_LIMIT) throw new TsbuildxError('UNSUPPORTED', `${name} is too large for an archive: ${size} bytes`);
  const plain = header(name, type === 'file' ? '0' : '5', mode, size);
  if (Buffer.byteLength(name) <= MAX_NAME && /^[\x20-\x7e]*$/.test(name)) return plain;
  const record = paxPath(name);
  return Buffer.concat([
    header('PaxHeaders/path', 'x', FILE_MODE, record.length),
    record,
    tarPadding(record.length),
    plain,
  ]);
}

/** What fills the last block of a content of so many bytes. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

function header(name: string, type: '0' | '5' | 'x', mode: number, size: number): Buffer {
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
  octal(0, 329, 8);
  octal(0, 337, 8);
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
