// The content service, spoken as containerd's proxy store does (core/content/proxy).
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { containerd, fromLong, toLong } from '../../../../src/proto/index.ts';
import { openStore } from '../../../../src/registry/layout/index.ts';
import { contentAttachable, GrpcStatus } from '../../../../src/session/index.ts';
import { type CallEnd, callPair } from '../../../support/call-pair.ts';
import { collect } from '../../../support/collect.ts';
import { blobFile, putBlob, sha256 } from '../../../support/layouts.ts';
import { temporaryDirectory } from '../../../support/trees.ts';

const { v1 } = containerd.services.content;
const header = 'buildkit-attachable-store-id';

interface Daemon {
  /** One request, all answers. */
  ask(method: string, request: Uint8Array, id?: string): Promise<Uint8Array[]>;
  write(): Writer;
}

interface Writer {
  /** One request and its answer. */
  send(
    request: containerd.services.content.v1.WriteContentRequest.$Properties,
  ): Promise<containerd.services.content.v1.WriteContentResponse>;
  end(): Promise<void>;
}

function daemonOf(dir: string, { writable = true } = {}): Daemon {
  const { methods } = contentAttachable({ stores: new Map([['local:x', openStore(dir, { writable })]]) });
  const begin = (name: string, id: string | undefined): { client: CallEnd; handling: Promise<void> } => {
    const [server, client] = callPair(id === undefined ? [] : [[header, id]]);
    const method = methods.find(({ path }) => path === `/containerd.services.content.v1.Content/${name}`);
    if (method === undefined) throw new Error(`no method ${name}`);
    const handling = method.handle(server).finally(() => server.close());
    handling.catch(() => undefined);
    return { client, handling };
  };
  return {
    async ask(name, request, id = 'local:x') {
      const { client, handling } = begin(name, id === '' ? undefined : id);
      await client.send(request);
      client.close();
      await handling;
      return (await collect(client.batches())).flat();
    },
    write() {
      const { client, handling } = begin('Write', 'local:x');
      const answers = client.batches();
      return {
        async send(request) {
          await client.send(v1.WriteContentRequest.encode(request).finish());
          const { value, done } = await answers.next();
          if (done === true) await handling;
          return v1.WriteContentResponse.decode((value ?? [])[0] ?? new Uint8Array());
        },
        async end() {
          client.close();
          await handling;
        },
      };
    },
  };
}

const info = (digest: string): Uint8Array => v1.InfoRequest.encode({ digest }).finish();
const { STAT, WRITE, COMMIT } = v1.WriteAction;

void test('blobs are looked up and read by the id of their store', async () => {
  using root = temporaryDirectory();
  const daemon = daemonOf(root.path);
  const text = 'x'.repeat(2_500_000);
  const { digest } = putBlob(root.path, text);
  const [found] = await daemon.ask('Info', info(digest));
  assert.equal(fromLong(v1.InfoResponse.decode(found ?? new Uint8Array()).info?.size), 2_500_000n);

  const request = v1.ReadContentRequest.encode({ digest, offset: toLong(5), size: toLong(2_000_000) }).finish();
  const pieces = (await daemon.ask('Read', request)).map((bytes) => v1.ReadContentResponse.decode(bytes));
  assert.equal(Buffer.concat(pieces.map(({ data }) => data)).length, 2_000_000);
  assert.deepEqual(
    pieces.map(({ offset }) => fromLong(offset)),
    [0n, 1n << 20n],
  );
  const whole = await daemon.ask('Read', v1.ReadContentRequest.encode({ digest }).finish());
  assert.equal(Buffer.concat(whole.map((bytes) => v1.ReadContentResponse.decode(bytes).data)).toString(), text);

  const list = await daemon.ask('List', v1.ListContentRequest.encode({}).finish());
  assert.deepEqual(
    list.flatMap((bytes) => v1.ListContentResponse.decode(bytes).info.map((blob) => blob.digest)),
    [digest],
  );
});

