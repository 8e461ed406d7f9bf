import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import { Secret } from '../../../../src/base/secret.ts';
import { parseNormalizedReference } from '../../../../src/oci/index.ts';
import { createRegistryClient } from '../../../../src/registry/images/index.ts';

const { signal } = new AbortController();

/** What a request asks a registry for, and how it goes wrong. */
type Fault = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

interface Registry {
  readonly host: string;
  readonly requests: readonly string[];
  readonly stored: () => Buffer | undefined;
  readonly received: () => number;
}

/** A registry with one upload; `fault` says true where it has answered itself. */
async function startUploads(t: TestContext, fault: Fault): Promise<Registry> {
  const requests: string[] = [];
  let data = Buffer.alloc(0);
  let stored: Buffer | undefined;
  const take = async (request: IncomingMessage): Promise<void> => {
    for await (const chunk of request) data = Buffer.concat([data, chunk]);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = request;
    requests.push(`${method} ${headers['content-range'] ?? ''}`.trim());
    if (await fault(request, response)) return;
    const location = { location: `/upload?at=${data.length}` };
    if (method === 'HEAD') response.writeHead(stored === undefined ? 404 : 200).end();
    else if (method === 'POST') {
      data = Buffer.alloc(0);
      response.writeHead(202, { location: '/upload?at=0' }).end();
    } else if (method === 'GET') {
      response.writeHead(204, { ...location, range: `0-${Math.max(data.length - 1, 0)}` }).end();
    } else if (method === 'PATCH') {
      if (headers['content-range']?.startsWith(`${data.length}-`) !== true) {
        response.writeHead(416, location).end();
        return;
      }
      await take(request);
      response.writeHead(202, { location: `/upload?at=${data.length}` }).end();
    } else {
      await take(request);
      assert.match(url, /digest=sha256%3A/);
      stored = data;
      response.writeHead(201).end();
    }
  };
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { host: `127.0.0.1:${port}`, requests, stored: () => stored, received: () => data.length };
}

interface Push {
  readonly fault?: Fault;
  readonly chunkBytes?: number;
  readonly content?: (bytes: Uint8Array, offset: number) => AsyncIterable<Uint8Array>;
}

async function* inPieces(bytes: Uint8Array, offset: number): AsyncGenerator<Uint8Array> {
  for (let i = offset; i < bytes.length; i += 1000) yield bytes.subarray(i, Math.min(i + 1000, bytes.length));
}

/** Pushes 10,000 bytes; gives the requests. */
async function push(
  t: TestContext,
  { fault = () => false, chunkBytes, content = inPieces }: Push,
): Promise<readonly string[]> {
  const registry = await startUploads(t, fault);
  await using client = createRegistryClient({
    login: async () => ({ username: 'me', secret: new Secret('word'), registryToken: new Secret('') }),
    tokens: { fetch: async () => ({ token: new Secret('token'), expiresIn: 60, issuedAt: undefined }) },
    tls: async () => undefined,
    env: {},
    random: () => 0,
  });
  const bytes = randomBytes(10_000);
  const blob = { digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, size: bytes.length };
  const reference = parseNormalizedReference(`${registry.host}/team/app`);
  await client.pushBlob(reference, blob, (offset) => content(bytes, offset), { chunkBytes, signal });
  assert.deepEqual(registry.stored(), bytes);
  return registry.requests;
}

/** Does something to the nth request of a method. */
function onceOn(
  method: string,
  nth: number,
  what: (request: IncomingMessage, response: ServerResponse) => void,
): Fault {
  let seen = 0;
  return (request, response) => {
    if (request.method !== method) return false;
    seen += 1;
    if (seen !== nth) return false;
    what(request, response);
    return true;
  };
}

const hangUp = (request: IncomingMessage): void => void request.socket.resetAndDestroy();
const say =
  (status: number) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    request.resume();
    response.writeHead(status, { 'retry-after': '0' }).end();
  };

test('at once, when nothing else is asked for', async (t) => {
  assert.deepEqual(await push(t, {}), ['HEAD', 'POST', 'PUT']);
});

test('in chunks, and the end by itself', async (t) => {
  const chunks = ['PATCH 0-3999', 'PATCH 4000-7999', 'PATCH 8000-9999'];
  assert.deepEqual(await push(t, { chunkBytes: 4000 }), ['HEAD', 'POST', ...chunks, 'PUT']);
});

