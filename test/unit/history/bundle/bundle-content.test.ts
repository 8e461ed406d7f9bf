import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { TsbuildxError } from '../../../../src/base/errors.ts';
import type { ContentClient } from '../../../../src/buildkit/content/index.ts';
import type { HistoryRecord } from '../../../../src/buildkit/control/index.ts';
import { bundleContent } from '../../../../src/history/bundle/bundle-content.ts';
import type { ContentDescriptor } from '../../../../src/registry/images/index.ts';
import { historyRecord } from '../../../support/history-record.ts';

const signal = new AbortController().signal;

function descriptorOf(text: string, mediaType = 'text/plain'): ContentDescriptor {
  return { mediaType, digest: `sha256:${createHash('sha256').update(text).digest('hex')}`, size: text.length };
}

/** A store of these texts. */
function storeOf(...texts: readonly string[]): ContentClient {
  const known = new Map(texts.map((text) => [descriptorOf(text).digest, text]));
  const find = (digest: string): string => {
    const text = known.get(digest);
    if (text === undefined) throw new TsbuildxError('RPC_FAILED', `content ${digest}: not found`);
    return text;
  };
  return {
    info: async (digest) => ({
      digest,
      size: find(digest).length,
      createdAt: undefined,
      updatedAt: undefined,
      labels: {},
    }),
    async *read({ digest }) {
      yield Buffer.from(find(digest));
    },
    readAll: async ({ digest }) => Buffer.from(find(digest)),
  };
}

const place = { defaultPlatform: 'linux/amd64', localState: undefined, group: undefined };

interface Bundled {
  readonly manifest: { readonly layers: readonly ContentDescriptor[] | null };
  readonly record: Readonly<Record<string, unknown>>;
}

async function bundle(record: HistoryRecord, content: ContentClient): Promise<Bundled> {
  const { root, blobs } = await bundleContent([{ record, content, ...place }], { signal });
  const read = async (wanted: string): Promise<unknown> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of blobs.find(({ digest }) => digest === wanted)?.read() ?? []) chunks.push(chunk);
    return JSON.parse(Buffer.concat(chunks).toString());
  };
  const manifest = (await read(root.digest)) as Bundled['manifest'] & { config: ContentDescriptor };
  return { manifest, record: (await read(manifest.config.digest)) as Bundled['record'] };
}

test('what a record names twice is bundled once; results keep their type in an annotation', async () => {
  const attestations = [descriptorOf('statement', 'application/vnd.in-toto+json')];
  const image = descriptorOf('image', 'application/vnd.oci.image.index.v1+json');
  const info = {
    resultDeprecated: image,
    attestations,
    results: new Map([
      [0n, image],
      [1n, image],
    ]),
  };
  const record = historyRecord({ logs: descriptorOf('logs'), result: info, results: { 'linux/amd64': info } });
  const { manifest } = await bundle(record, storeOf('statement', 'image', 'logs'));
  assert.deepEqual(manifest.layers, [
    descriptorOf('logs'),
    ...attestations,
    {
      ...image,
      mediaType: 'application/json',
      annotations: { 'vnd.export-build.descriptor.mediatype': image.mediaType },
    },
  ]);
});

test('of caches that were imported only scope and reference are told', async () => {
  const caches = [
    { Type: 'gha', Attrs: { scope: 's', token: 'secret', ref: 'r' } },
    { Type: 's3', Attrs: { access_key_id: 'secret' } },
  ];
  const attributes = async (text: string): Promise<unknown> => {
    const record = historyRecord({ frontendAttrs: { 'cache-imports': text, target: 'a' } });
    return (await bundle(record, storeOf())).record['FrontendAttrs'];
  };
  assert.deepEqual(await attributes(JSON.stringify(caches)), {
    'cache-imports': '[{"Type":"gha","Attrs":{"ref":"r","scope":"s"}},{"Type":"s3","Attrs":{}}]',
    target: 'a',
  });
  assert.deepEqual(await attributes('secret'), { 'cache-imports': '', target: 'a' });
  assert.deepEqual(await attributes('{}'), { 'cache-imports': '', target: 'a' });
});

test('a record of nothing has no layers, and times before 1970 count as Go counts them', async () => {
  const { manifest, record } = await bundle(historyRecord({ createdAt: -1n }), storeOf());
  assert.equal(manifest.layers, null);
  assert.deepEqual(record, {
    Ref: 'ref',
    CreatedAt: { seconds: -1, nanos: 999_999_999 },
    DefaultPlatform: 'linux/amd64',
  });
});

for (const [name, record, reason] of [
  ['what the daemon lacks', { logs: descriptorOf('gone') }, /failed to load logs descriptor: content .*not found/],
  [
    'a digest that is none',
    { externalError: { ...descriptorOf('x'), digest: 'sha256:../..' } },
    /failed to parse digest/,
  ],
  ['a trace that is none', { trace: descriptorOf('nothing') }, /failed to sanitize trace: error decoding JSON/],
] as const) {
  test(`${name} fails the export`, async () => {
    await assert.rejects(bundle(historyRecord(record), storeOf('nothing')), {
      name: 'TsbuildxError',
      message: new RegExp(`^failed to export record: .*${reason.source}`),
    });
  });
}
