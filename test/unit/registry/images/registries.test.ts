// Registries that are configured: mirrors, certificates, none of them.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { test, type TestContext } from 'node:test';
import { Secret } from '../../../../src/base/secret.ts';
import { parseNormalizedReference } from '../../../../src/oci/index.ts';
import { createRegistryClient, type RegistryConfig } from '../../../../src/registry/images/index.ts';
import { ca, serverCert, serverKey } from '../../../support/certificates.ts';

const { signal } = new AbortController();
const manifest = '{"schemaVersion":2}';
const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;

async function listen(t: TestContext, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

const seenBy =
  (seen: string[], has: boolean): RequestListener =>
  (request: IncomingMessage, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response
      .writeHead(has || request.method === 'PUT' ? 200 : 404)
      .end(request.method === 'GET' ? manifest : undefined);
  };

const secure = (listener: RequestListener): Server =>
  createSecureServer({ cert: serverCert, key: serverKey }, listener);

function client(registries: Readonly<Record<string, RegistryConfig>>) {
  return createRegistryClient({
    login: async () => ({ username: '', secret: new Secret(''), registryToken: new Secret('') }),
    tokens: { fetch: () => assert.fail('no token is needed') },
    tls: async () => undefined,
    env: {},
    registries: new Map(Object.entries(registries)),
    random: () => 0,
  });
}

test('a mirror is read first and never written; what it has not is read from the registry', async (t) => {
  const [mirrored, own, empty]: string[][] = [[], [], []];
  assert.ok(mirrored !== undefined && own !== undefined && empty !== undefined);
  const mirror = await listen(t, createServer(seenBy(mirrored, true)));
  const hollow = await listen(t, createServer(seenBy(empty, false)));
  const host = await listen(t, createServer(seenBy(own, true)));
  const reference = { ...parseNormalizedReference(`${host}/team/app`), digest };
  {
    await using reading = client({ [host]: { mirrors: [mirror] } });
    await reading.manifest(reference, { signal });
    assert.deepEqual([mirrored, own], [[`GET /v2/team/app/manifests/${digest}?ns=${encodeURIComponent(host)}`], []]);
    const bytes = Buffer.from(manifest);
    await reading.pushManifest(
      { ...reference, digest: undefined, tag: '1' },
      { digest, bytes, mediaType: 'x' },
      { signal },
    );
    assert.deepEqual([mirrored.length, own], [1, ['HEAD /v2/team/app/manifests/1', 'PUT /v2/team/app/manifests/1']]);
  }
  await using reading = client({ [host]: { mirrors: [hollow, '127.0.0.1:1'] } });
  await reading.manifest(reference, { signal });
  assert.deepEqual([empty.length, own.at(-1)], [1, `GET /v2/team/app/manifests/${digest}`]);
});

test('certificates: unknown ones are refused, known ones and all of an insecure registry are not', async (t) => {
  const host = await listen(t, secure(seenBy([], true)));
  const reference = { ...parseNormalizedReference(`${host}/team/app`), digest };
  const read = async (config: RegistryConfig): Promise<string> => {
    await using reading = client({ [host]: config });
    return (await reading.manifest(reference, { signal })).digest;
  };
  await assert.rejects(read({ plainHttp: false }), { code: 'TRANSPORT' });
  assert.equal(await read({ plainHttp: false, tls: { ca: [ca], clients: [] } }), digest);
  assert.equal(await read({ plainHttp: false, insecure: true }), digest);
  // Plain HTTP is tried first, and the registry speaks TLS.
  assert.equal(await read({ plainHttp: true, insecure: true }), digest);
});
