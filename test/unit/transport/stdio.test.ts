import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { joinStreams } from '../../../src/transport/stdio.ts';

test('reads from one stream and writes to the other', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const joined = joinStreams(input, output);
  input.end('question');
  joined.write('answer');
  assert.equal(String(Buffer.concat(await joined.toArray())), 'question');
  assert.equal(String(output.read()), 'answer');
});

test('holds the input back until it is read', async () => {
  const input = new PassThrough();
  const joined = joinStreams(input, new PassThrough());
  const sent = Array.from({ length: 64 }, () => Buffer.alloc(16 * 1024, 'x'));
  for (const piece of sent) input.write(piece);
  input.end();
  await once(joined, 'readable');
  assert.ok(joined.readableLength < 128 * 1024, String(joined.readableLength));
  assert.equal(Buffer.concat(await joined.toArray()).length, 1 << 20);
});

test('destroyed, it ends the input and leaves the output open', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const joined = joinStreams(input, output);
  joined.destroy();
  await once(joined, 'close');
  assert.equal(input.destroyed, true);
  assert.equal(output.destroyed, false);
});

test('an error of the input is its own', async () => {
  const input = new PassThrough();
  const joined = joinStreams(input, new PassThrough());
  input.destroy(new Error('gone'));
  const [error] = (await once(joined, 'error')) as [Error];
  assert.equal(error.message, 'gone');
});
