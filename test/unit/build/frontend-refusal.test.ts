import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrap } from '../../../src/base/errors.ts';
import { withAdvice } from '../../../src/build/frontend-refusal.ts';
import { GRPC_STATUS, RpcError } from '../../../src/buildkit/rpc/index.ts';

function refusal(message: string, status: number = GRPC_STATUS.unimplemented): unknown {
  return wrap('RPC_FAILED', 'failed to solve', new RpcError('RPC_FAILED', message, { status }));
}

test('a frontend that is too old for an option is told with what to do', () => {
  const query = withAdvice(refusal('unsupported frontend capability moby.buildkit.frontend.gitquerystring'));
  assert.ok(query instanceof Error);
  assert.match(
    query.message,
    /^current frontend does not support Git URLs with query string components\. .*latest BuildKit\.$/,
  );
  const contexts = withAdvice(refusal('unsupported frontend capability moby.buildkit.frontend.contexts'));
  assert.ok(contexts instanceof Error);
  assert.match(contexts.message, /^current frontend does not support --build-context\. /);
});

test('other errors stay', () => {
  for (const error of [
    new Error('x'),
    refusal('unsupported frontend capability moby.buildkit.frontend.other'),
    refusal('unsupported frontend capability moby.buildkit.frontend.contexts', GRPC_STATUS.unknown),
  ]) {
    assert.equal(withAdvice(error), error);
  }
});
