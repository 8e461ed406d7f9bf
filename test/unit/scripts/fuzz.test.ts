import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../scripts/fuzz/random.ts';
import { makeRequest } from '../../../scripts/fuzz/request.ts';
import { runFuzz } from '../../../scripts/fuzz/run.ts';

test('any Dockerfile gives a result or an error with its places, the same each time', async () => {
  assert.deepEqual(await runFuzz({ kind: 'dockerfile', seed: 1, first: 0, count: 1500 }), []);
});

test('any bake file gives values or diagnostics with their places, the same each time', async () => {
  assert.deepEqual(await runFuzz({ kind: 'bake', seed: 1, first: 0, count: 1500 }), []);
});

test('a seed gives the same requests, another one gives others', () => {
  const request = (seed: number): string => JSON.stringify(makeRequest('x', ['FROM scratch\n'], Random.of(seed, 3)));
  assert.equal(request(1), request(1));
  assert.notEqual(request(1), request(2));
});
