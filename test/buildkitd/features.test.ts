// What a real buildkitd can do and the BuildKit of an engine cannot, or not in every version.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { busyboxRootfs } from '../../scripts/engine/bundles.ts';
import { lastLine } from '../support/cli.ts';
import { startAssetServer } from '../support/asset-server.ts';
import type { Side } from '../support/peers.ts';
import { type RealPeers, startRealPeers } from '../support/real-peers.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/trees.ts';

const sides: readonly Side[] = ['ours', 'theirs'];
const platforms = '--platform=linux/amd64,linux/386';

let peers: RealPeers;
let registry: TestRegistry;
let devices: ReturnType<typeof temporaryDirectory>;

before(async () => {
  devices = temporaryDirectory();
  const device = { name: 'one', containerEdits: { env: ['DEVICE=injected'] } };
  const spec = { cdiVersion: '0.6.0', kind: 'example.com/thing', devices: [device] };
  await writeFile(join(devices.path, 'spec.json'), JSON.stringify(spec));
  peers = await startRealPeers({
    it: ['--cdi-spec-dir', devices.path, '--allow-insecure-entitlement', 'device'],
  });
  registry = await startRegistry({ kind: 'open' });
  await copyFile((await busyboxRootfs()).tar, join(peers.dir, 'rootfs.tar'));
  await writeFile(join(peers.dir, 'salt'), crypto.randomUUID());
  await dockerfile(
    'Dockerfile',
    'FROM base AS made',
    'ARG TARGETARCH',
    'RUN mkdir -p /o/d && echo $TARGETARCH > /o/d/f',
    ...result,
  );
});
after(async () => {
  await registry?.[Symbol.asyncDispose]();
  await peers?.[Symbol.asyncDispose]();
  devices[Symbol.dispose]();
});

const result = ['FROM scratch', 'COPY salt /', 'COPY --from=made /o /'];

async function dockerfile(name: string, ...lines: readonly string[]): Promise<void> {
  const base = ['FROM scratch AS base', 'ADD rootfs.tar /'];
  const labs = name.startsWith('labs') ? ['# syntax=docker/dockerfile:1-labs'] : [];
  await writeFile(join(peers.dir, name), [...labs, ...base, ...lines, ''].join('\n'));
}

async function filesIn(path: string): Promise<string[]> {
  const dir = resolve(peers.dir, path);
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map(({ parentPath, name }) => relative(dir, join(parentPath, name))).sort();
}

test('mode=delete takes away what is not in the result, where that is allowed', async () => {
  using outside = temporaryDirectory();
  const output = `--output=type=local,mode=delete,dest=${outside.path}`;
  const allowed = '--allow=buildx.local.delete';
  await mkdir(join(outside.path, 'old'));
  await writeFile(join(outside.path, 'old/file'), '');
  await writeFile(join(outside.path, 'salt'), 'old');
  const refused = await peers.build('ours', 'it', [output, '.']);
  assert.equal(refused.code, 1);
  assert.match(lastLine(refused.stderr), /requires --allow=buildx\.local\.delete$/);
  assert.deepEqual(await filesIn(outside.path), ['old/file', 'salt']);
  const one = await peers.build('ours', 'it', [output, allowed, '.']);
  assert.equal(one.code, 0, one.stderr);
  assert.deepEqual(await filesIn(outside.path), ['d/f', 'salt']);
  const two = await peers.build('ours', 'it', [output, allowed, platforms, '.']);
  assert.equal(two.code, 0, two.stderr);
  assert.deepEqual(await filesIn(outside.path), [
    'linux_386/d/f',
    'linux_386/salt',
    'linux_amd64/d/f',
    'linux_amd64/salt',
  ]);
});

test('platform-split', async () => {
  for (const side of sides) {
    const build = async (...args: readonly string[]): Promise<string> => {
      const { code, stderr } = await peers.build(side, 'it', [...args, '.']);
      return code === 0 ? '' : lastLine(stderr);
    };
    assert.equal(await build(`--output=type=local,platform-split=true,dest=split-${side}`), '');
    assert.deepEqual(await filesIn(`split-${side}`), ['linux_amd64/d/f', 'linux_amd64/salt']);
    const joined = `--output=type=local,platform-split=false,dest=joined-${side}`;
    assert.match(await build(joined, platforms), /cannot overwrite .* when split option is disabled$/);
    assert.equal(await build(joined), '');
    assert.deepEqual(await filesIn(`joined-${side}`), ['d/f', 'salt']);
  }
});

