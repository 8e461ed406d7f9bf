import { Metadata, type sendUnaryData, type ServerWritableStream, status as Status } from '@grpc/grpc-js';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { TsbuildxError } from '../../../../src/base/errors.ts';
import { createRpcClient, encodeStatus, RpcError } from '../../../../src/buildkit/rpc/index.ts';
import { bytesMethod, startGrpcServer, type TestHandlers, type TestServer } from '../../../support/grpc-server.ts';

const { signal } = new AbortController();
const echo = bytesMethod('Echo');
const hang = bytesMethod('Hang');
const fail = bytesMethod('Fail');
const count = bytesMethod('Count');
const endpoint = 'unix:///test.sock';

const source = { filename: 'Dockerfile', data: Buffer.from('FROM x\n'), language: 'Dockerfile', ranges: [] };

const handlers: TestHandlers = {
  unary: {
    Echo: (call, done) => done(null, call.request),
    Meta: (call, done) => done(null, Buffer.from(String(call.metadata.get('buildkit-controlapi-buildid')))),
    Hang: (call) => void call.once('cancelled', () => hung.push('canceled')),
    Fail: (call, done) => failWith(call.request, done),
  },
  stream: {
    Count: (call) => writeCount(call),
    FailLate: (call) => {
      call.write(Buffer.from('one'));
      call.write(Buffer.from('two'));
      call.emit('error', { code: Status.INTERNAL, details: 'late' });
    },
    Silent: (call) => void call.once('cancelled', () => hung.push('canceled')),
  },
};
const hung: string[] = [];

/** Codes that a call of Fail asks for by their place. */
const failures = [Status.UNKNOWN, Status.NOT_FOUND, Status.UNAVAILABLE];

function failWith(request: Buffer, done: sendUnaryData<Buffer>): void {
  const code = failures[request[0] ?? 0] ?? Status.OK;
  const metadata = new Metadata();
  if (code === Status.UNKNOWN)
    metadata.set('grpc-status-details-bin', Buffer.from(encodeStatus(2, 'whole text: ä', [source])));
  done({ code, details: 'ä short', metadata });
}

function writeCount(call: ServerWritableStream<Buffer, Buffer>): void {
  const total = call.request.readUInt32BE();
  const next = (i: number): void => {
    if (i === total) call.end();
    else call.write(Buffer.alloc(1000, i), () => next(i + 1));
  };
  next(0);
}

async function withServer(pieceBytes: number, use: (server: TestServer) => Promise<void>): Promise<void> {
  const server = startGrpcServer(handlers, pieceBytes);
  try {
    await use(server);
  } finally {
    server.stop();
  }
}

for (const pieceBytes of [1, 2, 64 * 1024]) {
  describe(`pieces of ${pieceBytes}`, () => {
    test('unary calls answer, many at a time, over one connection', async () => {
      await withServer(pieceBytes, async (server) => {
        await using client = createRpcClient(server.dial, { endpoint });
        const requests = ['', 'a', 'b'.repeat(3000)].map((text) => Buffer.from(text));
        const answers = await Promise.all(requests.map((request) => client.unary(echo, request, { signal })));
        assert.deepEqual(answers.map(String), requests.map(String));
        assert.equal(server.ends.length, 1);
      });
    });

    test('a stream gives its messages in order', async () => {
      await withServer(pieceBytes, async (server) => {
        await using client = createRpcClient(server.dial, { endpoint });
        const seen: (number | undefined)[] = [];
        const request = Buffer.from([0, 0, 0, 20]);
        for await (const message of client.serverStream(count, request, { signal })) seen.push(message[0]);
        assert.deepEqual(seen, [...Array(20).keys()]);
      });
    });
  });
}

test('metadata reaches the daemon', async () => {
  await withServer(64 * 1024, async (server) => {
    await using client = createRpcClient(server.dial, { endpoint });
    const metadata = { 'buildkit-controlapi-buildid': 'ref1' };
    assert.equal(String(await client.unary(bytesMethod('Meta'), Buffer.alloc(0), { signal, metadata })), 'ref1');
  });
});

