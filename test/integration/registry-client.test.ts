// Our registry client on a real registry: what it writes is there, byte for byte, whoever may write there.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { Secret } from '../../src/base/secret.ts';
import { type NormalizedReference, parseNormalizedReference } from '../../src/oci/index.ts';
import { createTokenClient } from '../../src/registry/auth/index.ts';
import {
  combineImages,
  type ContentDescriptor,
  createRegistryClient,
  type ImageStore,
  type RegistryClient,
  readDocument,
  repositoryStore,
} from '../../src/registry/images/index.ts';
import { registryUser, startRegistry, startTokenServer, type TestRegistry } from '../support/registry.ts';

const { signal } = new AbortController();
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

const login = { username: registryUser.name, secret: new Secret(registryUser.password), registryToken: new Secret('') };
const nobody = { ...login, username: '', secret: new Secret('') };

function clientOf(t: TestContext, who = login): RegistryClient {
  const tls = async (): Promise<undefined> => undefined;
  const client = createRegistryClient({
    login: async () => who,
    tokens: createTokenClient({ env: {}, tls }),
    tls,
    env: {},
  });
  t.after(async () => await client[Symbol.asyncDispose]());
  return client;
}

const at = ({ host }: TestRegistry, name: string): NormalizedReference => parseNormalizedReference(`${host}/${name}`);

function blobOf(bytes: Uint8Array, mediaType = 'application/octet-stream'): ContentDescriptor {
  return { mediaType, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, size: bytes.length };
}

async function* pieces(bytes: Uint8Array, from = 0): AsyncGenerator<Uint8Array> {
  for (let i = from; i < bytes.length; i += 100_000) yield bytes.subarray(i, i + 100_000);
}

async function readAll(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function write(
  store: ImageStore,
  bytes: Uint8Array,
  mediaType: string,
  tag?: string,
): Promise<ContentDescriptor> {
  const descriptor = blobOf(bytes, mediaType);
  await store.write(descriptor, (offset) => pieces(bytes, offset), { tag, signal });
  return descriptor;
}

/** An image without layers; gives its manifest. */
async function writeImage(store: ImageStore, architecture: string, tag?: string): Promise<ContentDescriptor> {
  const config = await write(
    store,
    Buffer.from(JSON.stringify({ architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: [] } })),
    'application/vnd.oci.image.config.v1+json',
  );
  const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [] };
  return await write(store, Buffer.from(JSON.stringify(manifest)), OCI_MANIFEST, tag);
}

test('blobs of every size arrive whole, at once and in chunks', async (t) => {
  await using registry = await startRegistry({ kind: 'open' });
  const client = clientOf(t);
  const sizes = [0, 1, 3_000_001];
  for (const [i, size] of sizes.entries()) {
    for (const chunkBytes of [undefined, 1 << 20]) {
      const reference = at(registry, `blobs-${i}-${String(chunkBytes)}`);
      const bytes = randomBytes(size);
      const blob = blobOf(bytes);
      assert.equal(await client.hasBlob(reference, blob.digest, { signal }), false);
      await client.pushBlob(reference, blob, (offset) => pieces(bytes, offset), { chunkBytes, signal });
      assert.equal(await client.hasBlob(reference, blob.digest, { signal }), true);
      assert.deepEqual(await readAll(client.readBlob(reference, blob, { signal })), bytes);
    }
  }
});

test('content that is not what it is said to be is refused by the registry, and content that is short by us', async (t) => {
  await using registry = await startRegistry({ kind: 'open' });
  const client = clientOf(t);
  const bytes = randomBytes(100);
  const blob = blobOf(randomBytes(100));
  const pushed = client.pushBlob(at(registry, 'wrong'), blob, () => pieces(bytes), { signal });
  await assert.rejects(pushed, { code: 'PROTOCOL', message: /digest invalid/ });
  const short = client.pushBlob(at(registry, 'wrong'), { ...blob, size: 200 }, () => pieces(bytes), { signal });
  await assert.rejects(short, { code: 'IO', message: /100 bytes short/ });
});

for (const kind of ['basic', 'token'] as const) {
  test(`an index of two images is written where a login is needed: ${kind}`, async (t) => {
    await using tokens = await startTokenServer();
    await using registry = await startRegistry(kind === 'basic' ? { kind } : { kind, realm: tokens.realm });
    const client = clientOf(t);
    const store = repositoryStore(client, at(registry, 'team/app'));
    const images = [await writeImage(store, 'amd64'), await writeImage(store, 'arm64', 'arm')];
    assert.equal((await store.find({ tag: 'arm' }, { signal }))?.digest, images[1]?.digest);
    assert.equal(await store.find({ tag: 'none' }, { signal }), undefined);

    const sources = images.map((descriptor) => ({ descriptor, store }));
    const annotations = [{ type: 'index', key: 'made.by', value: '<us>' } as const];
    const index = await combineImages(sources, { annotations, signal });
    await store.write(index.descriptor, () => pieces(index.bytes), { tag: 'both', signal });
    assert.deepEqual(await store.find({ tag: 'both' }, { signal }), index.descriptor);
    assert.equal(Buffer.from(index.bytes).toString(), indexText(images));
    assert.deepEqual(await readDocument(store, index.descriptor, { signal }), index.bytes);

    const stranger = repositoryStore(clientOf(t, nobody), at(registry, 'team/app'));
    await assert.rejects(writeImage(stranger, 'amd64', 'x'), { code: 'AUTH' });
    if (kind === 'token') {
      const scopes = new Set(tokens.calls.filter(({ user }) => user !== '').flatMap((call) => call.scopes));
      assert.deepEqual(scopes, new Set(['repository:team/app:pull', 'repository:team/app:pull,push']));
    }
  });
}

test('a blob of a neighbour is mounted, not sent', async (t) => {
  await using tokens = await startTokenServer();
  await using registry = await startRegistry({ kind: 'token', realm: tokens.realm });
  const client = clientOf(t);
  const [from, to] = ['team/from', 'team/to'].map((name) => repositoryStore(client, at(registry, name)));
  assert.ok(from !== undefined && to !== undefined);
  const bytes = randomBytes(1000);
  const blob = await write(from, bytes, 'application/octet-stream');
  const unread = (): never => assert.fail('the blob was read');
  await to.write(blob, unread, { from, signal });
  assert.deepEqual(await readAll(to.read(blob, { signal })), bytes);
  const both = ['repository:team/from:pull', 'repository:team/to:pull,push'];
  assert.ok(
    tokens.calls.some(({ scopes }) => scopes.join() === both.join()),
    JSON.stringify(tokens.calls),
  );
});

/** What Go writes of it. */
function indexText([amd64, arm64]: readonly ContentDescriptor[]): string {
  const entry = (image: ContentDescriptor | undefined, architecture: string): unknown => ({
    mediaType: OCI_MANIFEST,
    digest: image?.digest,
    size: image?.size,
    platform: { architecture, os: 'linux' },
  });
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [entry(amd64, 'amd64'), entry(arm64, 'arm64')],
    annotations: { 'made.by': 'USER' },
  };
  return JSON.stringify(index, undefined, 2).replace('USER', String.raw`\u003cus\u003e`);
}
