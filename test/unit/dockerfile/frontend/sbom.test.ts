import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Gateway, type LocalFiles, runFrontend } from '../../../../src/dockerfile/frontend/index.ts';
import { CapSet, type Definition, dumpDefinition } from '../../../../src/llb/index.ts';

const { signal } = new AbortController();

/** Runs the frontend with a scanner whose image has this config. */
async function scan(dockerfile: string, opts: Readonly<Record<string, string>>, config: object) {
  const definitions: Definition[] = [];
  const llbCaps = new CapSet([{ id: 'file.base', enabled: true }]);
  const gateway: Gateway = {
    buildOpts: {
      opts,
      sessionId: 's',
      workers: [{ platforms: [{ os: 'linux', architecture: 'amd64' }] }],
      llbCaps,
      caps: llbCaps,
    },
    resolveSourceMeta: async ({ source }) => {
      const image = { os: 'linux', architecture: 'amd64', config, rootfs: { type: 'layers', diff_ids: ['sha256:1'] } };
      return { source, image: { digest: `sha256:${'a'.repeat(64)}`, config: Buffer.from(JSON.stringify(image)) } };
    },
    solve: async (request) => {
      assert.ok('definition' in request);
      definitions.push(request.definition);
      return { ref: { id: `ref${definitions.length}` }, metadata: new Map() };
    },
    readFile: () => assert.fail('files are read here'),
    inputs: async () => new Map(),
    warn: async () => undefined,
  };
  const locals: LocalFiles = {
    has: () => true,
    read: async (_, path) => (path === 'Dockerfile' ? Buffer.from(dockerfile) : undefined),
  };
  const result = await runFrontend({ gateway, locals }, { signal });
  return { result, definitions };
}

const dockerfile = `ARG BUILDKIT_SBOM_SCAN_CONTEXT=true
FROM busybox AS one
ARG BUILDKIT_SBOM_SCAN_STAGE=true
RUN true
FROM scratch
COPY --from=one /a /
COPY b /
`;
const scanner = { Entrypoint: ['/scan'], Cmd: ['all'], Env: ['A=b=c'], WorkingDir: '/w' };

test('a scanner looks at the result, the context and the stages, and its findings are an attestation', async () => {
  const { result, definitions } = await scan(dockerfile, { 'attest:sbom': 'type=sbom,generator=me/scan,X=1' }, scanner);
  const [attestation, ...more] = result.attestations?.get('linux/amd64') ?? [];
  assert.deepEqual(more, []);
  assert.deepEqual([attestation?.kind, attestation?.predicateType], ['bundle', 'https://spdx.dev/Document']);
  assert.deepEqual(
    [...(attestation?.metadata ?? [])].map(([key, value]) => [key, Buffer.from(value).toString()]),
    [
      ['reason', 'sbom'],
      ['sbom-core', 'sbom'],
    ],
  );
  const index = Number(attestation?.ref?.id.slice('ref'.length)) - 1;
  const text = JSON.stringify(dumpDefinition(definitions[index] ?? assert.fail('the scan is solved')));
  assert.match(text, /"args":\["\/scan","all"\]/);
  assert.match(text, /"docker-image:\/\/docker\.io\/me\/scan:latest"/);
  for (const path of ['/run/src/core/sbom', '/run/src/extras/sbom-context', '/run/src/extras/sbom-one', '/tmp']) {
    assert.ok(text.includes(`"dest":"${path}"`), path);
  }
  for (const entry of [
    'A=b=c',
    'BUILDKIT_SCAN_DESTINATION=/run/out/',
    'BUILDKIT_SCAN_X=1',
    'BUILDKIT_SCAN_type=sbom',
  ]) {
    assert.ok(text.includes(`"${entry}"`), entry);
  }
});

test('a scanner without a command is refused', async () => {
  await assert.rejects(scan('FROM scratch\nCOPY b /\n', { 'attest:sbom': 'generator=me/scan:1' }, {}), {
    message: 'scanner docker.io/me/scan:1 does not have cmd',
  });
});

test('without an SBOM there are no attestations', async () => {
  const { result } = await scan(dockerfile, {}, scanner);
  assert.equal(result.attestations?.size ?? 0, 0);
});
