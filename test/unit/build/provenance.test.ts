import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordedProvenance } from '../../../src/build/provenance.ts';
import type { BuildAttestation, ControlClient } from '../../../src/buildkit/control/index.ts';
import { GRPC_STATUS, RpcError } from '../../../src/buildkit/rpc/index.ts';

const options = { signal: new AbortController().signal };

function attestation(type: string, platform?: string): BuildAttestation {
  const annotations = { 'in-toto.io/predicate-type': type };
  return { platform, mediaType: 'application/vnd.in-toto+json', digest: type, size: 1n, annotations };
}

/** A daemon whose content is named by the type of its predicate. */
function daemon(found: readonly BuildAttestation[], content: Record<string, unknown>): ControlClient {
  const unused = (): never => assert.fail('not asked for');
  return {
    solve: unused,
    status: unused,
    listWorkers: unused,
    info: unused,
    diskUsage: unused,
    prune: unused,
    activeBuilds: async () => 0,
    attestations: async () => found,
    readContent: async ({ digest }) => Buffer.from(JSON.stringify(content[digest])),
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
  const control = daemon([attestation(V02), attestation('https://spdx.dev/Document')], { [V02]: slsa02 });
  const min = await recordedProvenance(control, 'ref', 'min', options);
  assert.deepEqual(decode(min['buildx.build.provenance']), { builder: { id: 'b' }, invocation: { parameters: {} } });
  const max = await recordedProvenance(control, 'ref', 'max', options);
  assert.deepEqual(decode(max['buildx.build.provenance']), slsa02);
});

test('several platforms have an entry each', async () => {
  const control = daemon([attestation(V02, 'linux/amd64'), attestation(V02, 'linux/arm64')], { [V02]: slsa02 });
  assert.deepEqual(Object.keys(await recordedProvenance(control, 'ref', 'min', options)), [
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
  const control = daemon([attestation(V1)], { [V1]: predicate });
  assert.deepEqual(decode((await recordedProvenance(control, 'ref', 'max', options))['buildx.build.provenance']), {
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
  const control: ControlClient = {
    ...daemon([], {}),
    attestations: async () => {
      throw new RpcError('RPC_FAILED', 'unknown method', { status: GRPC_STATUS.unimplemented });
    },
  };
  assert.deepEqual(await recordedProvenance(control, 'ref', 'min', options), {});
});
