import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { splitUploads } from '../../../src/build/split-uploads.ts';

test('each reader gets all of it, at the pace of the slowest', async () => {
  let read = 0;
  const source = Readable.from(
    (function* chunks() {
      for (; read < 100; read += 1) yield 'x'.repeat(10_000);
    })(),
    { objectMode: false },
  );
  const [a, b] = splitUploads(new Map([['id', source]]), 2).map((copy) => copy.get('id'));
  assert.ok(a !== undefined && b !== undefined);
  const first = text(a);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  assert.ok(read < 50, `${read} chunks were read before the other reader began`);
  const [one, other] = await Promise.all([first, text(b)]);
  assert.deepEqual([one.length, other.length], [1_000_000, 1_000_000]);
});

test('a reader that goes does not hold up the other', async () => {
  const source = Readable.from(['x'.repeat(100_000), 'y'.repeat(100_000)], { objectMode: false });
  const [a, b] = splitUploads(new Map([['id', source]]), 2).map((copy) => copy.get('id'));
  assert.ok(a !== undefined && b !== undefined);
  a.destroy();
  assert.equal((await text(b)).length, 200_000);
});

test('a stream that fails fails for all', async () => {
  const source = new PassThrough();
  const copies = splitUploads(new Map([['id', source]]), 2).map((copy) => copy.get('id'));
  source.destroy(new Error('broken pipe'));
  for (const copy of copies) {
    assert.ok(copy !== undefined);
    await assert.rejects(text(copy), /broken pipe/);
  }
});
