import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SourcedError } from '../../../src/base/sourced-error.ts';
import { RpcError } from '../../../src/buildkit/rpc/index.ts';
import { errorExcerpts, errorReport } from '../../../src/progress/index.ts';

it('shows the places of all errors in the chain, innermost first', () => {
  const place = (filename: string): ConstructorParameters<typeof SourcedError>[2] => ({
    filename,
    data: Buffer.from('x'),
    ranges: [{ start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }],
  });
  const remote = new RpcError('RPC_FAILED', 'no', {
    status: 2,
    details: [
      { kind: 'vertex', digest: 'sha256:0' },
      { kind: 'source', source: { ...place('inner'), language: 'Dockerfile' } },
    ],
  });
  const error = new SourcedError('DOCKERFILE', 'outer', place('outer'), {
    cause: new Error('between', { cause: remote }),
  });
  assert.deepEqual(errorExcerpts(error).match(/^\w+(?=:1$)/gm), ['inner', 'outer']);
  assert.equal(errorExcerpts(new Error('none')), '');
  assert.equal(errorExcerpts('text'), '');
});

it('reports a failure with its reason last, and with all traces for debugging', () => {
  const stack = {
    pid: 1,
    version: 'v1',
    revision: '',
    cmdline: ['buildkitd'],
    frames: [{ name: 'f', file: 'f.go', line: 7 }],
  };
  const cause = new RpcError('RPC_FAILED', 'inner', { status: 2, details: [{ kind: 'stack', stack }] });
  const error = new Error('outer: inner', { cause });
  assert.equal(errorReport(error, { debug: false }), 'ERROR: outer: inner\n');
  const report = errorReport(error, { debug: true });
  assert.ok(report.startsWith('ERROR: outer: inner\n\nv1 buildkitd\nf\n\tf.go:7\n\nRpcError: inner\n'), report);
  assert.match(report, /Error: outer: inner\n    at .*error-report\.test\.ts/);
  assert.equal(errorReport('text', { debug: true }), 'ERROR: text\n');
});
