// Against proxies of our own on real sockets.
import assert from 'node:assert/strict';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { proxyDialer } from '../../../src/transport/index.ts';

const signal = new AbortController().signal;
let target: Server;
let targetPort = 0;

before(async () => {
  target = createServer((socket) => socket.pipe(socket));
  targetPort = await listen(target);
});
after(() => void target.close());

test('an HTTP proxy is asked to connect, with its login', async () => {
  const heads: string[] = [];
  await withServer(
    (socket) => {
      socket.once('data', (head: Buffer) => {
        heads.push(head.toString());
        const through = connect(targetPort, '127.0.0.1');
        socket.write('HTTP/1.1 200 Connection established\r\nVia: me\r\n\r\n');
        through.pipe(socket).pipe(through);
        socket.on('error', () => through.destroy());
      });
    },
    async (port) => {
      const proxy = new URL(`http://us%40er:p%3Ass@127.0.0.1:${port}`);
      const stream = await proxyDialer(proxy, 'fd00::1', 6443)({ signal });
      stream.write('hello');
      assert.equal(await first(stream), 'hello');
      stream.destroy();
    },
  );
  const login = Buffer.from('us@er:p:ss').toString('base64');
  const head = `CONNECT [fd00::1]:6443 HTTP/1.1\r\nHost: [fd00::1]:6443\r\nProxy-Authorization: Basic ${login}\r\n\r\n`;
  assert.deepEqual(heads, [head]);
});

test('a SOCKS5 proxy looks the name up, with and without a login', async () => {
  const asked: string[] = [];
  const serve = (socket: Socket): void => {
    let state = 0;
    socket.on('data', (bytes: Buffer) => {
      asked.push(bytes.toString('hex'));
      state += 1;
      if (state === 1) socket.write(Buffer.from([5, bytes.includes(2, 2) ? 2 : 0]));
      else if (bytes[0] === 1) socket.write(Buffer.from([1, 0]));
      else {
        // in two pieces, and the first words of the other side with the second
        socket.write(Buffer.from([5, 0, 0, 1, 127]));
        setImmediate(() => socket.write(Buffer.concat([Buffer.from([0, 0, 1, 0, 80]), Buffer.from('welcome')])));
      }
    });
  };
  await withServer(serve, async (port) => {
    const plain = await proxyDialer(new URL(`socks5h://127.0.0.1:${port}`), 'api.test', 6443)({ signal });
    assert.equal(await first(plain), 'welcome');
    plain.destroy();
    const login = await proxyDialer(new URL(`socks5://u:pw@127.0.0.1:${port}`), 'fd00::102', 443)({ signal });
    assert.equal(await first(login), 'welcome');
    login.destroy();
  });
  assert.deepEqual(asked, [
    '050100',
    '05010003086170692e74657374192b',
    '05020002',
    '010175027077',
    '05010004fd00000000000000000000000000010201bb',
  ]);
});

test('a proxy that refuses says why, and its password is not told', async () => {
  const table: readonly (readonly [scheme: string, answer: string | Buffer, message: RegExp])[] = [
    ['http', 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', /answered 407 Proxy Authentication Required$/],
    ['http', 'SSH-2.0-x\r\n\r\n', /its answer is not HTTP$/],
    ['http', '', /the proxy closed the connection$/],
    ['socks5', Buffer.from([5, 255]), /it wants another way to log in$/],
    ['socks5', Buffer.from([4, 0]), /it does not speak SOCKS5$/],
  ];
  for (const [scheme, answer, message] of table) {
    await withServer(
      (socket) => void socket.once('data', () => socket.end(answer)),
      async (port) => {
        const dial = proxyDialer(new URL(`${scheme}://me:secret@127.0.0.1:${port}`), 'h', 1);
        await assert.rejects(dial({ signal }), (error: Error) => {
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /secret/);
          return true;
        });
      },
    );
  }
  assert.throws(() => proxyDialer(new URL('ftp://h'), 'h', 1), { code: 'UNSUPPORTED' });
});

async function withServer(serve: (socket: Socket) => void, use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  try {
    await use(await listen(server));
  } finally {
    await new Promise((resolve) => {
      server.close(resolve);
    });
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  return address.port;
}

async function first(stream: NodeJS.ReadableStream): Promise<string> {
  return await new Promise((resolve, reject) => {
    stream.once('data', (chunk: Buffer) => resolve(chunk.toString())).once('error', reject);
  });
}
