import assert from 'node:assert/strict';
import { type Duplex, duplexPair } from 'node:stream';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Http2Server, type Http2Stream } from '../../../../src/transport/http2/index.ts';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const DATA = 0;
const HEADERS = 1;
const PRIORITY = 2;
const RST = 3;
const SETTINGS = 4;
const PUSH_PROMISE = 5;
const PING = 6;
const GOAWAY = 7;
const WINDOW_UPDATE = 8;
const CONTINUATION = 9;

function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.of()): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const settings = frame(SETTINGS, 0, 0);
/** POST, http, path /x. */
const block = Buffer.from('838604022f78', 'hex');
const request = frame(HEADERS, 4, 1, block);

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

interface Client {
  readonly socket: Duplex;
  readonly frames: Frame[];
  readonly streams: Http2Stream[];
  readonly ended: Promise<unknown>;
}

/** A client that writes bytes as they are. */
function connect(onStream: (stream: Http2Stream) => void = () => undefined): Client {
  const [socket, serverSide] = duplexPair();
  const streams: Http2Stream[] = [];
  const connection = new Http2Server(serverSide, (stream) => {
    streams.push(stream);
    stream.receiver ??= {
      data(piece): boolean {
        stream.consume(piece.length);
        return false;
      },
      end: () => undefined,
      abort: () => undefined,
    };
    onStream(stream);
  });
  const ended = connection.run().then(
    () => undefined,
    (error: unknown) => error,
  );
  const frames: Frame[] = [];
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const length = rest.readUIntBE(0, 3);
      frames.push({
        type: rest[3] ?? 0,
        flags: rest[4] ?? 0,
        stream: rest.readUInt32BE(5),
        payload: rest.subarray(9, 9 + length),
      });
      rest = rest.subarray(9 + length);
    }
  });
  return { socket, frames, streams, ended };
}

/** Sends bytes, then a ping whose answer tells that they were read, or the end of the connection. */
async function exchange(bytes: readonly Buffer[], onStream?: (stream: Http2Stream) => void): Promise<Client> {
  const client = connect(onStream);
  client.socket.write(Buffer.concat(bytes));
  client.socket.write(frame(PING, 0, 0, Buffer.from('finished')));
  const over = Promise.race([client.ended, new Promise((resolve) => client.socket.once('end', resolve))]);
  for (let i = 0; i < 1000; i++) {
    if (
      client.frames.some(({ type, payload }) => type === GOAWAY || (type === PING && payload.toString() === 'finished'))
    )
      break;
    await Promise.race([over, new Promise((resolve) => setImmediate(resolve))]);
  }
  return client;
}

/** Error code with which the server gave up the connection, or the stream. */
function goaway({ frames }: Client): number | undefined {
  return frames.find(({ type }) => type === GOAWAY)?.payload.readUInt32BE(4);
}

function reset({ frames }: Client, stream: number): number | undefined {
  return frames.find((candidate) => candidate.type === RST && candidate.stream === stream)?.payload.readUInt32BE(0);
}

