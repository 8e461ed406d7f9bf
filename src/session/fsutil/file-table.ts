// Files that the receiver may still ask for, by id. A context may have hundreds of thousands: what is kept of each is
// its name and a few numbers, outside of the heap.

/** A file of the table. */
export interface TableFile {
  readonly path: string;
  readonly size: number;
  readonly isSocket: boolean;
}

const NONE = 0;
const FILE = 1;
const SOCKET = 2;
const REQUESTED = 3;

export class FileTable {
  readonly #directories: string[] = [];
  #names: Buffer = Buffer.allocUnsafe(4096);
  #nameBytes = 0;
  /** By id. */
  #kinds = new Uint8Array(256);
  #sizes = new Float64Array(256);
  #directoryOf = new Uint32Array(256);
  #nameStart = new Float64Array(256);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Gives the next id to what has no content. */
  skip(): void {
    this.#grow();
    this.#kinds[this.#count] = NONE;
    this.#nameStart[this.#count++] = this.#nameBytes;
  }

  /** Gives the next id to a file. Files of one directory come one after the other. */
  add(directory: string, name: string, size: number, isSocket: boolean): void {
    if (this.#directories.at(-1) !== directory) this.#directories.push(directory);
    this.#grow();
    const id = this.#count++;
    this.#kinds[id] = isSocket ? SOCKET : FILE;
    this.#sizes[id] = size;
    this.#directoryOf[id] = this.#directories.length - 1;
    this.#nameStart[id] = this.#nameBytes;
    const bytes = Buffer.byteLength(name);
    if (this.#nameBytes + bytes > this.#names.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#names.length * 2, this.#nameBytes + bytes));
      this.#names.copy(larger, 0, 0, this.#nameBytes);
      this.#names = larger;
    }
    this.#nameBytes += this.#names.write(name, this.#nameBytes);
  }

  /** Takes the file of an id; undefined when there is none, or it was taken before. */
  take(id: number): TableFile | undefined {
    const kind = id < this.#count ? this.#kinds[id] : NONE;
    if (kind !== FILE && kind !== SOCKET) return undefined;
    this.#kinds[id] = REQUESTED;
    const directory = this.#directories[this.#directoryOf[id] ?? 0] ?? '';
    const end = id + 1 < this.#count ? (this.#nameStart[id + 1] ?? 0) : this.#nameBytes;
    const name = this.#names.toString('utf8', this.#nameStart[id], end);
    return {
      path: directory === '' ? name : `${directory}/${name}`,
      size: this.#sizes[id] ?? 0,
      isSocket: kind === SOCKET,
    };
  }

  #grow(): void {
    if (this.#count < this.#kinds.length) return;
    const size = this.#count * 2;
    this.#kinds = copied(new Uint8Array(size), this.#kinds);
    this.#sizes = copied(new Float64Array(size), this.#sizes);
    this.#directoryOf = copied(new Uint32Array(size), this.#directoryOf);
    this.#nameStart = copied(new Float64Array(size), this.#nameStart);
  }
}

function copied<T extends { set(from: T): void }>(to: T, from: T): T {
  to.set(from);
  return to;
}
