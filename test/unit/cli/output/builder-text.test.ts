import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Builder } from '@docker/actions-toolkit/lib/buildx/builder.js';
import { TsbuildxError } from '../../../../src/base/errors.ts';
import { builderText } from '../../../../src/cli/output/builder-text.ts';
import type { BuilderState, NodeState } from '../../../../src/index.ts';

const node: NodeState = {
  name: 'one0',
  endpoint: 'tcp://h:1',
  driverOpts: { network: 'host', 'env.A': 'a "b"' },
  buildkitdFlags: ['--debug', '--rootless'],
  files: { 'buildkitd.toml': Buffer.from('debug = true\n[a]\n\tb = 1\n') },
  proxyConfig: {},
  status: 'running',
  error: undefined,
  version: 'v0.26.3',
  workerIds: ['a'],
  configuredPlatforms: ['linux/arm64'],
  platforms: ['linux/arm64', 'linux/amd64'],
  features: { 'OCI exporter': true, 'Cache export': false },
  labels: { 'b.c': '2', a: '1' },
  gcPolicy: [
    {
      all: true,
      keepDuration: 0n,
      filters: ['type==a', 'id==b'],
      reservedSpace: 0n,
      maxUsedSpace: 5n << 30n,
      minFreeSpace: 0n,
    },
  ],
  dynamicNodes: [],
  devices: [
    { name: 'v.com/gpu', autoAllow: true, onDemand: false, annotations: { 'long.key': 'x', b: 'y' } },
    { name: 'v.com/nic', autoAllow: false, onDemand: true, annotations: {} },
  ],
};

const builder: BuilderState = {
  name: 'one',
  driver: 'remote',
  lastActivity: new Date('2026-01-02T03:04:05Z'),
  error: undefined,
  dynamic: false,
  nodes: [
    node,
    { ...node, name: 'one1', status: 'error', error: new TsbuildxError('TRANSPORT', 'gone'), driverOpts: {} },
  ],
};

const text = `Name:          one
Driver:        remote
Last Activity: 2026-01-02 03:04:05 +0000 UTC

Nodes:
Name:                  one0
Endpoint:              tcp://h:1
Driver Options:        env.A="a \\"b\\"" network="host"
Status:                running
BuildKit daemon flags: --debug --rootless
BuildKit version:      v0.26.3
Platforms:             linux/arm64*, linux/amd64
Features:
 Cache export: false
 OCI exporter: true
Labels:
 a:   1
 b.c: 2
Devices:
 Name:                  v.com/gpu
 Automatically allowed: true
 Annotations:
            b:        y
            long.key: x
 Name:      v.com/nic
 On-Demand: true
GC Policy rule#0:
 All:            true
 Filters:        type==a id==b
 Max Used Space: 5GiB
File#buildkitd.toml:
 > debug = true
 > [a]
 >  b = 1
 > 

Name:     one1
Endpoint: tcp://h:1
Error:    gone
`;

test('a builder with all that a node can have', () => {
  assert.equal(builderText(builder, { debug: true }), text);
});

test('tools read it', () => {
  const read = Builder.parseInspect(text);
  assert.deepEqual([read.name, read.driver, read.nodes.length], ['one', 'remote', 2]);
  assert.deepEqual(read.lastActivity, builder.lastActivity);
  assert.equal(read.nodes[0]?.platforms, 'linux/arm64');
  assert.deepEqual(
    read.nodes[0]?.devices?.map(({ name }) => name),
    ['v.com/gpu', 'v.com/nic'],
  );
});

test('without its engine there are no nodes', () => {
  const error = new TsbuildxError('TRANSPORT', 'no engine');
  const lost = { name: 'default', driver: '', lastActivity: undefined, error, dynamic: false, nodes: [] };
  assert.equal(builderText(lost, { debug: false }), 'Name:   default\nDriver: \nError:  no engine\n');
});
