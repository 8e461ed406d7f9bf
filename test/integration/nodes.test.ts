// Builds over two nodes: failures, cancellation, nodes that are down, and which node is taken.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openBuilder } from '../../src/builder/index.ts';
import { loadDockerConfig } from '../../src/docker/config/index.ts';
import { type BuildContext, build, type BuildOptions, type BuildResult, type NodePolicy } from '../../src/index.ts';
import { createContext } from '../support/cli.ts';
import { baseImage, type TestEngine, useEngine } from '../support/engine.ts';
import { startNodes, type TestNodes } from '../support/nodes.ts';
import { startRegistry } from '../support/registry.ts';

/** Where nobody listens. */
const nowhere = 'tcp://127.0.0.1:1';
const both = ['linux/amd64', 'linux/arm64'];
const { signal } = new AbortController();

let engine: TestEngine;
let nodes: TestNodes;
let configDir: string;
before(async () => {
  engine = await useEngine();
  configDir = await mkdtemp(join(tmpdir(), 'tsbx-nodes-'));
  nodes = await startNodes(engine, configDir);
  await nodes.write('pair', ['linux/amd64', 'linux/arm64']);
  await nodes.write('twins', ['linux/amd64', 'linux/amd64']);
  await nodes.write('widow', ['linux/amd64', 'linux/arm64'], [nodes.buildkits[0].tcp, nowhere]);
});
after(async () => {
  await nodes?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
  await rm(configDir, { recursive: true, force: true });
});

type Build = Partial<BuildOptions> & { readonly text?: string };

async function run({ text, ...options }: Build, context: BuildContext = {}): Promise<BuildResult> {
  const dockerfile = text ?? `FROM scratch\nCOPY salt /salt\n`;
  const files = { Dockerfile: dockerfile, salt: crypto.randomUUID() };
  return await build(
    {
      context: { kind: 'memory', files },
      docker: { configDir, host: engine.host },
      outputs: [{ type: 'cacheonly', attrs: {} }],
      attests: [{ type: 'provenance', disabled: true }],
      env: { PATH: process.env['PATH'] },
      ...options,
    },
    context,
  );
}

/** The node that a build went to. */
const nodeOf = ({ ref }: BuildResult): string => ref.split('/')[1] ?? '';

/** Waits until no node builds anything: a daemon needs a moment to end what was canceled. */
async function untilIdle(): Promise<void> {
  const config = await loadDockerConfig(configDir);
  await using builder = await openBuilder({ builder: 'pair', flags: {}, config, env: {} });
  const isBusy = async (): Promise<boolean> =>
    (await Promise.all(builder.nodes.map(({ control }) => control.activeBuilds({ signal })))).some(
      (count) => count !== 0,
    );
  while (await isBusy()) await delay(50);
}

/** Runs on this machine; fails or waits where it is for another. */
const onArm = (what: string): string =>
  `FROM --platform=$BUILDPLATFORM ${baseImage}\nARG TARGETARCH\nCOPY salt /\nRUN [ $TARGETARCH = amd64 ] || ${what}; [ $TARGETARCH = arm64 ] || sleep 60\n`;

test('a failure on one node ends the build on the other', async () => {
  const started = Date.now();
  const failing = run({ builder: 'pair', platforms: both, text: onArm('exit 7') });
  await assert.rejects(failing, (error: Error) => {
    assert.match(error.message, /failed to build: failed to solve: .*exit code: 7/);
    return true;
  });
  assert.ok(Date.now() - started < 30_000);
  await untilIdle();
});

test('a build that is canceled ends on both nodes', async () => {
  const canceling = new AbortController();
  let steps = 0;
  const onEvent: BuildContext['onEvent'] = (event) => {
    if (event.kind !== 'status') return;
    steps += event.status.vertexes.filter(({ name, started }) => name.includes('RUN') && started !== undefined).length;
    if (steps >= 2) canceling.abort();
  };
  const sleeping = run(
    { builder: 'pair', platforms: both, text: onArm('sleep 60') },
    { signal: canceling.signal, onEvent },
  );
  await assert.rejects(sleeping, { code: 'CANCELED' });
  await untilIdle();
});

