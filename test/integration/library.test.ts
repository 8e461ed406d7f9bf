// The package as a program uses it: the README's example, events, errors, cancellation, and its installation.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type BuildEvent, type BuildOptions, build, imageIdOf, metadataOf } from '../../src/index.ts';
import { createContext } from '../support/cli.ts';
import { baseImage, runProgram, type TestEngine, useEngine } from '../support/engine.ts';

const root = join(import.meta.dirname, '../..');

suite('library', () => {
  let engine: TestEngine;
  let configDir: string;
  before(async () => {
    engine = await useEngine();
    configDir = await mkdtemp(join(tmpdir(), 'tsbx-library-'));
  });
  after(async () => {
    await rm(configDir, { recursive: true, force: true });
    await engine?.[Symbol.asyncDispose]();
  });
  const optionsOf = (dockerfile: string, more: Partial<BuildOptions> = {}): BuildOptions => ({
    context: { kind: 'memory', files: {} },
    dockerfile: { kind: 'text', text: dockerfile },
    docker: { host: engine.host, configDir },
    ...more,
  });

  test("the README's example runs", async () => {
    const readme = await readFile(join(root, 'README.md'), 'utf8');
    const [, code] = /```ts\n(.*?)```/s.exec(readme) ?? [];
    assert.ok(code !== undefined, 'README.md has a TypeScript example');
    const program = join(configDir, 'example.ts');
    await writeFile(program, code.replace("'tsbuildx'", JSON.stringify(join(root, 'src/index.ts'))));
    const ran = await runProgram(process.execPath, [program], {
      env: { DOCKER_HOST: engine.host, DOCKER_CONFIG: configDir },
    });
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /^\[1\/1\] COPY hello\.txt \/$/m);
    const id = ran.stdout.trimEnd().split('\n').at(-1);
    const inspected = await engine.docker(['image', 'inspect', '-f', '{{.Id}}', 'hello-from-the-library']);
    assert.equal(inspected.stdout.trim(), id);
  });

  test('events tell the builder first, then the steps; the result names the image', async () => {
    const events: BuildEvent[] = [];
    const options = optionsOf(`FROM ${baseImage}\nRUN echo told`, { tags: ['library-test:events'], noCache: true });
    const result = await build(options, { onEvent: (event) => events.push(event) });
    assert.deepEqual(events[0], { kind: 'builder', name: 'default', driver: 'docker' });
    const logs = events.flatMap((event) => (event.kind === 'status' ? event.status.logs : []));
    assert.equal(Buffer.concat(logs.map((log) => log.data)).toString(), 'told\n');
    assert.match(imageIdOf(result) ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.equal(metadataOf(result)['image.name'], 'docker.io/library/library-test:events');
    assert.match(result.ref, /^default\/default\/[a-z0-9]{25}$/);
  });

  test('a step that fails is an error with the step and its place', async () => {
    await assert.rejects(build(optionsOf(`FROM ${baseImage}\nRUN exit 7`)), (error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error);
      assert.equal(error.code, 'RPC_FAILED');
      assert.match(
        error.message,
        /^failed to build: failed to solve: process "\/bin\/sh -c exit 7" did not complete successfully: exit code: 7$/,
      );
      return true;
    });
  });

  test('an aborted signal cancels the build', async () => {
    const abort = new AbortController();
    const running = build(optionsOf(`FROM ${baseImage}\nRUN echo started && sleep 60`, { noCache: true }), {
      signal: abort.signal,
      onEvent: (event) => {
        if (event.kind === 'status' && event.status.logs.length > 0) abort.abort();
      },
    });
    await assert.rejects(running, { code: 'CANCELED' });
  });

  test('nothing of the process is read but what the options leave open', async () => {
    const env = { PATH: process.env['PATH'], HOME: configDir, DOCKER_HOST: 'unix:///nowhere.sock' };
    await assert.rejects(build({ ...optionsOf('FROM scratch'), docker: undefined, env }), {
      code: 'TRANSPORT',
      message: /^Cannot connect to the Docker daemon at unix:\/\/\/nowhere\.sock\./,
    });
  });

  test('the packed package installs and builds in an empty project', async () => {
    await using project = await createContext({ 'package.json': '{"type":"module"}' });
    const npm = async (args: readonly string[], cwd: string): Promise<string> => {
      const ran = await runProgram('npm', [...args, '--silent', '--no-audit', '--no-fund', '--prefer-offline'], {
        cwd,
      });
      assert.equal(ran.code, 0, ran.stderr + ran.stdout);
      return ran.stdout.trim();
    };
    const tarball = await npm(['pack', '--pack-destination', project.dir], root);
    await npm(['install', '--ignore-scripts', join(project.dir, tarball.split('\n').at(-1) ?? '')], project.dir);
    await writeFile(
      join(project.dir, 'main.ts'),
      `import { build, imageIdOf, type BuildOptions } from 'tsbuildx';
       const options: BuildOptions = { context: { kind: 'memory', files: { a: 'b' } }, dockerfile: { kind: 'text', text: 'FROM scratch\\nCOPY a /\\n' } };
       console.log(imageIdOf(await build(options)));`,
    );
    const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: configDir };
    const ran = await runProgram(process.execPath, ['main.ts'], { cwd: project.dir, env });
    assert.match(ran.stdout, /^sha256:[0-9a-f]{64}\n$/, ran.stderr);
  });
});
