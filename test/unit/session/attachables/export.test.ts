import assert from 'node:assert/strict';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { test } from 'node:test';
import { type ExportTarget, exportAttachable } from '../../../../src/session/index.ts';
import { callPair } from '../../../support/call-pair.ts';
import { temporaryDirectory, writeTree } from '../../../support/trees.ts';

/** A BytesMessage. */
function bytes(text: string): Buffer {
  const data = Buffer.from(text);
  const length = data.length < 128 ? [data.length] : [(data.length % 128) | 128, data.length >> 7];
  return Buffer.concat([Buffer.of(0x0a, ...length), data]);
}

/** Sends to the target of an exporter, as a daemon does. */
async function send(
  targets: ReadonlyMap<number, ExportTarget>,
  messages: readonly Buffer[],
  exporter?: string,
): Promise<void> {
  const [server, client] = callPair(exporter === undefined ? [] : [['buildkit-attachable-exporter-id', exporter]]);
  const handling = exportAttachable({ targets }).methods[0]?.handle(server);
  for (const message of messages) await client.send(message);
  client.close();
  await handling;
}

void test('a file gets its name when it is complete, and only when data came', async () => {
  using root = temporaryDirectory();
  const path = join(root.path, 'new/dir/out.tar');
  const targets = new Map([[0, { kind: 'file', path } as const]]);
  await send(targets, []);
  assert.deepEqual(readdirSync(root.path), []);
  await send(targets, [bytes('hello '), Buffer.of(), bytes('x'.repeat(5000))]);
  assert.equal(readFileSync(path, 'utf8'), `hello ${'x'.repeat(5000)}`);
  assert.deepEqual(readdirSync(join(root.path, 'new/dir')), ['out.tar']);
});

void test('a transfer that breaks leaves the old file and nothing else', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { out: 'old' });
  const targets = new Map([[0, { kind: 'file', path: join(root.path, 'out') } as const]]);
  await assert.rejects(send(targets, [bytes('new'), Buffer.from('garbage')]), { code: 'PROTOCOL' });
  assert.deepEqual(readdirSync(root.path), ['out']);
  assert.equal(readFileSync(join(root.path, 'out'), 'utf8'), 'old');
});

void test('a link to a file stays a link, and what is no file is written as it is', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { 'real/out': 'old' });
  symlinkSync('real/out', join(root.path, 'link'));
  await send(new Map([[0, { kind: 'file', path: join(root.path, 'link') } as const]]), [bytes('new')]);
  assert.ok(lstatSync(join(root.path, 'link')).isSymbolicLink());
  assert.equal(readFileSync(join(root.path, 'real/out'), 'utf8'), 'new');
  await send(new Map([[0, { kind: 'file', path: '/dev/null' } as const]]), [bytes('new')]);
  assert.ok(statSync('/dev/null').isCharacterDevice());
  await assert.rejects(send(new Map([[0, { kind: 'file', path: root.path } as const]]), [bytes('new')]), {
    code: 'IO',
    message: /is a directory/,
  });
});

void test('each exporter has its target; the first when none is named', async () => {
  using root = temporaryDirectory();
  const stream = new PassThrough();
  const targets = new Map<number, ExportTarget>([
    [0, { kind: 'stream', stream }],
    [2, { kind: 'file', path: join(root.path, 'two') }],
  ]);
  await send(targets, [bytes('to the stream')]);
  await send(targets, [bytes('to the file')], '2');
  assert.equal(String(stream.read()), 'to the stream');
  assert.equal(readFileSync(join(root.path, 'two'), 'utf8'), 'to the file');
  await assert.rejects(send(targets, [bytes('x')], '1'), { status: 2, message: 'exporter 1 not found' });
  assert.equal(existsSync(join(root.path, 'one')), false);
});

void test('a stream is waited for, and not closed', async () => {
  const written: string[] = [];
  const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _, done) {
      written.push(chunk.toString());
      void mayGoOn.then(() => done());
    },
  });
  const sending = send(new Map([[0, { kind: 'stream', stream } as const]]), [bytes('a'), bytes('b')]);
  goOn();
  await sending;
  assert.deepEqual(written, ['a', 'b']);
  assert.equal(stream.writableEnded, false);
});

void test('a stream whose reader goes is an error, not a crash', async () => {
  const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE: broken pipe')) });
  const failing = send(new Map([[0, { kind: 'stream', stream: broken } as const]]), [bytes('a')]);
  await assert.rejects(failing, { code: 'IO', message: 'failed to write the output: EPIPE: broken pipe' });
  const closed = new PassThrough();
  closed.destroy();
  await assert.rejects(send(new Map([[0, { kind: 'stream', stream: closed } as const]]), [bytes('a')]), { code: 'IO' });
});

void test('a cancelled build does not wait for a reader of the stream that takes nothing', async () => {
  const [server, client] = callPair();
  const stream = new Writable({ write: () => client.cancel() });
  const handling = exportAttachable({ targets: new Map([[0, { kind: 'stream', stream } as const]]) });
  await client.send(bytes('a'));
  await assert.rejects(handling.methods[0]?.handle(server) ?? Promise.resolve(), { code: 'CANCELED' });
});

void test('a sink is opened when data comes, and finished or disposed of', async () => {
  const seen: string[] = [];
  const sink = {
    write: async (pieces: readonly Uint8Array[]) => void seen.push(Buffer.concat(pieces).toString()),
    finish: async () => void seen.push('finished'),
    [Symbol.asyncDispose]: async () => void seen.push('disposed'),
  };
  const targets = new Map<number, ExportTarget>([[0, { kind: 'sink', open: async () => sink }]]);
  await send(targets, []);
  assert.equal(seen.length, 0);
  await send(targets, [bytes('a'), bytes('b')]);
  assert.equal(seen.join(' ').replace('a b', 'ab'), 'ab finished disposed');
  seen.length = 0;
  await assert.rejects(send(targets, [bytes('a'), Buffer.from('garbage')]), { code: 'PROTOCOL' });
  assert.equal(seen.at(-1), 'disposed');
  assert.ok(!seen.includes('finished'));
});

void test('a directory is not cleared for a daemon that sends each platform by itself', async () => {
  using root = temporaryDirectory();
  writeTree(root.path, { precious: 'p' });
  const targets = new Map([[0, { kind: 'directory', path: root.path, deletes: true } as const]]);
  await assert.rejects(send(targets, []), {
    message: 'local exporter mode=delete requires a BuildKit daemon with multi-platform local export support',
  });
  assert.deepEqual(readdirSync(root.path), ['precious']);
});
