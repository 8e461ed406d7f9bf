// Contexts that come through a pipe or from a server: what is sent, what is refused, and how a build with them ends.
import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { type AssetServer, startAssetServer } from '../support/asset-server.ts';
import { createContext, lastLine } from '../support/cli.ts';
import { type Ran, runProgram, type TestEngine, useEngine } from '../support/engine.ts';
import { mainProgram, within } from '../support/running.ts';

const run = promisify(execFile);
const copying = 'FROM scratch\nCOPY a.txt /\n';

let engine: TestEngine;
let assets: AssetServer;
let config: AsyncDisposable & { readonly dir: string };
before(async () => {
  engine = await useEngine();
  config = await createContext({ 'config.json': '{}' });
  const repo = { 'guarded/Dockerfile': copying, 'guarded/a.txt': '', 'guarded/Dockerfile.rego': 'package docker\n' };
  assets = await startAssetServer({}, repo);
});
after(async () => {
  await assets?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
  await config?.[Symbol.asyncDispose]();
});

const environment = (host: string = engine.host): NodeJS.ProcessEnv => ({
  ...process.env,
  DOCKER_HOST: host,
  DOCKER_CONFIG: config.dir,
  DOCKER_CONTEXT: undefined,
  BUILDX_BUILDER: undefined,
});

const build = (args: readonly string[], env: NodeJS.ProcessEnv = {}, stdin?: Readable): Promise<Ran> =>
  runProgram(process.execPath, [mainProgram, 'build', '--progress', 'plain', ...args], {
    env: { ...environment(), ...env },
    stdin,
  });

interface Piped {
  readonly child: ChildProcess;
  readonly stdin: NonNullable<ChildProcess['stdin']>;
  readonly text: () => string;
  readonly code: Promise<number | null>;
}

