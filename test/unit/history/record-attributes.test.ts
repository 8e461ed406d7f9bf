import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LocalState } from '../../../src/builder/index.ts';
import { recordAttributes } from '../../../src/history/record-attributes.ts';

const cwd = '/home/me';
const state = (LocalPath: string, DockerfilePath: string): LocalState => ({
  Target: 'default',
  LocalPath,
  DockerfilePath,
});

describe('paths of a build', () => {
  const rows: readonly [
    local: LocalState | undefined,
    attrs: Readonly<Record<string, string>>,
    context: string,
    dockerfile: string,
  ][] = [
    [state('/home/me/app', '/home/me/app/sub/Dockerfile'), {}, 'app', 'sub/Dockerfile'],
    [state('/home/me', '/elsewhere/Dockerfile'), {}, '.', '/elsewhere/Dockerfile'],
    [state('/home', '/home/me/Dockerfile'), {}, '..', 'me/Dockerfile'],
    [state('/srv/app', ''), { filename: 'f' }, '/srv/app', 'f'],
    [state('-', '-'), {}, '-', '-'],
    [
      state('https://example.com/r.git', 'f'),
      { context: 'https://example.com/r.git' },
      'https://example.com/r.git',
      'f',
    ],
    [undefined, { context: 'https://example.com/r.git#main' }, 'https://example.com/r.git#main', ''],
    [undefined, { filename: 'f', 'vcs:localdir:dockerfile': 'sub' }, '', 'sub/f'],
    [undefined, {}, '', ''],
  ];
  for (const [local, attrs, context, dockerfile] of rows) {
    it(`${JSON.stringify(local ?? attrs)} are seen from here`, () => {
      const read = recordAttributes(attrs, local, cwd);
      assert.deepEqual([read.context, read.dockerfile], [context, dockerfile]);
    });
  }
});

it('tells of a repository only where the context is no remote one', () => {
  const vcs = { 'vcs:source': 's', 'vcs:revision': 'r' };
  const local = recordAttributes(vcs, undefined, cwd);
  assert.deepEqual([local.vcsRepository, local.vcsRevision], ['s', 'r']);
  const remote = recordAttributes({ ...vcs, context: 'c' }, state('c', ''), cwd);
  assert.deepEqual([remote.vcsRepository, remote.config.rest], ['', [{ name: 'context', value: 'c' }]]);
});

it('has a place for every attribute', () => {
  const read = recordAttributes(
    {
      'frontend.caps': 'x',
      target: 't',
      platform: 'linux/arm/v7,amd64',
      'build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR': '1',
      'build-arg:BUILDKIT_MULTI_PLATFORM': '0',
      'multi-platform': 'true',
      'build-arg:B': '2',
      'build-arg:A': '1',
      'label:l': 'v',
      'context:base': 'docker-image://x',
      'attest:provenance': 'mode=max',
      'no-cache': 'one,two',
      'add-hosts': 'h=1,"i=2"',
      memory: '1024',
      cpusetmems: '0',
      z: '26',
      a: '1',
    },
    undefined,
    cwd,
  );
  assert.deepEqual([read.target, read.platforms, read.keepGitDir], ['t', ['linux/arm/v7', 'linux/amd64'], true]);
  assert.deepEqual(
    read.buildArgs.map(({ name }) => name),
    ['A', 'B', 'BUILDKIT_MULTI_PLATFORM'],
  );
  assert.deepEqual(
    [read.labels, read.namedContexts],
    [[{ name: 'l', value: 'v' }], [{ name: 'base', value: 'docker-image://x' }]],
  );
  const { multiPlatform, noCache, noCacheFilter, extraHosts, memory, cpusetMems, rest } = read.config;
  assert.deepEqual([multiPlatform, noCache, noCacheFilter, extraHosts], [true, false, ['one', 'two'], ['h=1', 'i=2']]);
  assert.deepEqual([memory, cpusetMems], ['1024', '0']);
  assert.deepEqual(
    rest.map(({ name }) => name),
    ['a', 'z'],
  );
  assert.deepEqual(read.errors, []);
  assert.equal(recordAttributes({ 'no-cache': '' }, undefined, cwd).config.noCache, true);
});

it('notes what cannot be read', () => {
  const read = recordAttributes({ platform: '', 'multi-platform': 'x', 'add-hosts': '"' }, undefined, cwd);
  assert.deepEqual([read.platforms, read.config.multiPlatform, read.config.extraHosts], [[], false, []]);
  assert.equal(read.errors.length, 3);
  assert.match(read.errors[1] ?? '', /^failed to parse x: \(strconv\.ParseBool: parsing "x": invalid syntax\)$/);
});
