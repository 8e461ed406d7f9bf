import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { solve } from '../../../src/build/solve.ts';
import { createControlClient, type SolveStatus } from '../../../src/buildkit/control/index.ts';
import { createBridge } from '../../../src/buildkit/gateway/index.ts';
import { createRpcClient } from '../../../src/buildkit/rpc/index.ts';
import { createSession } from '../../../src/session/index.ts';
import { duplexPair } from '../../support/duplex-pair.ts';

const { signal } = new AbortController();

async function* noSteps(): AsyncGenerator<SolveStatus> {}

test('a session that is opened when the build has ended is not served any more', { timeout: 10_000 }, async () => {
  await using rpc = createRpcClient(() => Promise.reject(new Error('no daemon')), { endpoint: 'none' });
  const [stream] = duplexPair();
  const { exporterResponse } = await solve(
    { ref: 'ref', session: 'id', exporters: [] },
    {
      control: {
        ...createControlClient(rpc),
        solve: async () => ({ exporterResponse: { done: 'yes' } }),
        status: noSteps,
      },
      bridge: createBridge(rpc, { ref: 'ref' }),
      session: createSession({ id: 'id', name: '', sharedKey: '', attachables: [] }),
      dialSession: async (_session, { signal: serving }) => {
        await once(serving, 'abort');
        return stream;
      },
      frontend: async () => ({ ref: undefined, refs: undefined, metadata: new Map() }),
      failureOf: () => ({ status: 2, message: 'failed', sources: [] }),
      onStatus: () => {},
    },
    { signal },
  );
  assert.deepEqual(exporterResponse, { done: 'yes' });
  assert.equal(stream.destroyed, true);
});
