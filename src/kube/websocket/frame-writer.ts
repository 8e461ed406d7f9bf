// RFC 6455: what a client sends.
import { randomFillSync } from 'node:crypto';

const FINAL = 0x80;
const MASKED = 0x80;
const KEY_BYTES = 4;

/** One masked frame whose payload is `prefix`, then `payload`. The memory is new; `payload` is not touched. */
export function clientFrame(opcode: number, payload: Uint8Array, prefix: readonly number[] = []): Buffer {
  const length = prefix.length + payload.length;
  const head = length < 126 ? 2 : length < 0x1_0000 ? 4 : 10;
  // the payload begins at a multiple of four, so that it can be masked by words
  const start = Math.ceil((head + KEY_BYTES) / 4) * 4;
  const at = start - KEY_BYTES - head;
  const memory = new ArrayBuffer(start + Math.ceil(length / 4) * 4);
  const frame = Buffer.from(memory);
  frame[at] = FINAL | opcode;
  frame[at + 1] = MASKED | (head === 2 ? length : head === 4 ? 126 : 127);
  if (head === 4) frame.writeUInt16BE(length, at + 2);
  if (head === 10) frame.writeBigUInt64BE(BigInt(length), at + 2);
  randomFillSync(frame, start - KEY_BYTES, KEY_BYTES);
  frame.set(prefix, start);
  frame.set(payload, start + prefix.length);
  const [key = 0] = new Int32Array(memory, start - KEY_BYTES, 1);
  mask(new Int32Array(memory, start), key);
  return frame.subarray(at, start + length);
}

function mask(words: Int32Array, key: number): void {
  for (let i = 0; i < words.length; i += 1) words[i] = (words[i] ?? 0) ^ key;
}