test('--resource limits what steps may use', async () => {
  const limits = ['memory/memory.limit_in_bytes', 'cpu/cpu.shares', 'cpuset/cpuset.cpus', 'memory.max', 'cpuset.cpus'];
  const show = `for f in ${limits.join(' ')}; do [ ! -f /sys/fs/cgroup/$f ] || cat /sys/fs/cgroup/$f; done > /o`;
  await dockerfile('limits.Dockerfile', 'FROM base AS made', `RUN ${show}`, 'FROM scratch', 'COPY --from=made /o /');
  const resources = ['memory=67108864', 'cpu-shares=512', 'cpuset-cpus=0'].flatMap((value) => ['--resource', value]);
  const ran = await peers.build('ours', 'it', ['-f', 'limits.Dockerfile', ...resources, '-o', 'limits', '.']);
  assert.equal(ran.code, 0, ran.stderr);
  const seen = (await readFile(join(peers.dir, 'limits/o'), 'utf8')).trim().split('\n');
  assert.ok(seen.includes('67108864') && seen.includes('0'), seen.join(' '));
});

test('devices, and the entitlement for them', async () => {
  await dockerfile('labs.Dockerfile', 'FROM base', 'RUN --device=example.com/thing=one test "$DEVICE" = injected');
  const build = async (...args: readonly string[]): Promise<string> =>
    (await peers.build('ours', 'it', ['-f', 'labs.Dockerfile', '-o', 'type=cacheonly', ...args, '.'])).stderr;
  assert.match(lastLine(await build()), /device example\.com\/thing=one is requested by the build but not allowed$/);
  for (const allowed of ['device', 'device=example.com/thing', 'device=example.com/thing=one']) {
    assert.doesNotMatch(await build(`--allow=${allowed}`, '--no-cache'), /ERROR/);
  }
});

test('compressions, rewritten times and annotations make the same images', async () => {
  const rows: readonly (readonly string[])[] = [
    ['compression=zstd,force-compression=true'],
    ['compression=estargz,force-compression=true'],
    ['compression=uncompressed,force-compression=true,oci-mediatypes=false'],
    ['compression=gzip,compression-level=9,force-compression=true'],
    ['rewrite-timestamp=true', '--build-arg=SOURCE_DATE_EPOCH=1000'],
    ['unpack=true', platforms, '--annotation=index:a=b', '--annotation=manifest[linux/386]:c=d'],
    ['store=false'],
  ];
  for (const [attrs = '', ...args] of rows) {
    const output = `--output=type=image,name=${registry.host}/a,push=true,${attrs}`;
    const [ours, theirs] = [
      await peers.digestOf('ours', 'it', [output, ...args, '.']),
      await peers.digestOf('theirs', 'it', [output, ...args, '.']),
    ];
    assert.match(ours, /^sha256:/);
    assert.equal(ours, theirs, attrs);
  }
});

test('git by checksum, and policies about it', async () => {
  await using assets = await startAssetServer({});
  const policy = join(peers.dir, 'policy.json');
  const url = `${assets.url}/repo.git`;
  const { stdout } = await promisify(execFile)('git', ['ls-remote', url, 'main']);
  const checksum = stdout.slice(0, 40);
  const rule = { action: 'DENY', selector: { identifier: 'git:*', match_type: 'WILDCARD' } };
  await writeFile(policy, JSON.stringify({ version: 1, rules: [rule] }));
  const file = 'ADD_GIT.Dockerfile';
  const check = async (sum: string, env: Readonly<Record<string, string>> = {}): Promise<string[]> => {
    await writeFile(join(peers.dir, file), `FROM scratch\nADD --checksum=${sum} ${url}#main /\n`);
    const ends: string[] = [];
    for (const side of sides) {
      const { code, stderr } = await peers.build(side, 'it', ['-f', file, '-o', 'type=cacheonly', '.'], env);
      ends.push(code === 0 ? 'built' : lastLine(stderr));
    }
    return ends;
  };
  assert.deepEqual(await check(checksum), ['built', 'built']);
  const [ours = '', theirs] = await check('0'.repeat(40));
  assert.match(ours, /expected checksum to match 0{40}/);
  assert.equal(ours, theirs);
  const denied = await check(checksum, { EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: policy });
  assert.match(denied[0] ?? '', /denied by policy/);
  assert.equal(denied[0], denied[1]);
});
