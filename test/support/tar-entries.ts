// What is in a tar archive, without times: for comparing the archives of two programs.
import { createHash } from 'node:crypto';

const BLOCK = 512;

/** One line for each entry: type, mode, owner, name and target, and the content of JSON or the digest of other files. */
export function tarEntries(archive: Buffer): string[] {
  return [...entries(archive)].map(({ text, name, content }) =>
    [text(156, 1), text(100, 8), text(108, 8), text(116, 8), name, text(157, 100), shown(content)].join(' '),
  );
}

/** Contents by name. */
export function tarFiles(archive: Buffer): ReadonlyMap<string, Buffer> {
  return new Map([...entries(archive)].map(({ name, content }) => [name, content]));
}

interface TarEntry {
  readonly name: string;
  readonly content: Buffer;
  /** A field of the header. */
  readonly text: (start: number, length: number) => string;
}

function* entries(archive: Buffer): Generator<TarEntry> {
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    const text = (start: number, length: number): string =>
      header
        .toString('latin1', start, start + length)
        .replace(/\0.*$/s, '')
        .trim();
    const name = text(0, 100);
    if (name === '') return;
    const size = Number.parseInt(text(124, 12) || '0', 8);
    yield { name, content: archive.subarray(at + BLOCK, at + BLOCK + size), text };
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function shown(content: Buffer): string {
  const text = content.toString();
  return text.startsWith('{') || text.startsWith('[') ? text : createHash('sha256').update(content).digest('hex');
}