test('what broke off goes on where the registry has it', async (t) => {
  const requests = await push(t, { chunkBytes: 4000, fault: onceOn('PATCH', 2, hangUp) });
  const chunks = ['PATCH 0-3999', 'PATCH 4000-7999', 'GET', 'PATCH 4000-7999', 'PATCH 8000-9999'];
  assert.deepEqual(requests, ['HEAD', 'POST', ...chunks, 'PUT']);
});

test('a registry that knows nothing more of an upload gets it again', async (t) => {
  const both: Fault[] = [onceOn('PATCH', 2, hangUp), onceOn('GET', 1, say(404))];
  const fault: Fault = async (...args) => {
    for (const each of both) if (await each(...args)) return true;
    return false;
  };
  const requests = await push(t, { chunkBytes: 4000, fault });
  assert.deepEqual(requests.slice(4), ['GET', 'POST', 'PATCH 0-3999', 'PATCH 4000-7999', 'PATCH 8000-9999', 'PUT']);
});

for (const [what, act] of [
  ['hangs up', hangUp],
  ['is overloaded', say(503)],
  ['asks for patience', say(429)],
] as const) {
  test(`a registry that ${what} is tried again, and not without end`, async (t) => {
    const requests = await push(t, { fault: onceOn('PUT', 1, act) });
    assert.deepEqual([requests.filter((request) => request === 'PUT').length, requests.at(-1)], [2, 'PUT']);
    let puts = 0;
    const always: Fault = (request, response) => {
      if (request.method !== 'PUT') return false;
      puts += 1;
      act(request, response);
      return true;
    };
    await assert.rejects(push(t, { fault: always }), /Put|PUT/);
    assert.equal(puts, 4);
  });
}

test('a refusal is final and says why', async (t) => {
  const fault = onceOn('POST', 1, (_, response) => {
    const body = JSON.stringify({ errors: [{ code: 'DENIED', message: 'quota exceeded' }] });
    response.writeHead(403, { 'content-type': 'application/json' }).end(body);
  });
  await assert.rejects(push(t, { fault }), { code: 'AUTH', message: /denied: quota exceeded/ });
});

test('an upload that is sent to another host gets no credentials there', async (t) => {
  const seen: (string | undefined)[] = [];
  const elsewhere = await startUploads(t, (request) => {
    seen.push(request.headers.authorization);
    return false;
  });
  const fault: Fault = (request, response) => {
    if (request.headers.authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="here"' }).end();
      return true;
    }
    if (request.method !== 'POST') return false;
    response.writeHead(202, { location: `http://${elsewhere.host}/upload` }).end();
    return true;
  };
  await assert.rejects(push(t, { fault }), assert.AssertionError); // nothing is stored here
  assert.equal(elsewhere.stored()?.length, 10_000);
  assert.deepEqual(seen, [undefined]);
});

test('no more is read than the registry takes', async (t) => {
  let read = 0;
  const stopped = Promise.withResolvers<number>();
  const aborting = new AbortController();
  const registry = await startUploads(t, (request) => {
    if (request.method !== 'PUT') return false;
    request.pause();
    setTimeout(() => stopped.resolve(read), 300);
    return true;
  });
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      read += 1 << 16;
      yield Buffer.alloc(1 << 16);
    }
  }
  await using client = createRegistryClient({
    login: async () => ({ username: '', secret: new Secret(''), registryToken: new Secret('') }),
    tokens: { fetch: () => assert.fail('no token is needed') },
    tls: async () => undefined,
    env: {},
  });
  const blob = { digest: `sha256:${'0'.repeat(64)}`, size: 1 << 30 };
  const reference = parseNormalizedReference(`${registry.host}/team/app`);
  const pushed = client.pushBlob(reference, blob, () => endless(), { signal: aborting.signal });
  const before = await stopped.promise;
  assert.ok(before < 32 << 20, `${before} bytes were read`);
  aborting.abort();
  await assert.rejects(pushed, { code: 'CANCELED' });
});

test('a registry that claims to have more than was sent is sent everything again', async (t) => {
  const broken = onceOn('PATCH', 2, hangUp);
  const boasts = onceOn('GET', 1, (_, response) => {
    response.writeHead(204, { location: '/upload?at=0', range: '0-999999' }).end();
  });
  const requests = await push(t, {
    chunkBytes: 4000,
    fault: async (request, response) => (await broken(request, response)) || (await boasts(request, response)),
  });
  assert.deepEqual(requests.slice(-5), ['POST', 'PATCH 0-3999', 'PATCH 4000-7999', 'PATCH 8000-9999', 'PUT']);
});
