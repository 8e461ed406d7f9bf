// Images for two machines with steps that run: on one node that emulates the other machine, and over two nodes.
import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { busyboxArm64, engineBundle, qemuAarch64 } from '../../scripts/engine/bundles.ts';
import { type BuildContext, build, type BuildOptions } from '../../src/index.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { startNodes, type TestNodes } from '../support/nodes.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';

const platforms = ['linux/amd64', 'linux/arm64'];

let dir: string;
let engine: TestEngine;
let nodes: TestNodes;
let registry: TestRegistry;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tsbx-cross-'));
  // BuildKit looks for its emulators on PATH; the kernel of this machine, which others use, stays as it is.
  await mkdir(join(dir, 'bin'));
  await symlink(await qemuAarch64(), join(dir, 'bin/buildkit-qemu-aarch64'));
  const { PATH } = process.env;
  process.env['PATH'] = `${join(dir, 'bin')}:${PATH ?? ''}`;
  engine = await startEngine();
  nodes = await startNodes(engine, dir);
  process.env['PATH'] = PATH;
  await nodes.write('pair', platforms);
  await nodes.write('alone', ['linux/amd64']);
  registry = await startRegistry({ kind: 'basic' });
  await writeFile(join(dir, 'config.json'), registry.config);
});
after(async () => {
  await registry?.[Symbol.asyncDispose]();
  await nodes?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

/** Builds for both machines and pushes; gives the digest of the index. */
async function push(name: string, options: Partial<BuildOptions>, context: BuildContext = {}): Promise<string> {
  const { exporterResponse } = await build(
    {
      context: { kind: 'memory', files: {} },
      docker: { configDir: dir, host: engine.host },
      platforms,
      tags: [`${registry.host}/${name}`],
      outputs: [{ type: 'registry', attrs: { 'rewrite-timestamp': 'true' } }],
      buildArgs: { SOURCE_DATE_EPOCH: '1700000000' },
      attests: [{ type: 'provenance', disabled: true }],
      ...options,
    },
    context,
  );
  return exporterResponse['containerimage.digest'] ?? '';
}

/** What Go's buildx finds under a name. */
async function inspect(name: string): Promise<{ readonly digest: string; readonly platforms: readonly string[] }> {
  const args = ['imagetools', 'inspect', `${registry.host}/${name}`];
  const { code, stdout, stderr } = await engine.buildx(args, { env: { DOCKER_CONFIG: dir } });
  assert.equal(code, 0, stderr);
  const found = [...stdout.matchAll(/Platform:\s+(\S+)/g)].map(([, platform = '']) => platform);
  return { digest: /^Digest:\s+(\S+)/m.exec(stdout)?.[1] ?? '', platforms: found };
}

test('one index, whoever builds it', async () => {
  const trees = join(dir, 'base');
  const busyboxes = { amd64: join(await engineBundle(), 'busybox'), arm64: await busyboxArm64() };
  for (const [machine, busybox] of Object.entries(busyboxes)) {
    await mkdir(join(trees, machine, 'bin'), { recursive: true });
    await copyFile(busybox, join(trees, machine, 'bin/sh'));
  }
  const base = 'FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /\nENV PATH=/bin\n';
  const baseDigest = await push('base', {
    builder: 'pair',
    context: { kind: 'local', path: trees },
    dockerfile: { kind: 'text', text: base },
  });
  assert.deepEqual(await inspect('base'), { digest: baseDigest, platforms });

  // The shell is a program for arm64: without an emulator it does not start.
  const text = `FROM ${registry.host}/base\nARG TARGETARCH\nRUN echo "made for $TARGETARCH" > /made; read -r line < /made; echo $line\n`;
  const digests: string[] = [];
  // What the node alone has built for amd64 is in its cache when the two build.
  const ran = { alone: ['made for amd64', 'made for arm64'], pair: ['made for arm64'] };
  for (const [builder, lines] of Object.entries(ran)) {
    const said: string[] = [];
    const onEvent: BuildContext['onEvent'] = (event) => {
      if (event.kind === 'status') said.push(...event.status.logs.map(({ data }) => Buffer.from(data).toString()));
    };
    digests.push(await push(`${builder}/app`, { builder, dockerfile: { kind: 'text', text } }, { onEvent }));
    assert.deepEqual(said.join('').trim().split('\n').toSorted(), lines);
    assert.deepEqual(await inspect(`${builder}/app`), { digest: digests.at(-1), platforms });
  }
  assert.equal(digests[0], digests[1]);
});

test('a node says which machines it only emulates', async () => {
  const strict = { strictPlatform: true, dockerfile: { kind: 'text', text: 'FROM scratch\n' } } as const;
  await assert.rejects(push('strict', { builder: 'alone', ...strict }), {
    code: 'UNSUPPORTED',
    message: /^platform linux\/arm64 is not native .*\n {2}alone0: native linux\/amd64/,
  });
});
