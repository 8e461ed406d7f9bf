// The client against node:http2's server, and against a peer that breaks the rules, written byte by byte.
import assert from 'node:assert/strict';
import { performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import type { TsbuildxError } from '../../../../src/base/errors.ts';
import {
  type ClientReceiver,
  type HeaderField,
  Http2Client,
  StreamResetError,
} from '../../../../src/transport/index.ts';
import { duplexPair } from '../../../support/duplex-pair.ts';

const request: readonly HeaderField[] = [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', '/x'],
  [':authority', 'localhost'],
];

/** What one stream received. */
class Received implements ClientReceiver {
  readonly blocks: (readonly HeaderField[])[] = [];
  readonly pieces: Buffer[] = [];
  readonly #over = Promise.withResolvers<TsbuildxError | undefined>();

  /** The error that ended the stream, or undefined. */
  get over(): Promise<TsbuildxError | undefined> {
    return this.#over.promise;
  }

  headers(fields: readonly HeaderField[]): void {
    this.blocks.push(fields);
  }

  data(piece: Buffer): boolean {
    this.pieces.push(piece);
    return true;
  }

  end(): void {
    this.#over.resolve(undefined);
  }

  abort(error: TsbuildxError): void {
    this.#over.resolve(error);
  }
}

interface Peers {
  readonly client: Http2Client;
  readonly run: Promise<void>;
  readonly near: Duplex;
  readonly far: Duplex;
}

function connect(pieceBytes?: number): Peers {
  const [near, far] = duplexPair(pieceBytes);
  const client = new Http2Client(near);
  const run = client.run();
  run.catch(() => undefined);
  return { client, run, near, far };
}

function serve(far: Duplex, onStream: (stream: ServerHttp2Stream) => void): ServerHttp2Session {
  const session: ServerHttp2Session = performServerHandshake(far);
  session.on('error', () => undefined);
  session.on('stream', (stream: ServerHttp2Stream) => onStream(stream.on('error', () => undefined)));
  return session;
}

function open(client: Http2Client): { stream: ReturnType<Http2Client['open']>; received: Received } {
  const received = new Received();
  return { stream: client.open(request, received), received };
}

for (const pieceBytes of [1, 2, 64 * 1024]) {
  describe(`pieces of ${pieceBytes}`, () => {
    const total = pieceBytes < 3 ? 70_000 : 8_000_000;

    test('requests and responses larger than all windows go through', async () => {
      const { client, far } = connect(pieceBytes);
      serve(far, (stream) => {
        stream.respond({ ':status': 200, 'x-a': 'b' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.pipe(stream);
      });
      const { stream, received } = open(client);
      const sent = Buffer.alloc(total, 'abcdefg');
      const give = (piece: Buffer): number => received.pieces.push(piece);
      received.data = (piece) => {
        give(piece);
        stream.consume(piece.length);
        return true;
      };
      for (let at = 0; at < total; at += 500_000) stream.sendData(sent.subarray(at, at + 500_000), () => undefined);
      stream.sendEnd();
      assert.equal(await received.over, undefined);
      assert.ok(Buffer.concat(received.pieces).equals(sent));
      assert.deepEqual(
        received.blocks[0]?.filter(([name]) => name !== 'date'),
        [
          [':status', '200'],
          ['x-a', 'b'],
        ],
      );
      assert.deepEqual(received.blocks[1], [['grpc-status', '0']]);
      client.close();
    });

    test('a header of 500 KB in CONTINUATION frames is taken', async () => {
      const size = pieceBytes < 3 ? 50_000 : 500_000;
      const { client, far } = connect(pieceBytes);
      // As grpc-go sends them: frames of 16 KiB.
      const peer = new RawPeer(far);
      const { received } = open(client);
      await peer.handshake();
      peer.headers(1, [[':status', '200']], false);
      peer.headers(1, [['grpc-status-details-bin', 'x'.repeat(size)]], true);
      assert.equal(await received.over, undefined);
      assert.equal(received.blocks[1]?.[0]?.[1].length, size);
      client.close();
    });
  });
}

test('requests go out before the peer has said anything', async () => {
  const { client, far } = connect();
  const { stream } = open(client);
  stream.sendData(Buffer.from('hello'), () => undefined);
  stream.sendEnd();
  let text = '';
  far.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  while (!text.includes('hello')) await new Promise(setImmediate);
  assert.ok(text.startsWith('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'));
  assert.ok(text.includes('/x'));
  client.close();
});

test('a response that ends before the request was read ends the stream, and the next one works', async () => {
  const { client, far } = connect();
  serve(far, (stream) => stream.respond({ ':status': 404 }, { endStream: true }));
  for (let i = 0; i < 3; i += 1) {
    const { stream, received } = open(client);
    stream.sendData(Buffer.alloc(1_000_000), () => undefined);
    assert.equal(await received.over, undefined);
    assert.equal(received.blocks[0]?.[0]?.[1], '404');
  }
  client.close();
});

test('a reset of the peer carries its code', async () => {
  const { client, far } = connect();
  serve(far, (stream) => stream.close(7));
  const { received } = open(client);
  const error = await received.over;
  assert.ok(error instanceof StreamResetError);
  assert.equal(error.errorCode, 7);
  client.close();
});

test('a reset of ours reaches the peer', async () => {
  const { client, far } = connect();
  const code = Promise.withResolvers<number>();
  serve(far, (stream) => {
    stream.respond({ ':status': 200 });
    stream.on('close', () => code.resolve(stream.rstCode));
  });
  const { stream, received } = open(client);
  while (received.blocks.length === 0) await new Promise(setImmediate);
  stream.reset(8);
  assert.equal(await code.promise, 8);
  client.close();
});

test('a request that is given up before it was sent is never made', async () => {
  const { client, far } = connect();
  const paths: number[] = [];
  serve(far, (stream) => {
    paths.push(stream.id ?? 0);
    stream.respond({ ':status': 200 }, { endStream: true });
  });
  const [first, second] = [open(client), open(client)];
  first.stream.reset(8);
  assert.ok(await first.received.over);
  assert.equal(await second.received.over, undefined);
  assert.deepEqual(paths, [3]);
  client.close();
});

test('pings are answered both ways', async () => {
  const { client, far } = connect();
  const session = serve(far, () => undefined);
  await new Promise<void>((resolve, reject) => session.ping((error) => (error === null ? resolve() : reject(error))));
  const heardAt = client.heardAt ?? assert.fail('nothing was heard');
  client.ping();
  while (client.heardAt === heardAt) await new Promise(setImmediate);
  client.close();
});

test('a shutdown in good order lets calls finish and takes no new ones', async () => {
  const { client, far } = connect();
  const opened = Promise.withResolvers<ServerHttp2Stream>();
  const session = serve(far, opened.resolve);
  const { received } = open(client);
  const stream = await opened.promise;
  session.close();
  while (client.refusal === undefined) await new Promise(setImmediate);
  assert.match(client.refusal, /the daemon ended the connection \(HTTP\/2 code 0\)/);
  stream.respond({ ':status': 200 }, { endStream: true });
  assert.equal(await received.over, undefined);
});

test('a shutdown with an error ends everything and says why', async () => {
  const { client, run, far } = connect();
  const peer = new RawPeer(far);
  const { received } = open(client);
  await peer.handshake();
  peer.frame(7, 0, 0, Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 11]), Buffer.from('too_many_pings')]));
  const why = /HTTP\/2 code 11: too_many_pings/;
  await assert.rejects(run, { code: 'TRANSPORT', message: why });
  assert.match(String(await received.over), why);
});

