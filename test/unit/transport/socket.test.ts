import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { TsbuildxError } from '../../../src/base/errors.ts';
import { dialerFor, parseAddress, tcpDialer, unixDialer } from '../../../src/transport/index.ts';

const { signal } = new AbortController();
let dir: string;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tsbuildx-socket-'));
});
after(async () => await rm(dir, { recursive: true, force: true }));

async function withEcho(
  options: { path: string } | { host: string; port: number },
  use: (server: Server) => Promise<void>,
): Promise<void> {
  const server = createServer((socket) => socket.pipe(socket));
  server.listen(options);
  await once(server, 'listening');
  try {
    await use(server);
  } finally {
    server.close();
  }
}

async function assertEchoes(address: string): Promise<void> {
  const stream = await dialerFor(parseAddress(address))({ signal });
  stream.write('hello');
  const [chunk] = await once(stream, 'data');
  assert.equal(String(chunk), 'hello');
  stream.destroy();
}

test('dials a unix socket whose path has spaces', async () => {
  const path = join(dir, 'a b.sock');
  await withEcho({ path }, () => assertEchoes(`unix://${path}`));
});

test('dials a unix socket whose path is longer than the kernel takes', async () => {
  const deep = join(dir, 'x'.repeat(60), 'y'.repeat(60));
  await mkdir(deep, { recursive: true });
  process.chdir(deep);
  await withEcho({ path: 's.sock' }, () => assertEchoes(`unix://${join(deep, 's.sock')}`));
});

test('says so when even the name of a socket is too long', async () => {
  const path = join(dir, 'n'.repeat(120));
  await assert.rejects(unixDialer(path)({ signal }), /cannot connect to unix:.*at most 1\d\d bytes/);
});

test('dials a socket of the abstract namespace', async () => {
  const name = `tsbuildx-test-${process.pid}`;
  await withEcho({ path: `\0${name}` }, () => assertEchoes(`unix://@${name}`));
});

test('dials tcp over IPv4 and IPv6', async () => {
  for (const host of ['127.0.0.1', '::1']) {
    await withEcho({ host, port: 0 }, async (server) => {
      const address = server.address();
      assert.ok(address !== null && typeof address === 'object');
      const shown = host.includes(':') ? `[${host}]` : host;
      await assertEchoes(`tcp://${shown}:${address.port}`);
    });
  }
});

test('names the address and the reason when nothing is there', async () => {
  const path = join(dir, 'none.sock');
  const failures = [
    [unixDialer(path), `cannot connect to unix://${path}: no such file or directory`],
    [tcpDialer('127.0.0.1', 1), 'cannot connect to tcp://127.0.0.1:1: connection refused'],
  ] as const;
  for (const [dial, message] of failures) {
    await assert.rejects(dial({ signal }), (error) => {
      assert.ok(error instanceof TsbuildxError);
      assert.equal(error.code, 'TRANSPORT');
      assert.equal(error.message, message);
      return true;
    });
  }
});

test('an aborted dial rejects with CANCELED', async () => {
  const controller = new AbortController();
  const dialing = tcpDialer('192.0.2.1', 9)({ signal: controller.signal });
  controller.abort(new Error('enough'));
  await assert.rejects(dialing, { code: 'CANCELED' });
  await assert.rejects(unixDialer(join(dir, 'x'))({ signal: controller.signal }), { code: 'CANCELED' });
});
