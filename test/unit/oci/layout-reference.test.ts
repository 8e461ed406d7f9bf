import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatLayoutReference, parseLayoutReference } from '../../../src/oci/index.ts';

const digest = `sha256:${'a'.repeat(64)}`;

const cases: readonly (readonly [text: string, path: string, tag: string | undefined, digest?: string])[] = [
  ['oci-layout:///path/to/layout', '/path/to/layout', 'latest'],
  ['oci-layout:///path/to/layout:1.3', '/path/to/layout', '1.3'],
  [`oci-layout:///path/to/layout@${digest}`, '/path/to/layout', undefined, digest],
  [`oci-layout:///path/@/layout:v1@${digest}`, '/path/@/layout', 'v1', digest],
  ['oci-layout:///path/@/layout', '/path/@/layout', 'latest'],
  ['oci-layout://a:1.3', 'a', '1.3'],
  ['oci-layout://a:-x', 'a:-x', 'latest'],
  ['oci-layout://a@sha256:short', 'a@sha256', 'short'],
  ['oci-layout://C:\\layout', 'C:\\layout', 'latest'],
  [`oci-layout://C:/layout:1.3@${digest}`, 'C:/layout', '1.3', digest],
];

for (const [text, path, tag, found] of cases) {
  test(text, () => assert.deepEqual(parseLayoutReference(text), { path, tag, digest: found }));
}

test('what names no layout, and a digest that is none', () => {
  assert.equal(parseLayoutReference('docker-image://alpine'), undefined);
  const wrong = `oci-layout:///layout@sha256:${'a'.repeat(40)}`;
  assert.throws(() => parseLayoutReference(wrong), { message: 'invalid checksum digest length' });
});

test('a reference as text', () => {
  assert.equal(formatLayoutReference({ path: 'id', tag: 'v1', digest }), `oci-layout://id:v1@${digest}`);
  assert.equal(formatLayoutReference({ path: 'id', tag: undefined, digest }), `oci-layout://id@${digest}`);
});