test('a connection that ends or breaks aborts its streams', async () => {
  for (const destroy of [(end: Duplex) => end.end(), (end: Duplex) => end.destroy()]) {
    const { client, far } = connect();
    const { received } = open(client);
    far.resume();
    destroy(far);
    const error = await received.over;
    assert.equal(error?.code, 'TRANSPORT');
    assert.ok(client.refusal);
  }
  const { client, near } = connect();
  const { received } = open(client);
  near.destroy(new Error('ssh exited'));
  assert.equal((await received.over)?.message, 'ssh exited');
});

/** Writes frames that a well-behaved server would not. */
class RawPeer {
  readonly #stream: Duplex;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('error', () => undefined).resume();
  }

  async handshake(): Promise<void> {
    this.frame(4, 0, 0, Buffer.alloc(0));
    await new Promise(setImmediate);
  }

  frame(type: number, flags: number, streamId: number, payload: Buffer): void {
    const header = Buffer.alloc(9);
    header.writeUIntBE(payload.length, 0, 3);
    header[3] = type;
    header[4] = flags;
    header.writeUInt32BE(streamId, 5);
    this.#stream.write(Buffer.concat([header, payload]));
  }

  /** Literal fields without index, cut into frames of 16 KiB. */
  headers(streamId: number, fields: readonly HeaderField[], last: boolean): void {
    const block = Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(0), literal(name), literal(value)]));
    for (let at = 0; at === 0 || at < block.length; at += 16_384) {
      const flags = (at === 0 && last ? 0x1 : 0) | (at + 16_384 >= block.length ? 0x4 : 0);
      this.frame(at === 0 ? 1 : 9, flags, streamId, block.subarray(at, at + 16_384));
    }
  }
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.of(bytes.length), bytes]);
  const length = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) | 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

