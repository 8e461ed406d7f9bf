import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { resolveSources, type SourceFacts } from '../../../../src/cli/flags/context-source.ts';
import { openStdin, readAll } from '../../../../src/cli/stdin.ts';

function facts(stdin: string | Uint8Array = ''): SourceFacts {
  return {
    isDirectory: (path) => path === '.' || path === 'dir' || path === 'github.com/local',
    openStdin: () => openStdin(Readable.from(stdin.length === 0 ? [] : [Buffer.from(stdin)])),
    readAll,
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
  const text = Buffer.from('FROM scratch\n'.repeat(100));
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
  ['-', 'Dockerfile', '', /no local sources enabled: there is nothing on stdin$/],
];

for (const [context, file, stdin, message] of refused) {
  test(`build -f '${file}' '${context}' is refused: ${message.source}`, async () => {
    await assert.rejects(resolveSources(context, file, facts(stdin)), { message });
  });
}

test('an archive on stdin is the context, whole; the Dockerfile is what is named', async () => {
  const archive = gzipSync(Buffer.alloc(5000, 'x'));
  for (const [file, dockerfile] of [
    [undefined, undefined],
    ['dir/x', { kind: 'path', path: 'dir/x' }],
    ['/abs', { kind: 'path', path: '/abs' }],
    ['http://h/D', { kind: 'url', url: 'http://h/D' }],
  ] as const) {
    const sources = await resolveSources('-', file, facts(archive));
    assert.deepEqual(sources.dockerfile, dockerfile);
    assert.equal(sources.context.kind, 'tar');
    if (sources.context.kind === 'tar') assert.deepEqual(await readAll(sources.context.stream), archive);
  }
});

test('nothing on stdin is no matter when the Dockerfile is elsewhere', async () => {
  assert.deepEqual(await resolveSources('-', 'http://h/D', facts()), {
    context: { kind: 'memory', files: {} },
    dockerfile: { kind: 'url', url: 'http://h/D' },
  });
});
