import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesyncAttachable, type Metadata } from '../../../../src/session/index.ts';
import { decodePacket, encodePacket } from '../../../../src/session/fsutil/packet-codec.ts';
import { callPair } from '../../../support/call-pair.ts';
import { temporaryDirectory, writeTree } from '../../../support/trees.ts';

const FIN = 3;

/** Paths that are sent for the metadata of a call. */
async function list(root: string, metadata: Metadata): Promise<string[]> {
  const [server, client] = callPair(metadata);
  const paths: string[] = [];
  client.onMessage = (message) => {
    const { stat } = decodePacket(message);
    if (stat !== undefined) paths.push(stat.path);
    if (message.length === 0) void client.send(encodePacket(FIN, 0, Buffer.of()));
  };
  await filesyncAttachable({ dirs: new Map([['context', { root }]]) }).methods[0]?.handle(server);
  return paths;
}

void test('only DiffCopy is offered', () => {
  const { methods } = filesyncAttachable({ dirs: new Map() });
  assert.deepEqual(
    methods.map(({ path }) => path),
    ['/moby.filesync.v1.FileSync/DiffCopy'],
  );
});

void test('patterns come as metadata, escaped only when it says so', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { 'a b': '', 'a+b': '', 'a%20b': '', é: '', 'x,y': '' });
  const all = ['a b', 'a%20b', 'a+b', 'x,y', 'é'];
  const without = (...names: string[]): string[] => all.filter((name) => !names.includes(name));
  const dir = ['dir-name', 'context'] as const;
  assert.deepEqual(await list(root.path, [dir]), all);
  assert.deepEqual(
    await list(root.path, [dir, ['exclude-patterns', 'a%20b'], ['exclude-patterns', 'x,y']]),
    without('a%20b', 'x,y'),
  );
  const encoded = [
    dir,
    ['exclude-patterns', '%C3%A9'],
    ['exclude-patterns', 'a+b'],
    ['exclude-patterns-encoded', '1'],
  ] as const;
  assert.deepEqual(await list(root.path, encoded), without('é', 'a b'));
  assert.deepEqual(await list(root.path, [dir, ['include-patterns', 'a*'], ['exclude-patterns', 'a b']]), [
    'a%20b',
    'a+b',
  ]);
  assert.deepEqual(await list(root.path, [dir, ['followpaths', 'x,y']]), ['x,y']);
});

void test('a directory that was not offered is refused', async () => {
  await assert.rejects(list('/', [['dir-name', 'secrets']]), {
    status: 5,
    message: 'no access allowed to dir "secrets"',
  });
  await assert.rejects(list('/', []), { status: 5 });
});

void test('progress counts all bytes, and says when it is done', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { a: '', b: '' });
  const [server, client] = callPair([['dir-name', 'context']]);
  client.onMessage = (message) => {
    if (message.length === 0) void client.send(encodePacket(FIN, 0, Buffer.of()));
  };
  const seen: [name: string, bytes: number, done: boolean][] = [];
  const dirs = new Map([['context', { root: root.path }]]);
  const onProgress = (...progress: [string, number, boolean]): unknown => seen.push(progress);
  await filesyncAttachable({ dirs, onProgress }).methods[0]?.handle(server);
  const last = seen.at(-1);
  assert.deepEqual([last?.[0], last?.[2]], ['context', true]);
  assert.ok((last?.[1] ?? 0) > 20);
});
