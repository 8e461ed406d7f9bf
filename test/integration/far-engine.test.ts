// An engine on another machine: a docker context over ssh, on a server that lets in few at once.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { dockerCli } from '../../scripts/engine/bundles.ts';
import { build, type BuildResult } from '../../src/index.ts';
import { baseImage, runProgram, type TestEngine, useEngine } from '../support/engine.ts';
import { makeKey, type SshServer, startSshServer, wrapSsh } from '../support/openssh.ts';

/** As many as a bake file may have. */
const targets = 20;

let engine: TestEngine;
let server: SshServer;
let dir: string;
const { PATH } = process.env;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tsbx-far-'));
  engine = await useEngine();
  await makeKey(join(dir, 'key'), 'ed25519');
  const docker = await dockerCli();
  process.env['PATH'] = `${dirname(docker)}:${PATH ?? ''}`;
  server = await startSshServer([await readFile(join(dir, 'key.pub'), 'utf8')], 'MaxSessions 5\nMaxStartups 3:100:3');
  const host = `ssh://root@127.0.0.1:${server.port}${engine.socket}`;
  await writeFile(join(dir, 'config.json'), '{}');
  const made = await runProgram(docker, ['--config', dir, 'context', 'create', 'far', '--docker', `host=${host}`]);
  assert.equal(made.code, 0, made.stderr);
});
after(async () => {
  process.env['PATH'] = PATH;
  await server?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

/** What ssh is told beside the address: the key, and whom it may trust. */
async function useSsh(name: string, strict: 'no' | 'ask' | 'yes'): Promise<void> {
  const bin = join(dir, name);
  const options = [`-i ${dir}/key`, '-F /dev/null', `-o UserKnownHostsFile=${dir}/${name}.hosts`];
  await wrapSsh(bin, [...options, `-o StrictHostKeyChecking=${strict}`]);
  process.env['PATH'] = `${bin}:${dirname(await dockerCli())}:${PATH ?? ''}`;
}

async function buildFar(index: number): Promise<BuildResult> {
  return await build({
    context: { kind: 'memory', files: { salt: `${index} ${crypto.randomUUID()}` } },
    dockerfile: { kind: 'text', text: `FROM ${baseImage}\nCOPY salt /salt\nRUN grep '^${index} ' /salt\n` },
    docker: { configDir: dir, context: 'far' },
    outputs: [{ type: 'cacheonly', attrs: {} }],
  });
}

test('builds at the same time share one login', async () => {
  await useSsh('trusting', 'no');
  const results = await Promise.all(Array.from({ length: targets }, (_, index) => buildFar(index)));
  assert.equal(new Set(results.map(({ ref }) => ref)).size, targets);
  assert.equal((await server.log()).match(/Accepted publickey/g)?.length, 1);
  // When all have ended it is closed: the next build logs in anew.
  await buildFar(0);
  assert.equal((await server.log()).match(/Accepted publickey/g)?.length, 2);
});

test('a host that nobody knows is told, not waited for', async () => {
  await useSsh('asking', 'ask');
  await assert.rejects(buildFar(0), { code: 'TRANSPORT', message: /Host key verification failed/ });
});

test('a host that has another key is told', async () => {
  await useSsh('suspicious', 'yes');
  await makeKey(join(dir, 'other'), 'ed25519');
  const [type, key] = (await readFile(join(dir, 'other.pub'), 'utf8')).split(' ');
  await writeFile(join(dir, 'suspicious.hosts'), `[127.0.0.1]:${server.port} ${type} ${key}\n`);
  await assert.rejects(buildFar(0), {
    code: 'TRANSPORT',
    message: /HOST IDENTIFICATION HAS CHANGED|Host key verification failed/,
  });
});
