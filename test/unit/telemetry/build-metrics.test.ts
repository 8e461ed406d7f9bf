import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SolveStatus, Vertex, VertexStatus, VertexWarning } from '../../../src/buildkit/control/index.ts';
import { BuildMetrics } from '../../../src/telemetry/build-metrics.ts';
import { Metrics } from '../../../src/telemetry/metrics.ts';

const MS = 1_000_000n;

/** Each value of each metric: `name value attributes`. */
function measure(...events: readonly Partial<SolveStatus>[]): string[] {
  const metrics = new Metrics();
  const build = new BuildMetrics(metrics, () => ({}));
  for (const event of events) build.note({ vertexes: [], statuses: [], logs: [], warnings: [], ...event });
  build.end();
  return metrics
    .all()
    .flatMap(([{ name }, points]) =>
      points.map(({ value, attributes }) => [name, value, ...Object.values(attributes)].join(' ')),
    );
}

function vertex(name: string, from?: number, to?: number): Vertex {
  const at = (ms: number | undefined): bigint | undefined => (ms === undefined ? undefined : BigInt(ms) * MS);
  return { digest: name, inputs: [], name, cached: false, started: at(from), completed: at(to) };
}

function status(step: string, id: string, current: number, more: Partial<VertexStatus> = {}): VertexStatus {
  return { id, vertex: step, name: id, total: 0n, current: BigInt(current), timestamp: 0n, ...more };
}

test('local sources: bytes that came, and how long', () => {
  const context = '[internal] load build context';
  const named = '[context base] load from client';
  assert.deepEqual(
    measure(
      { vertexes: [vertex(context), vertex(named)], statuses: [status(context, 'transferring context', 10)] },
      { statuses: [status(context, 'transferring context', 25), status(context, 'other', 99)] },
      { vertexes: [vertex(context, 5, 20)], statuses: [status(named, 'transferring base', 3)] },
    ),
    [
      'source.local.transfer.io 25 context',
      'source.local.transfer.io 3 namedcontext',
      'source.local.transfer.time 15 context',
      'builder.idle.time 0',
    ],
  );
});

test('images: layers that were pulled and unpacked', () => {
  const from = '[1/2] FROM docker.io/library/alpine';
  const done = { started: 0n, completed: 7n * MS, total: 100n };
  assert.deepEqual(
    measure({
      vertexes: [vertex(from)],
      statuses: [
        status(from, 'sha256:1', 100, done),
        status(from, 'sha256:2', 50, { started: 0n }),
        status(from, 'resolve alpine', 0, done),
        status(from, 'extracting sha256:1', 0, { ...done, name: 'extracting' }),
      ],
    }),
    [
      'source.image.transfer.time 7',
      'source.image.transfer.io 100',
      'source.image.extract.time 7',
      'builder.idle.time 0',
    ],
  );
});

test('steps, exports, and what the builder did not use', () => {
  assert.deepEqual(
    measure({
      vertexes: [
        vertex('[2/3] RUN a', 0, 10),
        vertex('[3/3] RUN b', 5, 20),
        vertex('exporting to image', 30, 40),
        vertex('exporting to oci image format', 40, 41),
        vertex('[4/3] RUN c', 50),
      ],
    }),
    ['exec.command.time 25', 'export.image.time 10 docker', 'export.image.time 1 oci', 'builder.idle.time 10'],
  );
});

test('rules of the linter', () => {
  const warning = (url: string): VertexWarning => ({
    vertex: '',
    level: 1,
    short: Buffer.alloc(0),
    detail: [],
    range: [],
    url,
  });
  const rule = warning('https://docs.docker.com/go/dockerfile/rule/stage-name-casing/');
  assert.deepEqual(measure({ warnings: [rule, rule, warning('https://example.com/')] }), [
    'lint.trigger.count 2 StageNameCasing',
    'builder.idle.time 0',
  ]);
});