test('an archive that can be read once is the context on both nodes', async () => {
  await using context = await createContext({ Dockerfile: 'FROM scratch\nCOPY big /\n', big: 'x'.repeat(3_000_000) });
  const archive = spawn('tar', ['-C', context.dir, '-cf', '-', '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const dest = { kind: 'directory', path: join(context.dir, 'out') } as const;
  await run({
    builder: 'pair',
    platforms: both,
    context: { kind: 'tar', stream: archive.stdout },
    outputs: [{ type: 'local', attrs: {}, dest }],
  });
  for (const name of ['linux_amd64', 'linux_arm64']) {
    const { size } = await stat(join(dest.path, name, 'big'));
    assert.equal(size, 3_000_000);
  }
});

test('the index is pushed with the login of config.json', async () => {
  await using registry = await startRegistry({ kind: 'basic' });
  await writeFile(join(configDir, 'config.json'), registry.config);
  const tags = [`${registry.host}/team/app:1`, `${registry.host}/other/app`];
  const outputs = [{ type: 'registry', attrs: {} }];
  const { exporterResponse } = await run({ builder: 'pair', platforms: both, tags, outputs });
  assert.deepEqual(Object.keys(exporterResponse), ['containerimage.digest']);
  const steps: string[] = [];
  const onEvent: BuildContext['onEvent'] = (event) => {
    if (event.kind === 'status') steps.push(...event.status.vertexes.map(({ name }) => name));
  };
  await run({ builder: 'pair', platforms: ['linux/arm64'], text: `FROM ${tags[1] ?? ''}\n` }, { onEvent });
  assert.ok(steps.some((name) => name.includes('FROM')));
});

test('a node that is down does not stop a build that does not need it', async () => {
  const result = await run({ builder: 'widow', platforms: ['linux/amd64'] });
  assert.equal(nodeOf(result), 'widow0');
});

describe('the node is chosen', () => {
  const chosen = async (options: Build): Promise<string> => nodeOf(await run({ builder: 'twins', ...options }));

  test('by its name', async () => {
    assert.equal(await chosen({ node: 'twins1' }), 'twins1');
    await assert.rejects(chosen({ node: 'other' }), {
      code: 'NOT_FOUND',
      message: 'no node "other" in builder "twins": it has twins0, twins1',
    });
  });

  test('as buildx does, without a policy', async () => {
    assert.deepEqual([await chosen({}), await chosen({ platforms: ['linux/amd64'] })], ['twins0', 'twins0']);
  });

  test('in turn', async () => {
    const nodePolicy: NodePolicy = 'round-robin';
    const found: string[] = [];
    for (let i = 0; i < 3; i += 1) found.push(await chosen({ nodePolicy, platforms: ['linux/amd64'] }));
    assert.ok(found[0] !== found[1] && found[0] === found[2], found.join());
  });

  test('by who built it last', async () => {
    const source = { nodePolicy: 'cache-affinity', target: '' } as const;
    const text = 'FROM scratch AS other\nCOPY salt /\n';
    assert.equal(await chosen({ ...source, text }), 'twins0');
    assert.equal(await chosen({ ...source, text, node: 'twins1' }), 'twins1');
    assert.equal(await chosen({ ...source, text }), 'twins1');
    assert.equal(await chosen({ ...source, text, target: 'other' }), 'twins0');
  });

  test('by who has the least to do', async () => {
    const canceling = new AbortController();
    const busy = Promise.withResolvers<void>();
    const onEvent: BuildContext['onEvent'] = (event) => {
      if (event.kind === 'status' && event.status.vertexes.some(({ name, started }) => /RUN/.test(name) && started)) {
        busy.resolve();
      }
    };
    const text = `FROM ${baseImage}\nCOPY salt /\nRUN sleep 60\n`;
    const sleeping = run({ builder: 'twins', node: 'twins0', text }, { signal: canceling.signal, onEvent });
    await busy.promise;
    assert.equal(await chosen({ nodePolicy: 'least-busy' }), 'twins1');
    canceling.abort();
    await assert.rejects(sleeping, { code: 'CANCELED' });
    await untilIdle();
    assert.equal(await chosen({ nodePolicy: 'least-busy' }), 'twins0');
  });

  test('by what it is, where emulation is refused', async () => {
    assert.equal(await chosen({ strictPlatform: true, platforms: ['linux/amd64'] }), 'twins0');
    await assert.rejects(chosen({ strictPlatform: true, platforms: ['linux/s390x'] }), {
      code: 'UNSUPPORTED',
      message: /^platform linux\/s390x is not native to any node of builder "twins".*\n {2}twins0: native linux\/amd64/,
    });
  });
});
