import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resourceOf } from '../../../src/tracing/index.ts';

const given = { defaults: { 'service.name': 'buildx' }, fixed: { 'telemetry.sdk.name': 'own' } };

test('the environment adds to what the program says of itself, and names its service', () => {
  assert.deepEqual(resourceOf({}, given), { 'service.name': 'buildx', 'telemetry.sdk.name': 'own' });
  const env = { OTEL_RESOURCE_ATTRIBUTES: ' a = x%20y , b,c=d=e,bad=%zz,telemetry.sdk.name=other,service.name=first ' };
  assert.deepEqual(resourceOf(env, given), {
    'service.name': 'first',
    a: 'x y',
    c: 'd=e',
    bad: '%zz',
    'telemetry.sdk.name': 'own',
  });
  assert.equal(resourceOf({ ...env, OTEL_SERVICE_NAME: ' last ' }, given)['service.name'], 'last');
});
