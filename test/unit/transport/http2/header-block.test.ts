import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FrameType } from '../../../../src/transport/http2/frames.ts';
import { HeaderBlock } from '../../../../src/transport/http2/header-block.ts';

const header = { type: FrameType.HEADERS, flags: 0, streamId: 1, length: 0 };

test('a block of 16 MiB comes in full frames, one of tiny frames is given up early', () => {
  const block = new HeaderBlock(header, Buffer.alloc(16_384));
  for (let i = 1; i < 1024; i++) block.append(Buffer.alloc(16_384));
  assert.equal(block.join().length, 16 * 1024 * 1024);

  const tiny = new HeaderBlock(header, Buffer.alloc(1));
  assert.throws(
    () => {
      for (let i = 0; i < 100_000; i++) tiny.append(Buffer.alloc(1));
    },
    { code: 'PROTOCOL', message: /headers are too large/ },
  );
});
