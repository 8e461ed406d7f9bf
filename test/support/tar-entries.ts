// What is in a tar archive, without times: for comparing the archives of two programs.
import { createHash } from 'node:crypto';

const BLOCK = 512;

/** One line for each entry: type, mode, owner, name and target, and the content of JSON or the digest of other files. */
export function tarEntries(archive: Buffer): string[] {
  const entries: string[] = [];
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    const text = (start: number, length: number): string =>
      header
        .toString('latin1', start, start + length)
        .replace(/\0.*$/s, '')
        .trim();
    const name = text(0, 100);
    if (name === '') break;
    const size = Number.parseInt(text(124, 12) || '0', 8);
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    entries.push(
      [text(156, 1), text(100, 8), text(108, 8), text(116, 8), name, text(157, 100), shown(content)].join(' '),
    );
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}

function shown(content: Buffer): string {
  const text = content.toString();
  return text.startsWith('{') || text.startsWith('[') ? text : createHash('sha256').update(content).digest('hex');
}
