import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type BlobRange, type OciStore, openStore } from '../../../../src/registry/layout/index.ts';
import { collect } from '../../../support/collect.ts';
import { blobFile, putBlob, sha256 } from '../../../support/layouts.ts';
import { temporaryDirectory } from '../../../support/trees.ts';

async function read(store: OciStore, digest: string, range?: BlobRange): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of store.read(digest, range)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

const unknown = { total: 0, expected: '' };

void test('blobs are found, listed and read, whole and in part', async () => {
  using root = temporaryDirectory();
  const store = openStore(root.path, { writable: false });
  const { digest } = putBlob(root.path, 'hello world');
  writeFileSync(join(root.path, 'blobs/sha256/not-a-digest'), '');
  assert.equal((await store.info(digest))?.size, 11);
  assert.equal(await store.info(sha256('other')), undefined);
  assert.deepEqual(
    (await collect(store.blobs())).map((blob) => blob.digest),
    [digest],
  );
  assert.equal(await read(store, digest), 'hello world');
  assert.equal(await read(store, digest, { offset: 6, length: 3 }), 'wor');
  assert.equal(await read(store, digest, { offset: 6, length: 300 }), 'world');
  assert.equal(await read(store, digest, { offset: 11, length: 1 }), '');
  await assert.rejects(read(store, digest, { offset: 12, length: 1 }), { refusal: 'out of range' });
  await assert.rejects(read(store, sha256('other')), { refusal: 'not found' });
});

void test('a blob with other content than its name says does not pass', async () => {
  using root = temporaryDirectory();
  const store = openStore(root.path, { writable: false });
  const { digest } = putBlob(root.path, 'hello');
  writeFileSync(blobFile(root.path, digest), 'hullo');
  await assert.rejects(read(store, digest), { refusal: 'data loss' });
  writeFileSync(blobFile(root.path, digest), '');
  await assert.rejects(read(store, digest), { refusal: 'data loss' });
});

void test('a digest leads nowhere else, and what is no file is no blob', async () => {
  using root = temporaryDirectory();
  const store = openStore(root.path, { writable: true });
  for (const digest of ['sha256:../../etc/passwd', '../x:abc', `md5:${'a'.repeat(32)}`, '']) {
    await assert.rejects(store.info(digest), { refusal: 'invalid argument' });
    await assert.rejects(read(store, digest), { refusal: 'invalid argument' });
    await assert.rejects(store.delete(digest), { refusal: 'invalid argument' });
    if (digest !== '')
      await assert.rejects(store.ingest('ref', { total: 0, expected: digest }), { refusal: 'invalid argument' });
  }
  const pipe = blobFile(root.path, sha256('pipe'));
  mkdirSync(dirname(pipe), { recursive: true });
  execFileSync('mkfifo', [pipe]);
  assert.equal(await store.info(sha256('pipe')), undefined);
  await assert.rejects(read(store, sha256('pipe')), { refusal: 'not found' });
});

void test('a blob may be a link: layouts are made of them', async () => {
  using root = temporaryDirectory();
  const store = openStore(root.path, { writable: false });
  writeFileSync(join(root.path, 'real'), 'hello');
  mkdirSync(join(root.path, 'blobs/sha256'), { recursive: true });
  symlinkSync('../../real', blobFile(root.path, sha256('hello')));
  assert.equal(await read(store, sha256('hello')), 'hello');
});

void test('a blob gets its name when it is whole', async () => {
  using root = temporaryDirectory();
  const store = openStore(join(root.path, 'new'), { writable: true });
  const digest = sha256('hello world');
  {
    await using ingest = await store.ingest('ref', { total: 11, expected: digest });
    await ingest.write(Buffer.from('hello '));
    assert.equal(ingest.offset, 6);
    await ingest.write(Buffer.from('world'));
    assert.deepEqual(readdirSync(store.dir), ['ingest']);
    assert.equal(await ingest.commit({ total: 11, expected: digest }), digest);
  }
  assert.equal(readFileSync(blobFile(store.dir, digest), 'utf8'), 'hello world');
  assert.equal(statSync(blobFile(store.dir, digest)).mode & 0o222, 0);
  assert.deepEqual(readdirSync(join(store.dir, 'ingest')), []);
  assert.equal(store.ingests.size, 0);
  await assert.rejects(store.ingest('ref', { total: 11, expected: digest }), { refusal: 'already exists' });
});

