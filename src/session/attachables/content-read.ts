// Matches containerd's plugins/services/content/contentserver Read. This is the way of every byte of a context or a cache,
// so a piece goes from the file to the socket without a copy: what stands before it in its message is written in front.
import type { OciStore } from '../../registry/layout/index.ts';
import { messages, type ServerCall } from '../method.ts';
import { decodeReadRequest } from './content-codec.ts';

const PIECE_BYTES = 1 << 20;
/** Room in front of a piece: gRPC's prefix, and two fields of at most ten bytes and their tags. */
const HEAD_BYTES = 5 + 2 * 11;
const PREFIX_BYTES = 5;
const OFFSET_TAG = 0x08;
const DATA_TAG = 0x12;
/** Memory that is used again, as much as calls run at once. */
const MAX_FREE = 8;

export type ReadMemory = Buffer[];

/** Sends a blob, or a part of it. */
export async function readContent(call: ServerCall, store: OciStore, free: ReadMemory): Promise<void> {
  const { digest, offset, size } = decodeReadRequest(await onlyMessage(call));
  const memory = free.pop() ?? Buffer.allocUnsafeSlow(HEAD_BYTES + PIECE_BYTES);
  const range = { offset: Math.max(offset, 0), length: size > 0 ? size : Number.MAX_SAFE_INTEGER };
  let sent = 0;
  for await (const { length } of store.read(digest, range, memory.subarray(HEAD_BYTES))) {
    await call.sendFramed(framed(memory, sent, length));
    sent += length;
  }
  // After a failure something may still hold it.
  if (free.length < MAX_FREE) free.push(memory);
}

async function onlyMessage(call: ServerCall): Promise<Uint8Array> {
  for await (const message of messages(call)) return new Uint8Array(message);
  return new Uint8Array();
}

/** Puts a message's beginning in front of the piece of `length` bytes; answers all of it. */
function framed(memory: Buffer, offset: number, length: number): Buffer {
  let at = writeBefore(memory, HEAD_BYTES, DATA_TAG, length);
  if (offset > 0) at = writeBefore(memory, at, OFFSET_TAG, offset);
  const bytes = HEAD_BYTES - at + length;
  memory.writeUInt32BE(bytes, at - 4);
  memory[at - PREFIX_BYTES] = 0;
  return memory.subarray(at - PREFIX_BYTES, HEAD_BYTES + length);
}

/** Writes a tag and a varint so that they end at `end`; answers where they begin. */
function writeBefore(memory: Buffer, end: number, tag: number, value: number): number {
  const varint: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    varint.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    if (rest < 128) break;
  }
  const start = end - varint.length - 1;
  memory[start] = tag;
  memory.set(varint, start + 1);
  return start;
}
