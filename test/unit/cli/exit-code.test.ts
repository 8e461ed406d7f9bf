import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TsbuildxError, wrap } from '../../../src/base/errors.ts';
import { RpcError } from '../../../src/buildkit/rpc/index.ts';
import { exitCodeOf } from '../../../src/cli/exit-code.ts';
import { UsageError } from '../../../src/cli/usage-error.ts';

const rpc = (status: number): RpcError =>
  new RpcError(status === 1 ? 'CANCELED' : 'RPC_FAILED', 'it failed', { status });

const codes: readonly (readonly [name: string, error: unknown, code: number])[] = [
  ['anything', new Error('x'), 1],
  ['no error at all', 'text', 1],
  ['an error of ours', new TsbuildxError('INVALID_ARGUMENT', 'x'), 1],
  ['a daemon that says Unknown', rpc(2), 1],
  ['a daemon that says Internal', rpc(13), 100],
  ['a daemon that says ResourceExhausted', rpc(8), 102],
  ['a call that was canceled', rpc(1), 130],
  ['a canceled build', new TsbuildxError('CANCELED', 'context canceled'), 130],
  ['a wrong flag under docker', new UsageError('x', { exitCode: 125, prefixed: false }), 125],
];

for (const [name, error, code] of codes) {
  test(`${name} ends with ${code}`, () => {
    assert.equal(exitCodeOf(error), code);
    assert.equal(exitCodeOf(wrap('IO', 'failed to build', error)), error instanceof Error ? code : 1);
  });
}
