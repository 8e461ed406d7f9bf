import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { combineImages, type ContentDescriptor, type ImageStore } from '../../../../src/registry/images/index.ts';

const { signal } = new AbortController();
const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const OCI = 'application/vnd.oci.image.';
const DOCKER = 'application/vnd.docker.distribution.manifest.';

const contents = new Map<string, string>();
const store: ImageStore = {
  name: 'memory',
  find: () => assert.fail('names are not looked up'),
  write: () => assert.fail('nothing is written'),
  referrers: async () => [],
  linkReferrers: async () => {},
  async *read({ digest }) {
    yield Buffer.from(contents.get(digest) ?? assert.fail(`no ${digest}`));
  },
};

function put(value: unknown, mediaType: string): ContentDescriptor {
  const text = JSON.stringify(value);
  contents.set(digestOf(text), text);
  return { mediaType, digest: digestOf(text), size: text.length };
}

function image(architecture: string, mediaType: string, variant?: string): ContentDescriptor {
  const config = put({ architecture, os: 'linux', variant }, `${OCI}config.v1+json`);
  return put({ schemaVersion: 2, mediaType, config, layers: [] }, mediaType);
}

const sourcesOf = (...descriptors: readonly ContentDescriptor[]) =>
  descriptors.map((descriptor) => ({ descriptor, store }));

interface Index {
  readonly mediaType: string;
  readonly manifests: readonly ContentDescriptor[];
  readonly annotations?: unknown;
}

const parse = (bytes: Uint8Array): Index => JSON.parse(Buffer.from(bytes).toString()) as Index;

test('images of Docker’s types become a manifest list, any other an index; platforms come from the configs', async () => {
  const types = [`${DOCKER}v2+json`, `${OCI}manifest.v1+json`] as const;
  const [docker, oci] = types.map((type) => [image('amd64', type), image('arm', type, 'v6')]);
  assert.ok(docker !== undefined && oci !== undefined);
  const list = parse((await combineImages(sourcesOf(...docker), { signal })).bytes);
  assert.equal(list.mediaType, `${DOCKER}list.v2+json`);
  assert.deepEqual(
    list.manifests.map(({ platform }) => platform),
    [
      { architecture: 'amd64', os: 'linux' },
      { architecture: 'arm', os: 'linux', variant: 'v6' },
    ],
  );
  const mixed = [...docker.slice(0, 1), ...oci.slice(1)];
  assert.equal(parse((await combineImages(sourcesOf(...mixed), { signal })).bytes).mediaType, `${OCI}index.v1+json`);
});

test('indexes are joined, a manifest that is in both once, with the annotations of both', async () => {
  const one = { ...image('amd64', `${OCI}manifest.v1+json`), platform: { architecture: 'amd64', os: 'linux' } };
  const other = { ...image('arm64', `${OCI}manifest.v1+json`), unknown: 'dropped' };
  const indexes = [
    put({ schemaVersion: 2, manifests: [{ ...one, annotations: { a: '1' } }] }, `${OCI}index.v1+json`),
    put({ schemaVersion: 2, manifests: [other, { ...one, annotations: { b: '2' } }] }, `${OCI}index.v1+json`),
  ];
  const { bytes, descriptor, sources } = await combineImages(sourcesOf(...indexes), { signal });
  const { manifests } = parse(bytes);
  assert.deepEqual(
    manifests.map(({ digest, annotations }) => [digest, annotations]),
    [
      [one.digest, { a: '1', b: '2' }],
      [other.digest, undefined],
    ],
  );
  assert.ok(!Buffer.from(bytes).toString().includes('dropped'));
  assert.equal(descriptor.digest, digestOf(Buffer.from(bytes).toString()));
  assert.deepEqual([...sources.keys()], [one.digest, other.digest]);
});

test('a lone source is given back byte for byte, unless it is changed', async () => {
  const lone = image('amd64', `${OCI}manifest.v1+json`);
  const same = await combineImages(sourcesOf(lone), { signal });
  assert.equal(same.descriptor.digest, lone.digest);
  assert.equal(Buffer.from(same.bytes).toString(), contents.get(lone.digest));
  const wrapped = await combineImages(sourcesOf(lone), { preferIndex: true, signal });
  assert.equal(parse(wrapped.bytes).manifests[0]?.digest, lone.digest);
  const annotations = [{ type: 'index', key: 'k', value: 'v' } as const];
  assert.deepEqual(parse((await combineImages(sourcesOf(lone), { annotations, signal })).bytes).annotations, {
    k: 'v',
  });
});

test('what is no manifest is refused', async () => {
  const schema1 = put({ fsLayers: ['a'] }, '');
  await assert.rejects(combineImages(sourcesOf(schema1), { signal }), { code: 'INVALID_ARGUMENT', message: /schema1/ });
  const broken = put([{}], `${OCI}index.v1+json`);
  contents.set(broken.digest, '{"manifests":[{"digest":"../../etc"}]}');
  const annotations = [{ type: 'index', key: 'k', value: 'v' } as const];
  await assert.rejects(combineImages(sourcesOf(broken), { annotations, signal }), { code: 'PROTOCOL' });
});