const fatal: readonly (readonly [what: string, code: number, ...bytes: Buffer[]])[] = [
  ['no preface', 1, Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['a first frame that is no SETTINGS', 1, PREFACE, request],
  ['a frame above the limit', 6, PREFACE, settings, frame(HEADERS, 4, 1, Buffer.alloc(16_385))],
  ['DATA on stream 0', 1, PREFACE, settings, frame(DATA, 0, 0)],
  ['DATA on a stream that was not opened', 1, PREFACE, settings, frame(DATA, 0, 1)],
  ['DATA with too much padding', 1, PREFACE, settings, request, frame(DATA, 8, 1, Buffer.of(2, 0))],
  ['padded DATA without a length', 6, PREFACE, settings, request, frame(DATA, 8, 1)],
  ['HEADERS on stream 0', 1, PREFACE, settings, frame(HEADERS, 4, 0, block)],
  ['HEADERS on an even stream', 1, PREFACE, settings, frame(HEADERS, 4, 2, block)],
  ['HEADERS with too much padding', 1, PREFACE, settings, frame(HEADERS, 0xc, 1, Buffer.of(9, 0x83))],
  ['HEADERS too short for their priority', 6, PREFACE, settings, frame(HEADERS, 0x24, 1, Buffer.of(0, 0))],
  ['malformed HPACK', 9, PREFACE, settings, frame(HEADERS, 4, 1, Buffer.of(0x80))],
  ['CONTINUATION without HEADERS', 1, PREFACE, settings, frame(CONTINUATION, 4, 1, block)],
  ['CONTINUATION of another stream', 1, PREFACE, settings, frame(HEADERS, 0, 1, block), frame(CONTINUATION, 4, 3)],
  [
    'another frame within a header block',
    1,
    PREFACE,
    settings,
    frame(HEADERS, 0, 1, block),
    frame(PING, 0, 0, Buffer.alloc(8)),
  ],
  ['DATA within a header block', 1, PREFACE, settings, frame(HEADERS, 0, 1, block), frame(DATA, 0, 1)],
  [
    'empty CONTINUATION frames without end',
    11,
    PREFACE,
    settings,
    frame(HEADERS, 0, 1, block),
    ...Array.from({ length: 100 }, () => frame(CONTINUATION, 0, 1)),
  ],
  ['PRIORITY on stream 0', 1, PREFACE, settings, frame(PRIORITY, 0, 0, Buffer.alloc(5))],
  ['RST_STREAM on stream 0', 1, PREFACE, settings, frame(RST, 0, 0, uint32(8))],
  ['RST_STREAM of a stream that was not opened', 1, PREFACE, settings, frame(RST, 0, 1, uint32(8))],
  ['RST_STREAM of a wrong size', 6, PREFACE, settings, request, frame(RST, 0, 1, Buffer.alloc(3))],
  ['SETTINGS on a stream', 1, PREFACE, settings, frame(SETTINGS, 0, 1)],
  ['SETTINGS of a wrong size', 6, PREFACE, frame(SETTINGS, 0, 0, Buffer.alloc(5))],
  ['an acknowledgement with content', 6, PREFACE, settings, frame(SETTINGS, 1, 0, Buffer.alloc(6))],
  ['push of 2', 1, PREFACE, frame(SETTINGS, 0, 0, Buffer.from('000200000002', 'hex'))],
  ['an initial window too large', 3, PREFACE, frame(SETTINGS, 0, 0, Buffer.from('000480000000', 'hex'))],
  ['a frame size too small', 1, PREFACE, frame(SETTINGS, 0, 0, Buffer.from('000500000100', 'hex'))],
  ['a push from the client', 1, PREFACE, settings, frame(PUSH_PROMISE, 4, 1, Buffer.alloc(8))],
  ['PING on a stream', 1, PREFACE, settings, frame(PING, 0, 1, Buffer.alloc(8))],
  ['PING of a wrong size', 6, PREFACE, settings, frame(PING, 0, 0, Buffer.alloc(7))],
  ['GOAWAY on a stream', 1, PREFACE, settings, frame(GOAWAY, 0, 1, Buffer.alloc(8))],
  ['a window update of a wrong size', 6, PREFACE, settings, frame(WINDOW_UPDATE, 0, 0, Buffer.alloc(3))],
  ['a window update of nothing', 1, PREFACE, settings, frame(WINDOW_UPDATE, 0, 0, uint32(0))],
  ['a window that overflows', 3, PREFACE, settings, frame(WINDOW_UPDATE, 0, 0, uint32(0x7fff_ffff))],
  ['a window update of a stream that was not opened', 1, PREFACE, settings, frame(WINDOW_UPDATE, 0, 1, uint32(1))],
  [
    'windows that overflow by a setting',
    3,
    PREFACE,
    settings,
    request,
    frame(WINDOW_UPDATE, 0, 1, uint32(0x7fff_0000)),
    frame(SETTINGS, 0, 0, Buffer.from('00047fffffff', 'hex')),
  ],
];

for (const [what, code, ...bytes] of fatal) {
  void test(`ends the connection: ${what}`, async () => {
    const client = await exchange(bytes);
    assert.equal(goaway(client), code);
    assert.ok(String(await client.ended).includes('HTTP/2'));
  });
}

const refused: readonly (readonly [what: string, code: number, ...bytes: Buffer[]])[] = [
  ['DATA after the end', 5, frame(HEADERS, 5, 1, block), frame(DATA, 0, 1)],
  ['PRIORITY of a wrong size', 6, request, frame(PRIORITY, 0, 1, Buffer.alloc(4))],
  ['a window update of nothing', 1, request, frame(WINDOW_UPDATE, 0, 1, uint32(0))],
  ['a window that overflows', 3, request, frame(WINDOW_UPDATE, 0, 1, uint32(0x7fff_ffff))],
  ['a second header block that ends nothing', 1, request, frame(HEADERS, 4, 1, Buffer.of(0x90))],
  ['pseudo fields at the end', 1, request, frame(HEADERS, 5, 1, Buffer.of(0x83))],
  ['a request without a path', 1, frame(HEADERS, 4, 1, Buffer.from('8386', 'hex'))],
  ['a pseudo field twice', 1, frame(HEADERS, 4, 1, Buffer.concat([block, Buffer.of(0x83)]))],
  ['a pseudo field of a response', 1, frame(HEADERS, 4, 1, Buffer.concat([block, Buffer.of(0x88)]))],
  [
    'a pseudo field after others',
    1,
    frame(HEADERS, 4, 1, Buffer.from('83860001610162 04022f78'.replace(' ', ''), 'hex')),
  ],
  ['an upper case name', 1, frame(HEADERS, 4, 1, Buffer.concat([block, Buffer.from('0001410161', 'hex')]))],
  [
    'a field of HTTP/1',
    1,
    frame(HEADERS, 4, 1, Buffer.concat([block, Buffer.of(0, 10), Buffer.from('connection'), Buffer.of(1, 0x78)])),
  ],
];

for (const [what, code, ...bytes] of refused) {
  void test(`ends the stream only: ${what}`, async () => {
    const client = await exchange([PREFACE, settings, ...bytes]);
    assert.equal(goaway(client), undefined);
    assert.equal(reset(client, 1), code);
    client.socket.destroy();
  });
}

void test('frames of unknown types, padding, priorities and late frames are taken', async () => {
  const client = await exchange([
    PREFACE,
    settings,
    frame(77, 255, 0, Buffer.from('extension')),
    frame(HEADERS, 0x2c, 1, Buffer.concat([Buffer.of(3), Buffer.alloc(5), block, Buffer.alloc(3)])),
    frame(PRIORITY, 0, 1, Buffer.alloc(5)),
    frame(DATA, 8, 1, Buffer.of(2, 0x61, 0, 0)),
    frame(RST, 0, 1, uint32(8)),
    frame(DATA, 0, 1, Buffer.from('late')),
    frame(WINDOW_UPDATE, 0, 1, uint32(1)),
    frame(RST, 0, 1, uint32(8)),
    frame(GOAWAY, 0, 0, Buffer.alloc(8)),
  ]);
  assert.equal(goaway(client), undefined);
  assert.equal(client.streams.length, 1);
  client.socket.destroy();
});

void test('settings are acknowledged, pings answered, acknowledgements not', async () => {
  const client = await exchange([PREFACE, settings, frame(PING, 1, 0, Buffer.from('ignored!'))]);
  assert.equal(client.frames.filter(({ type, flags }) => type === SETTINGS && flags === 1).length, 1);
  assert.deepEqual(
    client.frames.filter(({ type }) => type === PING).map(({ flags, payload }) => [flags, payload.toString()]),
    [[1, 'finished']],
  );
  client.socket.destroy();
});

void test('headers in any number of frames, one byte each', async () => {
  const long = Buffer.concat([
    block,
    Buffer.from('0003782d61', 'hex'),
    Buffer.of(0x7f, 0xe9, 0x06),
    Buffer.alloc(1000, 'y'),
  ]);
  const frames = [...long].map((byte, i) =>
    frame(i === 0 ? HEADERS : CONTINUATION, i === long.length - 1 ? 4 : 0, 1, Buffer.of(byte)),
  );
  const client = await exchange([PREFACE, settings, ...frames]);
  assert.deepEqual(client.streams[0]?.headers.at(-1), ['x-a', 'y'.repeat(1000)]);
  client.socket.destroy();
});

void test('no more streams at a time than offered', async () => {
  const requests = Array.from({ length: 257 }, (_, i) => frame(HEADERS, 4, 2 * i + 1, block));
  const client = await exchange([PREFACE, settings, ...requests]);
  assert.equal(client.streams.length, 256);
  assert.equal(reset(client, 513), 7);
  client.socket.destroy();
});

void test('more data than the window allows is refused', async () => {
  const bytes = [PREFACE, settings, request];
  for (let sent = 0; sent <= 4 << 20; sent += 16_384) bytes.push(frame(DATA, 0, 1, Buffer.alloc(16_384)));
  const client = await exchange(bytes, (stream) => {
    stream.receiver = { data: () => false, end: () => undefined, abort: () => undefined };
  });
  assert.equal(reset(client, 1), 3);
  assert.equal(goaway(client), undefined);
  client.socket.destroy();
});

void test('data goes out as far as both windows and the frame size allow', async () => {
  let done = false;
  const client = await exchange(
    [PREFACE, frame(SETTINGS, 0, 0, Buffer.from('000400000064', 'hex')), frame(HEADERS, 5, 1, block)],
    (stream) => {
      stream.sendHeaders([[':status', '200']], false);
      stream.sendData(Buffer.alloc(100_000), () => {
        done = true;
      });
      stream.sendHeaders([['x', 'y']], true);
    },
  );
  const sizes = (): number[] => client.frames.filter(({ type }) => type === DATA).map(({ payload }) => payload.length);
  const until = async (bytes: number): Promise<void> => {
    for (let i = 0; i < 1000 && sizes().reduce((a, b) => a + b, 0) < bytes; i++)
      await new Promise((resolve) => setImmediate(resolve));
  };
  await until(100);
  assert.deepEqual(sizes(), [100]);
  client.socket.write(frame(WINDOW_UPDATE, 0, 1, uint32(50)));
  await until(150);
  assert.deepEqual(sizes(), [100, 50]);
  client.socket.write(frame(WINDOW_UPDATE, 0, 1, uint32(1_000_000)));
  await until(65_535);
  assert.equal(
    sizes().reduce((a, b) => a + b, 0),
    65_535,
    'the window of the connection',
  );
  assert.ok(sizes().every((size) => size <= 16_384));
  assert.equal(done, false);
  client.socket.write(frame(WINDOW_UPDATE, 0, 0, uint32(1_000_000)));
  await until(100_000);
  assert.equal(
    sizes().reduce((a, b) => a + b, 0),
    100_000,
  );
  assert.equal(done, true);
  assert.deepEqual(client.frames.filter(({ stream }) => stream === 1).at(-1)?.flags, 5);
  client.socket.destroy();
});

void test('a peer that never reads the answers to its pings is cut off', async () => {
  const client = connect();
  client.socket.pause();
  client.socket.write(Buffer.concat([PREFACE, settings]));
  const pings = Buffer.concat(Array.from({ length: 4096 }, () => frame(PING, 0, 0, Buffer.alloc(8))));
  for (let i = 0; i < 100 && !client.socket.destroyed; i++) {
    client.socket.write(pings);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.match(String(await client.ended), /does not read/);
});

void test('whatever frames come, in whatever pieces, the connection goes on or ends in order', async () => {
  const frames = fc.record({
    type: fc.integer({ min: 0, max: 10 }),
    flags: fc.constantFrom(0, 1, 4, 5, 8, 0x20, 0xff),
    stream: fc.constantFrom(0, 1, 2, 3, 5),
    payload: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(new Uint8Array(block))),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(frames, { maxLength: 12 }), fc.integer({ min: 1, max: 30 }), async (list, size) => {
      const client = connect((stream) => stream.sendData(Buffer.alloc(10), () => undefined));
      const bytes = Buffer.concat([PREFACE, settings, ...list.map((f) => frame(f.type, f.flags, f.stream, f.payload))]);
      for (let at = 0; at < bytes.length; at += size) client.socket.write(bytes.subarray(at, at + size));
      client.socket.end();
      const error = await client.ended;
      assert.ok(
        error === undefined || (error instanceof Error && 'code' in error && error.code === 'PROTOCOL'),
        String(error),
      );
    }),
    { numRuns: 300 },
  );
});
