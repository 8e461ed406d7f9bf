// `--ssh` on a real engine, with OpenSSH's client in the steps and its server on this machine.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { opensshBundle } from '../../scripts/engine/bundles.ts';
import { baseImage, type Ran, runProgram, startEngine, type TestEngine } from '../support/engine.ts';
import { makeKey, startSshAgent, startSshServer, type SshServer, wrapSsh } from '../support/openssh.ts';
import { lastLine } from '../support/cli.ts';
import { mainProgram } from '../support/running.ts';
import { openTerminal } from '../support/terminal.ts';

const types = ['ed25519', 'rsa', 'ecdsa'] as const;

await suite('--ssh', async () => {
  let dir = '';
  let engine: TestEngine;
  let server: SshServer;

  const key = (name: string): string => join(dir, name);

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tsbx-ssh-'));
    for (const type of types) {
      await makeKey(key(type), type);
      await makeKey(key(`${type}-locked`), type, 'open sesame');
    }
    const names = types.flatMap((type) => [type, `${type}-locked`]);
    server = await startSshServer(await Promise.all(names.map((name) => readFile(`${key(name)}.pub`, 'utf8'))));
    // BuildKit's git looks for ssh where the engine was started
    await wrapSsh(join(dir, 'bin'));
    const path = process.env['PATH'];
    process.env['PATH'] = `${join(dir, 'bin')}:${path ?? ''}`;
    engine = await startEngine();
    process.env['PATH'] = path;
    await cp(await opensshBundle(), join(dir, 'context/openssh'), { recursive: true });
    await writeFile(key('askpass'), '#!/bin/sh\necho "$1" >> "$ASKED"\necho "$ANSWER"\n');
    await chmod(key('askpass'), 0o755);
  });

  after(async () => {
    await engine[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  /** Builds with steps that have OpenSSH's programs at hand. */
  async function build(steps: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
    const dockerfile = `FROM ${baseImage}\nCOPY openssh /openssh\nWORKDIR /openssh\n${steps}\n`;
    const words = ['build', '--progress', 'plain', '--no-cache', '--allow', 'network.host', '-f', '-', ...args];
    return await ours([...words, join(dir, 'context')], env, dockerfile);
  }

  async function ours(words: readonly string[], env: Record<string, string> = {}, stdin?: string): Promise<Ran> {
    const clean = { SSH_AUTH_SOCK: undefined, SSH_ASKPASS: undefined, DISPLAY: undefined, DOCKER_CONTEXT: undefined };
    return await runProgram(process.execPath, [mainProgram, ...words], {
      env: { ...clean, DOCKER_HOST: engine.host, DOCKER_CONFIG: dir, ...env },
      stdin,
    });
  }

  const loader = './ld-linux-x86-64.so.2 --library-path .';
  const login = (id: string): string =>
    `RUN --network=host --mount=type=ssh,id=${id},required ${loader} ./ssh -F /dev/null ` +
    `-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -p ${server.port} root@127.0.0.1 'echo in with ${id}'`;

  test('ssh logs in with a key of each type that an agent of ours holds', async () => {
    const agents = types.flatMap((type) => ['--ssh', `${type}=${key(type)}`]);
    const ran = await build(types.map(login).join('\n'), agents);
    assert.equal(ran.code, 0, ran.stderr);
    for (const type of types) assert.match(ran.stderr, new RegExp(`^#\\d+ [\\d.]+ in with ${type}$`, 'm'));
    const log = await server.log();
    for (const type of ['ED25519', 'RSA', 'ECDSA'])
      assert.match(log, new RegExp(`Accepted publickey .* ${type} SHA256:`));
  });

  test('keys with a passphrase, which SSH_ASKPASS gives', async () => {
    const agents = types.flatMap((type) => ['--ssh', `${type}=${key(`${type}-locked`)}`]);
    const asked = key('asked');
    const env = { SSH_ASKPASS: key('askpass'), SSH_ASKPASS_REQUIRE: 'force', ASKED: asked };
    const ran = await build(types.map(login).join('\n'), agents, { ...env, ANSWER: 'open sesame' });
    assert.equal(ran.code, 0, ran.stderr);
    for (const type of types) assert.match(ran.stderr, new RegExp(`in with ${type}$`, 'm'));
    assert.doesNotMatch(ran.stderr + ran.stdout, /sesame/);
    const prompts = types.map((type) => `Enter passphrase for ${key(`${type}-locked`)}: \n`);
    assert.equal(await readFile(asked, 'utf8'), prompts.join(''));

    const wrong = await build(login('rsa'), ['--ssh', `rsa=${key('rsa-locked')}`], { ...env, ANSWER: 'guess' });
    assert.equal(wrong.code, 1);
    assert.match(lastLine(wrong.stderr), /failed to parse .*rsa-locked: x509: decryption password incorrect$/);
    assert.equal((await readFile(asked, 'utf8')).split('Bad passphrase, try again for ').length, 3);
  });

  test('the passphrase is asked for on the terminal, and not shown', async () => {
    const command = [process.execPath, mainProgram, 'build', '--ssh', `x=${key('ed25519-locked')}`, '--progress=plain'];
    const dockerfile = `FROM ${baseImage}\nRUN --mount=type=ssh,id=x,required true\n`;
    await writeFile(join(dir, 'Dockerfile'), dockerfile);
    const words = [...command, '-f', join(dir, 'Dockerfile'), join(dir, 'bin')];
    const typed = 'opem\x7fn sesame\r';
    const ran = await inTerminal(words, typed, { DOCKER_HOST: engine.host, DOCKER_CONFIG: dir });
    assert.match(ran.text, /Enter passphrase for .*ed25519-locked: /);
    assert.doesNotMatch(ran.text, /sesame/);
    assert.equal(ran.code, 0, ran.text);
    const cancelled = await inTerminal(words, 'abc\x03', { DOCKER_HOST: engine.host, DOCKER_CONFIG: dir });
    assert.equal(cancelled.code, 130, cancelled.text);
    assert.match(cancelled.text, /^ERROR: failed to build: context canceled\r?$/m);
  });

  // The shell around it shows the state in which the terminal is left.
  const leaving = `sh -c 'echo $$ > "$0"; exec "$@"' "$@"; code=$?; stty -a; exit $code`;
  for (const way of ['Ctrl-C', 'SIGTERM'] as const) {
    test(`${way} while a passphrase is asked for leaves the terminal as it was`, async () => {
      await writeFile(join(dir, 'Dockerfile'), `FROM ${baseImage}\nRUN --mount=type=ssh,id=x,required true\n`);
      const flags = ['--ssh', `x=${key('ed25519-locked')}`, '--progress=plain', '-f', join(dir, 'Dockerfile')];
      const words = [process.execPath, mainProgram, 'build', ...flags, join(dir, 'bin')];
      const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: dir };
      const pid = key('pid');
      await using terminal = await openTerminal(['sh', '-c', leaving, 'sh', pid, ...words], {
        columns: 200,
        rows: 40,
        env,
      });
      await terminal.shows(/Enter passphrase for /);
      // keys that come after the signal are the shell's
      if (way === 'Ctrl-C') await terminal.press('h', 'u', 'n', 't', 'e', 'r', 'C-c');
      else process.kill(Number(await readFile(pid, 'utf8')), 'SIGTERM');
      assert.equal(await terminal.ended(), 130);
      const screen = (await terminal.screen()).join('\n');
      assert.match(screen, /^ERROR: failed to build: context canceled$/m);
      for (const mode of ['echo', 'icanon', 'isig']) assert.match(screen, new RegExp(`\\s${mode}\\s`));
      assert.doesNotMatch(screen, /hunter/);
    });
  }

  test('the agent behind SSH_AUTH_SOCK can be used and not changed', async () => {
    await using agent = await startSshAgent([key('rsa'), key('ecdsa')]);
    const held = await agent.keys();
    const add = `${loader} ./ssh-add`;
    const steps = [
      `RUN --mount=type=ssh ${add} -L > /tmp/keys`,
      `RUN --mount=type=ssh ! ${add} -D; ! ${add} -X </dev/null; ! ${add} -d -k /tmp/keys; ${add} -l && cat /tmp/keys`,
      login('default'),
    ];
    const ran = await build(steps.join('\n'), ['--ssh', 'default'], { SSH_AUTH_SOCK: agent.socket });
    assert.equal(ran.code, 0, ran.stderr);
    for (const line of held.trim().split('\n')) assert.ok(ran.stderr.includes(line.trim()), line);
    assert.equal(await agent.keys(), held);
    assert.match(ran.stderr, /in with default$/m);
  });

  test('an agent that does not answer is told in a warning: the step only sees a closed connection', async () => {
    const [bound, stale] = [key('bound'), key('stale')];
    const listener = createServer().listen(bound);
    await once(listener, 'listening');
    // closing removes the name that was bound
    await rename(bound, stale);
    listener.close();
    const ran = await build(`RUN --mount=type=ssh ! ${loader} ./ssh-add -l`, ['--ssh', `default=${stale}`]);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stderr, /^WARNING: SSH agent default: cannot connect to .*stale: connection refused$/m);
  });

  test('git fetches a context, and what ADD names, over ssh', async () => {
    const repo = join(dir, 'repo.git');
    const git = (...args: readonly string[]): void =>
      void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { stdio: 'pipe' });
    git('init', '-q', '-b', 'main', repo);
    const url = `ssh://root@127.0.0.1:${server.port}${repo}`;
    await writeFile(join(repo, 'hello'), 'hello over ssh\n');
    await writeFile(
      join(repo, 'Dockerfile'),
      `FROM ${baseImage}\nCOPY hello /\nADD ${url}#main /again\nRUN cat /hello /again/hello\n`,
    );
    git('-C', repo, 'add', '.');
    git('-C', repo, 'commit', '-q', '-m', 'one');
    await using agent = await startSshAgent([key('ed25519')]);
    const words = ['build', '--progress', 'plain', `${url}#main`];
    const ran = await ours(words, { SSH_AUTH_SOCK: agent.socket });
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(ran.stderr.match(/hello over ssh$/gm)?.length, 2, ran.stderr);
    // Without an agent it is not begun: a context over ssh needs one.
    const without = await ours(words);
    assert.match(lastLine(without.stderr), /invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set$/);
  });
});

/** Runs a program on a terminal of its own and types when it is asked for a passphrase. */
async function inTerminal(
  words: readonly string[],
  typed: string,
  env: Record<string, string>,
): Promise<{ readonly code: number | null; readonly text: string }> {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', quoted, '/dev/null'], { env: { ...process.env, ...env }, stdio: 'pipe' });
  let text = '';
  let hasTyped = false;
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (!hasTyped && text.includes('passphrase for')) {
      hasTyped = true;
      child.stdin.write(typed);
    }
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, text };
}
