// How many bytes the daemon would count for files that it fetched: the packets of fsutil's protocol. People
// compare these numbers between builds, so files that are read here show the same one.

export interface TransferredFile {
  readonly name: string;
  readonly size: number;
  readonly mode: number;
  readonly mtimeNs: bigint;
}

/** The packet that ends a transfer, or the content of a file. */
const END_PACKET = 2;
const CHUNK = 32 << 10;

/** Bytes of all packets for these files, in their order; without files there is only the end. */
export function transferSize(files: readonly TransferredFile[]): number {
  return files.reduce((sum, file, id) => sum + statSize(file) + contentSize(file.size, id), END_PACKET);
}

function statSize(file: TransferredFile): number {
  const nameLength = Buffer.byteLength(file.name);
  const stat =
    1 +
    varintSize(nameLength) +
    nameLength +
    fieldSize(file.mode & 0o777) +
    fieldSize(file.size) +
    fieldSize(BigInt.asUintN(64, file.mtimeNs));
  return 1 + varintSize(stat) + stat;
}

/** Packets of content have the number of their file. */
function contentSize(size: number, id: number): number {
  let total = END_PACKET + fieldSize(id);
  for (let left = size; left > 0; left -= CHUNK) {
    const length = Math.min(left, CHUNK);
    total += 2 + fieldSize(id) + 1 + varintSize(length) + length;
  }
  return total;
}

/** A numeric field: absent when it is zero. */
function fieldSize(value: number | bigint): number {
  return Number(value) === 0 ? 0 : 1 + varintSize(value);
}

function varintSize(value: number | bigint): number {
  return Math.max(1, Math.ceil(BigInt(value).toString(2).length / 7));
}
