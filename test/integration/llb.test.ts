// Compiling without a daemon: image configs from a registry or a file, and a graph that a daemon takes as it is.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { openBuilder } from '../../src/builder/index.ts';
import { loadDockerConfig } from '../../src/docker/config/index.ts';
import { compile } from '../../src/index.ts';
import { createSession, filesyncAttachable } from '../../src/session/index.ts';
import { createContext, lastLine } from '../support/cli.ts';
import { baseImage, type Ran, runProgram, type TestEngine, useEngine } from '../support/engine.ts';
import { registryUser, startRegistry, startTokenServer } from '../support/registry.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const { signal } = new AbortController();

let engine: TestEngine;
let home: string;
before(async () => {
  engine = await useEngine();
  home = await mkdtemp(join(tmpdir(), 'tsbx-llb-'));
});
after(async () => {
  await rm(home, { recursive: true, force: true });
  await engine[Symbol.asyncDispose]();
});

/** Only builds reach a daemon. */
async function run(args: readonly string[]): Promise<Ran> {
  const host = args[0] === 'build' ? engine.host : 'unix:///nowhere.sock';
  const env = { DOCKER_CONFIG: home, DOCKER_HOST: host, DOCKER_CONTEXT: undefined, BUILDX_BUILDER: undefined };
  return await runProgram(process.execPath, [main, ...args], { env });
}

interface Op {
  readonly digest: string;
  readonly op: { readonly source?: { readonly identifier: string } };
  readonly platform?: string;
}

async function ops(args: readonly string[]): Promise<Op[]> {
  const { code, stdout, stderr } = await run(['llb', ...args]);
  assert.equal(code, 0, stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Op);
}

function sources(list: readonly Op[]): string[] {
  return list.flatMap(({ op }) => (op.source === undefined ? [] : [op.source.identifier]));
}

test('base images are looked up in a registry that wants a token', async () => {
  await using tokens = await startTokenServer();
  await using registry = await startRegistry({ kind: 'token', realm: tokens.realm });
  const auth = Buffer.from(`${registryUser.name}:${registryUser.password}`).toString('base64');
  await writeFile(join(home, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
  const ref = `${registry.host}/team/base:1`;
  await using made = await createContext({ Dockerfile: `FROM ${baseImage}\nENV FROM_REGISTRY=yes\n` });
  const metadata = join(home, 'metadata.json');
  const pushed = await run(['build', '--provenance=false', '--push', '-t', ref, '--metadata-file', metadata, made.dir]);
  assert.equal(pushed.code, 0, pushed.stderr);
  const { default: told } = (await import(metadata, { with: { type: 'json' } })) as {
    default: Readonly<Record<string, string>>;
  };

  await using context = await createContext({ Dockerfile: `FROM ${ref}\nRUN echo "$FROM_REGISTRY"\n` });
  const compiled = await ops([context.dir]);
  assert.deepEqual(sources(compiled), [`docker-image://${ref}@${told['containerimage.digest']}`]);
  assert.ok(JSON.stringify(compiled).includes('"FROM_REGISTRY=yes"'));

  await writeFile(join(home, 'config.json'), '{}');
  const refused = await run(['llb', context.dir]);
  assert.equal(refused.code, 1);
  assert.match(lastLine(refused.stderr), /401 Unauthorized.*--resolve FILE\.json/);
});

test('without a registry the failure names the image and the way out', async () => {
  await using context = await createContext({ Dockerfile: 'FROM 127.0.0.1:1/nothing:here\nRUN true\n' });
  const failed = await run(['llb', context.dir]);
  assert.equal(failed.code, 1);
  assert.match(lastLine(failed.stderr), /^ERROR: 127\.0\.0\.1:1\/nothing:here: .*--resolve none/);
  assert.deepEqual(sources(await ops(['--resolve=none', context.dir])), ['docker-image://127.0.0.1:1/nothing:here']);
});

test('configs come from a file, by platform', async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const config = (word: string): unknown => ({
    config: { Env: [`WORD=${word}`] },
    history: [{ created_by: 'test' }],
  });
  const file = join(home, 'images.json');
  const images = { 'base|linux/arm64': config('arm'), base: { $digest: digest, $config: config('any') } };
  await writeFile(file, JSON.stringify(images));
  await using context = await createContext({ Dockerfile: 'FROM base\nRUN echo $WORD\n' });
  const both = await ops([`--resolve=${file}`, '--platform=linux/amd64,linux/arm64', context.dir]);
  assert.deepEqual(sources(both), [
    `docker-image://docker.io/library/base:latest@${digest}`,
    'docker-image://docker.io/library/base:latest',
  ]);
  const words = both.flatMap((op) => /WORD=(\w+)/.exec(JSON.stringify(op))?.[1] ?? []);
  assert.deepEqual(words, ['any', 'arm']);
  assert.deepEqual(new Set(both.map(({ platform }) => platform)), new Set(['linux/amd64', 'linux/arm64']));

  await writeFile(join(context.dir, 'Dockerfile'), 'FROM other\n');
  const failed = await run(['llb', `--resolve=${file}`, context.dir]);
  assert.match(lastLine(failed.stderr), /docker\.io\/library\/other:latest .*is not among the images/);
});

test('what is compiled is what a daemon builds', async () => {
  await using context = await createContext({
    Dockerfile: `FROM ${baseImage}\nCOPY word /word\nRUN grep compiled /word\n`,
    word: `compiled ${crypto.randomUUID()}`,
  });
  const args = ['llb', '--resolve=none', '--format=proto', context.dir];
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], { encoding: 'buffer' });
  const options = { context: { kind: 'local', path: context.dir }, resolve: 'none' } as const;
  const [platform] = (await compile(options)).platforms;
  assert.ok(platform !== undefined && Buffer.from(platform.definition).equals(stdout));

  const config = await loadDockerConfig(home);
  await using builder = await openBuilder({ builder: undefined, flags: { host: engine.host }, config, env: {} });
  const [node] = builder.nodes;
  const id = crypto.randomUUID();
  const dirs = new Map([['context', { root: context.dir }]]);
  await using session = createSession({ id, name: '', sharedKey: '', attachables: [filesyncAttachable({ dirs })] });
  const stream = await node.dialSession({ id, name: '', sharedKey: '', methods: session.methods }, { signal });
  const serving = session.serve(stream);
  const request = { ref: crypto.randomUUID(), session: id, exporters: [], frontendAttrs: {} };
  await node.control.solve({ ...request, definition: stdout }, { signal });
  stream.destroy();
  await serving.catch(() => undefined);
});

test('what only a daemon can do is refused', async () => {
  await using context = await createContext({ Dockerfile: '# syntax=example.com/other\nFROM scratch\n' });
  const failed = await run(['llb', context.dir]);
  assert.equal(failed.code, 1);
  assert.match(lastLine(failed.stderr), /^ERROR: only a daemon can run the frontend example\.com\/other/);
  const remote = await run(['llb', '-', '--format=nonsense']);
  assert.match(lastLine(remote.stderr), /invalid --format "nonsense"/);
});
