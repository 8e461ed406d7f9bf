// What both programs tell the daemon of the repository and the proxies around a build, attribute by attribute.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startFlagPeers, type FlagPlace } from '../support/flag-peers.ts';

const clock = '2026-01-02T03:04:05Z';
const gitEnv = {
  PATH: process.env['PATH'],
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_DATE: clock,
  GIT_COMMITTER_DATE: clock,
};

function git(cwd: string, line: string): void {
  const names = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'protocol.file.allow=always'];
  execFileSync('git', [...names, ...line.split(' ')], { cwd, env: gitEnv, stdio: 'pipe' });
}

const commit = (cwd: string): void => {
  git(cwd, 'init -q -b main');
  git(cwd, 'add .');
  git(cwd, 'commit -qm first');
};

interface VcsCase {
  readonly name: string;
  readonly prepare: (cwd: string) => void;
  readonly rows: readonly (readonly [row: string, env: Readonly<Record<string, string>>])[];
}

const plainRow = ['build TAIL', {}] as const;

const cases: readonly VcsCase[] = [
  {
    name: 'a repository with a remote',
    prepare: (cwd) => {
      commit(cwd);
      git(cwd, 'remote add origin https://example.com/a/b.git');
    },
    rows: [
      plainRow,
      ['build -o type=cacheonly sub', {}],
      ['build -f sub/Dockerfile TAIL', {}],
      ['build --build-context named=sub TAIL', {}],
      ['build -f other.Dockerfile -o type=cacheonly sub', { BUILDX_GIT_LABELS: 'true' }],
      ['build --label a=b TAIL', { BUILDX_GIT_LABELS: 'full' }],
      ['build --label org.opencontainers.image.revision=mine TAIL', { BUILDX_GIT_LABELS: '1' }],
      ['build -o type=cacheonly only-lower', { BUILDX_GIT_LABELS: '1' }],
      ['build TAIL', { BUILDX_GIT_LABELS: '1', BUILDX_GIT_INFO: '0' }],
      ['build TAIL', { BUILDX_GIT_LABELS: 'no', BUILDX_GIT_INFO: 'no' }],
      ['build TAIL', { BUILDX_GIT_INFO: 'false' }],
      ['build TAIL', { BUILDX_GIT_CHECK_DIRTY: '1' }],
      ['build --build-arg SOURCE_DATE_EPOCH=5 TAIL', { SOURCE_DATE_EPOCH: '6' }],
    ],
  },
  {
    name: 'changes that are not committed',
    prepare: (cwd) => {
      commit(cwd);
      writeFileSync(join(cwd, 'other.Dockerfile'), 'FROM scratch\n');
    },
    rows: [plainRow, ['build TAIL', { BUILDX_GIT_CHECK_DIRTY: 'true', BUILDX_GIT_LABELS: '1' }]],
  },
  {
    name: 'no commit',
    prepare: (cwd) => git(cwd, 'init -q -b main'),
    rows: [plainRow, ['build TAIL', { BUILDX_GIT_LABELS: '1', BUILDX_GIT_CHECK_DIRTY: '1' }]],
  },
  {
    name: 'no branch, packed references, a remote that is not origin',
    prepare: (cwd) => {
      commit(cwd);
      git(cwd, 'remote add upstream ssh://example.com/a/b.git');
      git(cwd, 'pack-refs --all');
      git(cwd, 'checkout -q --detach');
    },
    rows: [plainRow],
  },
  {
    name: 'a branch that tracks another remote',
    prepare: (cwd) => {
      commit(cwd);
      git(cwd, 'remote add origin git@example.com:a/b.git');
      git(cwd, 'remote add fork git@example.com:fork/b.git');
      git(cwd, 'config branch.main.remote fork');
      git(cwd, 'config branch.main.merge refs/heads/main');
    },
    rows: [plainRow],
  },
  {
    name: 'a remote that git rewrites',
    prepare: (cwd) => {
      commit(cwd);
      git(cwd, 'remote add origin short:a/b.git');
      git(cwd, 'config url.https://example.com/.insteadOf short:');
    },
    rows: [plainRow],
  },
  {
    name: 'a linked work tree',
    prepare: (cwd) => {
      const main = join(cwd, '../main-tree');
      mkdirSync(main);
      writeFileSync(join(main, 'Dockerfile'), 'FROM scratch\nLABEL x=y\n');
      commit(main);
      rmSync(cwd, { recursive: true });
      git(main, `worktree add -q ${cwd} -b other`);
    },
    rows: [plainRow],
  },
  {
    name: 'a submodule',
    prepare: (cwd) => {
      const other = join(cwd, '../other');
      mkdirSync(other);
      writeFileSync(join(other, 'Dockerfile'), 'FROM scratch\nLABEL x=y\n');
      commit(other);
      commit(cwd);
      git(cwd, 'submodule add -q ../other module');
      git(join(cwd, 'module'), 'remote set-url origin https://example.com/module.git');
    },
    rows: [['build -o type=cacheonly module', { BUILDX_GIT_INFO: '1' }]],
  },
  {
    name: 'a repository that is none',
    prepare: (cwd) => mkdirSync(join(cwd, '.git')),
    rows: [plainRow],
  },
  {
    name: 'a variable that names another repository',
    prepare: (cwd) => {
      commit(cwd);
      mkdirSync(join(cwd, 'elsewhere'));
      git(join(cwd, 'elsewhere'), 'init -q -b main');
    },
    rows: [['build TAIL', { GIT_DIR: 'elsewhere/.git' }]],
  },
  { name: 'no repository', prepare: () => undefined, rows: [plainRow, ['build TAIL', { BUILDX_GIT_LABELS: '1' }]] },
];

const host = 'unix:///nowhere/docker.sock';
const proxies = {
  proxies: {
    default: {
      httpProxy: 'http://d:1',
      httpsProxy: 'http://d:2',
      noProxy: 'x,y',
      ftpProxy: '',
      allProxy: 'http://d:3',
    },
    [host]: { httpProxy: 'http://h:1', noProxy: 'z' },
  },
};
const proxyRows = [
  plainRow,
  ['build --build-arg HTTP_PROXY=mine TAIL', {}],
  ['build --build-arg HTTP_PROXY TAIL', { HTTP_PROXY: 'http://env' }],
  ['build TAIL', { DOCKER_HOST: 'unix:///other/docker.sock' }],
  ['build TAIL', { DOCKER_HOST: 'unix:///other/docker.sock', HTTP_PROXY: 'http://env' }],
] as const;

/** A group of rows in one place. */
function compare(name: string, place: FlagPlace, rows: VcsCase['rows']): void {
  it(name, async () => {
    const peers = await startFlagPeers(place);
    try {
      for (const [row, env] of rows) {
        const [ours, theirs] = await peers.react(row, { env: { GIT_CONFIG_GLOBAL: '/dev/null', ...env } });
        assert.deepEqual(ours, theirs, `${row} ${JSON.stringify(env)}`);
      }
    } finally {
      await peers[Symbol.asyncDispose]();
    }
  });
}

describe('repositories', () => {
  for (const { name, prepare, rows } of cases) compare(name, { prepare }, rows);
});

describe('proxies', () => compare('of config.json', { config: proxies }, proxyRows));
