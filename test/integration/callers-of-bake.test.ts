// Programs that call `docker buildx bake`, with the command lines that they use and the answers that they look at.
import assert from 'node:assert/strict';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Bake } from '@docker/actions-toolkit/lib/buildx/bake.js';
import { Buildx } from '@docker/actions-toolkit/lib/buildx/buildx.js';
import { dockerCli, dockerCompose } from '../../scripts/engine/bundles.ts';
import { binaryPath, createCli, createContext, lastLine, type TestCli } from '../support/cli.ts';
import { baseImage, type Ran, runProgram, type TestEngine, useEngine } from '../support/engine.ts';
import { replaceProcessEnv } from '../support/process-env.ts';

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
  const path = [dirname(await dockerCli()), join(work.dir, 'bin'), process.env['PATH'] ?? ''].join(':');
  const env = { ...cli.env, PATH: path, RUNNER_TEMP: work.dir, BUILDX_METADATA_WARNINGS: 'true' };
  environment = replaceProcessEnv(env);
});
after(async () => {
  environment?.[Symbol.dispose]();
  await cli?.[Symbol.asyncDispose]();
  await work?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

async function labelOf(image: string, label: string): Promise<string> {
  const ran = await engine.docker(['image', 'inspect', '-f', `{{index .Config.Labels "${label}"}}`, image]);
  return ran.stdout.trim();
}

async function idOf(image: string): Promise<string> {
  return (await engine.docker(['image', 'inspect', '-f', '{{.Id}}', image])).stdout.trim();
}

describe('docker compose', () => {
  const dockerfile = `FROM ${baseImage}\nARG PRICE\nCOPY name /name\nLABEL price=$PRICE\nRUN cat /name\n`;

  /** The command line by which compose hands its services over, which all have this directory as context. */
  async function delegate(dir: string, targets: Readonly<Record<string, object>>): Promise<Ran> {
    const definition = { group: { default: { targets: Object.keys(targets) } }, target: targets };
    const words = ['bake', '--file', '-', '--progress', 'rawjson', '--metadata-file', join(dir, 'metadata.json')];
    return await runProgram(join(cli.configDir, 'cli-plugins/docker-buildx'), [...words, '--allow', `fs.read=${dir}`], {
      cwd: work.dir,
      env: { ...cli.env, DOCKER_CONTEXT: 'default', DOCKER_HOST: engine.host },
      stdin: JSON.stringify(definition),
    });
  }

  test('reads the progress, and the digest of each target', async () => {
    await using context = await createContext({ Dockerfile: dockerfile, name: 'one\n' });
    const target = { context: context.dir, dockerfile: 'Dockerfile', output: ['type=docker'] };
    const ran = await delegate(context.dir, {
      web: { ...target, args: { PRICE: '$${price}' }, tags: ['callers-web'] },
      db: { ...target, args: { PRICE: '%%{if}' }, tags: ['callers-db'] },
    });
    assert.equal(ran.code, 0, ran.stderr);
    // every line is a status: compose shows any other as an error
    const lines = ran.stderr.trimEnd().split('\n');
    const statuses = lines.map((line) => JSON.parse(line) as { vertexes?: { name: string; completed?: string }[] });
    const done = statuses.flatMap(({ vertexes = [] }) => vertexes).filter(({ completed }) => completed !== undefined);
    for (const name of ['web', 'db'])
      assert.ok(
        done.some((vertex) => vertex.name.startsWith(`[${name} `)),
        name,
      );

    const text = await readFile(join(context.dir, 'metadata.json'), 'utf8');
    const metadata = JSON.parse(text) as Record<string, Record<string, unknown>>;
    for (const name of ['web', 'db']) {
      assert.equal(metadata[name]?.['containerimage.digest'], await idOf(`callers-${name}`));
    }
    assert.equal(await labelOf('callers-web', 'price'), '${price}');
    assert.equal(await labelOf('callers-db', 'price'), '%{if}');
  });

  test('finds the reason of a failure after the statuses', async () => {
    await using context = await createContext({ Dockerfile: `FROM ${baseImage}\nRUN exit 3\n` });
    const ran = await delegate(context.dir, { web: { context: context.dir } });
    assert.equal(ran.code, 1);
    assert.match(lastLine(ran.stderr), /^ERROR: .*did not complete successfully: exit code: 3$/);
  });

  test('builds its services', async () => {
    const compose = `
name: callers
services:
  web:
    build: { context: ., args: { PRICE: '$$\{price}' } }
    image: composed-web
  db:
    build: { context: ., args: { PRICE: free } }
    image: composed-db
`;
    await using context = await createContext({ Dockerfile: dockerfile, name: 'two\n', 'compose.yaml': compose });
    // a plugin that tells how it was called
    await using config = await createContext({ 'config.json': '{}' });
    const plugin = join(config.dir, 'cli-plugins/docker-buildx');
    const [calls, ours] = [join(config.dir, 'calls'), join(cli.configDir, 'cli-plugins/docker-buildx')];
    await mkdir(dirname(plugin));
    await writeFile(plugin, `#!/bin/sh\necho "$@" >> ${calls}\nexec ${ours} "$@"\n`, { mode: 0o755 });
    const env = { ...cli.env, DOCKER_CONFIG: config.dir, COMPOSE_BAKE: 'true' };
    const ran = await runProgram(await dockerCompose(), ['build'], { cwd: context.dir, env });
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(await readFile(calls, 'utf8'), /^bake --file - --progress rawjson --metadata-file /m);
    assert.equal(await labelOf('composed-web', 'price'), '${price}');
    assert.equal(await labelOf('composed-db', 'price'), 'free');

    await using broken = await createContext({
      Dockerfile: `FROM ${baseImage}\nRUN exit 4\n`,
      'compose.yaml': compose,
    });
    const failed = await runProgram(await dockerCompose(), ['build', 'web'], { cwd: broken.dir, env });
    assert.notEqual(failed.code, 0);
    assert.match(failed.stderr, /did not complete successfully: exit code: 4/);
  });
});

test('bake-action', async () => {
  const definition = `
variable "TAG" { default = "none" }
group "default" { targets = ["app", "tool"] }
target "app" {
  context = "."
  args = { GO = "1.24" }
  tags = ["callers-app:\${TAG}"]
}
target "tool" {
  dockerfile-inline = "from ${baseImage}\\nRUN echo tool > /tool\\n"
  tags = ["callers-tool"]
}
`;
  await using context = await createContext({
    Dockerfile: `FROM ${baseImage}\nARG GO\nLABEL go=$GO\n`,
    'docker-bake.hcl': definition,
  });
  const file = join(context.dir, 'docker-bake.hcl');
  const bake = new Bake();
  const overrides = ['app.args.GO=1.25', '*.labels.who=ci', '*.output=type=docker'];
  const options = { files: [file], overrides, vars: ['TAG=v1'], allow: ['fs=*'], targets: ['default'] };
  const where = { cwd: context.dir, silent: true };
  const first = await bake.getDefinition(options, { ...where });
  assert.deepEqual(Object.keys(first.target).sort(), ['app', 'tool']);
  assert.deepEqual(first.target['app']?.tags, ['callers-app:v1']);
  assert.deepEqual(first.target['app']?.args, { GO: '1.25' });
  assert.equal(Bake.hasDockerExporter(first), true);
  assert.equal(Bake.hasProvenanceAttestation(first), false);
  const provenance = 'mode=min,inline-only=true,builder-id=https://github.com/o/r/actions/runs/1/attempts/1';
  const second = await bake.getDefinition({ ...options, provenance, sbom: 'false' }, { ...where });
  assert.equal(Bake.hasProvenanceAttestation(second), true);

  const words = ['buildx', 'bake', '--allow', 'fs=*', '--file', file];
  for (const override of overrides) words.push('--set', override);
  words.push('--var', 'TAG=v1', '--metadata-file', bake.getMetadataFilePath(), '--provenance', provenance, 'default');
  const ran = await cli.docker(words, { cwd: context.dir, env: { BUILDX_METADATA_WARNINGS: 'true' } });
  assert.equal(ran.code, 0, ran.stderr);
  const metadata = bake.resolveMetadata();
  const refs = bake.resolveRefs(metadata) ?? [];
  assert.equal(refs.length, 2);
  for (const ref of refs) assert.match(ref, /^default\/default\/[a-z0-9]{25}$/);
  assert.deepEqual(refs.map((ref) => Buildx.localState(ref).Target).sort(), ['app', 'tool']);
  const warnings = bake.resolveWarnings(metadata) ?? [];
  const texts = warnings.map(({ short }) => Buffer.from(String(short), 'base64').toString());
  assert.ok(
    texts.some((text) => text.includes('ConsistentInstructionCasing')),
    texts.join('\n'),
  );
  assert.equal(await labelOf('callers-app:v1', 'go'), '1.25');
  assert.equal(await labelOf('callers-tool', 'who'), 'ci');
});

test('bake-action shows why a definition cannot be read', async () => {
  await using context = await createContext({ 'docker-bake.hcl': 'target "a" {}\n' });
  const options = { files: [join(context.dir, 'docker-bake.hcl')], targets: ['missing'] };
  const read = new Bake().getDefinition(options, { cwd: context.dir, silent: true });
  await assert.rejects(read, /cannot parse bake definitions: failed to find target missing/);
});
