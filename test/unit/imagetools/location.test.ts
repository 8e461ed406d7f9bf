import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  defaultOf,
  formatLocation,
  locationWithDigest,
  parseLocation,
  placeOf,
} from '../../../src/imagetools/location.ts';

const digest = `sha256:${'a'.repeat(64)}`;

test('a location is a name of a registry or of a layout', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['alpine', 'docker.io/library/alpine:latest', 'docker.io/library/alpine'],
    [`host:5000/a/b@${digest}`, `host:5000/a/b@${digest}`, 'host:5000/a/b'],
    ['oci-layout://./dir', 'oci-layout://./dir:latest', './dir'],
    [`oci-layout:///dir:v1@${digest}`, `oci-layout:///dir:v1@${digest}`, '/dir'],
  ];
  for (const [text, full, place] of rows) {
    const location = parseLocation(text);
    assert.equal(formatLocation(location), full);
    assert.equal(placeOf(location), place);
  }
  assert.throws(() => parseLocation('Alpine'), { code: 'INVALID_ARGUMENT' });
});

test('other images of a place', () => {
  assert.equal(formatLocation(locationWithDigest(parseLocation('h.io/a:1'), digest)), `h.io/a:1@${digest}`);
  assert.equal(
    formatLocation(locationWithDigest(parseLocation('oci-layout://d:1'), digest)),
    `oci-layout://d@${digest}`,
  );
  assert.equal(formatLocation(defaultOf(parseLocation('h.io/a:1'))), 'h.io/a:latest');
  assert.equal(formatLocation(defaultOf(parseLocation(`oci-layout://d:1@${digest}`))), 'oci-layout://d:1');
});
