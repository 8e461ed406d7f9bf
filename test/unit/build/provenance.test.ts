import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordedProvenance, type RecordKeeper } from '../../../src/build/provenance.ts';
import type { ResultInfo } from '../../../src/buildkit/control/index.ts';
import { historyRecord } from '../../support/history-record.ts';
import { GRPC_STATUS, RpcError } from '../../../src/buildkit/rpc/index.ts';

const options = { signal: new AbortController().signal };

interface Attestation {
  readonly type: string;
  readonly platform?: string;
}

/** A daemon whose content is named by the type of its predicate. */
function daemon(found: readonly Attestation[], content: Record<string, unknown>): RecordKeeper {
  const resultOf = (platform: string | undefined): ResultInfo => ({
    resultDeprecated: undefined,
    attestations: found
      .filter((attestation) => attestation.platform === platform)
      .map(({ type }) => ({
        mediaType: 'application/vnd.in-toto+json',
        digest: type,
        size: 1,
        annotations: { 'in-toto.io/predicate-type': type },
      })),
    results: new Map(),
  });
  const platforms = new Set(found.flatMap(({ platform }) => platform ?? []));
  const record = historyRecord({
    result: resultOf(undefined),
    results: Object.fromEntries([...platforms].map((platform) => [platform, resultOf(platform)])),
  });
  return {
    control: {
      async *listenBuildHistory() {
        yield { type: 'complete', record, daemonTime: undefined };
      },
    },
    content: { readAll: async ({ digest }) => Buffer.from(JSON.stringify(content[digest])) },
  };
}

const decode = (text = ''): unknown => JSON.parse(Buffer.from(text, 'base64').toString());

const slsa02 = {
  builder: { id: 'b' },
  invocation: { parameters: {} },
  buildConfig: { llbDefinition: [] },
  metadata: { buildInvocationID: 'x' },
};
const V02 = 'https://slsa.dev/provenance/v0.2';
const V1 = 'https://slsa.dev/provenance/v1';

test('min leaves out the steps and the times', async () => {
  const keeper = daemon([{ type: V02 }, { type: 'https://spdx.dev/Document' }], { [V02]: slsa02 });
  const min = await recordedProvenance(keeper, 'ref', 'min', options);
  assert.deepEqual(decode(min['buildx.build.provenance']), { builder: { id: 'b' }, invocation: { parameters: {} } });
  const max = await recordedProvenance(keeper, 'ref', 'max', options);
  assert.deepEqual(decode(max['buildx.build.provenance']), slsa02);
});

test('several platforms have an entry each', async () => {
  const keeper = daemon(
    [
      { type: V02, platform: 'linux/amd64' },
      { type: V02, platform: 'linux/arm64' },
    ],
    { [V02]: slsa02 },
  );
  assert.deepEqual(Object.keys(await recordedProvenance(keeper, 'ref', 'min', options)), [
    'buildx.build.provenance/linux/amd64',
    'buildx.build.provenance/linux/arm64',
  ]);
});

test('a newer form is told in the words of the older one', async () => {
  const predicate = {
    buildDefinition: {
      externalParameters: { configSource: { path: 'Dockerfile' }, request: { frontend: 'dockerfile.v0' } },
      internalParameters: { builderPlatform: 'linux/amd64', dockerfileVersion: '1.26' },
      resolvedDependencies: [{ uri: 'pkg:docker/a', digest: { sha256: 'd' }, name: 'a' }],
    },
    runDetails: {
      builder: { id: 'b' },
      metadata: { invocationId: 'i', buildkit_completeness: { request: true, resolvedDependencies: false } },
    },
  };
  const keeper = daemon([{ type: V1 }], { [V1]: predicate });
  assert.deepEqual(decode((await recordedProvenance(keeper, 'ref', 'max', options))['buildx.build.provenance']), {
    builder: { id: 'b' },
    buildType: 'https://mobyproject.org/buildkit@v1',
    materials: [{ uri: 'pkg:docker/a', digest: { sha256: 'd' } }],
    invocation: {
      configSource: { entryPoint: 'Dockerfile' },
      parameters: { frontend: 'dockerfile.v0' },
      environment: { platform: 'linux/amd64', dockerfileVersion: '1.26' },
    },
    metadata: {
      buildInvocationID: 'i',
      completeness: { parameters: true, environment: true, materials: false },
      reproducible: false,
    },
  });
});

test('a daemon without a history has none', async () => {
  const keeper: RecordKeeper = {
    ...daemon([], {}),
    control: {
      listenBuildHistory: () => {
        throw new RpcError('RPC_FAILED', 'unknown method', { status: GRPC_STATUS.unimplemented });
      },
    },
  };
  assert.deepEqual(await recordedProvenance(keeper, 'ref', 'min', options), {});
});
