// Matches github.com/moby/patternmatcher/ignorefile.
import { TsbuildxError } from '../../base/errors.ts';
import { cleanPath } from '../../base/go-path.ts';
import { trimSpace } from '../../base/go-unicode.ts';

/** The longest line that is read, in bytes. */
const LINE_LIMIT = 65_536;

/**
 * The patterns of a .dockerignore file: comments and blank lines left out, paths cleaned, made relative to the context.
 * Error: INVALID_ARGUMENT when a line is too long.
 */
export function parseIgnoreFile(data: Uint8Array): string[] {
  const patterns: string[] = [];
  let start = data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? 3 : 0;
  while (start < data.length) {
    const newline = data.indexOf(0x0a, start);
    const end = newline < 0 ? data.length : newline;
    if (end - start >= LINE_LIMIT) throw new TsbuildxError('INVALID_ARGUMENT', 'bufio.Scanner: token too long');
    const pattern = parseLine(decoder.decode(data.subarray(start, end)));
    if (pattern !== undefined) patterns.push(pattern);
    start = end + 1;
  }
  return patterns;
}

/** A byte order mark that does not stand at the very start belongs to the text. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function parseLine(line: string): string | undefined {
  if (line.startsWith('#')) return undefined;
  const text = trimSpace(line);
  if (text === '') return undefined;
  if (!text.startsWith('!')) return relativePattern(text);
  const exception = trimSpace(text.slice(1));
  return exception === '' ? '!' : `!${relativePattern(exception)}`;
}

function relativePattern(text: string): string {
  const clean = cleanPath(text);
  return clean.length > 1 && clean.startsWith('/') ? clean.slice(1) : clean;
}
