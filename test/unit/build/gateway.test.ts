// The frontend's gateway over daemons that know less than today's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatewayOver } from '../../../src/build/gateway.ts';
import type { Bridge, ImageConfigRequest } from '../../../src/buildkit/gateway/index.ts';

const { signal } = new AbortController();
const digest = `sha256:${'a'.repeat(64)}`;
const layout = {
  source: { identifier: `oci-layout://app@${digest}`, attrs: { 'oci.session': 'session', 'oci.store': 'store' } },
  logName: 'load metadata',
  kind: 'oci-layout',
} as const;

function gatewayOf(bridge: Partial<Bridge>, llbCaps: readonly string[]): ReturnType<typeof gatewayOver> {
  const caps = llbCaps.map((id) => ({ id, enabled: true, disabledReasonMessage: '' }));
  const info = { frontendCaps: [], llbCaps: caps, workers: [] } as unknown as Parameters<typeof gatewayOver>[1];
  const build = { attributes: {}, sessionId: 'session', inputs: new Map<string, never>() };
  return gatewayOver(bridge as Bridge, info, build);
}

void test('BuildKit below 0.13 is asked for images of layouts by its older call', async () => {
  const asked: ImageConfigRequest[] = [];
  const resolveImageConfig: Bridge['resolveImageConfig'] = async (request) => {
    asked.push(request);
    return { ref: '', digest, config: new Uint8Array([1]) };
  };
  const gateway = gatewayOf({ resolveImageConfig }, ['source.ocilayout']);
  const meta = await gateway.resolveSourceMeta(layout, { signal });
  assert.deepEqual(meta.source, layout.source);
  assert.equal(meta.image?.digest, digest);
  assert.deepEqual(
    asked.map(({ ref, layout: of }) => [ref, of]),
    [[`app@${digest}`, { sessionId: 'session', storeId: 'store' }]],
  );
});

void test('a daemon that has no layouts is told so', async () => {
  await assert.rejects(gatewayOf({}, []).resolveSourceMeta(layout, { signal }), {
    code: 'UNSUPPORTED',
    message: /^requested experimental feature source\.ocilayout {2}is not supported by build server, please update $/,
  });
});
