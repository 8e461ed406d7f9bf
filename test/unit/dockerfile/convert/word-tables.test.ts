import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChmod } from '../../../../src/dockerfile/convert/chmod.ts';
import { formatDuration } from '../../../../src/dockerfile/convert/duration.ts';
import { parseGitRef } from '../../../../src/dockerfile/convert/git-ref.ts';
import { isSignal } from '../../../../src/dockerfile/convert/signal.ts';
import { isAbsoluteIn, normalizePath, normalizeWorkdir } from '../../../../src/dockerfile/convert/system-path.ts';

test('durations are printed as Go prints them', () => {
  const table: readonly (readonly [bigint, string])[] = [
    [0n, '0s'],
    [1n, '1ns'],
    [1_500n, '1.5µs'],
    [100_000_000n, '100ms'],
    [5_000_000_000n, '5s'],
    [90_000_000_000n, '1m30s'],
    [3_661_500_000_000n, '1h1m1.5s'],
    [-1_000_000_000n, '-1s'],
  ];
  for (const [value, text] of table) assert.equal(formatDuration(value), text);
});

test('modes are numbers from octal digits, or symbolic', () => {
  assert.equal(parseChmod('755'), 0o755);
  assert.equal(parseChmod('07777'), 0o7777);
  for (const mode of ['u+x', 'a=rX', 'go-w,u=rwx', '+', 'u=go']) assert.equal(parseChmod(mode), mode);
  for (const mode of ['10000', '999', '7x']) assert.throws(() => parseChmod(mode), /should be octal string/, mode);
  for (const mode of ['x', 'u+x,', '+755', 'u'])
    assert.throws(() => parseChmod(mode), /^TsbuildxError: invalid syntax/, mode);
});

test('signals are numbers or names, with or without SIG', () => {
  for (const name of ['SIGTERM', 'term', '9', '-1', 'RTMIN+15', 'sigrtmax-14']) assert.ok(isSignal(name), name);
  for (const name of ['0', 'SIGSIGTERM', 'RTMIN+16', 'RTMAX-15', '', '99999999999999999999'])
    assert.ok(!isSignal(name), name);
});

test('paths of Windows images lose their drive and keep their separators', () => {
  assert.equal(normalizeWorkdir('\\app', 'sub\\..\\x', 'windows'), '\\app\\x');
  assert.equal(normalizeWorkdir('', 'C:\\Windows', 'windows'), '\\Windows');
  assert.equal(normalizePath('/', 'c:/a/', 'windows', true), '/a/');
  assert.ok(isAbsoluteIn('\\x', 'windows'));
  assert.ok(!isAbsoluteIn('\\x', 'linux'));
  assert.throws(() => normalizeWorkdir('/', 'D:\\x', 'windows'), /not on the system drive/);
  assert.throws(() => normalizePath('/', '\\\\server\\share', 'windows', false), /UNC paths are not supported/);
});

test('a slash or a dot at the end of a path is kept when it says that this is a directory', () => {
  assert.equal(normalizePath('/w', 'a/', 'linux', true), '/w/a/');
  assert.equal(normalizePath('/w', 'a/.', 'linux', true), '/w/a/.');
  assert.equal(normalizePath('/w', './', 'linux', true), '/w/');
  assert.equal(normalizePath('/w', '/a/../b', 'linux', true), '/a/../b');
});

test('git references are told from paths and other addresses', () => {
  const table: readonly (readonly [string, string | undefined])[] = [
    ['https://github.com/moby/buildkit.git#v1:sub', 'https://github.com/moby/buildkit.git v1 sub'],
    ['https://github.com/moby/buildkit.git?tag=v1', 'https://github.com/moby/buildkit.git refs/tags/v1 '],
    ['https://github.com/moby/buildkit.git?branch=b&subdir=s', 'https://github.com/moby/buildkit.git refs/heads/b s'],
    ['git@github.com:moby/buildkit.git', 'git@github.com:moby/buildkit.git  '],
    ['https://example.com/file.tar.gz', undefined],
    ['./git', undefined],
    ['dir', undefined],
  ];
  for (const [text, wanted] of table) {
    const git = parseGitRef(text);
    assert.equal(git && `${git.remote} ${git.ref} ${git.subdir}`, wanted, text);
  }
  assert.equal(parseGitRef('github.com/moby/buildkit')?.looksLocal, true);
});

test('a git reference with a wrong query is an error', () => {
  const base = 'https://example.com/x.git';
  const table: readonly (readonly [string, RegExp])[] = [
    ['?nope=1', /unexpected query "nope"/],
    ['?ref=a&ref=b', /query "ref" has multiple values/],
    ['?ref=a#b', /ref conflicts: "b" vs "a"/],
    ['?ref', /query "ref" has no value/],
    ['?mtime=now', /invalid mtime value: "now"/],
    ['?tag=a&branch=b', /branch conflicts with tag/],
  ];
  for (const [query, error] of table) assert.throws(() => parseGitRef(base + query), error, query);
  assert.equal(parseGitRef(`${base}?keep-git-dir&submodules=false`)?.keepGitDir, true);
});
