// `--secret` on a real engine.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { build, type BuildOptions } from '../../src/index.ts';
import { createContext } from '../support/cli.ts';
import { baseImage, type Ran, runProgram, type TestEngine, useEngine } from '../support/engine.ts';
import { mainProgram } from '../support/running.ts';

const token = 'tok-5f0c1b';

await suite('--secret', async () => {
  let engine: TestEngine;
  let context: Awaited<ReturnType<typeof createContext>>;

  before(async () => {
    engine = await useEngine();
    context = await createContext({ file: token, max: 'm'.repeat(512_000), big: 'b'.repeat(512_001) });
    await mkdir(join(context.dir, 'empty'));
  });

  after(async () => {
    await context[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  });

  /** Runs steps with secrets; what they write to /out comes back. */
  async function run(steps: string, args: readonly string[]): Promise<Ran & { readonly out: string }> {
    const dockerfile = `FROM ${baseImage} AS steps\n${steps}\nFROM scratch\nCOPY --from=steps /out /\n`;
    const dest = join(context.dir, 'dest');
    const words = ['build', '--progress', 'rawjson', '--no-cache', '-f', '-', '-o', dest, ...args];
    const ran = await runProgram(process.execPath, [mainProgram, ...words, join(context.dir, 'empty')], {
      cwd: context.dir,
      env: {
        DOCKER_HOST: engine.host,
        DOCKER_CONFIG: context.dir,
        DOCKER_CONTEXT: undefined,
        TOKEN: token,
        DEBUG: '1',
      },
      stdin: dockerfile,
    });
    const out = ran.code === 0 ? await readFile(join(dest, 'out'), 'utf8') : '';
    return { ...ran, out };
  }

  test('files and variables, mounted as the step says, and in no output', async () => {
    const steps = [
      'RUN --mount=type=secret,id=file cat /run/secrets/file > /out',
      'RUN --mount=type=secret,id=v,target=/a/b,uid=7,gid=8,mode=0640 cat /a/b >> /out && stat -c " %u:%g:%a" /a/b >> /out',
      'RUN --mount=type=secret,id=v,env=SHOWN echo "$SHOWN" >> /out',
      'RUN --mount=type=secret,id=TOKEN cat /run/secrets/TOKEN >> /out',
      'RUN --mount=type=secret,id=max,required sha256sum < /run/secrets/max >> /out',
    ];
    const args = [
      '--secret',
      'id=file',
      '--secret',
      'id=v,env=TOKEN',
      '--secret',
      'id=TOKEN',
      '--secret',
      'id=max,src=max',
    ];
    const { code, out, stderr, stdout } = await run(steps.join('\n'), args);
    assert.equal(code, 0, stderr);
    const sum = createHash('sha256').update('m'.repeat(512_000)).digest('hex');
    assert.equal(out, `${token}${token} 7:8:640\n${token}\n${token}${sum}  -\n`);
    const shown = Buffer.from(token).toString('base64').slice(0, -2);
    assert.ok(![stderr, stdout].some((text) => text.includes(token) || text.includes(shown)));
  });

  test('one that is not given: the step goes on without, or fails when it is required', async () => {
    const optional = await run('RUN --mount=type=secret,id=a ls -A /run/secrets > /out 2>&1 || true', []);
    assert.match(optional.out, /No such file/);
    for (const args of [[], ['--secret', 'id=b,src=file']]) {
      const required = await run('RUN --mount=type=secret,id=a,required true', args);
      assert.equal(required.code, 1);
      assert.match(required.stderr, /^ERROR: failed to build: failed to solve: secret a: not found$/m);
    }
  });

  test('one byte too much is refused before anything is built', async () => {
    const { code, stderr } = await run('RUN true', ['--secret', 'id=a,src=big']);
    assert.equal(code, 1);
    assert.match(stderr, /^ERROR: failed to build: secret a too big\. max size 500KiB$/m);
  });

  test('git gets its token', async () => {
    const seen = new Set<string | undefined>();
    const server = createServer((request, response) => {
      seen.add(request.headers.authorization);
      response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const url = `http://127.0.0.1:${port}/repo.git`;
    const { code } = await run(`ADD ${url} /x`, ['--secret', 'id=GIT_AUTH_TOKEN,env=TOKEN']);
    server.close();
    assert.equal(code, 1);
    assert.deepEqual([...seen], [`basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`]);
  });

  test('the library takes values', async () => {
    const options: BuildOptions = {
      context: { kind: 'memory', files: {} },
      dockerfile: {
        kind: 'text',
        text: `FROM ${baseImage} AS a\nARG SALT\nRUN --mount=type=secret,id=a cp /run/secrets/a /out\nFROM scratch\nCOPY --from=a /out /\n`,
      },
      buildArgs: { SALT: crypto.randomUUID() },
      docker: { host: engine.host },
      outputs: [{ type: 'local', attrs: {}, dest: { kind: 'directory', path: join(context.dir, 'library') } }],
      secrets: [{ id: 'a', value: Buffer.of(0, 0xff, 10) }],
    };
    await build(options);
    assert.deepEqual([...(await readFile(join(context.dir, 'library/out')))], [0, 0xff, 10]);
  });
});
