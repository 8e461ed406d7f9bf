import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { decodeBytesMessage } from '../../../../src/session/attachables/bytes-message.ts';
import { createSession, type Metadata, uploadAttachable, uploadUrl } from '../../../../src/session/index.ts';
import { callPair } from '../../../support/call-pair.ts';
import { duplexPair } from '../../../support/duplex-pair.ts';

type Handle = (path: string) => Promise<Buffer[]>;

/** Pulls as a daemon does. */
function puller(streams: Readonly<Record<string, Readable>>): Handle {
  const { methods } = uploadAttachable({ streams: new Map(Object.entries(streams)) });
  return async (path) => {
    const [server, client] = callPair([['urlpath', path] as const] satisfies Metadata);
    const pieces: Buffer[] = [];
    client.onMessage = (message) => void pieces.push(Buffer.from(decodeBytesMessage(message)));
    await methods[0]?.handle(server);
    return pieces;
  };
}

test('a stream comes whole under its address', async () => {
  const data = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
  const chunks = [data.subarray(0, 1), data.subarray(1, 128), data.subarray(128, 257), data.subarray(257)];
  const pull = puller({ abc: Readable.from(chunks) });
  assert.deepEqual(Buffer.concat(await pull(new URL(uploadUrl('abc')).pathname)), data);
});

test('no message is larger than 3 MiB', async () => {
  const pieces = await puller({ a: Readable.from([Buffer.alloc(7 << 20)]) })('/a');
  assert.deepEqual(
    pieces.map(({ length }) => length),
    [3 << 20, 3 << 20, 1 << 20],
  );
});

test('a stream is given out once, and only under its own address', async () => {
  const pull = puller({ a: Readable.from(['x']) });
  await assert.rejects(pull('/b'), { message: 'no http response from session for b' });
  assert.equal(Buffer.concat(await pull('/a')).toString(), 'x');
  await assert.rejects(pull('/a'), { message: 'no http response from session for a' });
});

test('a stream that fails fails the call', async () => {
  const broken = new PassThrough();
  broken.write('x');
  const pulling = puller({ a: broken })('/a');
  broken.destroy(new Error('the producer died'));
  await assert.rejects(pulling, { code: 'IO', message: 'failed to read the build context: the producer died' });
});

test('a daemon that does not read stops the producer, and one that goes away ends it', async () => {
  const [near, far] = duplexPair(64 * 1024);
  let produced = 0;
  const endless = new Readable({
    read() {
      produced += 1;
      this.push(Buffer.alloc(64 * 1024));
    },
  });
  const session = createSession({
    id: 'i',
    name: '',
    sharedKey: '',
    attachables: [uploadAttachable({ streams: new Map([['a', endless]]) })],
  });
  const serving = session.serve(near);
  const { connect } = await import('node:http2');
  const client = connect('http://session', { createConnection: () => far });
  const call = client.request({
    ':method': 'POST',
    ':path': '/moby.upload.v1.Upload/Pull',
    'content-type': 'application/grpc',
    te: 'trailers',
    urlpath: '/a',
  });
  await once(call, 'response');
  for (let before = -1; before !== produced; ) {
    before = produced;
    for (let i = 0; i < 20; i++) await turn();
  }
  assert.ok(produced > 0 && produced < 100, `${produced} chunks were read from the producer`);
  const closed = once(endless, 'close');
  client.destroy();
  await closed;
  await serving.catch(() => undefined);
  await session[Symbol.asyncDispose]();
});
