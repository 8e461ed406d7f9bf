import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpDefinition, gitSource, marshal, parseGitUrl } from '../../../src/llb/index.ts';

const plain = {
  ref: '',
  subdir: '',
  keepGitDir: false,
  checksum: '',
  skipSubmodules: false,
  mtime: '',
  fetchByCommit: false,
};

function gitAttrs(url: string, options: Partial<typeof plain>): string {
  const definition = marshal(gitSource(url, { ...plain, ...options }), {
    platform: { os: 'linux', architecture: 'amd64' },
  });
  return JSON.stringify(dumpDefinition(definition)[0]?.op);
}

test('a repository has one identity, whatever the protocol', () => {
  const id = /"identifier":"([^"]*)"/;
  const options = { ref: 'main', subdir: 'sub' };
  const wanted = 'git://github.com/moby/buildkit.git#main:sub';
  for (const url of [
    'https://github.com/moby/buildkit.git',
    'git@github.com:moby/buildkit.git',
    'ssh://git@github.com/moby/buildkit.git',
  ]) {
    assert.equal(id.exec(gitAttrs(url, options))?.[1], wanted, url);
  }
});

test('ssh asks for the agent', () => {
  assert.match(gitAttrs('git@github.com:moby/buildkit.git', {}), /"git.mountsshsock":"default"/);
  assert.doesNotMatch(gitAttrs('https://github.com/moby/buildkit.git', {}), /mountsshsock/);
});

test('fragment and query are taken off the remote', () => {
  const url = parseGitUrl('https://u:p@example.com:8443/a%20b.git?x=1#v1:/sub/../dir');
  assert.deepEqual(
    {
      remote: url?.remote,
      host: url?.host,
      path: url?.path,
      ref: url?.ref,
      subdir: url?.subdir,
      x: url?.query.get('x'),
    },
    {
      remote: 'https://u:p@example.com:8443/a%20b.git',
      host: 'example.com:8443',
      path: '/a b.git',
      ref: 'v1',
      subdir: 'dir',
      x: ['1'],
    },
  );
});

test('what is no git URL is none', () => {
  for (const text of ['./dir', 'github.com', '', 'C:\\dir']) assert.equal(parseGitUrl(text), undefined, text);
  assert.throws(() => parseGitUrl('ftp://example.com/x.git'), /ftp: invalid protocol/);
});
