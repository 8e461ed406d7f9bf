import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AttestFlags, parseAttests } from '../../../src/values/attest.ts';

/** As the command line has it: `--attest` values, then the shorthands. */
function flags(attest: readonly string[], shorthands: Omit<AttestFlags, 'attest'> = {}): AttestFlags {
  return { attest, ...shorthands };
}

const values: readonly [flags: AttestFlags, expected: readonly unknown[]][] = [
  [flags([]), []],
  [flags([], { provenance: '', sbom: '' }), []],
  [flags(['type=sbom']), [{ type: 'sbom', disabled: false, attrs: {} }]],
  [flags([' Type =sbom,Disabled=T']), [{ type: 'sbom', disabled: true, attrs: {} }]],
  [
    flags(['type=sbom,generator=a/b:c,"ENV=x,y",Mode=Z']),
    [{ type: 'sbom', disabled: false, attrs: { generator: 'a/b:c', ENV: 'x,y', Mode: 'Z' } }],
  ],
  [
    flags(['type=x'], { provenance: 'false', sbom: 'true' }),
    [
      { type: 'x', disabled: false, attrs: {} },
      { type: 'provenance', disabled: true, attrs: {} },
      { type: 'sbom', disabled: false, attrs: {} },
    ],
  ],
  [flags([], { provenance: 'mode=max,disabled=0' }), [{ type: 'provenance', disabled: false, attrs: { mode: 'max' } }]],
];

for (const [given, expected] of values) {
  test(`attestations ${JSON.stringify(given)}`, () => assert.deepEqual(parseAttests(given), expected));
}

const errors: readonly [flags: AttestFlags, message: string][] = [
  [flags(['foo']), 'invalid value foo'],
  [flags(['type=']), 'attestation type not specified'],
  [flags(['mode=max']), 'attestation type not specified'],
  [flags([], { provenance: 'max' }), 'invalid value max'],
  [flags(['type=sbom,disabled=zz']), 'invalid value disabled=zz: strconv.ParseBool: parsing "zz": invalid syntax'],
  [flags(['type=sbom,"a']), 'parse error on line 1, column 12: extraneous or missing " in quoted-field'],
];

for (const [given, message] of errors) {
  test(`attestations ${JSON.stringify(given)} are refused`, () =>
    assert.throws(() => parseAttests(given), { code: 'INVALID_ARGUMENT', message }));
}
