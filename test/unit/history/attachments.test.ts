import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ContentClient } from '../../../src/buildkit/content/index.ts';
import type { ResultInfo } from '../../../src/buildkit/control/index.ts';
import { platformName, recordAttachments } from '../../../src/history/attachments.ts';
import { recordMaterials } from '../../../src/history/materials.ts';
import type { HistoryNode } from '../../../src/history/open-history.ts';
import type { ContentDescriptor } from '../../../src/registry/images/index.ts';
import { historyRecord } from '../../support/history-record.ts';

const signal = new AbortController().signal;
const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;

function descriptor(
  letter: string,
  mediaType: string,
  annotations: Readonly<Record<string, string>> = {},
): ContentDescriptor {
  return { mediaType, digest: digestOf(letter), size: 1, annotations };
}

/** A daemon that has this content, by letter. */
function node(content: Readonly<Record<string, unknown>>): HistoryNode {
  const unused = (): never => assert.fail('not asked for');
  const store: ContentClient = {
    info: async (digest) => {
      if (!Object.hasOwn(content, digest.at(-1) ?? '')) throw new Error('not found');
      return { digest, size: 1, createdAt: undefined, updatedAt: undefined, labels: {} };
    },
    read: unused,
    readAll: async ({ digest }) => Buffer.from(JSON.stringify(content[digest.at(-1) ?? ''])),
  };
  const control = new Proxy({}, { get: unused }) as HistoryNode['control'];
  return { builder: 'b', name: 'n', driver: 'remote', platforms: [], control, content: store };
}

function result(image: ContentDescriptor, ...attestations: readonly ContentDescriptor[]): ResultInfo {
  return { resultDeprecated: undefined, attestations, results: new Map([[0n, image]]) };
}

const provenance = (letter: string, version: string): ContentDescriptor =>
  descriptor(letter, 'application/vnd.in-toto+json', {
    'in-toto.io/predicate-type': `https://slsa.dev/provenance/${version}`,
  });

const index = {
  manifests: [
    { mediaType: MANIFEST, digest: digestOf('b'), size: 1, platform: { os: 'linux', architecture: 'arm64' } },
    { mediaType: MANIFEST, digest: digestOf('c'), size: 1, platform: { os: 'linux', architecture: 'amd64' } },
    {
      mediaType: MANIFEST,
      digest: digestOf('d'),
      size: 1,
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    },
    { mediaType: MANIFEST, digest: digestOf('e'), size: 1 },
  ],
};

describe('attachments', () => {
  it('are those of indexes too, by platform and type, without what is gone', async () => {
    const found = await recordAttachments(
      {
        node: node({ a: index, b: {}, c: {}, d: {} }),
        record: historyRecord({ result: result(descriptor('a', INDEX), provenance('f', 'v1')) }),
      },
      signal,
    );
    assert.deepEqual(
      found.map((attachment) => [attachment.descriptor.digest.at(-1), platformName(attachment), attachment.type]),
      [
        ['a', undefined, INDEX],
        ['f', undefined, 'https://slsa.dev/provenance/v1'],
        ['c', 'linux/amd64', MANIFEST],
        ['b', 'linux/arm64', MANIFEST],
      ],
    );
  });

  it('of a broken index are the index alone', async () => {
    const record = historyRecord({ results: { 'linux/amd64': result(descriptor('a', INDEX)) } });
    const found = await recordAttachments({ node: node({ a: 'no index' }), record }, signal);
    assert.deepEqual(found.map(platformName), ['linux/amd64']);
  });
});

describe('materials', () => {
  const materials = [{ uri: 'pkg:docker/a', digest: { sha512: '2', sha256: '1' } }];
  const rows = [
    ['v0.2', { materials }],
    ['v1', { buildDefinition: { resolvedDependencies: materials } }],
  ] as const;
  for (const [version, predicate] of rows) {
    it(`are told by provenance ${version}`, async () => {
      const attachments = [
        { descriptor: provenance('a', version), platform: undefined, type: `https://slsa.dev/provenance/${version}` },
      ];
      assert.deepEqual(await recordMaterials(node({ a: predicate }), attachments, signal), [
        { uri: 'pkg:docker/a', digests: ['sha256:1', 'sha512:2'] },
      ]);
    });
  }

  it('are none without a provenance', async () => {
    assert.deepEqual(await recordMaterials(node({}), [], signal), []);
  });
});
