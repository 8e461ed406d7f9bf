import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeSolveStatus } from '../../../../src/buildkit/control/status-codec.ts';
import { moby, pb, toLong, toTimestamp } from '../../../../src/proto/index.ts';

const time = 1_795_415_342_123_456_789n;

test('a status packet becomes our own types, with every nanosecond', () => {
  const definition = { def: [Buffer.from([1])] };
  const bytes = moby.buildkit.v1.StatusResponse.encode({
    vertexes: [
      {
        digest: 'sha256:a',
        inputs: ['sha256:b'],
        name: 'RUN x',
        started: toTimestamp(time),
        progressGroup: { id: 'g', weak: true },
      },
      {
        digest: 'sha256:b',
        name: 'FROM y',
        cached: true,
        error: 'boom',
        started: toTimestamp(0n),
        completed: toTimestamp(-1n),
      },
    ],
    statuses: [
      {
        ID: 'id',
        vertex: 'sha256:a',
        name: 'n',
        current: toLong(2n ** 53n + 1n),
        total: toLong(-1n),
        timestamp: toTimestamp(time),
      },
    ],
    logs: [{ vertex: 'sha256:a', stream: toLong(2), msg: Buffer.from('line\n'), timestamp: toTimestamp(time) }],
    warnings: [
      {
        vertex: 'sha256:a',
        level: toLong(1),
        short: Buffer.from('short'),
        detail: [Buffer.from('detail')],
        url: 'https://x',
        info: { filename: 'Dockerfile', data: Buffer.from('FROM'), language: 'Dockerfile', definition },
        ranges: [{ start: { line: 3 }, end: { line: 4, character: 5 } }],
      },
    ],
  }).finish();

  const status = decodeSolveStatus(bytes);
  const absent = { started: undefined, completed: undefined };
  assert.deepEqual(status.vertexes, [
    {
      digest: 'sha256:a',
      inputs: ['sha256:b'],
      name: 'RUN x',
      started: time,
      completed: undefined,
      cached: false,
      error: undefined,
      progressGroup: { id: 'g', name: '', weak: true },
    },
    {
      digest: 'sha256:b',
      inputs: [],
      name: 'FROM y',
      started: 0n,
      completed: -1n,
      cached: true,
      error: 'boom',
      progressGroup: undefined,
    },
  ]);
  assert.deepEqual(status.statuses, [
    { id: 'id', vertex: 'sha256:a', name: 'n', current: 2n ** 53n + 1n, total: -1n, timestamp: time, ...absent },
  ]);
  assert.equal(String(status.logs[0]?.data), 'line\n');
  assert.deepEqual(
    { ...status.logs[0], data: undefined },
    { vertex: 'sha256:a', stream: 2, data: undefined, timestamp: time },
  );
  const [warning] = status.warnings;
  assert.equal(Buffer.from(warning?.short ?? []).toString(), 'short');
  assert.deepEqual(warning?.range, [{ start: { line: 3, character: 0 }, end: { line: 4, character: 5 } }]);
  assert.equal(warning?.sourceInfo?.filename, 'Dockerfile');
  assert.deepEqual(
    Buffer.from(warning?.sourceInfo?.definition ?? []),
    Buffer.from(pb.Definition.encode(definition).finish()),
  );
});

test('an empty packet is an empty status', () => {
  assert.deepEqual(decodeSolveStatus(new Uint8Array()), { vertexes: [], statuses: [], logs: [], warnings: [] });
});