test('answers of more than 40 MB are taken', async () => {
  await withServer(1 << 20, async (server) => {
    await using client = createRpcClient(server.dial, { endpoint });
    const big = bytesMethod('Count');
    const sizes: number[] = [];
    for await (const message of client.serverStream(big, Buffer.from([0, 0, 0, 2]), { signal }))
      sizes.push(message.length);
    assert.deepEqual(sizes, [1000, 1000]);
  });
  const large = startGrpcServer(
    { unary: { Large: (_call, done) => done(null, Buffer.alloc(45_000_000, 1)) } },
    1 << 20,
  );
  try {
    await using client = createRpcClient(large.dial, { endpoint });
    assert.equal((await client.unary(bytesMethod('Large'), Buffer.alloc(0), { signal })).length, 45_000_000);
  } finally {
    large.stop();
  }
});

test('requests that no daemon takes are refused before they are sent', async () => {
  await withServer(64 * 1024, async (server) => {
    await using client = createRpcClient(server.dial, { endpoint });
    await assert.rejects(client.unary(echo, Buffer.alloc(17 << 20), { signal }), { code: 'INVALID_ARGUMENT' });
    assert.equal(String(await client.unary(echo, Buffer.from('still there'), { signal })), 'still there');
  });
});

test("a daemon's error has its status, its whole text and its details", async () => {
  await withServer(64 * 1024, async (server) => {
    await using client = createRpcClient(server.dial, { endpoint });
    await assert.rejects(client.unary(fail, Buffer.from([0]), { signal }), (error) => {
      assert.ok(error instanceof RpcError);
      assert.equal(error.code, 'RPC_FAILED');
      assert.equal(error.status, 2);
      assert.equal(error.message, 'whole text: ä');
      assert.deepEqual(error.details, [{ kind: 'source', source }]);
      assert.deepEqual(Buffer.from(error.statusBytes ?? []), Buffer.from(encodeStatus(2, 'whole text: ä', [source])));
      return true;
    });
    await assert.rejects(client.unary(fail, Buffer.from([1]), { signal }), {
      status: 5,
      message: 'NotFound: ä short',
    });
    await assert.rejects(client.unary(fail, Buffer.from([2]), { signal }), {
      status: 14,
      code: 'RPC_FAILED',
    });
    await assert.rejects(client.unary(bytesMethod('Nope'), Buffer.alloc(0), { signal }), {
      status: 12,
      code: 'RPC_FAILED',
    });
  });
});

test('a stream that fails gives what came before the error', async () => {
  await withServer(64 * 1024, async (server) => {
    await using client = createRpcClient(server.dial, { endpoint });
    const seen: string[] = [];
    await assert.rejects(
      async () => {
        for await (const message of client.serverStream(bytesMethod('FailLate'), Buffer.alloc(0), { signal })) {
          seen.push(String(message));
        }
      },
      { status: 13, message: 'Internal: late' },
    );
    assert.deepEqual(seen, ['one', 'two']);
  });
});

test('aborting before the call, while dialing, and while it runs', async () => {
  await withServer(64 * 1024, async (server) => {
    await using client = createRpcClient(server.dial, { endpoint });
    const canceled = { code: 'CANCELED', status: 1 };
    await assert.rejects(client.unary(echo, Buffer.alloc(0), { signal: AbortSignal.abort() }), canceled);

    const dialing = new AbortController();
    await using slow = createRpcClient(({ signal: s }) => rejectOnAbort(s), { endpoint });
    const waiting = slow.unary(echo, Buffer.alloc(0), { signal: dialing.signal });
    dialing.abort();
    await assert.rejects(waiting, canceled);

    hung.length = 0;
    const running = new AbortController();
    const unary = client.unary(hang, Buffer.alloc(0), { signal: running.signal });
    const stream = client.serverStream(bytesMethod('Silent'), Buffer.alloc(0), { signal: running.signal });
    const first = stream[Symbol.asyncIterator]().next();
    // Once an answer to a later call is here, the daemon has both.
    await client.unary(echo, Buffer.alloc(0), { signal });
    running.abort(new Error('stop'));
    await assert.rejects(unary, canceled);
    await assert.rejects(first, canceled);
    // The connection still works, and the daemon was told.
    while (hung.length < 2) await client.unary(echo, Buffer.alloc(0), { signal });
  });
});

