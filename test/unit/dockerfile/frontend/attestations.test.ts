import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSbom } from '../../../../src/dockerfile/frontend/attestations.ts';

const values: readonly [opts: Readonly<Record<string, string>>, expected: unknown][] = [
  [{}, undefined],
  [{ 'attest:provenance': 'mode=max' }, undefined],
  [{ 'attest:sbom': '' }, { generator: 'docker.io/docker/buildkit-syft-scanner:stable-1', parameters: [] }],
  [
    { 'attest:sbom': 'type=sbom,generator=me/scan,"A=x,y",B,C=d=e' },
    {
      generator: 'docker.io/me/scan:latest',
      parameters: [
        ['type', 'sbom'],
        ['A', 'x,y'],
        ['B', ''],
        ['C', 'd=e'],
      ],
    },
  ],
  [{ 'build-arg:BUILDKIT_ATTEST_SBOM': 'generator=a:1' }, { generator: 'docker.io/library/a:1', parameters: [] }],
];

for (const [opts, expected] of values) {
  test(`the SBOM of ${JSON.stringify(opts)}`, () => {
    const sbom = parseSbom(opts);
    assert.deepEqual(sbom && { ...sbom, parameters: [...sbom.parameters] }, expected);
  });
}

test('what cannot be is refused', () => {
  const refused: readonly [opts: Readonly<Record<string, string>>, message: RegExp][] = [
    [{ 'attest:foo': '' }, /^unknown attestation type "foo"$/],
    [{ 'attest:sbom': 'generator=A::B' }, /^failed to parse sbom scanner A::B: /],
    [{ 'attest:sbom': 'a"' }, /^failed to parse sbom: parse error on line 1, column 2: bare " in non-quoted-field$/],
  ];
  for (const [opts, message] of refused) {
    assert.throws(() => parseSbom(opts), { code: 'INVALID_ARGUMENT', message });
  }
});
