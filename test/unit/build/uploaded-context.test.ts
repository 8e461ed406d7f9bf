import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { givingUploads } from '../../../src/build/uploaded-context.ts';
import type { Gateway, GatewaySolveRequest } from '../../../src/dockerfile/frontend/index.ts';
import { CapSet, currentCaps } from '../../../src/llb/index.ts';
import { uploadUrl } from '../../../src/session/index.ts';

const options = { signal: new AbortController().signal };

/** What the daemon is asked to solve when a frontend is asked for with these attributes. */
async function forwarded(opts: Readonly<Record<string, string>>): Promise<GatewaySolveRequest | undefined> {
  const requests: GatewaySolveRequest[] = [];
  const unused = (): never => assert.fail('not asked for');
  const gateway: Gateway = {
    buildOpts: { opts, sessionId: '', workers: [], llbCaps: currentCaps, caps: new CapSet([]) },
    resolveSourceMeta: unused,
    inputs: unused,
    warn: unused,
    readFile: async () => gzipSync('tar'),
    solve: async (request) => {
      requests.push(request);
      return { ref: { id: 'r' }, metadata: new Map() };
    },
  };
  const frontendOpts = { ...opts, source: 'other/frontend' };
  await givingUploads(gateway).solve({ frontend: 'gateway.v0', frontendOpts, frontendInputs: new Map() }, options);
  return requests.at(-1);
}

test('another frontend is given an uploaded context as LLB: it could not pull it again', async () => {
  const request = await forwarded({ context: uploadUrl('id'), filename: 'Dockerfile' });
  assert.ok(request !== undefined && 'frontend' in request);
  assert.deepEqual(request.frontendOpts, { filename: 'Dockerfile', source: 'other/frontend' });
  assert.deepEqual([...request.frontendInputs.keys()], ['context', 'dockerfile']);
  const [source = ''] =
    request.frontendInputs.get('context')?.ops.map((op) => Buffer.from(op).toString('latin1')) ?? [];
  assert.ok(source.includes(uploadUrl('id')));
});

test('its Dockerfile only when it lies in there', async () => {
  const request = await forwarded({ context: uploadUrl('id'), dockerfilekey: 'dockerfile' });
  assert.ok(request !== undefined && 'frontend' in request);
  assert.deepEqual([...request.frontendInputs.keys()], ['context']);
});

test('other contexts are named as they were', async () => {
  const request = await forwarded({ context: 'https://example.com/t.tar' });
  assert.ok(request !== undefined && 'frontend' in request);
  assert.equal(request.frontendOpts['context'], 'https://example.com/t.tar');
  assert.equal(request.frontendInputs.size, 0);
});