test('connect dials again after a dial that failed and after a connection that was lost; calls do not', async () => {
  await withServer(64 * 1024, async (server) => {
    let dials = 0;
    await using client = createRpcClient(
      async (options) => {
        dials += 1;
        if (dials === 1) throw new TsbuildxError('TRANSPORT', 'not yet');
        return await server.dial(options);
      },
      { endpoint },
    );
    const call = (): Promise<Uint8Array> => client.unary(echo, Buffer.from('x'), { signal });
    await assert.rejects(call(), { code: 'TRANSPORT' });
    await assert.rejects(call(), { code: 'TRANSPORT' });
    assert.equal(dials, 1);
    await client.connect({ signal });
    assert.equal(String(await call()), 'x');
    server.ends.at(-1)?.destroy();
    await assert.rejects(call(), { code: 'TRANSPORT' });
    await client.connect({ signal });
    assert.equal(String(await call()), 'x');
    assert.equal(dials, 3);
  });
});

test('connect dials further connections again too, where they were lost', async () => {
  const server = startGrpcServer(handlers, 64 * 1024, { 'grpc.max_concurrent_streams': 2 });
  try {
    await using client = createRpcClient(server.dial, { endpoint });
    const call = (): Promise<Uint8Array> => client.unary(echo, Buffer.from('x'), { signal });
    await call();
    const open = Promise.allSettled(Array.from({ length: 3 }, () => client.unary(hang, Buffer.alloc(0), { signal })));
    await call();
    assert.equal(server.ends.length, 2);
    server.ends.at(-1)?.destroy();
    await assert.rejects(call(), { code: 'TRANSPORT' });
    await client.connect({ signal });
    assert.equal(String(await call()), 'x');
    assert.equal(server.ends.length, 3);
    await client[Symbol.asyncDispose]();
    await open;
  } finally {
    server.stop();
  }
});

function rejectOnAbort(s: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    s.addEventListener('abort', () => reject(new TsbuildxError('CANCELED', 'canceled')));
  });
}

test('leaving the loop cancels the stream', async () => {
  await withServer(64 * 1024, async (server) => {
    await using client = createRpcClient(server.dial, { endpoint });
    for await (const message of client.serverStream(count, Buffer.from([0, 1, 0, 0]), { signal })) {
      assert.equal(message.length, 1000);
      break;
    }
    assert.equal(String(await client.unary(echo, Buffer.from('x'), { signal })), 'x');
  });
});

test('calls that the daemon would refuse on one connection go over another', async () => {
  const server = startGrpcServer(handlers, 64 * 1024, { 'grpc.max_concurrent_streams': 2 });
  try {
    await using client = createRpcClient(server.dial, { endpoint });
    await client.unary(echo, Buffer.alloc(0), { signal });
    const open = Array.from({ length: 5 }, () => client.unary(hang, Buffer.alloc(0), { signal }));
    const ended = Promise.allSettled(open);
    assert.equal(String(await client.unary(echo, Buffer.from('x'), { signal })), 'x');
    assert.equal(server.ends.length, 3);
    await client[Symbol.asyncDispose]();
    assert.ok((await ended).every(({ status }) => status === 'rejected'));
  } finally {
    server.stop();
  }
});

