import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClientSteps } from '../../../src/buildkit/control/client-steps.ts';
import { ImageLoader } from '../../../src/build/load-image.ts';
import type { SolveStatus } from '../../../src/buildkit/control/index.ts';
import { resolveEndpoint } from '../../../src/docker/contexts/index.ts';
import { createEngineClient } from '../../../src/docker/engine/index.ts';
import { temporaryDirectory } from '../../support/trees.ts';

interface Loaded {
  /** Names of the steps, with the error of those that failed. */
  readonly steps: string[];
  readonly error: unknown;
}

/** Loads pieces of 64 KiB into an engine that answers in its own way. */
async function load(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  pieces: number,
  controller = new AbortController(),
): Promise<Loaded> {
  using dir = temporaryDirectory();
  const server = createServer(answer);
  server.listen(join(dir.path, 'docker.sock'));
  await once(server, 'listening');
  const flags = { host: `unix://${dir.path}/docker.sock` };
  const endpoint = await resolveEndpoint({ flags, env: {}, currentContext: undefined, configDir: dir.path });
  const statuses: SolveStatus[] = [];
  const steps = createClientSteps((status) => statuses.push(status));
  let error: unknown;
  try {
    await using loader = new ImageLoader(createEngineClient(endpoint), steps, { signal: controller.signal });
    for (let i = 0; i < pieces; i++) await loader.write([Buffer.alloc(65_536, i)]);
    await loader.finish();
  } catch (reason) {
    error = reason;
  } finally {
    server.closeAllConnections();
    server.close();
  }
  const ended = statuses.flatMap(({ vertexes }) => vertexes).filter(({ completed }) => completed !== undefined);
  return { steps: ended.map((step) => `${step.name} ${step.error ?? ''}`.trim()), error };
}

test('an archive arrives whole, and is waited for', async () => {
  let bytes = 0;
  const { steps, error } = await load((request, response) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => response.end('{"stream":"Loaded image: x"}'));
  }, 100);
  assert.equal(error, undefined);
  assert.equal(bytes, 6_553_600);
  assert.deepEqual(steps, ['importing to docker']);
});

test("the engine's error in an answer of status 200 is one", async () => {
  const { steps, error } = await load((request, response) => {
    request.resume().on('end', () => response.end('{"errorDetail":{"message":"invalid tar header"}}\n'));
  }, 1);
  assert.deepEqual(error, Object.assign(error ?? {}, { code: 'ENGINE_FAILED', message: 'invalid tar header' }));
  assert.deepEqual(steps, ['importing to docker invalid tar header']);
});

test('an engine that refuses in the middle is heard', async () => {
  const { steps, error } = await load((request, response) => {
    request.once('data', () => {
      response.writeHead(500, { Connection: 'close' }).end('{"message":"no space left"}');
      request.socket.end();
    });
  }, 10_000);
  assert.ok(error instanceof Error);
  assert.equal(error.message, 'Error response from daemon: no space left');
  assert.deepEqual(steps, []);
});

test('an engine that dies is an error', async () => {
  const { error } = await load((request) => request.once('data', () => request.socket.destroy()), 10_000);
  assert.ok(error instanceof Error && 'code' in error);
  assert.equal(error.code, 'TRANSPORT');
});

test('an engine that has read enough may leave the rest', async () => {
  const { steps, error } = await load((request, response) => {
    request.once('data', () => response.end('{"stream":"Loaded image: x"}'));
  }, 1_000);
  assert.equal(error, undefined);
  assert.deepEqual(steps, ['importing to docker']);
});

test('an engine that says why it failed and reads no more is not waited for', async () => {
  const { error } = await load((request, response) => {
    request.once('data', () => request.pause() && response.end('{"error":"archive is damaged"}'));
  }, 1_000);
  assert.ok(error instanceof Error);
  assert.equal(error.message, 'archive is damaged');
});

test('a load that is broken off ends at once', async () => {
  const controller = new AbortController();
  const { error } = await load((request) => request.resume().on('end', () => controller.abort()), 2, controller);
  assert.ok(error instanceof Error && 'code' in error);
  assert.equal(error.code, 'CANCELED');
});
