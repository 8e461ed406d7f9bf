// The binary as people use it: through the docker CLI and by its own name, on a real engine.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { dockerCli } from '../../scripts/engine/bundles.ts';
import { binaryPath, createCli, createContext, lastLine, type TestCli } from '../support/cli.ts';
import { baseImage, type TestEngine, useEngine } from '../support/engine.ts';

const dockerfile = `# a comment
FROM ${baseImage} AS build
ARG WHO=world
WORKDIR /src
COPY data.txt .
RUN echo "hello $WHO" > out.txt && cat data.txt >> out.txt

FROM scratch AS files
COPY --from=build /src/out.txt /out.txt

FROM ${baseImage}
COPY --from=build /src/out.txt /out.txt
CMD ["cat", "/out.txt"]
`;
const files = { Dockerfile: dockerfile, 'data.txt': 'some data\n' };
const expected = 'hello world\nsome data\n';

suite('plugin', () => {
  let engine: TestEngine;
  let cli: TestCli;

  before(async () => {
    engine = await useEngine();
    cli = await createCli(engine);
  });
  after(async () => {
    await cli?.[Symbol.asyncDispose]();
    await engine?.[Symbol.asyncDispose]();
  });

  test('docker knows the plugin and its version', async () => {
    const version = await cli.docker(['tsbuildx', 'version']);
    assert.match(version.stdout, /^github\.com\/docker\/buildx v0\.36\.1 tsbuildx-\d+\.\d+\.\d+\n$/);
    const info = await cli.docker(['info', '--format', '{{range .ClientInfo.Plugins}}{{.Name}}={{.Err}} {{end}}']);
    assert.match(info.stdout, /tsbuildx=<nil>/);
  });

  const calls: readonly (readonly string[])[] = [
    ['tsbuildx', 'build'],
    ['tsbuildx', 'b'],
    ['buildx', 'build'],
    ['build'],
  ];
  for (const words of calls) {
    test(`docker ${words.join(' ')} puts the image into the engine`, async () => {
      await using context = await createContext(files);
      const built = await cli.docker([...words, '-t', 'plugin-test:a', context.dir]);
      assert.equal(built.code, 0, built.stderr);
      const ran = await engine.docker(['run', '--rm', '--network', 'none', 'plugin-test:a']);
      assert.equal(ran.stdout, expected);
    });
  }

  test("docker's own flags choose the engine", async () => {
    await using context = await createContext(files);
    const env = { DOCKER_HOST: 'unix:///nowhere.sock' };
    const words = [
      '-H',
      engine.host,
      '--config',
      cli.configDir,
      '-D',
      'tsbuildx',
      '--debug',
      'build',
      '-t',
      'plugin-test:h',
    ];
    const built = await cli.docker([...words, context.dir], { env });
    assert.equal(built.code, 0, built.stderr);
    assert.equal((await engine.docker(['image', 'inspect', 'plugin-test:h'])).code, 0);
  });

  test('standalone it does the same', async () => {
    await using context = await createContext(files);
    const built = await cli.standalone(['build', '-t', 'plugin-test:b', '--build-arg', 'WHO=you', '.'], {
      cwd: context.dir,
    });
    assert.equal(built.code, 0, built.stderr);
    const ran = await engine.docker(['run', '--rm', '--network', 'none', 'plugin-test:b']);
    assert.equal(ran.stdout, 'hello you\nsome data\n');
  });

  test('-o writes the files of a stage', async () => {
    await using context = await createContext(files);
    const dest = join(context.dir, 'out');
    const built = await cli.docker(['tsbuildx', 'build', '--target', 'files', '-o', dest, context.dir]);
    assert.equal(built.code, 0, built.stderr);
    assert.deepEqual(await readdir(dest), ['out.txt']);
    assert.equal(await readFile(join(dest, 'out.txt'), 'utf8'), expected);
  });

  test('-o - writes a tar to stdout and progress to stderr', async () => {
    await using context = await createContext(files);
    const built = await cli.standalone(['build', '--target', 'files', '--progress', 'plain', '-o', '-', context.dir]);
    assert.equal(built.code, 0, built.stderr);
    assert.ok(built.stdout.startsWith('out.txt'), 'the first header names the file');
    assert.ok(built.stdout.includes(expected));
    assert.match(built.stderr, /^#\d+ \[files 1\/1\] COPY --from=build \/src\/out.txt \/out.txt$/m);
  });

  test('the result files tell what was built', async () => {
    await using context = await createContext(files);
    const [iidfile, metadataFile] = [join(context.dir, 'iid'), join(context.dir, 'metadata.json')];
    const words = ['-t', 'plugin-test:c', '--label', 'a=b', '--iidfile', iidfile, '--metadata-file', metadataFile];
    const built = await cli.docker(['tsbuildx', 'build', '-q', ...words, context.dir]);
    assert.equal(built.code, 0, built.stderr);
    assert.equal(built.stderr, '');
    const id = (await engine.docker(['image', 'inspect', '-f', '{{.Id}}', 'plugin-test:c'])).stdout.trim();
    assert.equal(built.stdout, `${id}\n`);
    assert.equal(await readFile(iidfile, 'utf8'), id);
    const metadata = JSON.parse(await readFile(metadataFile, 'utf8')) as Record<string, unknown>;
    assert.equal(metadata['containerimage.digest'], id);
    assert.equal(metadata['image.name'], 'docker.io/library/plugin-test:c');
    assert.match(String(metadata['buildx.build.ref']), /^default\/default\/[a-z0-9]{25}$/);
    const labels = await engine.docker(['image', 'inspect', '-f', '{{json .Config.Labels}}', 'plugin-test:c']);
    assert.deepEqual(JSON.parse(labels.stdout), { a: 'b' });
  });

  test("an s3 cache gets the keys of AWS's chain, here those of a container", async () => {
    const keys = {
      AccessKeyId: 'AKID',
      SecretAccessKey: 'hush',
      Token: 'hush-hush',
      Expiration: '2999-01-01T00:00:00Z',
    };
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end(JSON.stringify(keys));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no address');
    await using context = await createContext(files);
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${address.port}/`,
      AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
      AWS_CONFIG_FILE: '/nowhere',
    };
    const cache = '--cache-from=type=s3,bucket=b,region=r,endpoint_url=http://127.0.0.1:1';
    const built = await cli.standalone(['build', '-o', 'type=cacheonly', cache, context.dir], { env });
    server.closeAllConnections();
    server.close();
    assert.equal(built.code, 0, built.stderr);
    assert.equal(asked, 1);
    assert.doesNotMatch(built.stderr, /hush/);
  });

  test('rawjson is one status a line', async () => {
    await using context = await createContext(files);
    const built = await cli.standalone(['build', '--progress', 'rawjson', '--no-cache', context.dir]);
    assert.equal(built.code, 0, built.stderr);
    const lines = built.stderr.trimEnd().split('\n');
    const statuses = lines.map((line) => JSON.parse(line) as { vertexes?: { name: string }[] });
    const names = statuses.flatMap((status) => (status.vertexes ?? []).map((vertex) => vertex.name));
    assert.ok(names.some((name) => name.includes('RUN echo "hello world"')));
  });

  test('progress none shows nothing', async () => {
    await using context = await createContext(files);
    const built = await cli.standalone(['build', '--progress', 'none', context.dir]);
    assert.deepEqual(built, { code: 0, stdout: '', stderr: '' });
  });

  test('a failing step shows its last lines, its place, and the reason last', async () => {
    const text = `FROM ${baseImage}\nRUN echo first\nRUN echo some trouble && exit 7\nRUN echo never\n`;
    await using context = await createContext({ Dockerfile: text });
    const built = await cli.docker(['tsbuildx', 'build', '--progress', 'plain', context.dir]);
    assert.equal(built.code, 1);
    const reason = 'process "/bin/sh -c echo some trouble && exit 7" did not complete successfully: exit code: 7';
    assert.equal(lastLine(built.stderr), `ERROR: failed to build: failed to solve: ${reason}`);
    assert.match(built.stderr, /^ > \[3\/4\] RUN echo some trouble && exit 7:\n\d+\.\d+ some trouble$/m);
    assert.match(
      built.stderr,
      /^Dockerfile:3\n-+\n {3}1 \| .*\n {3}2 \| .*\n {3}3 \| >>> RUN echo some trouble && exit 7$/m,
    );
  });

  test('a parse error names file and line', async () => {
    await using context = await createContext({ 'x.Dockerfile': `FROM ${baseImage}\nBOGUS x\n` });
    const built = await cli.standalone(['build', '-f', join(context.dir, 'x.Dockerfile'), context.dir]);
    assert.equal(built.code, 1);
    assert.match(built.stderr, /^x\.Dockerfile:2\n/m);
    assert.match(lastLine(built.stderr), /^ERROR: failed to build: failed to solve: .*unknown instruction: BOGUS/);
  });

  const refused: readonly (readonly [name: string, words: readonly string[], code: number, pattern: RegExp])[] = [
    ['unknown command', ['tsbuildx', 'nope'], 1, /^ERROR: unknown command: "nope"\n$/],
    [
      'unknown flag',
      ['tsbuildx', 'build', '--nope', '.'],
      125,
      /^unknown flag: --nope\n\nUsage: {2}docker tsbuildx build /,
    ],
    ['no context', ['tsbuildx', 'build'], 1, /^ERROR: docker: 'docker tsbuildx build' requires 1 argument\n/],
    [
      'missing context',
      ['tsbuildx', 'build', '/nowhere'],
      1,
      /unable to prepare context: path "\/nowhere" not found\n$/,
    ],
    ['bad bool', ['tsbuildx', 'build', '--pull=maybe', '.'], 125, /^invalid argument "maybe" for "--pull" flag/],
    ['bad progress', ['tsbuildx', 'build', '--progress', 'loud', '.'], 1, /^ERROR: invalid progress mode loud\n$/],
    ['quiet and plain', ['tsbuildx', 'build', '-q', '--progress', 'plain', '.'], 1, /cannot be used together\n$/],
  ];
  for (const [name, words, code, pattern] of refused) {
    test(`refused: ${name}`, async () => {
      const ran = await cli.docker(words);
      assert.equal(ran.code, code, ran.stderr);
      assert.match(ran.stderr, pattern);
    });
  }

  test('a missing Dockerfile is named', async () => {
    await using context = await createContext({ other: '' });
    const built = await cli.standalone(['build', context.dir]);
    assert.equal(built.code, 1);
    const reason = 'failed to read dockerfile: open Dockerfile: no such file or directory';
    assert.equal(lastLine(built.stderr), `ERROR: failed to build: failed to solve: ${reason}`);
  });

  test('without an engine it says where it looked', async () => {
    await using context = await createContext(files);
    const host = `unix://${context.dir}/none.sock`;
    const built = await cli.standalone(['build', context.dir], { env: { DOCKER_HOST: host } });
    assert.equal(built.code, 1);
    assert.ok(lastLine(built.stderr).startsWith('ERROR: '), built.stderr);
    assert.ok(lastLine(built.stderr).includes(`${context.dir}/none.sock`), built.stderr);
  });

  test('help and no words end well', async () => {
    for (const words of [['tsbuildx'], ['tsbuildx', '--help'], ['tsbuildx', 'build', '--help']]) {
      const ran = await cli.docker(words);
      assert.equal(ran.code, 0);
      assert.match(ran.stdout, /^Usage: {2}docker tsbuildx/);
      assert.equal(ran.stderr, '');
    }
  });

  const slow = `FROM ${baseImage}\nRUN echo started && sleep 60\n`;

  /** Starts a build and waits until its step runs. */
  async function startSlow(program: string, words: readonly string[], dir: string): Promise<ChildProcess> {
    const child = spawn(program, [...words, 'build', '--no-cache', '--progress', 'plain', dir], {
      env: { ...process.env, ...cli.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let shown = '';
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`ended with ${code} before its step ran:\n${shown}`)));
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        shown += text;
        if (/^#\d+ \d+\.\d+ started$/m.test(shown)) resolve();
      });
    });
    return child;
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`${signal} cancels the build and ends with 130 within two seconds`, async () => {
      await using context = await createContext({ Dockerfile: slow });
      const child = await startSlow(binaryPath(), [], context.dir);
      const sent = performance.now();
      child.kill(signal);
      const [code] = (await once(child, 'exit')) as [number];
      assert.equal(code, 130);
      assert.ok(performance.now() - sent < 2000);
      const running = await engine.docker(['ps', '-q']);
      assert.equal(running.stdout, '');
    });
  }

  test('the docker CLI cancels the build through its socket', async () => {
    await using context = await createContext({ Dockerfile: slow });
    const child = await startSlow(await dockerCli(), ['tsbuildx'], context.dir);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 130);
  });
});
