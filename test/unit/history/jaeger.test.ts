import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jaegerJson } from '../../../src/history/jaeger.ts';
import { madeUpSpan } from '../../support/spans.ts';

interface JaegerSpan {
  readonly [field: string]: unknown;
}

function spansOf(json: string): readonly JaegerSpan[] {
  const { data } = JSON.parse(json) as { data: { spans: JaegerSpan[] }[] };
  return data.flatMap(({ spans }) => spans);
}

test('times are whole microseconds, and a root is the child of no span', () => {
  const [span] = spansOf(jaegerJson([[madeUpSpan(1, 0, 'build', [0.5, 3.2509])]]));
  assert.equal(span?.['startTime'], 1_795_713_120_000_500);
  assert.equal(span['duration'], 2750);
  assert.deepEqual(span['references'], [{ refType: 'CHILD_OF', traceID: 'a'.repeat(32), spanID: '0000000000000000' }]);
  assert.equal(span['flags'], 1);
  assert.deepEqual([span['tags'], span['logs'], span['processID'], span['warnings']], [[], null, 'p0', null]);
});

test('attributes, library, kind and status become tags', () => {
  const [span] = spansOf(
    jaegerJson([
      [
        madeUpSpan(1, 0, 'call', [0, 1], {
          kind: 'client',
          attributes: [
            { key: 'n', value: { type: 'int64', value: 3 } },
            { key: 'l', value: { type: 'list', value: ['a', 'b'] } },
          ],
          scope: { name: 'otelgrpc', version: '0.40' },
          status: { code: 'error', description: 'no' },
        }),
      ],
    ]),
  );
  assert.deepEqual(span?.['tags'], [
    { key: 'n', type: 'int64', value: 3 },
    { key: 'l', type: 'string', value: '["a","b"]' },
    { key: 'otel.library.name', type: 'string', value: 'otelgrpc' },
    { key: 'otel.library.version', type: 'string', value: '0.40' },
    { key: 'span.kind', type: 'string', value: 'client' },
    { key: 'error', type: 'bool', value: true },
    { key: 'otel.status_code', type: 'string', value: 'ERROR' },
    { key: 'otel.status_description', type: 'string', value: 'no' },
  ]);
});

test('events become logs, links references', () => {
  const [span] = spansOf(
    jaegerJson([
      [
        madeUpSpan(2, 1, 'RUN make', [0, 5], {
          events: [
            { name: 'Container started', time: 1_795_713_120_002_000_000n, attributes: [], droppedAttributes: 2 },
          ],
          links: [{ traceId: 'b'.repeat(32), spanId: 'c'.repeat(16) }],
        }),
      ],
    ]),
  );
  assert.deepEqual(span?.['logs'], [
    {
      timestamp: 1_795_713_120_002_000,
      fields: [
        { key: 'event', type: 'string', value: 'Container started' },
        { key: 'otel.event.dropped_attributes_count', type: 'int64', value: 2 },
      ],
    },
  ]);
  assert.deepEqual(
    (span['references'] as { refType: string }[]).map(({ refType }) => refType),
    ['FOLLOWS_FROM', 'CHILD_OF'],
  );
});

test('a process has its service for a name, and what else is known of it for tags, by name', () => {
  const text = (key: string, value: string) => ({ key, value: { type: 'string', value } as const });
  const resource = [text('z', '1'), text('service.name', 'dockerd'), text('a', '2'), text('z', '3')];
  const json = jaegerJson([
    [madeUpSpan(1, 0, 'x', [0, 1], { resource }), madeUpSpan(2, 0, 'y', [0, 1], { resource: [] })],
  ]);
  const { data } = JSON.parse(json) as { data: { processes: Record<string, unknown> }[] };
  assert.deepEqual(data[0]?.processes, {
    p0: {
      serviceName: 'dockerd',
      tags: [
        { key: 'a', type: 'string', value: '2' },
        { key: 'z', type: 'string', value: '3' },
      ],
    },
    p1: { serviceName: 'unknown_service:tsbuildx', tags: null },
  });
});

test('two traces stand side by side', () => {
  const trace = (letter: string) => [madeUpSpan(1, 0, letter, [0, 1], { traceId: letter.repeat(32) })];
  const { data } = JSON.parse(jaegerJson([trace('d'), trace('e')])) as { data: { traceID: string }[] };
  assert.deepEqual(
    data.map(({ traceID }) => traceID[0]),
    ['d', 'e'],
  );
});
