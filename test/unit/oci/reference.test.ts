import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  familiarReference,
  formatReference,
  parseNormalizedReference,
  parseReference,
  withDefaultTag,
} from '../../../src/oci/index.ts';

const hex = 'a'.repeat(64);

const normalized: readonly (readonly [text: string, full: string, familiar: string])[] = [
  ['alpine', 'docker.io/library/alpine', 'alpine'],
  ['alpine:3.18', 'docker.io/library/alpine:3.18', 'alpine:3.18'],
  ['a/b', 'docker.io/a/b', 'a/b'],
  ['library/alpine', 'docker.io/library/alpine', 'alpine'],
  ['library/a/b', 'docker.io/library/a/b', 'library/a/b'],
  ['index.docker.io/alpine', 'docker.io/library/alpine', 'alpine'],
  ['docker.io/a/b:x', 'docker.io/a/b:x', 'a/b:x'],
  ['localhost/app', 'localhost/app', 'localhost/app'],
  ['localhost:5000/app', 'localhost:5000/app', 'localhost:5000/app'],
  ['Host/app', 'Host/app', 'Host/app'],
  ['[::1]:5000/app', '[::1]:5000/app', '[::1]:5000/app'],
  [`app@sha256:${hex}`, `docker.io/library/app@sha256:${hex}`, `app@sha256:${hex}`],
  [`app:1@sha256:${hex}`, `docker.io/library/app:1@sha256:${hex}`, `app:1@sha256:${hex}`],
];

for (const [text, full, familiar] of normalized) {
  test(`${text} is ${full}`, () => {
    const reference = parseNormalizedReference(text);
    assert.equal(formatReference(reference), full);
    assert.equal(familiarReference(reference), familiar);
  });
}

const invalid: readonly (readonly [text: string, message: string])[] = [
  ['', 'invalid reference format'],
  ['App', 'invalid reference format: repository name (library/App) must be lowercase'],
  ['app:', 'invalid reference format'],
  ['-app', 'invalid reference format'],
  [hex, `invalid repository name (${hex}), cannot specify 64-byte hexadecimal strings`],
  [`app@sha256:${'a'.repeat(32)}`, 'invalid checksum digest length'],
  [`a/${'b'.repeat(256)}`, 'repository name must not be more than 255 characters'],
];

for (const [text, message] of invalid) {
  test(`${JSON.stringify(text.slice(0, 20))} is refused: ${message.slice(0, 50)}`, () => {
    assert.throws(() => parseNormalizedReference(text), { code: 'INVALID_ARGUMENT', message });
  });
}

test('a reference is left as it stands without normalisation', () => {
  assert.deepEqual(parseReference('a/b:c'), { domain: 'a', path: 'b', tag: 'c', digest: undefined });
  assert.throws(() => parseReference('A'), { message: 'repository name must be lowercase' });
});

test('latest is only added to a bare name', () => {
  const tagged = (text: string): string => formatReference(withDefaultTag(parseNormalizedReference(text)));
  assert.equal(tagged('app'), 'docker.io/library/app:latest');
  assert.equal(tagged('app:1'), 'docker.io/library/app:1');
  assert.equal(tagged(`app@sha256:${hex}`), `docker.io/library/app@sha256:${hex}`);
});
