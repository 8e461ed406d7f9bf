import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localFactory } from '../../../../../src/builder/drivers/local/index.ts';
import { readLocalOptions } from '../../../../../src/builder/drivers/local/options.ts';
import type { InstanceNode } from '../../../../../src/builder/store/index.ts';

const node = (driverOpts: Readonly<Record<string, string>>, name = 'n0'): InstanceNode => ({
  name,
  endpoint: 'local://',
  driverOpts,
  buildkitdFlags: [],
  platforms: [],
  files: {},
});

test('options of the local driver', () => {
  assert.deepEqual(readLocalOptions(node({})), { defaultLoad: false, env: {} });
  assert.deepEqual(readLocalOptions(node({ 'default-load': 'true', 'env.A': 'b=c' })), {
    defaultLoad: true,
    env: { A: 'b=c' },
  });
});

const refused: readonly [given: InstanceNode, message: string][] = [
  [node({ image: 'x' }), 'invalid driver option image for local driver'],
  [node({ 'env.': 'x' }), 'invalid env option "env.", expecting env.FOO=bar'],
  [node({ 'default-load': 'x' }), 'strconv.ParseBool: parsing "x": invalid syntax'],
  [node({}, '../x'), 'invalid node name ../x'],
  [node({}, '..'), 'invalid node name ..'],
];

for (const [given, message] of refused) {
  test(`refuses: ${message}`, () => {
    assert.throws(() => localFactory.check(given), { code: 'INVALID_ARGUMENT', message });
  });
}
