import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { TsbuildxError } from '../../../src/base/errors.ts';
import { type NodeChoice, NodeChooser } from '../../../src/build/node-chooser.ts';
import type { BuilderNode, OpenBuilder } from '../../../src/builder/index.ts';
import { createContentClient } from '../../../src/buildkit/content/index.ts';
import { createControlClient, type WorkerRecord } from '../../../src/buildkit/control/index.ts';
import { parsePlatform } from '../../../src/oci/index.ts';

const path = mkdtempSync(join(tmpdir(), 'tsbx-chooser-'));
after(() => rmSync(path, { recursive: true, force: true }));
const stateDir = { path, owner: undefined };
const { signal } = new AbortController();

/** A node in words: configured platforms, `:`, those of its worker; `down` for one that does not answer. `builds`: running ones. */
interface Fake {
  readonly node: string;
  readonly builds?: number;
}

const listOf = (text = '') =>
  text
    .split(' ')
    .filter(Boolean)
    .map((platform) => parsePlatform(platform));

function nodeOf({ node, builds }: Fake, index: number, onConnect: () => void): BuilderNode {
  const [configured, listed = ''] = node.split(':');
  const worker: WorkerRecord = {
    id: 'w',
    labels: {},
    platforms: listOf(listed.replace('down', '')),
    gcPolicy: [],
    devices: [],
  };
  const unused = (): never => assert.fail('nothing else is asked');
  const rpc = {
    endpoint: 'none',
    connect: unused,
    unary: unused,
    serverStream: unused,
    openStream: unused,
    [Symbol.asyncDispose]: async () => {},
  };
  return {
    builder: 'b',
    name: `n${index}`,
    driver: 'remote',
    endpoint: 'none',
    defaultLoad: false,
    platforms: listOf(configured),
    control: { ...createControlClient(rpc), activeBuilds: async () => builds },
    content: createContentClient(rpc),
    async connect() {
      onConnect();
      if (listed === 'down') throw new TsbuildxError('TRANSPORT', `n${index} is down`);
      return [worker];
    },
    bridge: unused,
    dialSession: unused,
    [Symbol.asyncDispose]: async () => {},
  };
}

interface Chosen {
  /** `n0 linux/amd64 linux/arm64`, a part each. */
  readonly parts: readonly string[];
  readonly warnings: readonly string[];
  /** Nodes that were dialed. */
  readonly dialed: readonly number[];
}

async function choose(
  fakes: readonly (Fake | string)[],
  platforms: string,
  choice: Partial<NodeChoice> = {},
): Promise<Chosen> {
  const dialed: number[] = [];
  const warnings: string[] = [];
  const nodes = fakes.map((fake, index) =>
    nodeOf(typeof fake === 'string' ? { node: fake } : fake, index, () => dialed.push(index)),
  );
  const [first, ...others] = nodes;
  assert.ok(first !== undefined);
  const builder: OpenBuilder = {
    name: 'b',
    driver: 'remote',
    isMade: true,
    nodes: [first, ...others],
    registries: async () => new Map(),
    [Symbol.asyncDispose]: async () => {},
  };
  const chooser = new NodeChooser(
    builder,
    {
      platforms: platforms.split(' ').filter(Boolean),
      policy: 'first',
      strictPlatform: false,
      source: { context: '/src', dockerfile: '', target: '' },
      ...choice,
    },
    { stateDir, onStatus: () => {}, onWarning: (message) => warnings.push(message), signal },
  );
  const chosen = await chooser.choose();
  const { parts } = chosen;
  for (const { workers } of parts) await workers;
  chosen.built();
  return { parts: parts.map((part) => [part.node.name, ...part.platforms].join(' ')), warnings, dialed };
}

const amd64 = ':linux/amd64 linux/386';
const emulating = ':linux/amd64 linux/arm64';
const arm64 = ':linux/arm64 linux/arm';

test('configured platforms decide, and only the nodes that build are dialed', async () => {
  const nodes = ['linux/amd64:down', 'linux/arm64:linux/arm64', 'linux/s390x:linux/s390x'];
  const chosen = await choose(nodes, 'linux/s390x linux/arm64');
  assert.deepEqual(chosen, { parts: ['n2 linux/s390x', 'n1 linux/arm64'], warnings: [], dialed: [2, 1] });
});

test('a build without a platform is the default node’s', async () => {
  assert.deepEqual(await choose([amd64, arm64], ''), { parts: ['n0'], warnings: [], dialed: [0] });
});

