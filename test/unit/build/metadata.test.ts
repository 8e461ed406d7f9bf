import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageIdOf, metadataOf } from '../../../src/build/metadata.ts';

const result = (exporterResponse: Record<string, string>) => ({ ref: 'b/n/r', exporterResponse, warnings: [] });
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

test('values that hold a JSON object or array stand as that, sorted by key', () => {
  const metadata = metadataOf(
    result({
      z: 'plain',
      'containerimage.descriptor': base64({ digest: 'sha256:x', size: 3 }),
      list: base64([{ a: 1 }]),
      empty: base64({}),
      number: base64(7),
      a: 'AAAA',
    }),
  );
  assert.deepEqual(Object.entries(metadata), [
    ['a', 'AAAA'],
    ['containerimage.descriptor', { digest: 'sha256:x', size: 3 }],
    ['empty', base64({})],
    ['list', [{ a: 1 }]],
    ['number', base64(7)],
    ['z', 'plain'],
  ]);
});

test("an image's id is its config, else its manifest", () => {
  assert.equal(imageIdOf(result({ 'containerimage.digest': 'm', 'containerimage.config.digest': 'c' })), 'c');
  assert.equal(imageIdOf(result({ 'containerimage.digest': 'm' })), 'm');
  assert.equal(imageIdOf(result({})), undefined);
});
