import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalIp } from '../../../src/base/ip-address.ts';

test('addresses are read and shortened as Go does', () => {
  const table: Readonly<Record<string, string | undefined>> = {
    '10.0.0.1': '10.0.0.1',
    '010.0.0.1': undefined,
    '1.2.3': undefined,
    '256.0.0.1': undefined,
    '::': '::',
    '::1': '::1',
    '1::': '1::',
    '2001:DB8:0:0:1:0:0:1': '2001:db8::1:0:0:1',
    '1:0:2:3:4:5:6:7': '1:0:2:3:4:5:6:7',
    '1:2:3:4:5:6:7::': '1:2:3:4:5:6:7:0',
    '::ffff:1.2.3.4': '1.2.3.4',
    '::1.2.3.4': '::102:304',
    '1:2:3:4:5:6:7:8:9': undefined,
    '1::2::3': undefined,
    'fe80::1%eth0': undefined,
    '': undefined,
  };
  for (const [text, wanted] of Object.entries(table)) assert.equal(canonicalIp(text), wanted, text);
});
