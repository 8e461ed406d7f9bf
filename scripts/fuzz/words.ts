// The words that Dockerfiles are made of, with more odd ones than people write.
import type { Random } from './random.ts';

type Words = readonly [string, ...string[]];

const names: Words = [
  'A',
  'B',
  'foo',
  'PATH',
  'TARGETARCH',
  'TARGETPLATFORM',
  'HTTP_PROXY',
  'http_proxy',
  'NPM_TOKEN',
  'x1',
  '_',
];
const values: Words = [
  '1',
  'bar',
  '',
  'a b',
  '/x',
  '"q"',
  "'s'",
  'a\\ b',
  'ü',
  'x=y',
  'a,b',
  '80',
  '.',
  '*.txt',
  '日本',
];
const operators: Words = [':-', ':+', ':?', '-', '+', '?', '#', '##', '%', '%%', '/', '//', ':', '#*', '/#', '^'];
const odd: Words = [
  '${',
  '$',
  '${}',
  '${A',
  '${A:',
  '"',
  "'",
  '\\',
  '\\\\',
  '`',
  '$$',
  '$1',
  '${1}',
  '$@',
  '$(x)',
  '<<',
  '\u00a0',
  '\u0000',
  '<<<x',
];

export const stages: Words = ['base', 'build', 'Final', 'b1', 'stage-0', '0', '1', '2', 'scratch', 'context', 'BASE'];
export const images: Words = [
  'alpine',
  'scratch',
  'golden/plain',
  'golden/other:1',
  'busybox:1.36',
  'localhost:5000/a/b',
  'Ubuntu',
  'ghcr.io/a/b:c@sha256:' + 'a'.repeat(64),
  'a@sha256:12',
  'mcr.microsoft.com/windows/nanoserver',
  'docker.io/library/golden',
  'a//b',
  'alpine:$A',
  '${B:-alpine}',
  '${foo}',
];
export const platforms: Words = [
  'linux/amd64',
  'linux/arm64',
  'linux/arm/v7',
  'windows/amd64',
  'windows(10.0.20348)/amd64',
  'linux',
  'arm64',
  '$BUILDPLATFORM',
  '$TARGETPLATFORM',
  'darwin/arm64/v8',
  'linux/386',
  'a/b/c/d',
  '${TARGETOS}/${TARGETARCH}',
  'linux/amd64/v2',
  'Linux/x86_64',
  'freebsd',
  'wasi/wasm',
  '',
];
export const paths: Words = [
  '.',
  './',
  '/',
  'a',
  'a/',
  'a/b',
  '../x',
  '/abs',
  '*',
  'a*',
  'a?b',
  '[ab]',
  '[',
  '**/x',
  'a/./b',
  'C:\\x',
  'C:/x',
  'c:',
  '\\x',
  '"with space"',
  '$A',
  '/$B/x',
  '${foo:-d}/',
  '/etc/../x',
  '//',
  'a//b',
  'Dockerfile',
  './a/../..',
  '!x',
  '/dev/shm',
  '~',
  'a\\b',
  'D:\\y',
];
export const remotes: Words = [
  'https://example.com/a.tar.gz',
  'http://example.com/',
  'https://example.com',
  'http://example.com/a?b=c#d',
  'https://github.com/moby/buildkit.git',
  'https://github.com/moby/buildkit.git#v1:sub',
  'git@github.com:moby/buildkit.git',
  'git://example.com/x.git#main',
  'https://github.com/a/b.git?ref=x&subdir=y',
  'https://github.com/a/b.git?tag=v1&keep-git-dir=1',
  'https://github.com/a/b.git?commit=' + 'a'.repeat(40) + '&submodules=false',
  'ssh://git@host:22/x.git#:d',
  'https://github.com/a/b.git?branch=m&mtime=commit',
  'https://github.com/a/b.git?unknown=1',
  'https://github.com/a/b.git?ref=x#y',
  'github.com/a/b',
  'https://example.com/%zz',
  'http://[::1]/x',
  'https://user:pw@example.com/y.git',
  'https://github.com/a/b.git?fetch-by-commit=true',
  'http:///x',
  'ftp://a/b',
];

/** A word with variables, quotes and modifiers. */
export function word(random: Random): string {
  const parts = [part(random), ...random.some(2, () => part(random))];
  return parts.join('');
}

function part(random: Random): string {
  switch (random.below(8)) {
    case 0:
      return `$${random.pick(names)}`;
    case 1:
      return `\${${random.pick(names)}}`;
    case 2:
      return `\${${random.pick(names)}${random.pick(operators)}${random.chance(0.3) ? word(random) : random.pick(values)}}`;
    case 3:
      return random.chance(0.2) ? random.pick(odd) : random.pick(values);
    case 4:
      return `"${random.pick(values)}$${random.pick(names)}"`;
    default:
      return random.pick(values);
  }
}

export function name(random: Random): string {
  return random.pick(names);
}

export function path(random: Random): string {
  return random.chance(0.15) ? word(random) : random.pick(paths);
}

export function pair(random: Random): string {
  const value = random.chance(0.4) ? word(random) : random.pick(values);
  return random.chance(0.85) ? `${name(random)}=${value}` : `${name(random)} ${value}`;
}

export function strange(random: Random): string {
  return random.pick(odd);
}
