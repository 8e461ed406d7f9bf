// Files of a transfer whose content is still to come, by id. There may be hundreds of thousands: what is kept of each
// is its name and a few numbers, outside of the heap.

/** A file of the table. */
export interface TableFile {
  readonly path: string;
  readonly size: number;
  /** Go's os.FileMode, with the bit of a socket. */
  readonly mode: number;
  /** Seconds since the epoch. */
  readonly modTime: number;
}

const NONE = 0;
const FILE = 1;
const TAKEN = 2;

export class FileTable {
  readonly #directories: string[] = [];
  #names: Buffer = Buffer.allocUnsafe(4096);
  #nameBytes = 0;
  /** By id. */
  #kinds = new Uint8Array(256);
  #sizes = new Float64Array(256);
  #modes = new Uint32Array(256);
  #modTimes = new Float64Array(256);
  #directoryOf = new Uint32Array(256);
  #nameStart = new Float64Array(256);
  #count = 0;

  /** Ids that were given. */
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
  add(directory: string, name: string, size: number, mode: number, modTime: number): void {
    if (this.#directories.at(-1) !== directory) this.#directories.push(directory);
    this.#grow();
    const id = this.#count++;
    this.#kinds[id] = FILE;
    this.#sizes[id] = size;
    this.#modes[id] = mode;
    this.#modTimes[id] = modTime;
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
    if (id >= this.#count || this.#kinds[id] !== FILE) return undefined;
    this.#kinds[id] = TAKEN;
    return {
      path: this.#path(id),
      size: this.#sizes[id] ?? 0,
      mode: this.#modes[id] ?? 0,
      modTime: this.#modTimes[id] ?? 0,
    };
  }

  /** Paths of all files, taken or not. */
  *paths(): Generator<string> {
    for (let id = 0; id < this.#count; id++) if (this.#kinds[id] !== NONE) yield this.#path(id);
  }

  #path(id: number): string {
    const directory = this.#directories[this.#directoryOf[id] ?? 0] ?? '';
    const end = id + 1 < this.#count ? (this.#nameStart[id + 1] ?? 0) : this.#nameBytes;
    const name = this.#names.toString('utf8', this.#nameStart[id], end);
    return directory === '' ? name : `${directory}/${name}`;
  }

  #grow(): void {
    if (this.#count < this.#kinds.length) return;
    const size = this.#count * 2;
    this.#kinds = copied(new Uint8Array(size), this.#kinds);
    this.#sizes = copied(new Float64Array(size), this.#sizes);
    this.#modes = copied(new Uint32Array(size), this.#modes);
    this.#modTimes = copied(new Float64Array(size), this.#modTimes);
    this.#directoryOf = copied(new Uint32Array(size), this.#directoryOf);
    this.#nameStart = copied(new Float64Array(size), this.#nameStart);
  }
}

function copied<T extends { set(from: T): void }>(to: T, from: T): T {
  to.set(from);
  return to;
}
