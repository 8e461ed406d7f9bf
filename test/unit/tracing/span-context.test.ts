import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTraceParent, traceHeaders } from '../../../src/tracing/index.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const valid = `00-${traceId}-${spanId}-01`;

test('a traceparent names a span, and says whether its trace is recorded', () => {
  assert.deepEqual(parseTraceParent(valid), { traceId, spanId, sampled: true, state: '' });
  assert.equal(parseTraceParent(`00-${traceId}-${spanId}-00`)?.sampled, false);
  assert.equal(parseTraceParent(`00-${traceId}-${spanId}-03`)?.sampled, true);
});

test('later versions may say more', () => {
  assert.deepEqual(parseTraceParent(`01-${traceId}-${spanId}-09-more`), { traceId, spanId, sampled: true, state: '' });
});

test('what is not valid names nothing', () => {
  for (const text of [
    undefined,
    '',
    'x',
    `${valid}-more`,
    `${valid}\n`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-04`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId}-${spanId}`,
    `00-${traceId.slice(1)}-${spanId}-01`,
  ]) {
    assert.equal(parseTraceParent(text), undefined, text);
  }
});

test('a tracestate is handed on when it is valid, and dropped when it is not', () => {
  const state = (text: string): string | undefined => parseTraceParent(valid, text)?.state;
  assert.equal(state('rojo=00f067aa0ba902b7,congo=t61rcWkgMzE'), 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE');
  assert.equal(state(' a=1 ,\tb@c=x y'), 'a=1,b@c=x y');
  assert.equal(state('a=1,,b=2'), 'a=1,b=2');
  for (const text of [
    'a',
    'A=1',
    'a=1,a=2',
    'a=',
    'a=x\n',
    'a=b=c',
    Array.from({ length: 33 }, (_, i) => `k${i}=v`).join(','),
  ]) {
    assert.equal(state(text), '', text);
  }
});

test('headers say to a peer which span calls it', () => {
  const context = { traceId, spanId, sampled: true, state: 'a=1' };
  assert.deepEqual(traceHeaders(context), { traceparent: valid, tracestate: 'a=1' });
  assert.deepEqual(traceHeaders({ ...context, sampled: false, state: '' }), {
    traceparent: `00-${traceId}-${spanId}-00`,
  });
});
