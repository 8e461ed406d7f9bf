// The records of builds as both programs list, inspect, replay and remove them, on the same engine.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { inspectRecord, listRecords } from '../../src/index.ts';
import { type AssetServer, startAssetServer } from '../support/asset-server.ts';
import { baseImage, type Ran, startEngine } from '../support/engine.ts';
import { startNodes, type TestNodes } from '../support/nodes.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';
import { startOurs } from '../support/running.ts';

let peers: Peers;
let nodes: TestNodes;
let assets: AssetServer;
let context: Awaited<ReturnType<typeof freshContext>>;

before(async () => {
  // records of other tests would be among those listed here
  peers = await startPeers(await startEngine());
  nodes = await startNodes(peers.engine, peers.configDir);
  await nodes.write('pair', ['linux/amd64', 'linux/arm64']);
  assets = await startAssetServer(
    {},
    { Dockerfile: 'FROM scratch\nCOPY f /\n', f: 'f', 'sub/Dockerfile': 'FROM scratch\n' },
  );
  context = await freshContext(files);
  await makeBuilds();
});
after(async () => {
  await context?.[Symbol.asyncDispose]();
  await assets?.[Symbol.asyncDispose]();
  await nodes?.[Symbol.asyncDispose]();
  await peers?.[Symbol.asyncDispose]();
});

const files = {
  Dockerfile: `FROM ${baseImage} AS one\nARG WHO\nRUN echo out; echo err >&2; printf "half a "; echo line\nCOPY f /\n`,
  f: 'f',
  'deploy/other.Dockerfile': `FROM scratch AS first\nCOPY f /\nFROM scratch AS second\nCOPY --from=first /f /g\n`,
  fails: `FROM ${baseImage}\nRUN printf 'one\\n\\ntwo'; echo three >&2; sleep 0.1; echo; exit 3\n`,
  wrong: 'FROM scratch\nNONSENSE\n',
  named: 'FROM base\nFROM scratch\nCOPY --from=src Dockerfile /\n',
  sleeps: `FROM ${baseImage}\nRUN echo begun; sleep 600\n`,
  'docker-bake.hcl': `group "default" { targets = ["first", "second"] }
target "first" {\n  dockerfile = "deploy/other.Dockerfile"\n  target = "first"\n  output = ["type=cacheonly"]\n}
target "second" {\n  inherits = ["first"]\n  target = "second"\n}\n`,
};

const settings = `--add-host h=1.2.3.4 --add-host i=::1 --network host --no-cache --shm-size 64m --ulimit nofile=1024:2048
--build-arg WHO=me --build-arg BUILDKIT_CACHE_MOUNT_NS=ns --build-arg BUILDKIT_CONTEXT_KEEP_GIT_DIR=1
--build-arg SOURCE_DATE_EPOCH=7 --build-arg BUILDKIT_DOCKERFILE_CHECK=skip=all --label b=2 --label a=<1> --target one
--build-arg BUILDKIT_MULTI_PLATFORM=true --cgroup-parent c --pull=false`;

/** One of each kind, by both programs in turn. */
async function makeBuilds(): Promise<void> {
  const { dir } = context;
  const git = async (...args: string[]): Promise<unknown> => await promisify(execFile)('git', args, { cwd: dir });
  await git('init', '-q');
  await git('remote', 'add', 'origin', 'https://example.com/o/r.git');
  await git('add', '.');
  await git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'all');
  const two = ['--platform', 'linux/amd64,linux/arm64', '-o', `type=oci,dest=${dir}/oci.tar`];
  const builds: readonly (readonly string[])[] = [
    [dir],
    ['-t', 'named:a', dir],
    [...settings.trim().split(/\s+/), dir],
    ['-f', join(dir, 'deploy/other.Dockerfile'), '--target', 'second', '--provenance=mode=max', ...two, dir],
    [
      '-f',
      join(dir, 'named'),
      '--build-context',
      `src=${dir}`,
      '--build-context',
      `base=docker-image://${baseImage}`,
      dir,
    ],
    [`${assets.url}/repo.git#main`],
    [`${assets.url}/repo.git#main:sub`],
    ['-f', join(dir, 'fails'), dir],
    ['-f', join(dir, 'wrong'), dir],
    ['--build-arg', 'BUILDKIT_BUILD_NAME=given', join(dir, 'deploy'), '-f', join(dir, 'wrong')],
  ];
  for (const [at, args] of builds.entries()) {
    const { code, stderr } = await peers.run(at % 2 === 0 ? 'ours' : 'theirs', ['build', ...args]);
    assert.equal(code, args.some((arg) => /fails|wrong/.test(arg)) ? 1 : 0, stderr);
  }
  const baked = await peers.run('ours', ['bake'], { cwd: dir });
  assert.equal(baked.code, 0, baked.stderr);
}

