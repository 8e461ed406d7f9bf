// Caches that leave the engine: one engine exports them, another, which has built nothing, finds every step in them.
// Each is also read and written by docker buildx.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { busyboxRootfs } from '../../scripts/engine/bundles.ts';
import { type BuildSteps, stepsOf } from '../support/build-steps.ts';
import { createContext } from '../support/cli.ts';
import { startFakeActionsCache } from '../support/actions-cache.ts';
import { type Ran, runProgram, startEngine, type TestEngine } from '../support/engine.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { mainProgram } from '../support/running.ts';

type Side = 'ours' | 'theirs';

let dir: string;
let first: TestEngine;
let second: TestEngine;
let registry: TestRegistry;
let context: AsyncDisposable & { readonly dir: string };

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tsbx-cache-'));
  await writeFile(join(dir, 'config.json'), '{}');
  const { tar } = await busyboxRootfs();
  const dockerfile = [
    'FROM scratch AS base',
    'ADD rootfs.tar /', // both engines begin with the same bytes
    'FROM base AS made',
    'COPY salt /salt',
    'RUN cat /salt > /made',
    'FROM base',
    'COPY --from=made /made /',
    'RUN cat /made > /again',
  ];
  context = await createContext({
    Dockerfile: dockerfile.join('\n'),
    'rootfs.tar': readFileSync(tar),
    salt: crypto.randomUUID(),
  });
  [first, second, registry] = await Promise.all([startEngine(), startEngine(), startRegistry({ kind: 'open' })]);
});
after(async () => {
  await Promise.all([first, second, registry, context].map((part) => part[Symbol.asyncDispose]()));
  await rm(dir, { recursive: true, force: true });
});

async function run(side: Side, engine: TestEngine, args: readonly string[], env = {}): Promise<Ran> {
  const words = ['build', '--progress=rawjson', '--provenance=false', ...args, context.dir];
  const settings = {
    DOCKER_CONFIG: dir,
    DOCKER_HOST: engine.host,
    DOCKER_CONTEXT: undefined,
    BUILDX_BUILDER: undefined,
  };
  const options = { cwd: dir, env: { ...settings, ...env } };
  const ran = await (side === 'ours'
    ? runProgram(process.execPath, [mainProgram, ...words], options)
    : engine.buildx(words, options));
  assert.equal(ran.code, 0, `${side}: ${ran.stderr}`);
  return ran;
}

async function build(side: Side, engine: TestEngine, ...args: readonly string[]): Promise<BuildSteps> {
  return stepsOf((await run(side, engine, args)).stderr);
}

/** A build on an engine that remembers nothing. */
async function buildAnew(side: Side, ...args: readonly string[]): Promise<BuildSteps> {
  const pruned = await second.docker(['builder', 'prune', '-af']);
  assert.equal(pruned.code, 0, pruned.stderr);
  return await build(side, second, ...args);
}

const all = ['[base 1/1] ADD rootfs.tar /', '[made 1/2] COPY salt /salt', '[made 2/2] RUN cat /salt > /made'];
const nothing = '--output=type=cacheonly';

/** Everybody reads ours, we read everybody's. */
function readersOf(writer: Side): readonly Side[] {
  return writer === 'ours' ? ['ours', 'theirs'] : ['ours'];
}

/** mode=max keeps the steps of all stages, min those of the result. */
function assertCached({ cached, done }: BuildSteps): void {
  assert.deepEqual(done, [], 'a step was not in the cache');
  for (const name of all) assert.ok(cached.includes(name), `${name} is not among ${cached.join(', ')}`);
}

void test('a local cache', async () => {
  for (const [writer, path] of [
    ['ours', 'by-us'],
    ['theirs', 'by-them'],
  ] as const) {
    await build(writer, first, nothing, `--cache-to=type=local,dest=${path},mode=max`);
    for (const reader of readersOf(writer)) {
      assertCached(await buildAnew(reader, nothing, `--cache-from=type=local,src=${path}`));
    }
  }
  const paths = (path: string): Set<string> =>
    new Set(readdirSync(join(dir, path), { recursive: true, encoding: 'utf8' }));
  assert.deepEqual(paths('by-us'), paths('by-them'));
  assert.equal(
    readFileSync(join(dir, 'by-us/index.json'), 'utf8'),
    readFileSync(join(dir, 'by-them/index.json'), 'utf8'),
  );
});

void test('a local cache under a tag, added to, and reset to what is named', async () => {
  const blobs = (): string[] => readdirSync(join(dir, 'tagged/blobs/sha256'));
  await build('ours', first, nothing, '--cache-to=type=local,dest=tagged,tag=one,mode=max');
  const before = blobs().length;
  await build(
    'ours',
    first,
    nothing,
    '--label=x=1',
    '--cache-to=type=local,dest=tagged,tag=two,compression=zstd,force-compression=true',
  );
  assert.ok(blobs().length > before);
  for (const tag of ['one', 'two']) {
    assert.deepEqual((await buildAnew('ours', nothing, `--cache-from=type=local,src=tagged,tag=${tag}`)).done, []);
  }
  await build('ours', first, nothing, '--cache-to=type=local,dest=tagged,tag=two,mode=max,reset=true');
  assert.equal(blobs().length, before);
});

