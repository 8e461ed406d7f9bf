// Reads the headers of a tar archive as it comes, for the times of its files.
import { TsbuildxError } from '../../base/errors.ts';

const BLOCK = 512;
/** More than this of extended attributes is no archive that anybody made. */
const MAX_EXTENDED = 1 << 20;

/** What is at the front of the bytes that come next. */
type Part =
  | { readonly kind: 'header' }
  | { readonly kind: 'content'; left: number }
  | { readonly kind: 'extended'; left: number; readonly size: number; readonly pieces: Uint8Array[] };

/** The time of the youngest regular file in a tar archive. */
export class TarTimes {
  /** Seconds since the epoch; undefined before the first file. */
  latest: bigint | undefined;
  /** The mark at the end of the archive was reached. */
  hasEnded = false;
  #part: Part = { kind: 'header' };
  #header = new Uint8Array(BLOCK);
  #filled = 0;
  /** From a pax header, for the file after it. */
  #next: { readonly mtime?: bigint | undefined; readonly size?: number | undefined } = {};

  /** Throws INVALID_ARGUMENT when the bytes are no tar archive. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && !this.hasEnded; ) {
      const part = this.#part;
      if (part.kind === 'header') {
        const taken = bytes.subarray(at, at + BLOCK - this.#filled);
        this.#header.set(taken, this.#filled);
        this.#filled += taken.length;
        at += taken.length;
        if (this.#filled === BLOCK) this.#readHeader();
        continue;
      }
      const taken = bytes.subarray(at, at + part.left);
      if (part.kind === 'extended') part.pieces.push(new Uint8Array(taken));
      part.left -= taken.length;
      at += taken.length;
      if (part.left === 0) this.#finish(part);
    }
  }

  /** Nothing is missing when no more bytes come: some programs leave out the mark. */
  get isComplete(): boolean {
    return this.hasEnded || (this.#part.kind === 'header' && this.#filled === 0);
  }

  #finish(part: Part): void {
    if (part.kind === 'extended') this.#next = paxRecords(Buffer.concat(part.pieces).subarray(0, part.size));
    this.#part = { kind: 'header' };
  }

  #readHeader(): void {
    this.#filled = 0;
    const header = this.#header;
    if (header.every((byte) => byte === 0)) {
      this.hasEnded = true;
      return;
    }
    const type = String.fromCharCode(header[156] ?? 0);
    const size = Number(numberAt(header, 124, 12));
    if (type === 'x') {
      if (size > MAX_EXTENDED) throw invalid();
      this.#part = { kind: 'extended', left: padded(size), size, pieces: [] };
      if (size === 0) this.#finish(this.#part);
      return;
    }
    // Names of GNU's belong to the file that follows, as its pax records do.
    if (type === 'L' || type === 'K') return this.#skip(size);
    const { mtime = numberAt(header, 136, 12), size: fullSize = size } = this.#next;
    this.#next = {};
    if (!irregular.has(type) && (this.latest === undefined || mtime > this.latest)) this.latest = mtime;
    this.#skip(withoutContent.has(type) ? 0 : fullSize);
  }

  #skip(size: number): void {
    this.#part = size === 0 ? { kind: 'header' } : { kind: 'content', left: padded(size) };
  }
}

/** Symbolic links, devices, directories, pipes, and the pax header of the whole archive. */
const irregular = new Set(['2', '3', '4', '5', '6', 'g']);
/** What has no content, whatever its size says. */
const withoutContent = new Set(['1', '2', '3', '4', '5', '6']);

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

/** Octal digits, or with the first bit set a big-endian number. */
function numberAt(header: Uint8Array, start: number, length: number): bigint {
  const field = Buffer.from(header.subarray(start, start + length));
  const first = field[0] ?? 0;
  if ((first & 0x80) !== 0) {
    const isNegative = (first & 0x40) !== 0;
    field[0] = isNegative ? first : first & 0x7f;
    const value = BigInt(`0x${field.toString('hex')}`);
    return isNegative ? BigInt.asIntN(length * 8, value) : value;
  }
  const text = field.toString('latin1').replace(/^[\0 ]+|[\0 ]+$/g, '');
  if (!/^[0-7]*$/.test(text)) throw invalid();
  return text === '' ? 0n : BigInt(`0o${text}`);
}

/** `LENGTH KEY=VALUE\n`, one after the other. */
function paxRecords(data: Buffer): { readonly mtime?: bigint | undefined; readonly size?: number | undefined } {
  const found = new Map<string, string>();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at);
    const length = Number(data.toString('latin1', at, Math.max(space, at)));
    if (!Number.isSafeInteger(length) || length <= space - at || at + length > data.length) throw invalid();
    const record = data.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    found.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  const [mtime, size] = [found.get('mtime'), found.get('size')];
  return {
    mtime: mtime === undefined ? undefined : wholeSeconds(mtime),
    size: size === undefined ? undefined : wholeSize(size),
  };
}

/** Of a decimal number, rounded down. */
function wholeSeconds(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null) throw invalid();
  const [, sign, whole = '0', fraction = ''] = match;
  const isPart = /[1-9]/.test(fraction);
  return sign === '-' ? -BigInt(whole) - (isPart ? 1n : 0n) : BigInt(whole);
}

function wholeSize(text: string): number {
  const size = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(size)) throw invalid();
  return size;
}

function invalid(): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', 'not a tar archive');
}