/** In the words of docker-buildx, and without what depends on when and how it is asked. */
function plain(text: string): string {
  return text
    .replaceAll('docker-tsbuildx', 'docker-buildx')
    .replace('docker-buildx history logs', 'docker buildx history logs')
    .replaceAll(/(?:Less than a second|About a minute|\d+ (?:second|minute)s?) ago +/g, 'AGO ')
    .replace(/(CREATED AT) +/, '$1 ')
    .replace(/\nExperimental commands and flags are hidden.*\n?/, '')
    .replaceAll(/"Stack": "([^"]*)"/g, (_, stack: string) => `"Stack": ${JSON.stringify(ownTraceless(stack))}`);
}

/** docker-buildx puts a trace of itself before those of the daemon. */
function ownTraceless(stack: string): string {
  return Buffer.from(stack, 'base64')
    .toString()
    .replace(/^\d+ \S+ \S*docker-buildx history .*\n(?:.+\n)*\n/m, '');
}

async function run(side: Side, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran> {
  const { stdout, stderr, code } = await peers.run(side, ['history', ...args], { env, cwd: context.dir });
  return { code, stdout: plain(stdout), stderr: plain(stderr) };
}

async function compare(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran> {
  const [ours, theirs] = await Promise.all([run('ours', args, env), run('theirs', args, env)]);
  assert.deepEqual({ args, ...ours }, { args, ...theirs });
  return ours;
}

async function compareAll(lines: readonly (readonly string[])[]): Promise<void> {
  for (const line of lines) await compare(line);
}

/** Offsets of all builds made at the beginning. */
async function offsets(): Promise<readonly string[]> {
  const { stdout } = await run('theirs', ['ls', '--format', '{{.Ref}}']);
  const refs = stdout.trim().split('\n');
  assert.ok(refs.length >= 12, stdout);
  return refs.map((_, at) => `^${at}`);
}

describe('history ls', () => {
  it('shows the same in every format', async () => {
    const { stdout } = await compare(['ls']);
    for (const name of [basename(context.dir), 'other.Dockerfile (second)', 'repo.git#main:sub', 'given']) {
      assert.ok(stdout.includes(name), name);
    }
    await compareAll([
      ['ls', '--no-trunc'],
      ['ls', '--format', 'json'],
      ['ls', '--format', 'table {{.Name}}\\t{{.Status}}'],
      ['ls', '--format', '{{.FullRef}} {{.Name}} {{.Duration}} {{.Link}}'],
      ['ls', '--format', '{{json .}} {{.Ref}}'],
      ['ls', '--format', '{{.Nope}}'],
      ['ls', '--format', '{{'],
      ['ls', '--format', ''],
      ['ls', '--builder', 'pair', '--format', 'json'],
    ]);
  });

  it('takes filters', async () => {
    const filters = [
      ['status=error'],
      ['status!=completed', 'duration<10m'],
      ['status=canceled'],
      ['ref!=a', 'repository=example.com'],
      ['repository=repo.git'],
      ['startedAt<1h'],
      ['bad'],
      ['startedAt>x'],
    ];
    for (const list of filters)
      await compare(['ls', ...list.flatMap((filter) => ['--filter', filter]), '--format', 'json']);
    await compare(['ls', '--local', '--format', 'json']);
  });

  it('knows the operators that docker-buildx names and does not know', async () => {
    const all = await run('ours', ['ls', '--format', '{{.Ref}}', '--filter', 'duration>=0s']);
    assert.deepEqual([all.code, all.stdout], [0, (await run('ours', ['ls', '--format', '{{.Ref}}'])).stdout]);
    assert.equal((await run('theirs', ['ls', '--filter', 'duration>=0s'])).code, 1);
  });

  it('is a function of the library', async () => {
    const docker = { host: peers.engine.host, configDir: peers.configDir };
    const records = await listRecords({ docker, env: {}, filters: ['status=error'] });
    assert.deepEqual(new Set(records.map(({ record }) => record.error?.code)), new Set([2]));
    const [{ record } = assert.fail('none')] = records;
    const inspected = await inspectRecord({ docker, env: {}, ref: record.ref });
    assert.deepEqual([inspected.status, inspected.ref], ['failed', record.ref]);
  });
});

describe('history inspect', () => {
  it('shows the same of every build', async () => {
    for (const [at, ref] of (await offsets()).entries()) {
      await compare(['inspect', ref, '--format', 'json']);
      if (at % 2 === 0) assert.match((await compare(['inspect', ref])).stdout, /^Build Steps:\t\d+\/\d+ \(/m);
    }
    await compare(['inspect']);
  });

  it('shows what templates ask for', async () => {
    const templates = [
      '{{.Duration}} {{.Duration.Seconds}} {{.Status}}',
      '{{.Error.Message}}',
      '{{range .Attachments}}{{.Digest}} {{.Platform}} {{.Type}}\n{{end}}',
      '{{range .BuildArgs}}{{.Name}}={{.Value}} {{end}}{{.Labels}}{{len .Platform}}',
      '{{printf "%T %T %T %T %T" .StartedAt .Duration .Status .NumTotalSteps .Error}}{{.Error}}',
      '{{.Nope}}',
      '{{',
    ];
    for (const template of templates) await compare(['inspect', '--format', template]);
    const [failed = ''] = (
      await run('theirs', ['ls', '--filter', 'status=error', '--format', '{{.Ref}}'])
    ).stdout.split('\n');
    await compare([
      'inspect',
      failed,
      '--format',
      '{{.Error.Code}} {{.Error.Message}} {{.Error.Name}} {{.Error.Logs}}',
    ]);
    await compare(['inspect', failed, '--format', '{{printf "%s" .Error.Sources}}{{.Error.Sources}}']);
    const debug = await run('ours', ['inspect', failed], { DEBUG: '1' });
    assert.match(debug.stdout, /^1 +dockerd .*\ngithub\.com\//m);
  });

  it('gives attachments', async () => {
    const [both = ''] =
      (await run('theirs', ['ls', '--format', '{{.Ref}} {{.Name}}'])).stdout.match(/\S+(?= .*\(second\))/) ?? [];
    await compareAll([
      ['inspect', 'attachment', both, '--type', 'provenance'],
      ['inspect', 'attachment', both, '--platform', 'linux/arm64', '--type', 'https://slsa.dev/provenance/v0.2'],
      ['inspect', 'attachment', both, '--type', 'index'],
      ['inspect', 'attachment', '^2', '--platform', 'linux/amd64'],
    ]);
    const { stdout } = await run('theirs', ['inspect', '^1', '--format', '{{range .Attachments}}{{.Digest}} {{end}}']);
    const [digest = ''] = stdout.split(' ');
    assert.match(digest, /^sha256:/);
    await compare(['inspect', 'attachment', '^1', digest]);
    for (const type of ['manifest', 'x']) await compare(['inspect', 'attachment', '--type', type]);
  });
});

describe('history logs', () => {
  it('replays every build', async () => {
    for (const ref of (await offsets()).filter((_, at) => at % 2 === 1)) await compare(['logs', ref]);
    await compareAll([
      ['logs'],
      ['logs', '--progress', 'rawjson', '^3'],
      ...['auto', 'none', 'tty', ''].map((mode) => ['logs', '--progress', mode]),
    ]);
  });
});

describe('bad input', () => {
  it('is refused in the same words', async () => {
    const lines = [
      ['inspect', 'nope'],
      ['inspect', 'default/default/nope'],
      ['inspect', '^99'],
      ['inspect', '^'],
      ['inspect', '^x'],
      ['inspect', '^-1', '--format', '{{.Ref}}'],
      ['inspect', 'a', 'b'],
      ['inspect', '--nope'],
      ['inspect', '--builder', 'nope'],
      ['inspect', 'attachment'],
      ['inspect', 'attachment', 'a', 'b', 'c'],
      ['inspect', 'attachment', '^0', 'b'],
      ['inspect', 'attachment', '^0', 'sha256:b'],
      ['inspect', 'attachment', '^0', `sha256:${'b'.repeat(64)}`],
      ['inspect', 'attachment', 'nope', '--type', 'index'],
      ['inspect', '--format', 'json', 'attachment', '--type', 'nope'],
      ['inspect', 'attachment', '--format', 'json'],
      ['logs', 'nope'],
      ['logs', 'a', 'b'],
      ['ls', 'a'],
      ['rm'],
      ['rm', '--all', 'a'],
    ];
    await compareAll(lines);
  });

  it('help is the same', async () => {
    await compareAll(
      [['ls'], ['inspect'], ['inspect', 'attachment'], ['logs'], ['rm']].map((words) => [...words, '--help']),
    );
  });
});

describe('a build that is running', () => {
  it('is shown as running, then as canceled', async () => {
    const docker = { cwd: context.dir, env: peers.env };
    const build = startOurs(['build', '--progress', 'plain', '-f', 'sleeps', '.'], docker);
    try {
      await build.said(/begun/);
      const { stdout } = await compare(['ls', '--format', '{{.Name}} {{.Status}}']);
      assert.match(stdout.split('\n')[0] ?? '', / Running$/);
      assert.equal(
        (await compare(['ls', '--filter', 'status=running', '--format', '{{.Status}}'])).stdout,
        'Running\n',
      );
      assert.match((await run('ours', ['ls'])).stdout, /Running +AGO +\d+\.\ds\+/);
      const inspected = await run('ours', ['inspect']);
      assert.match(inspected.stdout, /^Duration:\t\d+\.\ds \(running\)$/m);
      const strip = (text: string): string => text.replace(/^Duration:.*$/m, '');
      assert.equal(strip(inspected.stdout), strip((await run('theirs', ['inspect'])).stdout));
      const logs = startOurs(['history', 'logs'], docker);
      await logs.said(/begun/);
      build.child.kill('SIGINT');
      await build.ended;
      const { code, stderr } = await logs.ended;
      assert.equal(code, 0, stderr);
      assert.match(stderr, /CANCELED/);
    } finally {
      build.child.kill('SIGKILL');
    }
    assert.match((await compare(['inspect'])).stdout, /^Status:\t+Canceled$/m);
    await compare(['inspect', '--format', 'json']);
    await compare(['ls', '--filter', 'status=canceled', '--format', 'json']);
    await compare(['logs']);
  });
});

describe('several nodes', () => {
  it('are asked all', async () => {
    const { dir } = context;
    const args = ['--builder', 'pair', '--platform', 'linux/amd64,linux/arm64', '-o', 'type=cacheonly'];
    for (const side of ['ours', 'theirs'] as const) {
      const { code, stderr } = await peers.run(side, [
        'build',
        ...args,
        '-f',
        join(dir, 'deploy/other.Dockerfile'),
        dir,
      ]);
      assert.equal(code, 0, stderr);
    }
    const { stdout } = await compare(['ls', '--builder', 'pair', '--format', '{{.FullRef}} {{.Name}}']);
    assert.deepEqual(new Set(stdout.match(/pair\/pair\d/g)), new Set(['pair/pair0', 'pair/pair1']));
    await compare(['inspect', '--builder', 'pair']);
    for (const ref of ['^1', '^2', '^3']) await compare(['logs', '--builder', 'pair', ref]);
    await compare(['inspect', '--builder', 'pair', 'nope']);
  });

  it('must all be there', async () => {
    const { code, stderr } = await run('ours', ['ls'], { DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    assert.equal(code, 1);
    assert.match(stderr, /^ERROR: .*unix:\/\/\/nowhere\/docker\.sock/);
  });
});

// docker-buildx is not asked any more: when a record that was inspected is removed, its next question ends an engine of today.
describe('history rm', () => {
  it('removes records', async () => {
    const refsOf = async (): Promise<string[]> => {
      const { code, stdout, stderr } = await run('ours', ['ls', '--format', '{{.Ref}}']);
      assert.deepEqual([code, stderr], [0, '']);
      return stdout.split('\n').filter((ref) => ref !== '');
    };
    const done = { code: 0, stdout: '', stderr: '' };
    const [first = '', second = '', third = ''] = await refsOf();
    assert.deepEqual(await run('theirs', ['rm', first]), done);
    assert.deepEqual(await run('ours', ['rm', second]), done);
    assert.equal((await run('ours', ['inspect', third])).code, 0);
    assert.deepEqual(await run('ours', ['rm', third, 'nope']), done);
    const left = await refsOf();
    assert.deepEqual(
      [first, second, third].filter((ref) => left.includes(ref)),
      [],
    );
    assert.ok(left.length > 0);
    assert.deepEqual(await run('ours', ['rm', '--all', '--builder', 'pair']), done);
    assert.deepEqual(await refsOf(), []);
    const nothing = { code: 1, stdout: '', stderr: 'ERROR: no records found\n' };
    assert.deepEqual(await run('ours', ['inspect']), nothing);
    assert.deepEqual(await run('ours', ['logs', '--builder', 'pair']), nothing);
    assert.equal((await run('ours', ['inspect', '^1'])).stderr, 'ERROR: no completed build found with offset 1\n');
    assert.deepEqual(await run('ours', ['rm', '--all']), done);
  });
});
