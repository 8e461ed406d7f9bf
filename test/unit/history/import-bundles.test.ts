import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { test } from 'node:test';
import { importBundles } from '../../../src/history/import-bundles.ts';
import { createContext } from '../../support/cli.ts';

/** A double of Docker Desktop's build server. */
async function serve(listener: RequestListener): Promise<AsyncDisposable & { readonly socket: string }> {
  const home = await createContext({});
  const server = createServer(listener);
  const socket = join(home.dir, 'socket');
  server.listen(socket);
  await once(server, 'listening');
  return {
    socket,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

test('what it has imported is told, in the order of the bundles', async () => {
  await using server = await serve((request, response) => {
    request.setEncoding('utf8').once('data', (text: string) => response.end(JSON.stringify([`id-${text}`])));
  });
  const bundles = [Readable.from(['a']), Readable.from(['b'])];
  assert.deepEqual(await importBundles({ bundles, socket: server.socket }), ['id-a', 'id-b']);
});

test('one that refuses before it has read everything is heard', async () => {
  await using server = await serve((_, response) => response.writeHead(413).end('too large'));
  const bundle = Readable.from(
    (function* () {
      for (;;) yield Buffer.alloc(1 << 16);
    })(),
  );
  await assert.rejects(importBundles({ bundles: [bundle], socket: server.socket }), {
    code: 'ENGINE_FAILED',
    message: 'failed to import build: too large',
  });
  assert.ok(bundle.destroyed);
});

test('answers without end are not read', async () => {
  await using server = await serve((_, response) => {
    const more = (): boolean => response.write(Buffer.alloc(1 << 16, ' ')) || response.once('drain', more).destroyed;
    more();
    response.on('drain', more);
  });
  await assert.rejects(importBundles({ bundles: [Readable.from(['a'])], socket: server.socket }), {
    message: /the answer is larger than/,
  });
});

test('a bundle that cannot be read, an answer that is none, and a wait that is broken off', async () => {
  await using server = await serve((request, response) => {
    if (request.headers['transfer-encoding'] !== undefined) request.on('end', () => response.end('[1]')).resume();
  });
  const { socket } = server;
  const broken = new PassThrough();
  setImmediate(() => broken.destroy(new Error('the disk is gone')));
  await assert.rejects(importBundles({ bundles: [broken], socket }), {
    code: 'TRANSPORT',
    message: /the disk is gone/,
  });
  await assert.rejects(importBundles({ bundles: [Readable.from(['a'])], socket }), {
    code: 'PROTOCOL',
    message: /failed to decode response/,
  });
  const abort = new AbortController();
  const endless = importBundles({ bundles: [new PassThrough()], socket }, { signal: abort.signal });
  setImmediate(() => abort.abort());
  await assert.rejects(endless, { code: 'CANCELED' });
});
