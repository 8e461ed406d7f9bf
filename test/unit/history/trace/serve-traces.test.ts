import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { serveTraces, type TraceServer } from '../../../../src/history/trace/serve-traces.ts';
import { madeUpSpan } from '../../../support/spans.ts';

const traceOf = (letter: string) => ({
  name: `app ${letter}`,
  ref: letter.repeat(25),
  traceId: letter.repeat(32),
  spans: [madeUpSpan(1, 0, `build <${letter}>`, [0, 10], { traceId: letter.repeat(32) })],
});

const start = async (compare = false): Promise<TraceServer> =>
  await serveTraces({
    address: '127.0.0.1:0',
    trace: traceOf('b'),
    compareWith: compare ? traceOf('a') : undefined,
    footer: '',
  });

const get = async (url: string, path: string): Promise<Response> =>
  await fetch(new URL(path, url), { redirect: 'manual' });

test('the page is at the path that buildx prints, and allows nothing from elsewhere', async () => {
  await using server = await start();
  assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/trace\/b{32}$/);
  const page = await get(server.url, '');
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  const text = await page.text();
  assert.ok(text.includes('build &lt;b&gt;') && !text.includes('build <b>'));
});

test('two traces are compared at a path of both, and each is there alone', async () => {
  await using server = await start(true);
  assert.equal(new URL(server.url).pathname, `/trace/${'a'.repeat(32)}...${'b'.repeat(32)}`);
  for (const path of ['', `/trace/${'a'.repeat(32)}`, `/trace/${'b'.repeat(32)}`])
    assert.equal((await get(server.url, path)).status, 200);
});

test('traces are JSON where tools that read Jaeger’s look for them', async () => {
  await using server = await start(true);
  const idsAt = async (path: string): Promise<string[]> => {
    const { data } = (await (await get(server.url, path)).json()) as { data: { traceID: string }[] };
    return data.map(({ traceID }) => traceID[0] ?? '');
  };
  assert.deepEqual(await idsAt(`/api/traces/${'b'.repeat(32)}`), ['b']);
  assert.deepEqual(await idsAt(`/api/traces?traceID=${'b'.repeat(32)}&traceID=${'a'.repeat(32)}`), ['b', 'a']);
  assert.deepEqual(await (await get(server.url, '/api/services')).json(), { data: [], total: 0 });
  assert.equal((await get(server.url, '/api/traces/x')).status, 404);
  assert.equal((await get(server.url, '/api/traces/')).status, 400);
  assert.equal((await get(server.url, '/trace/x')).status, 404);
  assert.equal((await get(server.url, '/')).headers.get('location'), new URL(server.url).pathname);
});

test('a name that is not its own gets nothing, nor does who wants to change something', async () => {
  await using server = await start();
  const call = request(server.url, { headers: { host: 'rebound.example' } });
  call.end();
  const [answer] = (await once(call, 'response')) as [{ statusCode: number; resume(): void }];
  answer.resume();
  assert.equal(answer.statusCode, 403);
  assert.equal((await fetch(server.url, { method: 'POST' })).status, 405);
});

test('a request for what is no path is refused, and the server goes on', async () => {
  await using server = await start();
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.end('GET // HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  const [head] = (await once(socket, 'data')) as [Buffer];
  assert.match(head.toString(), /^HTTP\/1\.1 400 /);
  assert.equal((await get(server.url, '')).status, 200);
});

test('disposing does not wait for who keeps a connection open', async () => {
  const server = await start();
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  await server[Symbol.asyncDispose]();
  await closed;
});

for (const address of ['localhost', 'a:b:1', '127.0.0.1:', '127.0.0.1:70000', '[::1:0']) {
  test(`${address} is no address`, async () => {
    await assert.rejects(serveTraces({ address, trace: traceOf('a'), footer: '' }), { code: 'INVALID_ARGUMENT' });
  });
}

test('an address that is taken says so', async () => {
  await using server = await start();
  const address = new URL(server.url).host;
  await assert.rejects(serveTraces({ address, trace: traceOf('a'), footer: '' }), {
    code: 'IO',
    message: /^listen tcp 127\.0\.0\.1:\d+: /,
  });
});