void test('a daemon learns nothing of stores that it cannot name', async () => {
  using root = temporaryDirectory();
  const daemon = daemonOf(root.path);
  const { digest } = putBlob(root.path, 'x');
  await assert.rejects(daemon.ask('Info', info(digest), 'local:y'), {
    status: GrpcStatus.NOT_FOUND,
    message: 'unknown store local:y: not found',
  });
  await assert.rejects(daemon.ask('Info', info(digest), ''), {
    status: GrpcStatus.INVALID_ARGUMENT,
    message: `request lacks metadata "${header}": invalid argument`,
  });
  await assert.rejects(daemon.ask('Info', info('sha256:../../../etc/passwd')), { status: GrpcStatus.INVALID_ARGUMENT });
  await assert.rejects(daemon.ask('Info', info(sha256('y'))), { status: GrpcStatus.NOT_FOUND });
});

void test('a blob is written as the proxy store writes', async () => {
  using root = temporaryDirectory();
  const daemon = daemonOf(root.path);
  const [digest, total] = [sha256('hello world'), toLong(11)];
  const writer = daemon.write();
  const stat = await writer.send({ action: STAT, ref: 'layer', total, expected: digest });
  assert.deepEqual([fromLong(stat.offset), fromLong(stat.total)], [0n, 11n]);
  await writer.send({ action: WRITE, data: Buffer.from('hello '), offset: toLong(0) });

  const statuses = await daemon.ask('ListStatuses', v1.ListStatusesRequest.encode({}).finish());
  const [status] = v1.ListStatusesResponse.decode(statuses[0] ?? new Uint8Array()).statuses;
  assert.deepEqual([status?.ref, fromLong(status?.offset)], ['layer', 6n]);
  const busy = daemon.write();
  await assert.rejects(busy.send({ action: STAT, ref: 'layer' }), { status: GrpcStatus.UNAVAILABLE });

  await writer.send({ action: WRITE, data: Buffer.from('world'), offset: toLong(6) });
  const done = await writer.send({ action: COMMIT, total, offset: toLong(11), expected: digest });
  assert.deepEqual([fromLong(done.offset), done.digest], [11n, digest]);
  await writer.end();
  assert.equal(readFileSync(blobFile(root.path, digest), 'utf8'), 'hello world');

  const again = daemon.write();
  await assert.rejects(again.send({ action: STAT, ref: 'layer', total, expected: digest }), {
    status: GrpcStatus.ALREADY_EXISTS,
  });
});

void test('a write that ends, lies or is aborted leaves nothing', async () => {
  using root = temporaryDirectory();
  const daemon = daemonOf(root.path);
  const data = Buffer.from('hello');
  const attempts: readonly ((writer: Writer) => Promise<unknown>)[] = [
    async (writer) => await writer.end(),
    async (writer) =>
      await assert.rejects(writer.send({ action: COMMIT, expected: sha256('hullo'), offset: toLong(5) }), {
        status: GrpcStatus.FAILED_PRECONDITION,
      }),
    async (writer) =>
      await assert.rejects(writer.send({ action: COMMIT, total: toLong(6), offset: toLong(5) }), {
        status: GrpcStatus.FAILED_PRECONDITION,
      }),
    async (writer) =>
      await assert.rejects(writer.send({ action: WRITE, data, offset: toLong(3) }), {
        status: GrpcStatus.OUT_OF_RANGE,
      }),
    async (writer) => await assert.rejects(writer.send({ action: WRITE, data, offset: toLong(-3) })),
    async (writer) => {
      await daemon.ask('Abort', v1.AbortRequest.encode({ ref: 'ref' }).finish());
      await assert.rejects(writer.send({ action: WRITE, data, offset: toLong(5) }));
    },
  ];
  for (const attempt of attempts) {
    const writer = daemon.write();
    await writer.send({ action: STAT, ref: 'ref' });
    await writer.send({ action: WRITE, data });
    await attempt(writer);
    assert.deepEqual(readdirSync(join(root.path, 'ingest')), []);
    assert.ok(!existsSync(join(root.path, 'blobs')));
  }
});

void test('nothing is deleted, changed, or written where only reading is allowed', async () => {
  using root = temporaryDirectory();
  const daemon = daemonOf(root.path, { writable: false });
  const { digest } = putBlob(root.path, 'x');
  const refused = { status: GrpcStatus.FAILED_PRECONDITION };
  await assert.rejects(daemon.ask('Delete', v1.DeleteContentRequest.encode({ digest }).finish()), refused);
  await assert.rejects(daemon.ask('Update', v1.UpdateRequest.encode({ info: { digest } }).finish()), refused);
  await assert.rejects(daemon.write().send({ action: STAT, ref: 'ref' }), refused);
  assert.ok(existsSync(blobFile(root.path, digest)));
});