void test('what is not committed leaves nothing', async () => {
  using root = temporaryDirectory();
  const store = openStore(root.path, { writable: true });
  const expected = sha256('hello');
  const tries: readonly (() => Promise<void>)[] = [
    async () => {
      await using ingest = await store.ingest('a', unknown);
      await ingest.write(Buffer.from('hello'));
      await assert.rejects(store.ingest('a', unknown), { refusal: 'unavailable' });
    },
    async () => {
      await using ingest = await store.ingest('a', { total: 0, expected });
      await ingest.write(Buffer.from('hullo'));
      await assert.rejects(ingest.commit({ total: 0, expected }), { refusal: 'failed precondition' });
    },
    async () => {
      await using ingest = await store.ingest('a', { total: 5, expected });
      await ingest.write(Buffer.from('hell'));
      await assert.rejects(ingest.commit({ total: 0, expected: '' }), { refusal: 'failed precondition' });
      await assert.rejects(ingest.write(Buffer.from('oo')), { refusal: 'failed precondition' });
    },
  ];
  for (const attempt of tries) {
    await attempt();
    assert.deepEqual(await collect(store.blobs()), []);
    assert.deepEqual(readdirSync(join(root.path, 'ingest')), []);
  }
});

void test('a writer begins again when it is told to', async () => {
  using root = temporaryDirectory();
  const store = openStore(root.path, { writable: true });
  await using ingest = await store.ingest('a', unknown);
  await ingest.write(Buffer.from('something longer'));
  await ingest.restart();
  await ingest.write(Buffer.from('hello'));
  assert.equal(await ingest.commit(unknown), sha256('hello'));
  assert.equal(await read(store, sha256('hello')), 'hello');
});

void test('who is done with a reference does not free it for a third', async () => {
  using root = temporaryDirectory();
  const store = openStore(root.path, { writable: true });
  const first = await store.ingest('a', unknown);
  await first.commit(unknown);
  await using _ = await store.ingest('a', unknown);
  await first[Symbol.asyncDispose]();
  await assert.rejects(store.ingest('a', unknown), { refusal: 'unavailable' });
});

void test('a blob that was cut short is written again', async () => {
  using root = temporaryDirectory();
  const store = openStore(root.path, { writable: true });
  const { digest } = putBlob(root.path, 'hello');
  writeFileSync(blobFile(root.path, digest), 'hel');
  await using ingest = await store.ingest('a', { total: 5, expected: digest });
  await ingest.write(Buffer.from('hello'));
  await ingest.commit({ total: 5, expected: digest });
  assert.equal(await read(store, digest), 'hello');
});

void test('other hashes', async () => {
  using root = temporaryDirectory();
  const store = openStore(root.path, { writable: true });
  const expected =
    'sha512:9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043';
  await using ingest = await store.ingest('a', { total: 0, expected });
  await ingest.write(Buffer.from('hello'));
  assert.equal(await ingest.commit({ total: 5, expected }), expected);
  assert.equal(await read(store, expected), 'hello');
});

void test('a store that is only read is not written', async () => {
  using root = temporaryDirectory();
  const store = openStore(join(root.path, 'x'), { writable: false });
  await assert.rejects(store.ingest('a', unknown), { refusal: 'failed precondition' });
  await assert.rejects(store.delete(sha256('x')), { refusal: 'failed precondition' });
  rmSync(root.path, { recursive: true });
  assert.deepEqual(await collect(store.blobs()), []);
});
