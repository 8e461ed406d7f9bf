import { stripVTControlCharacters } from 'node:util';

/** The end of what a step wrote, of bounded size. */
export class LogTail {
  readonly #limit: number;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #written = 0;

  /** @param limit bytes that are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that were written in all. */
  get written(): number {
    return this.#written;
  }

  write(data: Uint8Array): void {
    const kept = data.length > this.#limit ? data.subarray(data.length - this.#limit) : data;
    this.#chunks.push(Buffer.from(kept));
    this.#length += kept.length;
    this.#written += data.length;
    while (this.#length - (this.#chunks[0]?.length ?? 0) >= this.#limit)
      this.#length -= this.#chunks.shift()?.length ?? 0;
  }

  /** The lines as a terminal would have left them, without colours; the first is left out where it is not whole. */
  lines(): string[] {
    const text = stripVTControlCharacters(Buffer.concat(this.#chunks).toString());
    const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
    if (this.#written > this.#length) lines.shift();
    return lines.length === 1 && lines[0] === '' ? [] : lines.map((line) => line.slice(line.lastIndexOf('\r') + 1));
  }
}
