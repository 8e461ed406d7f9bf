// Tells archives from other files by their first bytes, as the stock frontend does.

const magics: readonly (readonly number[])[] = [
  [0x42, 0x5a, 0x68], // bzip2
  [0x1f, 0x8b, 0x08], // gzip
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], // xz
];

const blockSize = 512;
const checksumStart = 148;
const checksumEnd = 156;

/** `head`: at least the first 512 bytes, when there are that many. */
export function isArchive(head: Uint8Array): boolean {
  return magics.some((magic) => magic.every((byte, i) => head[i] === byte)) || isTar(head);
}

/** A tar header carries the sum of its own bytes, its checksum field taken as spaces; old programs sum signed bytes. */
function isTar(head: Uint8Array): boolean {
  if (head.length < blockSize) return false;
  const block = head.subarray(0, blockSize);
  let [sum, signed] = [0, 0];
  for (const [i, byte] of block.entries()) {
    const value = i >= checksumStart && i < checksumEnd ? 0x20 : byte;
    sum += value;
    signed += value < 0x80 ? value : value - 0x100;
  }
  const field = new TextDecoder('latin1').decode(block.subarray(checksumStart, checksumEnd)).replace(/[\0 ]+/g, '');
  if (!/^[0-7]+$/.test(field)) return false;
  const written = Number.parseInt(field, 8);
  return written === sum || written === signed;
}