const violations: readonly (readonly [what: string, violate: (peer: RawPeer) => void])[] = [
  ['no settings first', (peer) => peer.frame(6, 0, 0, Buffer.alloc(8))],
  ['headers of a stream that was never opened', (peer) => settled(peer).headers(3, [[':status', '200']], true)],
  ['headers of an even stream', (peer) => settled(peer).headers(2, [[':status', '200']], true)],
  ['data of a stream that was never opened', (peer) => settled(peer).frame(0, 0, 5, Buffer.alloc(1))],
  ['a push', (peer) => settled(peer).frame(5, 4, 1, Buffer.alloc(4))],
  ['a frame that is too large', (peer) => settled(peer).frame(0, 0, 1, Buffer.alloc(16_385))],
  ['a ping of the wrong size', (peer) => settled(peer).frame(6, 0, 0, Buffer.alloc(7))],
  ['a goaway that is too short', (peer) => settled(peer).frame(7, 0, 0, Buffer.alloc(7))],
  [
    'headers that cannot be decoded',
    (peer) => settled(peer).frame(1, 4, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff])),
  ],
  ['a window that grows by nothing', (peer) => settled(peer).frame(8, 0, 0, Buffer.alloc(4))],
  ['a continuation without its beginning', (peer) => settled(peer).frame(9, 4, 1, Buffer.alloc(1))],
];

function settled(peer: RawPeer): RawPeer {
  peer.frame(4, 0, 0, Buffer.alloc(0));
  return peer;
}

for (const [what, violate] of violations) {
  test(`${what}: the connection ends with PROTOCOL`, async () => {
    const { client, run, far } = connect();
    const { received } = open(client);
    violate(new RawPeer(far));
    await assert.rejects(run, { code: 'PROTOCOL' });
    assert.equal((await received.over)?.code, 'PROTOCOL');
  });
}

test('a malformed response resets its stream only', async () => {
  const { client, far } = connect();
  const peer = new RawPeer(far);
  const [first, second] = [open(client), open(client)];
  await peer.handshake();
  peer.headers(1, [['no-status', '1']], false);
  assert.ok(await first.received.over);
  peer.headers(3, [[':status', '200']], true);
  assert.equal(await second.received.over, undefined);
  client.close();
});

test('a peer that sends more than its window is reset', async () => {
  const { client, far } = connect();
  const peer = new RawPeer(far);
  const { received } = open(client);
  await peer.handshake();
  peer.headers(1, [[':status', '200']], false);
  // Nothing is consumed: after 4 MiB the window is empty.
  for (let sent = 0; sent <= 4 * 1024 * 1024; sent += 16_384) peer.frame(0, 0, 1, Buffer.alloc(16_384));
  assert.ok(await received.over);
  client.close();
});
