import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildkitdFlags } from '../../../../src/builder/manage/buildkitd-flags.ts';

const added = '--allow-insecure-entitlement=network.host';

function flags(
  given: readonly string[] | null,
  {
    driver = 'docker-container',
    network,
    configured = [] as readonly string[],
  }: {
    readonly driver?: string;
    readonly network?: string;
    readonly configured?: readonly string[];
  } = {},
): readonly string[] | null {
  return buildkitdFlags(given, { driver, network, configured });
}

test('the network of the host is let in where nothing is said', () => {
  assert.deepEqual(flags(null), [added]);
  assert.deepEqual(flags(null, { driver: 'kubernetes' }), [added]);
  assert.equal(flags(null, { driver: 'remote' }), null);
  assert.deepEqual(flags([]), [added]);
  assert.deepEqual(flags(['--allow-insecure-entitlement', 'security.insecure']), [
    '--allow-insecure-entitlement',
    'security.insecure',
  ]);
  assert.equal(flags(null, { configured: ['network.host'] }), null);
  assert.deepEqual(flags(null, { configured: ['security.insecure'] }), [added]);
});

test('what stands behind another flag is not seen', () => {
  assert.deepEqual(flags(['--debug', '--allow-insecure-entitlement=x']), [
    '--debug',
    '--allow-insecure-entitlement=x',
    added,
  ]);
});

test('a daemon on the network of the host', () => {
  assert.deepEqual(flags(['--allow-insecure-entitlement=x'], { network: 'host' }), [
    '--allow-insecure-entitlement=x',
    added,
  ]);
  assert.deepEqual(flags([added], { network: 'host' }), [added]);
  assert.deepEqual(flags(null, { network: 'host', configured: ['network.host'] }), [added]);
  assert.equal(flags(null, { network: 'host', driver: 'remote' }), null);
});
