import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { test } from 'node:test';
import { Secret } from '../../../../src/base/secret.ts';
import { parseNormalizedReference } from '../../../../src/oci/index.ts';
import {
  createRegistryClient,
  fetchImageConfig,
  type ImageInfo,
  type RegistryLogin,
} from '../../../../src/registry/images/index.ts';

const { signal } = new AbortController();
const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const configs = { amd64: '{"architecture":"amd64"}', arm: '{"architecture":"arm"}' };
const manifests = Object.values(configs).map((config) => JSON.stringify({ config: { digest: digestOf(config) } }));
const [amd64 = '', arm = ''] = manifests;
const index = JSON.stringify({
  manifests: [
    { digest: digestOf(amd64), platform: { os: 'linux', architecture: 'amd64' } },
    { digest: digestOf(arm), platform: { os: 'linux', architecture: 'arm', variant: 'v6' } },
    { digest: digestOf('attestation'), platform: { os: 'unknown', architecture: 'unknown' } },
  ],
});
const contents = new Map([index, ...manifests, ...Object.values(configs)].map((text) => [digestOf(text), text]));

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const registry: Answer = ({ url = '' }, response) => {
  const [, kind, name = ''] = /^\/v2\/team\/app\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
  const found = kind === 'manifests' && name === '1' ? index : contents.get(name);
  response.writeHead(found === undefined ? 404 : 200).end(found);
};

async function fetchFrom(
  answer: Answer,
  architecture: string,
  login: Partial<RegistryLogin> = {},
): Promise<ImageInfo & { readonly text: string }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const nobody = { username: '', secret: new Secret(''), registryToken: new Secret('') };
  const client = createRegistryClient({
    login: async () => ({ ...nobody, ...login }),
    tokens: { fetch: async () => ({ token: new Secret('fetched'), expiresIn: 60, issuedAt: undefined }) },
    tls: async () => undefined,
    env: {},
  });
  try {
    const reference = parseNormalizedReference(`127.0.0.1:${port}/team/app:1`);
    const found = await fetchImageConfig(client, reference, { os: 'linux', architecture }, { signal });
    return { ...found, text: Buffer.from(found.config).toString() };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('the config of the best image of an index, pinned to the index', async () => {
  const { digest, text } = await fetchFrom(registry, 'amd64');
  assert.deepEqual([digest, text], [digestOf(index), configs.amd64]);
  // An older variant of the architecture will do.
  assert.equal((await fetchFrom(registry, 'arm')).text, configs.arm);
  await assert.rejects(fetchFrom(registry, 's390x'), { code: 'NOT_FOUND', message: /no image for linux\/s390x/ });
});

test('content that is not what its digest says is refused', async () => {
  const liar: Answer = (request, response) => {
    if (request.url?.includes('/blobs/')) response.end('{"something":"else"}');
    else registry(request, response);
  };
  await assert.rejects(fetchFrom(liar, 'amd64'), { code: 'PROTOCOL', message: /content of sha256:\w+ has digest/ });
});

test('an answer without end is not read to its end', async () => {
  const flood: Answer = (_, response) => {
    const chunk = Buffer.alloc(1 << 20);
    const more = (): void => {
      while (!response.destroyed && response.write(chunk)) continue;
    };
    response.on('drain', more).on('error', () => undefined);
    more();
  };
  await assert.rejects(fetchFrom(flood, 'amd64'), /larger than/);
});

test('challenges are answered: with a password, a token, a token of our own', async () => {
  const seen: (string | undefined)[] = [];
  const guarded =
    (challenge: string): Answer =>
    (request, response) => {
      seen.push(request.headers.authorization);
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': challenge }).end();
      } else registry(request, response);
    };
  const secret = new Secret('word');
  await fetchFrom(guarded('Basic realm="here"'), 'amd64', { username: 'me', secret });
  assert.equal(seen.at(-1), `Basic ${Buffer.from('me:word').toString('base64')}`);
  await fetchFrom(guarded('Bearer realm="http://x/token",service="s"'), 'amd64');
  assert.equal(seen.at(-1), 'Bearer fetched');
  await fetchFrom(guarded('Bearer realm="http://x/token"'), 'amd64', { registryToken: new Secret('own') });
  assert.equal(seen.at(-1), 'Bearer own');
  await assert.rejects(fetchFrom(guarded('Basic realm="here"'), 'amd64'), { code: 'AUTH', message: /401/ });
});

test('a registry that is overloaded or hangs up is asked again, one that refuses is not', async () => {
  const hiccups: Answer[] = [
    (request) => request.socket.resetAndDestroy(),
    (_, response) => response.writeHead(429, { 'retry-after': '0' }).end(),
    (_, response) => response.writeHead(503).end(),
  ];
  for (const hiccup of hiccups) {
    let asked = 0;
    const flaky: Answer = (request, response) => {
      asked += 1;
      (asked % 2 === 1 ? hiccup : registry)(request, response);
    };
    assert.equal((await fetchFrom(flaky, 'amd64')).text, configs.amd64);
    assert.equal(asked, 6);
  }
  let asked = 0;
  const refusing: Answer = (_, response) => {
    asked += 1;
    response.writeHead(403).end();
  };
  await assert.rejects(fetchFrom(refusing, 'amd64'), { code: 'AUTH', message: /403/ });
  assert.equal(asked, 1);
});
