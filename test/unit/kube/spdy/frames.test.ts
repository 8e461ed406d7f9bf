import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, inflateRawSync } from 'node:zlib';
import { SpdyReader } from '../../../../src/kube/spdy/frame-reader.ts';
import { controlFrame, dataFrame, FIN, FrameType, HeaderWriter } from '../../../../src/kube/spdy/frames.ts';

test('frames are read whatever pieces they come in', () => {
  const bytes = Buffer.concat([
    controlFrame(FrameType.synReply, Buffer.from('headers')),
    dataFrame(5, Buffer.from('out')),
    dataFrame(7, new Uint8Array(), FIN),
    dataFrame(5, Buffer.alloc(100_000, 'x'), FIN),
    controlFrame(FrameType.ping, Buffer.from([0, 0, 0, 2])),
  ]);
  for (const size of [1, 3, 4096, bytes.length]) {
    const data = new Map<number, string>();
    const seen: string[] = [];
    const reader = new SpdyReader({
      onData: (stream, piece) => void data.set(stream, `${data.get(stream) ?? ''}${piece.toString()}`),
      onFin: (stream) => void seen.push(`fin ${stream}`),
      onControl: (type, payload) => void seen.push(`control ${type} ${payload.length}`),
    });
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    assert.deepEqual(seen, ['control 2 7', 'fin 7', 'fin 5', 'control 6 4']);
    assert.equal(data.get(5), `out${'x'.repeat(100_000)}`);
  }
});

test('what is no SPDY/3 is refused', () => {
  const reader = (): SpdyReader => new SpdyReader({ onData: () => {}, onFin: () => {}, onControl: () => {} });
  assert.throws(() => reader().push(Buffer.from([0x80, 2, 0, 1, 0, 0, 0, 0])), { message: /another version/ });
  assert.throws(() => reader().push(Buffer.from([0x80, 3, 0, 1, 0, 255, 0, 0])), { message: /too long/ });
});

test('headers of all streams are one deflate stream', () => {
  const writer = new HeaderWriter();
  const frames = [writer.synStream(1, [['streamtype', 'error']]), writer.synStream(3, [['a', 'b']])];
  // both sides check the dictionary by its sum, and then find nothing that refers to it
  assert.equal(frames[0]?.readUInt32BE(20), 0xe3c6a7c2);
  assert.equal((frames[0].readUInt16BE(18) ?? 0) % 31, 0);
  const raw = Buffer.concat([frames[0].subarray(24), frames[1]?.subarray(18) ?? Buffer.alloc(0)]);
  const text = inflateRawSync(raw, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
  const field = (value: string): string => `\0\0\0${String.fromCharCode(value.length)}${value}`;
  assert.equal(text, `\0\0\0\x01${field('streamtype')}${field('error')}\0\0\0\x01${field('a')}${field('b')}`);
});