test('a connection that is lost fails all its calls and names the endpoint', async () => {
  await withServer(64 * 1024, async (server) => {
    await using client = createRpcClient(server.dial, { endpoint });
    await client.unary(echo, Buffer.alloc(0), { signal });
    const unary = client.unary(hang, Buffer.alloc(0), { signal });
    const silent = client.serverStream(bytesMethod('Silent'), Buffer.alloc(0), { signal });
    const stream = silent[Symbol.asyncIterator]().next();
    await client.unary(echo, Buffer.alloc(0), { signal });
    const lost = { code: 'TRANSPORT', status: 14, message: /^connection to unix:\/\/\/test\.sock lost: / };
    const [unaryLost, streamLost] = [assert.rejects(unary, lost), assert.rejects(stream, lost)];
    server.ends[0]?.destroy();
    await unaryLost;
    await streamLost;
    await assert.rejects(client.unary(echo, Buffer.alloc(0), { signal }), lost);
  });
});

test('the reason of a stream that fails is in the error', async () => {
  await withServer(64 * 1024, async (server) => {
    const broken = Promise.withResolvers<() => void>();
    await using client = createRpcClient(
      async (options) => {
        const stream = await server.dial(options);
        broken.resolve(() => stream.destroy(new Error('ssh exited with 255: Permission denied')));
        return stream;
      },
      { endpoint },
    );
    const call = client.unary(hang, Buffer.alloc(0), { signal });
    const rejected = assert.rejects(call, {
      code: 'TRANSPORT',
      message: `connection to ${endpoint} lost: ssh exited with 255: Permission denied`,
    });
    (await broken.promise)();
    await rejected;
  });
});

test('a dial that fails keeps its code and message', async () => {
  await using client = createRpcClient(() => Promise.reject(new TsbuildxError('TRANSPORT', 'cannot connect')), {
    endpoint,
  });
  await assert.rejects(client.unary(echo, Buffer.alloc(0), { signal }), {
    code: 'TRANSPORT',
    message: 'cannot connect',
  });
  await assert.rejects(client.connect({ signal }), { code: 'TRANSPORT' });
});

test('a call that is aborted before it begins dials nothing: the failure of that dial would be told to nobody', async () => {
  let dials = 0;
  const dial = async (): Promise<never> => {
    dials++;
    throw new TsbuildxError('TRANSPORT', 'cannot connect');
  };
  await using client = createRpcClient(dial, { endpoint });
  await assert.rejects(client.unary(echo, Buffer.alloc(0), { signal: AbortSignal.abort() }), { code: 'CANCELED' });
  assert.equal(dials, 0);
});

test('disposing ends calls, connection and dial', async () => {
  await withServer(64 * 1024, async (server) => {
    const client = createRpcClient(server.dial, { endpoint });
    await client.connect({ signal });
    const call = client.unary(hang, Buffer.alloc(0), { signal });
    const rejected = assert.rejects(call, RpcError);
    const [end] = server.ends;
    assert.ok(end);
    const closed = once(end, 'close');
    await client[Symbol.asyncDispose]();
    await rejected;
    await closed;
    await assert.rejects(client.unary(echo, Buffer.alloc(0), { signal }), { code: 'CANCELED' });

    const dialing = createRpcClient(({ signal: s }) => rejectOnAbort(s), { endpoint });
    const waiting = assert.rejects(dialing.connect({ signal }), { code: 'CANCELED' });
    await dialing[Symbol.asyncDispose]();
    await waiting;
  });
});

test('a peer that takes the connection and stays silent is given up', async () => {
  const { duplexPair } = await import('../../../support/duplex-pair.ts');
  const [near, far] = duplexPair();
  far.resume();
  await using client = createRpcClient(async () => near, { endpoint, connectMs: 20 });
  await assert.rejects(client.unary(echo, Buffer.alloc(0), { signal }), {
    code: 'TRANSPORT',
    message: `connection to ${endpoint} lost: no answer for 0.02 seconds`,
  });
});

test('a peer that does not answer pings is given up', async () => {
  await using client = createRpcClient(
    async () => {
      const { duplexPair } = await import('../../../support/duplex-pair.ts');
      const [near, far] = duplexPair();
      far.resume();
      return near;
    },
    { endpoint, keepAliveMs: 10, pingTimeoutMs: 30 },
  );
  await assert.rejects(client.unary(echo, Buffer.alloc(0), { signal }), {
    code: 'TRANSPORT',
    message: /no answer to a ping/,
  });
});
