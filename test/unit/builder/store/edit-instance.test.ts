import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NodeChange, withNode, withoutNode } from '../../../../src/builder/store/edit-instance.ts';
import type { InstanceDocument, NodeDocument } from '../../../../src/builder/store/instance-document.ts';
import { formatPlatform, parsePlatform } from '../../../../src/oci/index.ts';

function node(name: string, more: Partial<NodeDocument> = {}): NodeDocument {
  return {
    name,
    endpoint: `tcp://${name}:1`,
    platforms: null,
    driverOpts: null,
    flags: null,
    files: null,
    more: {},
    ...more,
  };
}

function instance(...nodes: readonly NodeDocument[]): InstanceDocument {
  return { name: 'b', driver: 'remote', nodes, dynamic: false, more: {} };
}

function change(more: Partial<NodeChange> = {}): NodeChange {
  return {
    name: '',
    endpoint: 'tcp://new:1',
    endpointGiven: true,
    append: true,
    platforms: [],
    driverOpts: null,
    flags: null,
    files: null,
    ...more,
  };
}

const platforms = (...texts: string[]) => texts.map((text) => parsePlatform(text));
const formatted = (document: InstanceDocument) =>
  document.nodes.map(({ platforms: p }) => p?.map(formatPlatform) ?? null);

test('a node gets the first name that is free', () => {
  const names = (document: InstanceDocument) => withNode(document, change()).instance.nodes.map(({ name }) => name);
  assert.deepEqual(names(instance()), ['b0']);
  assert.deepEqual(names(instance(node('b0'), node('b2'))), ['b0', 'b2', 'b1']);
  assert.deepEqual(withNode(instance(), change({ name: 'New' })).instance.nodes[0]?.name, 'new');
  assert.throws(() => withNode(instance(), change({ name: 'x!' })), { message: /^invalid name x!, / });
});

test('a platform belongs to the node that got it last', () => {
  const before = instance(node('b0', { platforms: platforms('linux/arm64', 'linux/386') }), node('b1'));
  const { instance: after } = withNode(before, change({ platforms: platforms('linux/arm64/v8') }));
  assert.deepEqual(formatted(after), [['linux/arm64', 'linux/386'], [], ['linux/arm64/v8']]);
  const { instance: taken } = withNode(before, change({ platforms: platforms('linux/386') }));
  assert.deepEqual(formatted(taken), [['linux/arm64'], [], ['linux/386']]);
});

test('only what is given changes, and what a daemon does not know yet is told', () => {
  const b0 = node('b0', {
    platforms: platforms('linux/386'),
    driverOpts: { a: 'b' },
    flags: ['-x'],
    files: { y: '' },
    more: { z: 1 },
  });
  const edit = (more: Partial<NodeChange>) =>
    withNode(instance(b0), change({ name: 'b0', endpointGiven: false, ...more }));
  assert.deepEqual(edit({}), { instance: instance(b0), needsRestart: false });
  assert.deepEqual(edit({ platforms: platforms('linux/arm') }).needsRestart, false);
  const all = { endpointGiven: true, driverOpts: {}, flags: [], files: { x: 'eA==' } };
  assert.deepEqual(edit(all).instance.nodes, [
    { ...b0, endpoint: 'tcp://new:1', driverOpts: {}, flags: [], files: { x: 'eA==', y: '' } },
  ]);
  for (const [key, value] of Object.entries(all)) assert.equal(edit({ [key]: value }).needsRestart, true, key);
});

test('what cannot be', () => {
  const one = instance(node('b0'));
  assert.throws(() => withNode(one, change({ append: false, name: 'x' })), {
    message: 'node x not found, did you mean to append?',
  });
  assert.throws(() => withNode(one, change({ endpoint: 'tcp://b0:1' })), {
    message: 'invalid duplicate endpoint tcp://b0:1',
  });
  assert.throws(() => withNode({ ...one, dynamic: true }, change()), { code: 'INVALID_ARGUMENT' });
  assert.throws(() => withoutNode(one, 'b0'), {
    message: 'can not leave last node, do you want to rm instance instead?',
  });
  assert.throws(() => withoutNode(one, 'x'), { code: 'NOT_FOUND', message: 'node "x" not found for b' });
  assert.throws(() => withoutNode({ ...one, dynamic: true }, 'b0'), { code: 'INVALID_ARGUMENT' });
  assert.deepEqual(withoutNode(instance(node('b0'), node('b1')), 'b0').nodes, [node('b1')]);
});
