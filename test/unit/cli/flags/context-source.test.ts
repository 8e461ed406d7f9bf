import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isArchive, resolveSources, type SourceFacts } from '../../../../src/cli/flags/context-source.ts';

function facts(stdin: string | Uint8Array = ''): SourceFacts {
  const data = Buffer.from(stdin);
  return {
    isDirectory: (path) => path === '.' || path === 'dir' || path === 'github.com/local',
    readStdin: async (checkHead) => {
      checkHead(data);
      return data;
    },
  };
}

const sources: readonly (readonly [context: string, file: string | undefined, expected: object])[] = [
  ['.', undefined, { context: { kind: 'local', path: '.' }, dockerfile: undefined }],
  [
    'dir',
    'x/Dockerfile',
    { context: { kind: 'local', path: 'dir' }, dockerfile: { kind: 'path', path: 'x/Dockerfile' } },
  ],
  ['dir', '', { context: { kind: 'local', path: 'dir' }, dockerfile: undefined }],
  ['.', 'https://h/D', { context: { kind: 'local', path: '.' }, dockerfile: { kind: 'url', url: 'https://h/D' } }],
  [
    'https://h/r.git#main',
    undefined,
    { context: { kind: 'remote', url: 'https://h/r.git#main' }, dockerfile: undefined },
  ],
  ['git@h:o/r', undefined, { context: { kind: 'remote', url: 'git@h:o/r' }, dockerfile: undefined }],
  ['ssh://git@h/o/r', undefined, { context: { kind: 'remote', url: 'ssh://git@h/o/r' }, dockerfile: undefined }],
  ['github.com/o/r', undefined, { context: { kind: 'remote', url: 'github.com/o/r' }, dockerfile: undefined }],
  ['github.com/local', undefined, { context: { kind: 'local', path: 'github.com/local' }, dockerfile: undefined }],
];

for (const [context, file, expected] of sources) {
  test(`build ${file === undefined ? '' : `-f '${file}' `}${context}`, async () => {
    assert.deepEqual(await resolveSources(context, file, facts()), expected);
  });
}

test('a Dockerfile on stdin has an empty context, or one that is named', async () => {
  const text = Buffer.from('FROM scratch\n');
  const dockerfile = { kind: 'text', text };
  assert.deepEqual(await resolveSources('-', undefined, facts(text)), {
    context: { kind: 'memory', files: {} },
    dockerfile,
  });
  assert.deepEqual(await resolveSources('.', '-', facts(text)), { context: { kind: 'local', path: '.' }, dockerfile });
});

const refused: readonly (readonly [
  context: string,
  file: string | undefined,
  stdin: string | Uint8Array,
  message: RegExp,
])[] = [
  ['', undefined, '', /^please specify build context/],
  ['nowhere', undefined, '', /^unable to prepare context: path "nowhere" not found$/],
  ['-', '-', '', /^invalid argument: can't use stdin for both build context and dockerfile$/],
  ['-', 'Dockerfile', 'FROM scratch', /^ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles$/],
  ['-', undefined, gzipSync('x'), /^an archive on stdin as build context is not supported yet/],
];

for (const [context, file, stdin, message] of refused) {
  test(`build -f '${file}' '${context}' is refused: ${message.source}`, async () => {
    await assert.rejects(resolveSources(context, file, facts(stdin)), { message });
  });
}

test('a tar is known by the checksum of its first header', () => {
  const header = Buffer.alloc(1024);
  header.write('name', 0);
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  assert.equal(isArchive(header), true);
  header[0] = 0x41;
  assert.equal(isArchive(header), false);
  assert.equal(isArchive(Buffer.from('FROM scratch\n'.repeat(100))), false);
});
