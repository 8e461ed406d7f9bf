import assert from 'node:assert/strict';
import { test } from 'node:test';
import { framed, MessageFrames } from '../../../../src/session/ssh-agent/message-frames.ts';

const sent = [Buffer.of(11), Buffer.alloc(300, 7), Buffer.of(13, 0)];
const stream = Buffer.concat(sent.map(framed));

for (const size of [1, 3, 4, 5, 64, stream.length]) {
  test(`messages in pieces of ${size} bytes`, () => {
    const frames = new MessageFrames();
    const got: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size) got.push(...frames.push(stream.subarray(at, at + size)));
    assert.deepEqual(
      got.map((message) => Buffer.from(message)),
      sent,
    );
  });
}

test('a message keeps its bytes when the memory of the pieces is used again', () => {
  const frames = new MessageFrames();
  const piece = Buffer.from(framed(Buffer.from('abc')));
  assert.deepEqual([...frames.push(piece.subarray(0, 5))], []);
  const rest = Buffer.from(piece.subarray(5));
  piece.fill(0);
  assert.deepEqual([...frames.push(rest)].map(String), ['abc']);
});

for (const length of [0, 256 * 1024 + 1, 0xffffffff]) {
  test(`a message of ${length} bytes is refused before it is read`, () => {
    const header = Buffer.alloc(4);
    header.writeUInt32BE(length);
    assert.throws(() => [...new MessageFrames().push(header)], { code: 'PROTOCOL' });
  });
}
