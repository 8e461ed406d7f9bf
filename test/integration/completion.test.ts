// Completion as users have it: bash with the script of the program, and docker that asks its plugin.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freshBinary } from '../../scripts/build/fresh-binary.ts';
import { dockerCli } from '../../scripts/engine/bundles.ts';
import { type Ran, runProgram } from '../support/engine.ts';

let dir: string;
let context: string;
let binary: string;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tsbx-shells-'));
  binary = await freshBinary();
  await mkdir(join(dir, 'config/buildx/instances'), { recursive: true });
  await mkdir(join(dir, 'config/cli-plugins'), { recursive: true });
  await symlink(binary, join(dir, 'config/cli-plugins/docker-tsbuildx'));
  const builder = { Name: 'mine', Driver: 'remote', Nodes: [{ Name: 'mine0', Endpoint: 'tcp://127.0.0.1:1' }] };
  await writeFile(join(dir, 'config/buildx/instances/mine'), JSON.stringify(builder));
  context = join(dir, 'context');
  await mkdir(join(context, 'sub dir'), { recursive: true });
  await writeFile(join(context, 'Dockerfile'), 'FROM scratch AS base\n# app builds it\nFROM base AS app\n');
  await writeFile(join(context, 'docker-bake.hcl'), 'target "app" {}\ngroup "all" { targets = ["app"] }\n');
  await writeFile(join(context, 'other.Dockerfile'), 'FROM scratch AS elsewhere\n');
});
after(async () => await rm(dir, { recursive: true, force: true }));

async function run(
  program: string,
  args: readonly string[],
  more: Record<string, string | undefined> = {},
): Promise<Ran> {
  const env = { DOCKER_CONFIG: join(dir, 'config'), DOCKER_HOST: 'unix:///nowhere.sock', BUILDX_BUILDER: undefined };
  return await runProgram(program, args, { cwd: context, env: { ...env, ...more } });
}

/** What bash would offer when the words, split as it splits them, were typed. */
async function inBash(line: string, ...words: readonly string[]): Promise<string[]> {
  const script = `
    PATH=${dir}/config/cli-plugins:$PATH
    source <(docker-tsbuildx completion bash)
    compopt() { :; }
    COMP_LINE=$1 COMP_POINT=\${#1}; shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    __docker_tsbuildx_complete
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { code, stdout, stderr } = await run('bash', ['--norc', '-c', script, 'bash', line, ...words]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  return stdout.trimEnd().split('\n');
}

describe('bash', () => {
  const typed: readonly [line: string, words: readonly string[], offered: readonly string[]][] = [
    ['docker-tsbuildx bui', ['bui'], ['build']],
    ['docker-tsbuildx use ', ['use', ''], ['mine', 'default']],
    ['docker-tsbuildx build --builder=m', ['build', '--builder', '=', 'm'], ['mine']],
    ['docker-tsbuildx build --builder=', ['build', '--builder', '='], ['mine', 'default']],
    ['docker-tsbuildx build -o type=ta', ['build', '-o', 'type', '=', 'ta'], ['tar']],
    ['docker-tsbuildx build --output=type=ta', ['build', '--output', '=', 'type', '=', 'ta'], ['tar']],
    ['docker-tsbuildx build -t a:b --targ', ['build', '-t', 'a', ':', 'b', '--targ'], ['--target']],
    ['docker-tsbuildx build --target ', ['build', '--target', ''], ['base', 'app']],
    [
      'docker-tsbuildx build -f other.Dockerfile . --target ',
      ['build', '-f', 'other.Dockerfile', '.', '--target', ''],
      ['elsewhere'],
    ],
    ['docker-tsbuildx bake ', ['bake', ''], ['all', 'app']],
    ['docker-tsbuildx build s', ['build', 's'], ['sub dir']],
    ['docker-tsbuildx build -f oth', ['build', '-f', 'oth'], ['other.Dockerfile']],
    ['docker-tsbuildx build --file=oth', ['build', '--file', '=', 'oth'], ['other.Dockerfile']],
  ];
  it('offers what can stand there', async () => {
    for (const [line, words, offered] of typed) {
      assert.deepEqual([line, await inBash(line, 'docker-tsbuildx', ...words)], [line, offered]);
    }
  });
});

describe('docker', () => {
  it('asks the plugin', async () => {
    const cli = await dockerCli();
    const { stdout } = await run(cli, ['__complete', 'tsbuildx', 'build', '--target', 'a']);
    assert.equal(stdout, 'app\tbuilds it\n:4\n');
    assert.equal((await run(cli, ['__complete', 'tsbuildx', 'build', '--log-d'])).stdout.split('\t')[0], '--log-dir');
  });
});

describe('completion', () => {
  it('has a script for each shell, and none where docker has its own', async () => {
    for (const shell of ['bash', 'fish', 'powershell', 'zsh']) {
      const { code, stdout } = await run(binary, ['completion', shell]);
      assert.equal(code, 0);
      assert.match(stdout, /docker-tsbuildx/);
    }
    const plain = await run(binary, ['completion', 'zsh', '--no-descriptions']);
    assert.match(plain.stdout, /__completeNoDesc/);
    const refused = await run(await dockerCli(), ['tsbuildx', 'completion', 'fish']);
    assert.deepEqual([refused.code, refused.stdout], [1, '']);
    assert.match(refused.stderr, /docker completion fish/);
    assert.equal((await run(binary, ['completion', 'csh'])).code, 1);
  });

  it('says nothing of what makes no sense', async () => {
    const { code, stdout, stderr } = await run(binary, ['__complete']);
    assert.deepEqual([code, stdout, stderr], [1, '', 'ERROR: requires at least 1 arg(s), only received 0\n']);
    assert.equal((await run(binary, ['__complete', 'build', './nowhere', '--target', ''])).stdout, ':4\n');
  });
});
