import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplerOf, type SpanContext } from '../../../src/tracing/index.ts';

const low = `${'f'.repeat(16)}0000000000000001`;
const high = `${'0'.repeat(16)}ffffffffffffffff`;
const parent = (sampled: boolean): SpanContext => ({ traceId: low, spanId: '1'.repeat(16), sampled, state: '' });

function decisions(name: string | undefined, arg?: string): string {
  const sample = samplerOf({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: arg });
  const asked = [
    sample(low, undefined),
    sample(high, undefined),
    sample(low, parent(true)),
    sample(high, parent(true)),
    sample(low, parent(false)),
  ];
  return asked.map((yes) => (yes ? 'x' : '.')).join('');
}

test('by name: traces with a low id, with a high one; with a recorded parent; with one that is not', () => {
  assert.equal(decisions(undefined), 'xxxx.');
  assert.equal(decisions('nonsense'), 'xxxx.');
  assert.equal(decisions('parentbased_always_on'), 'xxxx.');
  assert.equal(decisions(' Always_On '), 'xxxxx');
  assert.equal(decisions('always_off'), '.....');
  assert.equal(decisions('parentbased_always_off'), '..xx.');
  assert.equal(decisions('traceidratio', '0.5'), 'x.x.x');
  assert.equal(decisions('parentbased_traceidratio', '0.5'), 'x.xx.');
  assert.equal(decisions('traceidratio', '0'), '.....');
});

test('a share that is none is all', () => {
  for (const arg of [undefined, '', 'x', '-1', '1', '1.5']) assert.equal(decisions('traceidratio', arg), 'xxxxx', arg);
});
