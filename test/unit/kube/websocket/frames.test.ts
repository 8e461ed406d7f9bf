import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { FrameReader, Opcode } from '../../../../src/kube/websocket/frame-reader.ts';
import { clientFrame } from '../../../../src/kube/websocket/frame-writer.ts';
import { readClientFrames, serverFrame } from '../../../support/websocket-peer.ts';

/** What a reader makes of bytes that come in pieces. */
function read(bytes: Buffer, size: number): { messages: string[]; controls: [number, string][] } {
  const messages: string[] = [];
  const controls: [number, string][] = [];
  const reader = new FrameReader({
    onData(piece, isFirst) {
      if (isFirst) messages.push('');
      messages.push(`${messages.pop()}${piece.toString('latin1')}`);
    },
    onControl: (opcode, payload) => void controls.push([opcode, payload.toString('latin1')]),
  });
  for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
  return { messages, controls };
}

test('frames are read whatever pieces they come in', () => {
  const long = 'x'.repeat(70_000);
  const bytes = Buffer.concat([
    serverFrame(Opcode.binary, Buffer.from('a')),
    serverFrame(Opcode.binary, new Uint8Array()),
    serverFrame(Opcode.text, Buffer.from('first, '), false),
    serverFrame(Opcode.ping, Buffer.from('between')),
    serverFrame(Opcode.continuation, Buffer.from('last')),
    serverFrame(Opcode.binary, Buffer.from('y'.repeat(300))),
    serverFrame(Opcode.binary, Buffer.from(long)),
    serverFrame(Opcode.close, Buffer.from('')),
  ]);
  for (const size of [1, 2, 7, 4096, bytes.length]) {
    const { messages, controls } = read(bytes, size);
    assert.deepEqual(messages, ['a', 'first, last', 'y'.repeat(300), long]);
    assert.deepEqual(controls, [
      [Opcode.ping, 'between'],
      [Opcode.close, ''],
    ]);
  }
});

test('what is no websocket is refused before it is believed', () => {
  const table: readonly (readonly [bytes: readonly number[], message: RegExp])[] = [
    [[0xc2, 0], /a reserved bit is set/],
    [[0x82, 0x81, 0, 0, 0, 0, 0], /a frame of the server is masked/],
    [[0x83, 0], /unknown opcode 3/],
    [[0x80, 0], /a message is not continued/],
    [[0x02, 1, 97, 0x82, 1, 97], /a message is not continued/],
    [[0x09, 0], /a control frame is too long/],
    [[0x89, 126, 0, 200], /a control frame is too long/],
    [[0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255], /a frame is too long/],
  ];
  for (const [bytes, message] of table) assert.throws(() => read(Buffer.from(bytes), 1), { code: 'PROTOCOL', message });
});

test('frames of a client are masked, whatever their size', () => {
  for (const size of [0, 1, 2, 3, 4, 5, 124, 125, 126, 4096, 65_534, 65_535, 70_001]) {
    const payload = Buffer.alloc(size, 'some text of a client; ');
    const stream = new PassThrough();
    const frames: Buffer[] = [];
    readClientFrames(stream, (_, frame) => void frames.push(frame));
    const frame = clientFrame(Opcode.binary, payload, [7]);
    stream.emit('data', frame);
    assert.deepEqual(frames, [Buffer.concat([Buffer.from([7]), payload])]);
    if (size > 16) assert(!frame.includes(payload.subarray(0, 16)), 'the payload can be seen');
    assert(payload.equals(Buffer.alloc(size, 'some text of a client; ')), 'the payload was changed');
  }
});
