// How many bytes the daemon would count for a single file that it fetched: the packets of fsutil's protocol. People
// compare these numbers between builds, so a file that is read here shows the same one.

export interface TransferredFile {
  readonly name: string;
  readonly size: number;
  readonly mode: number;
  readonly mtimeNs: bigint;
}

/** The packet that ends a transfer, or the content of a file. */
const END_PACKET = 2;
const CHUNK = 32 << 10;

/** Bytes of all packets; without a file there is only the end. */
export function transferSize(file: TransferredFile | undefined): number {
  if (file === undefined) return END_PACKET;
  const nameLength = Buffer.byteLength(file.name);
  const stat =
    1 +
    varintSize(nameLength) +
    nameLength +
    fieldSize(file.mode & 0o777) +
    fieldSize(file.size) +
    fieldSize(BigInt.asUintN(64, file.mtimeNs));
  return 1 + varintSize(stat) + stat + contentSize(file.size) + END_PACKET;
}

function contentSize(size: number): number {
  let total = END_PACKET;
  for (let left = size; left > 0; left -= CHUNK) {
    const length = Math.min(left, CHUNK);
    total += 2 + 1 + varintSize(length) + length;
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