test('platforms of one node stay together, in the order that they were asked for', async () => {
  const { parts } = await choose([emulating, arm64], 'linux/amd64 linux/arm/v7 linux/arm64');
  assert.deepEqual(parts, ['n0 linux/amd64 linux/arm64', 'n1 linux/arm/v7']);
});

test('what the workers have counts where not all platforms are configured', async () => {
  const { parts, dialed } = await choose(['linux/amd64:linux/amd64', arm64], 'linux/amd64 linux/arm64');
  assert.deepEqual(
    [parts, dialed.toSorted((a, b) => a - b)],
    [
      ['n0 linux/amd64', 'n1 linux/arm64'],
      [0, 1],
    ],
  );
});

test('what no node has is the default node’s', async () => {
  assert.deepEqual((await choose([amd64, arm64], 'linux/riscv64')).parts, ['n0 linux/riscv64']);
});

test('a node that is down is left out when it is not needed, and only then', async () => {
  const chosen = await choose([':down', amd64], 'linux/amd64 linux/riscv64');
  assert.deepEqual(chosen.parts, ['n1 linux/amd64 linux/riscv64']);
  assert.deepEqual(chosen.warnings, ['node n0 is left out: n0 is down']);
  await assert.rejects(choose(['linux/amd64:linux/amd64', 'linux/arm64:down'], 'linux/arm64'), /n1 is down/);
  await assert.rejects(choose([':down', amd64], ''), /n0 is down/);
  await assert.rejects(choose([':down', ':down'], 'linux/amd64'), /n0 is down/);
});

test('a node that is left out builds nothing that another has, whatever it was given', async () => {
  const chosen = await choose(['linux/amd64:down', emulating], 'linux/amd64 linux/arm64');
  assert.deepEqual(chosen.parts, ['n1 linux/amd64 linux/arm64']);
  assert.deepEqual(chosen.warnings, ['node n0 is left out: n0 is down']);
  await assert.rejects(choose(['linux/s390x:down', emulating], 'linux/amd64 linux/s390x'), /n0 is down/);
});

test('a policy passes over nodes that are down', async () => {
  const policy = 'round-robin';
  assert.deepEqual((await choose([':down', amd64], '', { policy })).parts, ['n1']);
  await assert.rejects(choose([':down', ':down'], '', { policy }), /is down/);
});

test('taking turns, and starting anew with a broken memory', async () => {
  const nodes = [amd64, amd64, arm64];
  const turn = async () => (await choose(nodes, 'linux/amd64', { policy: 'round-robin' })).parts[0];
  const [a, b, c] = [await turn(), await turn(), await turn()];
  assert.ok(a !== b && a === c && ![a, b].includes('n2 linux/amd64'));
  const { turn: count } = JSON.parse(readFileSync(join(path, 'tsbuildx/nodes/b.json'), 'utf8')) as { turn: number };
  assert.ok(count >= 3);
});

test('the least busy; who does not tell comes last', async () => {
  const policy = 'least-busy';
  const nodes = [{ node: amd64, builds: 3 }, { node: amd64 }, { node: amd64, builds: 1 }, { node: arm64, builds: 0 }];
  assert.deepEqual((await choose(nodes, 'linux/amd64', { policy })).parts, ['n2 linux/amd64']);
});

test('the node that built the same last', async () => {
  const policy = 'cache-affinity';
  assert.deepEqual((await choose([amd64, amd64], '', { policy })).parts, ['n0']);
  assert.deepEqual((await choose([':down', amd64], '', { policy })).parts, ['n1']);
  assert.deepEqual((await choose([amd64, amd64], '', { policy })).parts, ['n1']);
  const source = { context: '/src', dockerfile: 'other', target: '' };
  assert.deepEqual((await choose([amd64, amd64], '', { policy, source })).parts, ['n0']);
});

test('emulation is refused with what the nodes have, and a native node is preferred', async () => {
  const strictPlatform = true;
  assert.deepEqual((await choose([emulating, arm64], 'linux/arm64', { strictPlatform })).parts, ['n1 linux/arm64']);
  assert.deepEqual((await choose([amd64], 'linux/386', { strictPlatform })).parts, ['n0 linux/386']);
  // What was configured for a node is no proof.
  await assert.rejects(choose([`linux/arm64${emulating}`, ':down'], 'linux/arm64', { strictPlatform }), {
    code: 'UNSUPPORTED',
    message:
      'platform linux/arm64 is not native to any node of builder "b", and --strict-platform allows no emulation:\n' +
      '  n0: native linux/amd64; emulated linux/arm64\n' +
      '  n1: does not answer',
  });
});
