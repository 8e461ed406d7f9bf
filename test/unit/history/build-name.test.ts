import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LocalState } from '../../../src/builder/index.ts';
import { buildName } from '../../../src/history/build-name.ts';

interface Case {
  readonly attrs?: Readonly<Record<string, string>>;
  /** Context, Dockerfile. */
  readonly local?: readonly [string, string];
  readonly name: string;
}

// Names that docker-buildx 0.36 gives.
const cases: readonly Case[] = [
  { name: '' },
  { attrs: { 'build-arg:BUILDKIT_BUILD_NAME': 'given', target: 't' }, name: 'given' },
  { attrs: { 'build-arg:BUILDKIT_BUILD_NAME': '', target: 't' }, name: 't' },
  { local: ['/tmp/project', '/tmp/project/Dockerfile'], name: 'project' },
  { local: ['/tmp/project', '/tmp/project/deploy/Dockerfile'], name: 'project/deploy' },
  { local: ['/tmp/project', '/tmp/project/deploy/release.Dockerfile'], name: 'project/deploy/release.Dockerfile' },
  { local: ['/tmp/project', '/tmp/other/Dockerfile'], name: 'other' },
  { local: ['/tmp/project', '/tmp/other/release.Dockerfile'], name: 'other/release.Dockerfile' },
  { local: ['/tmp/project', 'Dockerfile'], name: 'project' },
  { local: ['/tmp/project', '-'], name: 'project' },
  { local: ['-', '-'], name: '' },
  { local: ['-', '/tmp/x.Dockerfile'], name: '/tmp/x.Dockerfile' },
  { local: ['/tmp/project', ''], attrs: { filename: 'release' }, name: 'release/release' },
  { attrs: { filename: 'release' }, name: 'release' },
  { attrs: { filename: 'Dockerfile', target: 't' }, name: 't' },
  { attrs: { filename: 'release', 'vcs:localdir:dockerfile': 'deploy' }, name: 'deploy/release' },
  { attrs: { filename: 'release', 'vcs:localdir:dockerfile': '.' }, name: 'release' },
  { attrs: { 'vcs:localdir:context': 'sub' }, name: 'sub' },
  { attrs: { 'vcs:localdir:context': '.' }, local: ['/tmp/project', '/tmp/project/Dockerfile'], name: 'project' },
  { attrs: { 'vcs:localdir:context': 'sub', context: 'main' }, local: ['/a/b', '/a/b/Dockerfile'], name: 'main' },
  { attrs: { target: 't' }, local: ['/tmp/project', '/tmp/project/Dockerfile'], name: 'project (t)' },
  { attrs: { 'vcs:source': 'https://example.com/o/r.git?ref=main' }, name: 'https://example.com/o/r.git#main' },
  { attrs: { 'vcs:source': 'https://example.com/o/r.git' }, name: 'https://example.com/o/r.git' },
  { attrs: { 'vcs:source': 'nothing of git' }, name: 'nothing of git' },
  {
    attrs: { 'input:context': 'https://example.com/o/r.git?branch=b' },
    name: 'https://example.com/o/r.git#refs/heads/b',
  },
  { attrs: { 'input:context': 'docker-image://alpine' }, name: '' },
  { local: ['https://example.com/o/r.git', '/x/y/Dockerfile'], attrs: { filename: 'f' }, name: 'f' },
  { local: ['https://example.com/a.tar', 'sub/f'], name: '' },
];

for (const { attrs = {}, local, name } of cases) {
  test(`${JSON.stringify(attrs)} of ${local?.join(' ') ?? 'nothing'} is ${JSON.stringify(name)}`, () => {
    const state: LocalState | undefined = local && { Target: 'default', LocalPath: local[0], DockerfilePath: local[1] };
    assert.equal(buildName(attrs, state), name);
  });
}
