import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { test } from 'node:test';
import { createServer, type TlsOptions } from 'node:tls';
import { type TlsMaterial, tlsDialer } from '../../../src/transport/index.ts';
import { ca, clientCert, clientKey, serverCert, serverKey } from '../../support/certificates.ts';

const { signal } = new AbortController();

async function withServer(server: Server, use: (port: number) => Promise<void>): Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  try {
    await use(address.port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

async function withTls(options: TlsOptions, use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer({ cert: serverCert, key: serverKey, ALPNProtocols: ['h2'], ...options }, (socket) => {
    socket.on('error', () => undefined);
    socket.write(`${String(socket.authorized)} ${String(socket.alpnProtocol)}`);
  });
  server.on('tlsClientError', () => undefined);
  await withServer(server, use);
}

async function greeting(port: number, material: TlsMaterial, host = '127.0.0.1'): Promise<string> {
  const stream = await tlsDialer({ host, port, alpn: ['h2'] }, material)({ signal });
  const [chunk] = await once(stream, 'data');
  stream.destroy();
  return String(chunk);
}

test('verifies the daemon, shows its own certificate and speaks h2', async () => {
  await withTls({ ca, requestCert: true, rejectUnauthorized: true }, async (port) => {
    assert.equal(await greeting(port, { ca, cert: clientCert, key: Buffer.from(clientKey) }), 'true h2');
    assert.equal(
      await greeting(port, { ca, cert: clientCert, key: clientKey, serverName: 'buildkit.test' }),
      'true h2',
    );
  });
});

test('refuses a certificate of another authority or another name', async () => {
  await withTls({}, async (port) => {
    await assert.rejects(greeting(port, {}), {
      code: 'TRANSPORT',
      message: /TLS handshake with tcp:\/\/127\.0\.0\.1:\d+ failed: /,
    });
    await assert.rejects(greeting(port, { ca, serverName: 'other.test' }), /other\.test/);
    assert.equal(await greeting(port, { skipVerify: true }), 'false h2');
  });
});

test('says when the port does not speak TLS', async () => {
  const server = createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await withServer(server, (port) =>
    assert.rejects(greeting(port, { ca }), /the daemon does not speak TLS on this port/),
  );
});

test('says when the daemon hangs up', async () => {
  const server = createTcpServer((socket) => socket.destroy());
  await withServer(server, (port) => assert.rejects(greeting(port, { ca }), { code: 'TRANSPORT' }));
});

test('broken material is a clear error', async () => {
  await withTls({}, (port) =>
    assert.rejects(greeting(port, { cert: 'nonsense', key: 'nonsense' }), /invalid TLS material for tcp:/),
  );
});

test('a handshake can be aborted', async () => {
  const controller = new AbortController();
  const server = createTcpServer(() => controller.abort());
  await withServer(server, async (port) => {
    await assert.rejects(tlsDialer({ host: '127.0.0.1', port }, { ca })({ signal: controller.signal }), {
      code: 'CANCELED',
    });
  });
});
