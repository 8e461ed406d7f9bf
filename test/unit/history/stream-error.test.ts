import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RpcError } from '../../../src/buildkit/rpc/index.ts';
import { toldAsGrpc } from '../../../src/history/stream-error.ts';

async function* failing(error: Error): AsyncGenerator<string> {
  yield 'first';
  throw error;
}

async function failureOf(error: Error): Promise<unknown> {
  try {
    for await (const item of toldAsGrpc(failing(error))) assert.equal(item, 'first');
    return undefined;
  } catch (told) {
    return told;
  }
}

for (const [status, message, told] of [
  [5, 'NotFound: nothing', 'rpc error: code = NotFound desc = nothing'],
  [2, 'ref x is deleted', 'rpc error: code = Unknown desc = ref x is deleted'],
  [12, 'Unimplemented: unknown method', 'rpc error: code = Unimplemented desc = unknown method'],
] as const) {
  it(`tells ${message} as grpc-go does`, async () => {
    const failure = await failureOf(new RpcError('RPC_FAILED', message, { status }));
    assert.ok(failure instanceof Error);
    assert.equal(failure.message, told);
  });
}

it('leaves what is no answer of the daemon alone', async () => {
  const lost = new RpcError('TRANSPORT', 'connection lost', { status: 14 });
  assert.equal(await failureOf(lost), lost);
});
