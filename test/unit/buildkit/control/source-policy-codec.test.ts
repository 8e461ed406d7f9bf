import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeSourcePolicy } from '../../../../src/buildkit/control/index.ts';

const policy = {
  version: 1,
  rules: [
    {
      Action: 'CONVERT',
      selector: { identifier: 'a', match_type: 'EXACT', constraints: [{ key: 'k', value: 'v', condition: 1 }] },
      updates: { identifier: 'b', attrs: { x: 'y' } },
    },
    { action: 'DENY', selector: { identifier: '*' } },
  ],
};
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

test('JSON becomes the message, with names or numbers for enums and fields in any case', () => {
  const convert = '0802 120f 0a0161 1001 1a08 0a016b 120176 1801 1a0b 0a0162 1206 0a0178 120179';
  const deny = '0801 1203 0a012a';
  const expected = `0801 1220 ${convert} 1207 ${deny}`.replaceAll(' ', '');
  assert.equal(Buffer.from(encodeSourcePolicy(json(policy))).toString('hex'), expected);
});

test('an encoded policy goes as it is', () => {
  const bytes = encodeSourcePolicy(json(policy));
  assert.deepEqual(encodeSourcePolicy(bytes), bytes);
});

for (const [name, data] of [
  ['no JSON', Buffer.from('{"version"')],
  ['an unknown action', json({ rules: [{ action: 'MAYBE' }] })],
  ['an unknown number', json({ rules: [{ action: 7 }] })],
  ['rules that are no list', json({ rules: {} })],
  ['a list', json([])],
  ['a number for a text', json({ rules: [{ selector: { identifier: 5 } }] })],
] as const) {
  test(`refused: ${name}`, () => {
    assert.throws(() => encodeSourcePolicy(data), {
      code: 'INVALID_ARGUMENT',
      message: /^failed to parse source policy: /,
    });
  });
}
