// The server's side of a websocket, for doubles of servers: whole messages, one at a time.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The head of the answer that accepts a websocket. */
export function acceptance(request: IncomingMessage, protocol: string): string {
  const key = request.headers['sec-websocket-key'] ?? '';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`;
}

/** A frame of a server; `fin` false: the message goes on in another. */
export function serverFrame(opcode: number, payload: Uint8Array, fin = true): Buffer {
  const head = payload.length < 126 ? 2 : payload.length < 0x1_0000 ? 4 : 10;
  const frame = Buffer.alloc(head + payload.length);
  frame[0] = (fin ? 0x80 : 0) | opcode;
  frame[1] = head === 2 ? payload.length : head === 4 ? 126 : 127;
  if (head === 4) frame.writeUInt16BE(payload.length, 2);
  if (head === 10) frame.writeBigUInt64BE(BigInt(payload.length), 2);
  frame.set(payload, head);
  return frame;
}

/** Calls `onFrame` with each whole frame of a client, unmasked. Fails the stream when one is not masked. */
export function readClientFrames(stream: Duplex, onFrame: (opcode: number, payload: Buffer) => void): void {
  let bytes: Buffer = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (;;) {
      if (bytes.length < 2) return;
      const second = bytes.readUInt8(1);
      if ((second & 0x80) === 0) {
        stream.destroy(new Error('a frame of the client is not masked'));
        return;
      }
      const short = second & 0x7f;
      const head = short === 127 ? 10 : short === 126 ? 4 : 2;
      if (bytes.length < head + 4) return;
      const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
      if (bytes.length < head + 4 + length) return;
      const key = bytes.subarray(head, head + 4);
      const payload = Buffer.from(bytes.subarray(head + 4, head + 4 + length));
      for (let i = 0; i < length; i += 1) payload[i] = (payload[i] ?? 0) ^ (key[i % 4] ?? 0);
      const opcode = bytes.readUInt8(0) & 0x0f;
      bytes = bytes.subarray(head + 4 + length);
      onFrame(opcode, payload);
    }
  });
}
