import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choosePlatforms } from '../../../src/imagetools/filter-platforms.ts';
import {
  type Combined,
  type ContentDescriptor,
  descriptorJson,
  type ImageStore,
} from '../../../src/registry/images/index.ts';
import { goJson } from '../../../src/base/go-json.ts';
import { sha256 } from '../../support/layouts.ts';

const { signal } = new AbortController();
const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const artifactType = 'application/vnd.docker.attestation.manifest.v1+json';

function manifest(name: string, more: Partial<ContentDescriptor> = {}): ContentDescriptor {
  return { mediaType, digest: sha256(name), size: name.length, ...more };
}

/** Only knows what refers to manifests. */
function storeOf(referrers: ReadonlyMap<string, ContentDescriptor>): ImageStore {
  return {
    name: 'h.io/a',
    find: async () => undefined,
    // oxlint-disable-next-line require-yield
    async *read() {
      throw new Error('nothing is read');
    },
    write: async () => {},
    referrers: async (digest) => [...referrers].flatMap(([subject, found]) => (subject === digest ? [found] : [])),
    linkReferrers: async () => {},
  };
}

function indexOf(
  manifests: readonly ContentDescriptor[],
  referrers: ReadonlyMap<string, ContentDescriptor> = new Map(),
): Combined {
  const index = { schemaVersion: 2, manifests: manifests.map(descriptorJson) };
  const bytes = Buffer.from(goJson(index));
  const descriptor = {
    mediaType: 'application/vnd.oci.image.index.v1+json',
    digest: sha256(bytes),
    size: bytes.length,
  };
  return { descriptor, bytes, sources: new Map([[descriptor.digest, { descriptor, store: storeOf(referrers) }]]) };
}

const amd = manifest('amd', { platform: { os: 'linux', architecture: 'amd64' } });
const arm = manifest('arm', { platform: { os: 'linux', architecture: 'arm64' } });
const attesting = (subject: ContentDescriptor): ContentDescriptor =>
  manifest(`of ${subject.digest}`, {
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': subject.digest },
  });

test('an index that loses nothing stays as it is, byte for byte', async () => {
  const image = indexOf([amd, arm]);
  const chosen = await choosePlatforms(image, [], { signal });
  assert.equal(chosen.bytes, image.bytes);
  assert.equal(chosen.manifests.length, 2);
});

test('the manifests of a platform stay, with what attests something of them', async () => {
  const image = indexOf([amd, arm, attesting(amd), attesting(arm)]);
  const { manifests, bytes, descriptor } = await choosePlatforms(image, [{ os: 'linux', architecture: 'arm64' }], {
    signal,
  });
  assert.deepEqual(
    manifests.map(({ descriptor: { digest } }) => digest),
    [arm.digest, attesting(arm).digest],
  );
  assert.equal(descriptor.digest, sha256(bytes));
  assert.match(Buffer.from(bytes).toString(), /^\{\n {2}"schemaVersion": 2,\n {2}"manifests": \[\n/);
});

test('what only the registry knows as attesting is added to the index', async () => {
  const referrer = manifest('known', { artifactType });
  const { bytes, manifests } = await choosePlatforms(indexOf([amd], new Map([[amd.digest, referrer]])), [], { signal });
  const index = JSON.parse(Buffer.from(bytes).toString()) as { manifests: unknown[] };
  assert.equal(manifests.length, 1);
  assert.deepEqual(index.manifests[1], {
    mediaType,
    digest: referrer.digest,
    size: referrer.size,
    annotations: { 'vnd.docker.reference.digest': amd.digest, 'vnd.docker.reference.type': 'attestation-manifest' },
    platform: { architecture: 'unknown', os: 'unknown' },
  });
});

test('a platform that nobody has is refused', async () => {
  const wanted = [{ os: 'linux', architecture: 's390x' }];
  await assert.rejects(choosePlatforms(indexOf([amd]), wanted, { signal }), /none of the manifests match/);
  const lone = {
    descriptor: amd,
    bytes: Buffer.from('{}'),
    sources: new Map([[amd.digest, { descriptor: amd, store: storeOf(new Map()) }]]),
  };
  await assert.rejects(choosePlatforms(lone, wanted, { signal }), /input platform linux\/amd64 does not match any/);
});