void test('a local cache of broken blobs is not believed', async () => {
  await build('ours', first, nothing, '--cache-to=type=local,dest=broken,mode=max');
  const blobs = join(dir, 'broken/blobs/sha256');
  for (const name of readdirSync(blobs)) {
    const path = join(blobs, name);
    const data = readFileSync(path);
    if (data.includes('application/vnd.buildkit.cacheconfig')) continue;
    data.fill(0x20, data.length - 1);
    rmSync(path);
    await writeFile(path, data);
  }
  const { done } = await buildAnew('ours', nothing, '--cache-from=type=local,src=broken');
  assert.ok(done.length > 0);
});

void test('a cache in a registry, and inside an image of one', async () => {
  const ref = `${registry.host}/cache`;
  for (const writer of ['ours', 'theirs'] as const) {
    await build(writer, first, nothing, `--cache-to=type=registry,ref=${ref}:${writer},mode=max`);
    await build(writer, first, '--cache-to=type=inline', '--push', '-t', `${ref}:inline-${writer}`);
    for (const reader of readersOf(writer)) {
      assertCached(await buildAnew(reader, nothing, `--cache-from=${ref}:none,${ref}:${writer}`));
      const { cached, done } = await buildAnew(reader, nothing, `--cache-from=${ref}:inline-${writer}`);
      assert.deepEqual(cached.filter((name) => name.startsWith('[stage-')).length, 2, `done: ${done.join(', ')}`);
    }
  }
  await build('ours', first, '--build-arg=BUILDKIT_INLINE_CACHE=1', '--push', '-t', `${ref}:by-arg`);
  const { cached } = await buildAnew('ours', nothing, '--cache-from', `type=registry,ref=${ref}:by-arg`);
  assert.ok(cached.includes('[base 1/1] ADD rootfs.tar /'));
});

void test('a frontend of the daemon has the caches too', async () => {
  await build('ours', first, nothing, '--cache-to=type=local,dest=daemon,mode=max');
  assertCached(await buildAnew('ours', nothing, '--frontend=daemon', '--cache-from=type=local,src=daemon'));
});

for (const [version, calls] of [
  [1, '/_apis/artifactcache/caches'],
  [2, '/twirp/github.actions.results.api.v1.CacheService/FinalizeCacheEntryUpload'],
] as const)
  void test(`the cache of GitHub Actions, version ${version}, by what the environment of its runners says`, async () => {
    await using service = await startFakeActionsCache();
    const env = {
      ACTIONS_RUNTIME_TOKEN: service.token,
      ...(version === 1
        ? { ACTIONS_CACHE_URL: service.url }
        : { ACTIONS_RESULTS_URL: service.url, ACTIONS_CACHE_SERVICE_V2: 'true' }),
    };
    const written = await run('ours', first, [nothing, '--cache-to=type=gha,mode=max,scope=test'], env);
    assert.ok(
      service.keys().some((key) => key.startsWith('index-test-')),
      service.keys().join(', '),
    );
    for (const reader of ['ours', 'theirs'] as const) {
      await second.docker(['builder', 'prune', '-af']);
      const read = await run(reader, second, [nothing, '--cache-from=type=gha,scope=test'], env);
      assertCached(stepsOf(read.stderr));
      assert.ok(!read.stderr.includes(service.token));
    }
    assert.ok(!written.stderr.includes(service.token));
    assert.ok(service.calls().has(calls), [...service.calls()].join(', '));
    // elsewhere there is no such cache, and nobody misses it
    await build('ours', first, nothing, '--cache-to=type=gha', '--cache-from=type=gha');
  });

void test('an OCI layout is an output, and a context on an engine that has none of its blobs', async () => {
  const epoch = { SOURCE_DATE_EPOCH: '1' };
  for (const side of ['ours', 'theirs'] as const) {
    const dest = join(dir, `layout-${side}`);
    await run(side, first, ['-t', 'team/app:1', '-t', 'app:2', `--output=type=oci,tar=false,dest=${dest}`], epoch);
  }
  const files = (layout: string): Map<string, string> =>
    new Map(
      readdirSync(join(dir, layout), { recursive: true, encoding: 'utf8', withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'latin1')]),
    );
  assert.ok(files('layout-ours').size > 4);
  assert.deepEqual(files('layout-ours'), files('layout-theirs'));

  const file = join(dir, 'Dockerfile.layout');
  await writeFile(file, 'FROM app\nCOPY --from=other /made /copied\nRUN cat /again > /third\n');
  const digests: string[] = [];
  for (const side of ['ours', 'theirs'] as const) {
    await second.docker(['builder', 'prune', '-af']);
    const metadata = join(dir, `${side}.json`);
    const other = join(dir, 'layout-theirs');
    const contexts = [
      '--build-context=app=oci-layout://layout-ours:1',
      `--build-context=other=oci-layout://${other}:2`,
    ];
    const output = `--output=type=oci,rewrite-timestamp=true,dest=${join(dir, `${side}.tar`)}`;
    await run(side, second, ['-f', file, ...contexts, output, '--metadata-file', metadata], epoch);
    digests.push(
      String((JSON.parse(readFileSync(metadata, 'utf8')) as Record<string, unknown>)['containerimage.digest']),
    );
  }
  assert.match(digests[0] ?? '', /^sha256:/);
  assert.equal(digests[0], digests[1]);
});
