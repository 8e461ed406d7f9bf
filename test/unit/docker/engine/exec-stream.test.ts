import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { ExecStream } from '../../../../src/docker/engine/exec-stream.ts';
import { duplexPair } from '../../../support/duplex-pair.ts';

function frame(stream: number, data: string | Buffer): Buffer {
  const bytes = Buffer.from(data);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

const what = 'buildctl dial-stdio in container bk';

for (const pieceBytes of [1, 2, 64 * 1024]) {
  test(`stdout is the stream, stderr is kept out of it, pieces of ${pieceBytes}`, async () => {
    const [near, far] = duplexPair(pieceBytes);
    const stream = new ExecStream(near, what);
    const data = Buffer.alloc(pieceBytes < 3 ? 3000 : 3_000_000, 'abc');
    far.write(
      Buffer.concat([frame(1, 'begin '), frame(2, 'a warning'), frame(1, ''), frame(1, data), frame(1, ' end')]),
    );
    far.end();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    assert.ok(Buffer.concat(chunks).equals(Buffer.concat([Buffer.from('begin '), data, Buffer.from(' end')])));
  });

  test(`what is written is its stdin, pieces of ${pieceBytes}`, async () => {
    const [near, far] = duplexPair(pieceBytes);
    const stream = new ExecStream(near, what);
    stream.cork();
    for (let i = 0; i < 100; i += 1) stream.write(Buffer.alloc(20, i));
    stream.uncork();
    stream.end();
    const chunks: Buffer[] = [];
    far.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(far, 'end');
    assert.equal(Buffer.concat(chunks).length, 2000);
    stream.destroy();
  });
}

const failures: readonly (readonly [name: string, bytes: Buffer, message: RegExp])[] = [
  [
    'a command that fails before it said anything',
    frame(2, 'exec failed: "buildctl": executable file not found in $PATH\n'),
    /^connection to buildctl dial-stdio in container bk lost: it ended: exec failed: "buildctl": executable file not found in \$PATH$/,
  ],
  [
    'a command that the engine cannot start',
    frame(1, 'OCI runtime exec failed: exec failed: "buildctl": executable file not found in $PATH: unknown\r\n'),
    /lost: OCI runtime exec failed: .*"buildctl": executable file not found in \$PATH: unknown$/,
  ],
  ['an end in the middle of a frame', frame(1, 'abc').subarray(0, 9), /lost: it ended$/],
  ['bytes that are not frames', Buffer.from('Hello, this is a terminal'), /not in frames/],
];

for (const [name, bytes, message] of failures) {
  test(`${name} is an error`, async () => {
    const [near, far] = duplexPair();
    const stream = new ExecStream(near, what);
    stream.resume();
    const failed = once(stream, 'error');
    far.end(bytes);
    const [error] = await failed;
    assert.equal(error.code, 'TRANSPORT');
    assert.match(error.message, message);
  });
}

test('a reader that is slow holds the container back', async () => {
  const [near, far] = duplexPair();
  const stream = new ExecStream(near, what);
  let blocks = 0;
  while (far.write(frame(1, Buffer.alloc(64 * 1024)))) blocks += 1;
  assert.ok(blocks < 16);
  const drained = once(far, 'drain');
  stream.resume();
  await drained;
  stream.destroy();
});
