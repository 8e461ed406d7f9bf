import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeDescriptors, parseSource, placeSources } from '../../../src/imagetools/image-source.ts';
import { formatLocation, parseLocation } from '../../../src/imagetools/location.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const mediaType = 'application/vnd.oci.image.manifest.v1+json';

test('a source is a digest, a reference or a descriptor', () => {
  assert.deepEqual(parseSource(digest).descriptor, { mediaType: '', digest, size: 0 });
  assert.equal(formatLocation(parseSource('h.io/a').location ?? assert.fail()), 'h.io/a:latest');
  const text = JSON.stringify({ mediaType, digest, size: 3, platform: { os: 'linux', architecture: 'arm64' } });
  const { descriptor } = parseSource(text);
  assert.equal(descriptor?.size, 3);
  assert.equal(descriptor.platform?.architecture, 'arm64');
});

test('what is none is refused with the text', () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['sha256:12', /^failed to parse source "sha256:12", valid sources .*: invalid checksum digest length$/],
    ['{"digest":""}', /invalid descriptor: digest is required$/],
    ['{"digest":"sha256:1"}', /invalid descriptor digest: invalid checksum digest length$/],
    ['{"schemaVersion":2}', /expected an OCI content descriptor, got a manifest or index \(schemaVersion 2\)$/],
    ['{', /no JSON/],
    ['A', /must be lowercase$/],
  ];
  for (const [text, message] of rows) assert.throws(() => parseSource(text), { code: 'INVALID_ARGUMENT', message });
});

test('a source without a place is in the only repository', () => {
  const sources = [parseSource('h.io/a:1'), parseSource(digest)];
  assert.deepEqual(
    placeSources(sources, [parseLocation('h.io/a:2')]).map(({ location }) => formatLocation(location)),
    ['h.io/a:1', `h.io/a:1@${digest}`],
  );
  assert.throws(
    () => placeSources(sources, [parseLocation('h.io/b')]),
    /multiple repositories specified, cannot infer/,
  );
  assert.throws(() => placeSources([parseSource(digest)], []), /no repositories specified/);
});

test('a descriptor of the user has the last word, but for the size', () => {
  const found = { mediaType, digest, size: 3, annotations: { a: '1' } };
  const platform = { os: 'linux', architecture: 'arm64' };
  assert.deepEqual(mergeDescriptors(found, { mediaType: '', digest, size: 0, platform }), { ...found, platform });
  assert.throws(
    () => mergeDescriptors(found, { mediaType, digest, size: 4 }),
    /invalid size mismatch for sha256:a+, 4 != 3/,
  );
});
