import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gitAttributes } from '../../../src/build/git-attributes.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'tsbuildx-git-')));
after(() => rmSync(root, { recursive: true, force: true }));
const env = { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1' };
const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

async function attributes(dir: string, more: Record<string, string> = {}): Promise<Record<string, string>> {
  const localDirs = new Map([['context', dir]]);
  const request = { contextDir: dir, dockerfile: undefined, cwd: dir, localDirs, env: { ...env, ...more } };
  return Object.fromEntries(await gitAttributes(request, { signal: new AbortController().signal }));
}

const repo = join(root, 'repo');
const sub = join(repo, 'sub');
mkdirSync(sub, { recursive: true });
git(repo, 'init', '-q', '-b', 'main');

test('outside a work tree there is nothing to say', async () => assert.deepEqual(await attributes(root), {}));

test('a repository without a commit has a place but no revision', async () => {
  assert.deepEqual(await attributes(sub), { 'vcs:localdir:context': 'sub' });
});

test('revision, source without credentials, and the place of the context', async () => {
  writeFileSync(join(repo, 'file'), 'x');
  git(repo, 'add', '.');
  git(repo, 'commit', '-qm', 'first');
  git(repo, 'remote', 'add', 'origin', 'https://user:secret@example.com/a/b.git');
  git(repo, 'remote', 'add', 'fork', 'git@example.com:fork/b.git');
  const revision = git(repo, 'rev-parse', 'HEAD');
  assert.deepEqual(await attributes(sub), {
    'vcs:revision': revision,
    'vcs:source': 'https://xxxxx:xxxxx@example.com/a/b.git',
    'vcs:localdir:context': 'sub',
  });
  assert.deepEqual(await attributes(sub, { BUILDX_GIT_INFO: 'false' }), {});
  assert.deepEqual(await attributes(repo, { BUILDX_GIT_LABELS: '1', BUILDX_GIT_INFO: '0' }), {
    'label:org.opencontainers.image.revision': revision,
    'label:org.opencontainers.image.source': 'https://xxxxx:xxxxx@example.com/a/b.git',
    'label:com.docker.image.source.entrypoint': 'Dockerfile',
  });
});

test('the tracked remote comes before origin', async () => {
  git(repo, 'update-ref', 'refs/remotes/fork/main', 'HEAD');
  git(repo, 'branch', '-q', '--set-upstream-to=fork/main', 'main');
  assert.equal((await attributes(repo))['vcs:source'], 'git@example.com:fork/b.git');
});

test('a changed tree is only told when asked for', async () => {
  writeFileSync(join(repo, 'new'), 'x');
  const { 'vcs:revision': clean } = await attributes(repo);
  assert.equal((await attributes(repo, { BUILDX_GIT_CHECK_DIRTY: 'true' }))['vcs:revision'], `${clean ?? ''}-dirty`);
});

test('a work tree without git on PATH is an error that says so', async () => {
  await assert.rejects(attributes(repo, { PATH: '/nowhere' }), { message: 'git was not found in the system' });
});
