import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BytesReader, bytesPrefix } from '../../../../src/buildkit/control/bytes-reader.ts';
import { moby } from '../../../../src/proto/index.ts';

const { BytesMessage } = moby.buildkit.v1;

/** As grpc-go sends it. */
function frame(data: Uint8Array): Buffer {
  const message = BytesMessage.encode({ data }).finish();
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

const sizes = [1, 2, 127, 128, 129, 16_383, 16_384, 70_000, 2_100_000];

for (const pieceBytes of [1, 2, 3, 64 * 1024]) {
  test(`gives the data of messages that arrive in pieces of ${pieceBytes}`, () => {
    const messages = [0, ...sizes.filter((size) => pieceBytes > 3 || size < 20_000)].map((size) =>
      Buffer.alloc(size, size),
    );
    const wire = Buffer.concat(messages.map(frame));
    const reader = new BytesReader();
    const pieces: Buffer[] = [];
    for (let at = 0; at < wire.length; at += pieceBytes)
      pieces.push(...reader.push(wire.subarray(at, at + pieceBytes)));
    assert.ok(Buffer.concat(pieces).equals(Buffer.concat(messages)));
    assert.ok(reader.atBoundary);
  });
}

test('what is written before data is what protobuf writes', () => {
  for (const size of sizes) {
    const data = Buffer.alloc(size, 7);
    assert.ok(Buffer.concat([bytesPrefix(size), data]).equals(frame(data)));
  }
});

test('is not at a boundary inside a message', () => {
  const reader = new BytesReader();
  const wire = frame(Buffer.from('abc'));
  for (const byte of wire.subarray(0, -1)) {
    reader.push(Buffer.from([byte]));
    assert.equal(reader.atBoundary, false);
  }
});

const broken: readonly (readonly [what: string, bytes: readonly number[]])[] = [
  ['a compressed message', [1, 0, 0, 0, 2, 0x0a, 0]],
  ['an unknown field', [0, 0, 0, 0, 2, 0x12, 0]],
  ['lengths that differ', [0, 0, 0, 0, 3, 0x0a, 5, 0]],
  ['a length that is too long', [0, 0, 0, 0, 9, 0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]],
];

for (const [what, bytes] of broken) {
  test(`refuses ${what}`, () => {
    assert.throws(() => new BytesReader().push(Buffer.from(bytes)), { code: 'PROTOCOL', message: new RegExp(what) });
  });
}