/** Starts `build -`, whose standard input the test writes. */
function startPiped(t: TestContext, args: readonly string[] = [], host?: string): Piped {
  const words = [mainProgram, 'build', '--progress', 'plain', '-o', 'type=cacheonly', ...args, '-'];
  const child = spawn(process.execPath, words, { env: environment(host), stdio: ['pipe', 'ignore', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  child.stdin.on('error', () => undefined);
  const code = once(child, 'close').then(([exit]): number | null => (typeof exit === 'number' ? exit : null));
  return { child, stdin: child.stdin, text: () => text, code };
}

/** A tar archive of these files. */
async function archive(files: Readonly<Record<string, string>>): Promise<Buffer> {
  await using tree = await createContext({ salt: crypto.randomUUID(), ...files });
  const made = await run('tar', ['-cf', '-', '-C', tree.dir, '.'], { encoding: 'buffer', maxBuffer: 1 << 30 });
  return made.stdout;
}

/** The most memory that the process has had so far, in MB. */
function peakMemory(pid: number | undefined): number {
  try {
    const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  } catch {
    return 0; // it has ended
  }
}

describe('an archive on stdin', () => {
  test('is built as it comes, however slowly', async (t) => {
    const tar = await archive({ Dockerfile: copying, 'a.txt': 'slow\n' });
    const { stdin, text, code } = startPiped(t);
    for (const part of [tar.subarray(0, 10), tar.subarray(10, 700), tar.subarray(700, 3000), tar.subarray(3000)]) {
      stdin.write(part);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    stdin.end();
    assert.equal(await code, 0, text());
    assert.match(text(), /\[1\/1\] COPY a\.txt \//);
  });

  test('is not held in memory', async (t) => {
    const size = 384 << 20;
    await using tree = await createContext({ Dockerfile: copying, 'a.txt': crypto.randomUUID(), zeros: '' });
    truncateSync(join(tree.dir, 'zeros'), size);
    const { child, stdin, text, code } = startPiped(t);
    const producer = spawn('tar', ['-cf', '-', '-C', tree.dir, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let peak = 0;
    producer.stdout.on('data', () => {
      peak = Math.max(peak, peakMemory(child.pid));
    });
    producer.stdout.pipe(stdin);
    assert.equal(await code, 0, text());
    assert.ok(peak > 0 && peak < 280, `${peak} MB for an archive of ${size >> 20} MB`);
  });

  test('that ends too early fails the build', async (t) => {
    const tar = await archive({ Dockerfile: copying, 'a.txt': 'cut'.repeat(100_000) });
    const { stdin, text, code } = startPiped(t);
    stdin.end(tar.subarray(0, tar.length >> 1));
    assert.equal(await code, 1);
    assert.match(lastLine(text()), /^ERROR: failed to build: failed to solve: /);
  });

  test('can be left by its user while it comes', async (t) => {
    const { child, stdin, text, code } = startPiped(t);
    stdin.write((await archive({ Dockerfile: copying, 'a.txt': '' })).subarray(0, 1024));
    while (!text().includes('load remote build context')) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    assert.equal(await within(4000, 'the end after Ctrl-C', code), 130, text());
  });

  test('is left alone when there is no daemon', async (t) => {
    const { stdin, text, code } = startPiped(t, [], 'unix:///nonexistent/docker.sock');
    stdin.write(await archive({ Dockerfile: copying }));
    assert.equal(await within(10_000, 'the end without a daemon', code), 1);
    assert.match(lastLine(text()), /^ERROR: .*\/nonexistent\/docker\.sock/);
  });

  test('tells SOURCE_DATE_EPOCH=context the time of its youngest file', async () => {
    const dockerfile = 'FROM scratch\nARG SOURCE_DATE_EPOCH\nWORKDIR /time-$SOURCE_DATE_EPOCH\n';
    await using tree = await createContext({ Dockerfile: dockerfile });
    utimesSync(join(tree.dir, 'Dockerfile'), 1234567, 1234567);
    const { stdout } = await run('tar', ['-czf', '-', '-C', tree.dir, '.'], { encoding: 'buffer' });
    const words = ['-o', 'type=cacheonly', '--build-arg', 'SOURCE_DATE_EPOCH=context', '-'];
    const ran = await build(words, {}, Readable.from([stdout]));
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stderr, /WORKDIR \/time-1234567$/m);
  });

  test('that is empty is told', async (t) => {
    const { stdin, text, code } = startPiped(t);
    stdin.end();
    assert.equal(await code, 1);
    assert.match(lastLine(text()), /failed to read dockerfile: no local sources enabled: there is nothing on stdin$/);
  });
});

describe('a policy beside the Dockerfile of a remote context', () => {
  for (const frontend of ['client', 'daemon']) {
    const refusal = /^ERROR: .*the policy guarded\/Dockerfile\.rego cannot be evaluated yet/;
    test(`in a repository is never passed by: --frontend=${frontend}`, async () => {
      const ran = await build([`--frontend=${frontend}`, '-f', 'guarded/Dockerfile', `${assets.url}/repo.git`]);
      assert.equal(ran.code, 1);
      assert.match(lastLine(ran.stderr), refusal);
    });

    test(`in an archive is never passed by: --frontend=${frontend}`, async (t) => {
      const files = { 'guarded/Dockerfile': copying, 'a.txt': '', 'guarded/Dockerfile.rego': 'package docker\n' };
      const { stdin, text, code } = startPiped(t, [`--frontend=${frontend}`, '-f', 'guarded/Dockerfile']);
      stdin.end(await archive(files));
      assert.equal(await code, 1);
      assert.match(lastLine(text()), refusal);
    });
  }
});

test('builds of two targets do not make each other send their files again', async () => {
  const dockerfile = 'FROM scratch AS one\nCOPY one /\nFROM scratch AS two\nCOPY two /\n';
  const content = (): string => crypto.randomUUID().repeat(3000);
  await using context = await createContext({ Dockerfile: dockerfile, one: content(), two: content() });
  const sent: string[] = [];
  for (const target of ['one', 'two', 'one', 'two']) {
    const { stderr } = await build(['-o', 'type=image', '--target', target, context.dir]);
    const [, size = stderr] =
      stderr
        .match(/transferring context: (\S+)(?: [\d.]+s)? done$/gm)
        ?.at(-1)
        ?.split(': ') ?? [];
    sent.push(size.split(' ')[0] ?? '');
  }
  assert.deepEqual(
    sent.map((size) => size.endsWith('kB')),
    [true, true, false, false],
    sent.join(', '),
  );
});
