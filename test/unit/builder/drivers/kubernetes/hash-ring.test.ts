import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ringNode } from '../../../../../src/builder/drivers/kubernetes/hash-ring.ts';

const keys = [
  '',
  '/',
  '/work/app',
  '/home/user/projects/api',
  '/home/user/projects/web',
  '/home/runner/work/repo/repo',
  'C:\\src',
  '/ünïcode',
  '-',
  'x',
];

/** Nodes, and which of them each key finds: computed with Go's serialx/hashring. */
const rings: readonly (readonly [nodes: readonly string[], found: readonly number[]])[] = [
  [['a'], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  [
    ['kb0-5644d7658-6brbs', 'kb0-5644d7658-z4x2k'],
    [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
  ],
  [
    [
      'builder0-7d9c6b5f8-2x7qk',
      'builder0-7d9c6b5f8-9fj4d',
      'builder0-7d9c6b5f8-k8s2p',
      'builder0-7d9c6b5f8-vv5mn',
      'builder0-7d9c6b5f8-zzz9z',
    ],
    [0, 4, 0, 1, 4, 0, 2, 2, 1, 4],
  ],
  [
    ['s-0', 's-1', 's-2', 's-3', 's-4', 's-5', 's-6', 's-7'],
    [5, 1, 5, 2, 7, 5, 3, 3, 2, 5],
  ],
];

test('a key finds the pod that it finds with buildx', () => {
  for (const [nodes, found] of rings) {
    assert.deepEqual(
      keys.map((key) => ringNode(nodes, key)),
      found.map((at) => nodes[at]),
    );
    // the order of the list is the server's business
    assert.deepEqual(
      keys.map((key) => ringNode(nodes.toReversed(), key)),
      found.map((at) => nodes[at]),
    );
  }
});

test('there is nobody on an empty ring', () => assert.equal(ringNode([], '/work'), undefined));
