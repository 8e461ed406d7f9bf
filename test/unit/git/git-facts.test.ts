import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gitIn } from '../../../src/git/git-command.ts';
import { findWorkTree, type GitFacts, gitFacts } from '../../../src/git/git-facts.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'tsbuildx-git-facts-')));
after(() => rmSync(root, { recursive: true, force: true }));
const env = { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1' };
/** Changes nothing, but makes the facts be asked of git. */
const asking = { ...env, GIT_CEILING_DIRECTORIES: '/nowhere' };

function git(cwd: string, ...args: string[]): void {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'init.defaultBranch=main'];
  execFileSync('git', [...who, ...args], { cwd, env, stdio: 'ignore' });
}

function repository(name: string, ...commands: string[][]): string {
  const dir = join(root, name);
  mkdirSync(dir);
  git(dir, 'init', '-q');
  for (const command of commands) git(dir, ...command);
  return dir;
}

async function facts(dir: string, environment: Record<string, string | undefined>): Promise<GitFacts> {
  const top = findWorkTree(dir) ?? assert.fail('no work tree');
  return await gitFacts(top, environment, gitIn(dir, environment, { signal: new AbortController().signal }));
}

const commit = ['commit', '-q', '--allow-empty', '-m', 'x'];
const origin = ['remote', 'add', 'origin', 'https://example.com/o.git'];
const fork = ['remote', 'add', 'fork', 'https://example.com/f.git'];
const shapes: Readonly<Record<string, () => string>> = {
  'without a commit': () => repository('empty', origin),
  'with a loose ref': () => repository('loose', commit, origin),
  'with packed refs': () => repository('packed', commit, ['branch', 'other'], origin, ['pack-refs', '--all']),
  'with a detached head': () => repository('detached', commit, origin, ['checkout', '-q', '--detach']),
  'with a branch that tracks another remote': () =>
    repository(
      'tracks',
      commit,
      origin,
      fork,
      ['update-ref', 'refs/remotes/fork/main', 'HEAD'],
      ['branch', '-q', '--set-upstream-to=fork/main'],
    ),
  'with a branch that tracks a local one': () =>
    repository('local', commit, origin, ['checkout', '-q', '-b', 'topic'], ['branch', '-q', '--set-upstream-to=main']),
  'with only upstream': () => repository('upstream', commit, ['remote', 'add', 'upstream', 'u.example.com:x/y']),
  'with several URLs': () =>
    repository('urls', commit, origin, ['remote', 'set-url', '--add', 'origin', 'https://example.com/second.git']),
  'with rewritten URLs': () =>
    repository('rewritten', commit, origin, ['config', 'url.ssh://git@example.com/.insteadOf', 'https://example.com/']),
  'with a branch named in a folder': () =>
    repository('folder', commit, ['checkout', '-q', '-b', 'a/b.c'], commit, origin),
  'that is linked to another': () => {
    git(repository('main', commit, origin), 'worktree', 'add', '-q', join(root, 'linked'));
    return join(root, 'linked');
  },
};

for (const [name, make] of Object.entries(shapes)) {
  test(`a repository ${name} says from its files what git says`, async () => {
    const dir = make();
    mkdirSync(join(dir, 'sub'), { recursive: true });
    const asked = await facts(dir, asking);
    assert.equal(asked.root, dir);
    assert.deepEqual(await facts(dir, env), asked);
    assert.deepEqual(await facts(join(dir, 'sub'), env), asked);
  });
}

test('files that are no repository are an error of git', async () => {
  const dir = join(root, 'broken');
  mkdirSync(join(dir, '.git'), { recursive: true });
  writeFileSync(join(dir, '.git/HEAD'), 'nonsense');
  await assert.rejects(facts(dir, env), { message: /^failed to read current commit information with git rev-parse/ });
});
