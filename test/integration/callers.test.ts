// Programs that call docker buildx, with the command lines that they use and the answers that they look at.
import assert from 'node:assert/strict';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Builder } from '@docker/actions-toolkit/lib/buildx/builder.js';
import { Build } from '@docker/actions-toolkit/lib/buildx/build.js';
import { Buildx } from '@docker/actions-toolkit/lib/buildx/buildx.js';
import { History } from '@docker/actions-toolkit/lib/buildx/history.js';
import { dockerCli } from '../../scripts/engine/bundles.ts';
import { binaryPath, createCli, createContext, lastLine, type TestCli } from '../support/cli.ts';
import { baseImage, type TestEngine, useEngine } from '../support/engine.ts';
import { replaceProcessEnv } from '../support/process-env.ts';
import { tarFiles } from '../support/tar-entries.ts';
import { startRegistry } from '../support/registry.ts';

let engine: TestEngine;
let cli: TestCli;
let work: AsyncDisposable & { readonly dir: string };
let environment: Disposable;

before(async () => {
  engine = await useEngine();
  cli = await createCli(engine);
  work = await createContext({});
  await mkdir(join(work.dir, 'bin'));
  await symlink(binaryPath(), join(work.dir, 'bin/buildx'));
  // the toolkit takes everything from the environment
  const env = {
    ...cli.env,
    PATH: `${dirname(await dockerCli())}:${join(work.dir, 'bin')}:${process.env['PATH'] ?? ''}`,
    RUNNER_TEMP: work.dir,
    BUILDX_METADATA_WARNINGS: 'true',
    GITHUB_REPOSITORY: 'someone/something',
    GITHUB_WORKSPACE: tmpdir(),
  };
  environment = replaceProcessEnv(env);
});
after(async () => {
  environment?.[Symbol.dispose]();
  await cli?.[Symbol.asyncDispose]();
  await work?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

/** The words of a command line without blanks in them. */
const wordsOf = (line: string): string[] => line.trim().split(/\s+/);

const warned = `from ${baseImage} AS build
WORKDIR /src
COPY . .
RUN --mount=type=secret,id=token test "$(wc -c < /run/secrets/token)" = 6 && cp name /out
FROM scratch AS last
COPY --from=build /out /out
`;

describe('docker/actions-toolkit', () => {
  for (const standalone of [false, true]) {
    test(`finds the program and its version, ${standalone ? 'standalone' : 'as a plugin'}`, async () => {
      const buildx = new Buildx({ standalone });
      assert.equal(await buildx.isAvailable(), true);
      assert.match(await buildx.version(), /^0\.\d+\.\d+$/);
      for (const range of ['>=0.13.0', '>=0.23.0', '>=0.29.0']) assert.ok(await buildx.versionSatisfies(range), range);
    });
  }

  test('reads what the command line of build-push-action left', async () => {
    await using context = await createContext({ Dockerfile: warned, name: 'one\n', 'extra/file': '' });
    const build = new Build();
    const started = new Date();
    const words = wordsOf(`
    buildx build --add-host docker:10.180.0.1 --allow network.host
    --annotation example.com/a=b --build-arg GO=1.24 --build-context extra=${context.dir}/extra
    --file ${context.dir}/Dockerfile --iidfile ${build.getImageIDFilePath()}
    --label org.opencontainers.image.title=x --no-cache-filter last --platform linux/amd64
    --attest type=provenance,mode=max,builder-id=https://github.com/o/r/actions/runs/1/attempts/1
    --secret id=token,env=TOKEN --shm-size 1g --tag callers:a --tag localhost:1/callers:b
    --target last --ulimit nofile=1024:1024 --builder default --load
    --metadata-file ${build.getMetadataFilePath()} --network default ${context.dir}
  `);
    const ran = await cli.docker(words, { env: { TOKEN: 's3cret' } });
    assert.equal(ran.code, 0, ran.stderr);
    assert.ok(!ran.stderr.includes('s3cret'));

    const id = (await engine.docker(['image', 'inspect', '-f', '{{.Id}}', 'callers:a'])).stdout.trim();
    const metadata = build.resolveMetadata();
    assert.equal(build.resolveImageID(), id);
    assert.equal(build.resolveDigest(metadata), id);
    const ref = build.resolveRef(metadata) ?? '';
    assert.match(ref, /^default\/default\/[a-z0-9]{25}$/);
    const warnings = build.resolveWarnings(metadata) ?? [];
    assert.ok(warnings.some(({ short }) => Buffer.from(String(short), 'base64').includes('FromAsCasing')));
    assert.ok(build.resolveProvenance(metadata) !== undefined);

    const state = { Target: 'default', LocalPath: context.dir, DockerfilePath: join(context.dir, 'Dockerfile') };
    assert.deepEqual({ ...Buildx.localState(ref) }, state);
    const refs = Buildx.refs({ dir: Buildx.refsDir, builderName: 'default', since: started });
    assert.deepEqual(Object.keys(refs), [ref]);
    const annotations = await Buildx.convertWarningsToGitHubAnnotations(warnings, [ref]);
    assert.ok(
      annotations?.some(({ startLine }) => startLine === 1),
      JSON.stringify(annotations),
    );
  });

  test('exports the record of a build', async () => {
    await using context = await createContext({ Dockerfile: warned.replace(/RUN .*&& /, 'RUN '), name: 'one\n' });
    const build = new Build();
    const file = build.getMetadataFilePath();
    const ran = await cli.docker(['buildx', 'build', '--metadata-file', file, context.dir]);
    assert.equal(ran.code, 0, ran.stderr);
    const ref = build.resolveRef(build.resolveMetadata()) ?? '';
    const exported = await new History().export({ refs: [ref] });
    const id = ref.split('/').at(-1);
    const summary = exported.summaries?.[id ?? ''];
    assert.deepEqual(
      [summary?.status, summary?.error, summary?.numTotalSteps],
      ['completed', '', summary?.numCompletedSteps],
    );
    assert.deepEqual([exported.builderName, exported.nodeName, exported.refs], ['default', 'default', [id]]);
    const { name, status, numCompletedSteps, numTotalSteps, error } = exported.summaries?.[id ?? ''] ?? {};
    assert.deepEqual([name, status, error], [basename(context.dir), 'completed', '']);
    assert.ok(numTotalSteps && numCompletedSteps === numTotalSteps);
    const archive = tarFiles(gunzipSync(await readFile(exported.dockerbuildFilename)));
    const blob = (digest: string): string => archive.get(`blobs/${digest.replace(':', '/')}`)?.toString() ?? '';
    const { manifests } = JSON.parse(archive.get('index.json')?.toString() ?? '') as {
      manifests: [{ digest: string }];
    };
    const { config } = JSON.parse(blob(manifests[0].digest)) as { config: { digest: string; mediaType: string } };
    assert.equal(config.mediaType, 'application/vnd.buildkit.historyrecord.v0');
    const record = JSON.parse(blob(config.digest)) as { Ref: string; localState: object; trace?: object };
    const localState = { Target: 'default', LocalPath: context.dir, DockerfilePath: '' };
    assert.deepEqual([record.Ref, record.localState, record.trace !== undefined], [id, localState, true]);
  });

  test('inspects builds, those that failed too', async () => {
    const text = `FROM ${baseImage}\nARG WHO\nRUN echo hello $WHO && exit 3\n`;
    await using context = await createContext({ Dockerfile: text });
    const args = ['--build-arg', `WHO=${crypto.randomUUID()}`, '--label', 'l=v', '--metadata-file', `${context.dir}/m`];
    const ran = await cli.docker(['buildx', 'build', ...args, context.dir]);
    assert.equal(ran.code, 1);
    const [listed] = (await cli.docker(['buildx', 'history', 'ls', '--format', '{{.FullRef}} {{.Name}}'])).stdout
      .split('\n')
      .filter((line) => line.endsWith(` ${basename(context.dir)}`));
    const [builder = '', , ref = ''] = (listed?.split(' ')[0] ?? '').split('/');
    const record = await new History().inspect({ builder, ref });
    assert.deepEqual([record.Name, record.Ref, record.Status], [basename(context.dir), ref, 'failed']);
    assert.deepEqual([record.BuildArgs?.[0]?.Name, record.Labels], ['WHO', [{ Name: 'l', Value: 'v' }]]);
    assert.match(record.Error?.Message ?? '', /did not complete successfully: exit code: 3$/);
    assert.match(record.Error?.Name ?? '', /RUN echo hello/);
    assert.equal(record.Error?.Logs?.length, 1);
    assert.ok((record.Duration ?? 0) > 0);
  });

  test('inspects builders', async () => {
    const builder = new Builder();
    assert.equal(await builder.exists('default'), true);
    assert.equal(await builder.exists('missing'), false);
    await assert.rejects(builder.inspect('missing'), /no builder "missing" found/);
    const state = await builder.inspect('default');
    assert.deepEqual([state.name, state.driver, state.nodes.length], ['default', 'docker', 1]);
    const [node] = state.nodes;
    assert.deepEqual([node?.name, node?.endpoint, node?.status], ['default', 'default', 'running']);
    assert.match(node?.platforms ?? '', /linux\/amd64/);
    assert.match(node?.buildkit ?? '', /^v\d/);
    assert.equal(node?.features?.['Multi-platform build'], true);
    assert.equal(node?.labels?.['org.mobyproject.buildkit.worker.snapshotter'], 'overlayfs');
    assert.ok((node?.gcPolicy ?? []).some(({ all, maxUsedSpace }) => all === true && maxUsedSpace !== undefined));
  });

  test('takes the reason of a failure from the last line', async () => {
    await using context = await createContext({ Dockerfile: `FROM ${baseImage}\nRUN exit 3\n` });
    const ran = await cli.docker(['buildx', 'build', '--iidfile', join(context.dir, 'iid'), context.dir]);
    assert.equal(ran.code, 1);
    const reason = 'process "/bin/sh -c exit 3" did not complete successfully: exit code: 3';
    assert.equal(Buildx.getErrorMessage(ran.stderr), `failed to build: failed to solve: ${reason}`);
  });
});

test('devcontainers', async () => {
  const dockerfile = `# syntax=docker/dockerfile:1.4
ARG _DEV_CONTAINERS_BASE_IMAGE=placeholder
FROM ${baseImage} AS dev_container_auto_added_stage_label
FROM $_DEV_CONTAINERS_BASE_IMAGE AS dev_containers_target_stage
COPY --from=dev_containers_feature_content_source feature.txt /tmp/build-features/
RUN cat /tmp/build-features/feature.txt
`;
  await using context = await createContext({
    'Dockerfile-with-features': dockerfile,
    'features/feature.txt': 'yes\n',
    'empty/x': '',
  });
  const version = await cli.docker(['buildx', 'version']);
  assert.match(/\d+\.\d+\.\d+/.exec(version.stdout)?.[0] ?? '', /^0\.(1[7-9]|[2-9]\d)\./);
  const words = wordsOf(`
    buildx build --load --build-arg BUILDKIT_INLINE_CACHE=1
    --build-context dev_containers_feature_content_source=${context.dir}/features
    --security-opt label=disable --build-arg IMAGE_USER=root
    --build-arg _DEV_CONTAINERS_BASE_IMAGE=dev_container_auto_added_stage_label
    --target dev_containers_target_stage -f ${context.dir}/Dockerfile-with-features
    -t vsc-callers ${context.dir}/empty
  `);
  const ran = await cli.docker(words);
  assert.equal(ran.code, 0, ran.stderr);
  assert.equal((await engine.docker(['inspect', '--type', 'image', 'vsc-callers'])).code, 0);
});

test('skaffold: docker build, the context first', async () => {
  await using context = await createContext({
    'web/app.Dockerfile': `FROM ${baseImage} AS base\nARG ENV\nRUN test "$ENV" = dev\n`,
  });
  const words = wordsOf(`
    build ${context.dir}/web --file ${context.dir}/web/app.Dockerfile -t callers:skaffold
    --build-arg ENV=dev --add-host a:10.0.0.1 --target base --network none
    --force-rm --squash --load --platform linux/amd64
  `);
  const ran = await cli.docker(words, { env: { DOCKER_BUILDKIT: '1' } });
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stderr, /^WARNING: experimental flag squash is removed/m);
  const inspected = await engine.docker(['inspect', 'callers:skaffold', '--format', '{{.Id}}']);
  assert.match(inspected.stdout, /^sha256:/);
});

for (const words of [
  ['image', 'build'],
  ['builder', 'build'],
]) {
  test(`docker ${words.join(' ')} is forwarded, with docker's own flags`, async () => {
    await using context = await createContext({ Dockerfile: 'FROM scratch\nLABEL a=b\n' });
    const iid = join(context.dir, 'iid');
    // as after `docker buildx use other`: plain `docker build` stays with the engine
    const ran = await cli.docker(['-l', 'error', '-H', engine.host, ...words, '--iidfile', iid, context.dir], {
      env: { DOCKER_HOST: 'unix:///nowhere.sock' },
    });
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(await readFile(iid, 'utf8'), /^sha256:[0-9a-f]{64}$/);
  });
}

test('a builder is chosen by flag, environment and nothing', async () => {
  await using context = await createContext({ Dockerfile: 'FROM scratch\nLABEL a=b\n' });
  const build = async (env: Record<string, string>, ...flags: string[]): Promise<string> =>
    lastLine((await cli.docker(['buildx', ...flags, 'build', '-q', context.dir], { env })).stderr);
  assert.equal(await build({}), '');
  assert.equal(await build({ BUILDX_BUILDER: 'default' }), '');
  assert.equal(await build({ BUILDX_BUILDER: 'missing' }), 'ERROR: no builder "missing" found');
  assert.equal(await build({ BUILDX_BUILDER: 'missing' }, '--builder', 'default'), '');
  assert.equal(await build({}, '--builder', 'missing'), 'ERROR: no builder "missing" found');
});

test('GitLab CI: caches and image in its registry', async () => {
  await using registry = await startRegistry({ kind: 'open' });
  await using context = await createContext({ Dockerfile: `FROM ${baseImage}\nRUN echo cached > /file\n` });
  const image = `${registry.host}/group/project`;
  const words = wordsOf(`
    buildx build --cache-from type=registry,ref=${image}/cache --cache-to type=registry,ref=${image}/cache,mode=max
    --cache-from ${image}:latest --tag ${image}:latest --tag ${image}:sha --push --progress plain ${context.dir}
  `);
  const first = await cli.docker(words);
  assert.equal(first.code, 0, first.stderr);
  assert.equal((await engine.docker(['pull', '-q', `${image}:sha`])).code, 0);
  const pruned = await engine.buildx(['prune', '-af']);
  assert.match(pruned.stdout, /^Total/m, pruned.stderr);
  const second = await cli.docker(words);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stderr, /^#\d+ CACHED$/m);
});

test('the metadata is what docker compose accepts', async () => {
  const ran = await cli.standalone(['docker-cli-plugin-metadata']);
  const metadata = JSON.parse(ran.stdout) as Record<string, string>;
  assert.equal(metadata['SchemaVersion'], '0.1.0');
  assert.match(metadata['Version'] ?? '', /^v0\.(1[7-9]|[2-9]\d)\.\d+$/);
  assert.ok(metadata['Vendor']);
});

test('hooks that the docker CLI may ask for do no harm', async () => {
  const ran = await cli.docker(['buildx', 'docker-cli-plugin-hooks', '{"Type":0,"RootCmd":"build","Flags":{}}']);
  const words = ['buildx', 'docker-cli-plugin-hooks', '{"Type":0,"RootCmd":"build","Flags":{}}'];
  const theirs = await engine.buildx(words, { env: { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: 'docker' } });
  assert.equal(ran.code, theirs.code);
});
