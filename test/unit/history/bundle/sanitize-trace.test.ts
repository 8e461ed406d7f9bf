import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sanitizeTrace } from '../../../../src/history/bundle/sanitize-trace.ts';

const context = { TraceID: 'a'.repeat(32), SpanID: 'b'.repeat(16), TraceFlags: '01', TraceState: 'x=y', Remote: true };
const span = {
  Name: 'RUN echo <&>',
  SpanContext: context,
  Parent: { ...context, TraceFlags: '00', Remote: false },
  SpanKind: 1,
  StartTime: '2026-01-02T03:04:05.600000001Z',
  EndTime: '2026-01-02T03:04:06Z',
  Attributes: [],
  Events: null,
  Status: { Code: 'Error', Description: 'failed' },
  ChildSpanCount: 3,
  Unknown: 1,
};

interface Sanitized {
  readonly Attributes: readonly { readonly Value: { readonly Value: unknown } }[];
  readonly Events: readonly Sanitized[];
}

const sanitized = (more: object): Sanitized =>
  JSON.parse(sanitizeTrace(JSON.stringify({ ...span, ...more }))) as Sanitized;

const attribute = (Type: string, Value: unknown): object => ({ Key: 'k', Value: { Type, Value } });

test('spans are written as Go writes them', () => {
  const expected = `{
  "Name": "RUN echo \\u003c\\u0026\\u003e",
  "SpanContext": {
    "TraceID": "${'a'.repeat(32)}",
    "SpanID": "${'b'.repeat(16)}",
    "TraceFlags": "01",
    "TraceState": "",
    "Remote": true
  },
  "Parent": {
    "TraceID": "${'a'.repeat(32)}",
    "SpanID": "${'b'.repeat(16)}",
    "TraceFlags": "00",
    "TraceState": "",
    "Remote": false
  },
  "SpanKind": 1,
  "StartTime": "2026-01-02T03:04:05.600000001Z",
  "EndTime": "2026-01-02T03:04:06Z",
  "Attributes": null,
  "Events": null,
  "Links": null,
  "Status": {
    "Code": 1,
    "Description": "failed"
  },
  "DroppedAttributes": 0,
  "DroppedEvents": 0,
  "DroppedLinks": 0,
  "ChildSpanCount": 3,
  "Resource": null,
  "InstrumentationLibrary": {
    "Name": "",
    "Version": "",
    "SchemaURL": "",
    "Attributes": {}
  }
}
`;
  assert.equal(sanitizeTrace(JSON.stringify(span)), expected);
  assert.equal(sanitizeTrace(`${JSON.stringify(span)}\n${JSON.stringify(span)}`), expected + expected);
  assert.equal(sanitizeTrace(''), '');
});

for (const [value, expected] of [
  ['curl -H token=abc,x Token=1 b', 'curl -H token=xxxxx,x Token=xxxxx b'],
  ['AWS_SECRET_ACCESS_KEY=a/b+c==&d', 'AWS_SECRET_ACCESS_KEY=xxxxx'],
  [`git clone https://ghs_${'a'.repeat(36)}@github.com`, 'git clone https://xxxxx@github.com'],
  [`x github_pat_${'A_1'.repeat(28)}`, 'x xxxxxA_1'.replace('A_1', '_1')],
  ['token = a', 'token = a'],
] as const) {
  test(`${value.slice(0, 30)} loses its secrets`, () => {
    const { Attributes, Events } = sanitized({
      Attributes: [attribute('STRING', value), attribute('STRINGSLICE', ['a', value])],
      Events: [{ Name: 'e', Time: span.EndTime, Attributes: [attribute('STRING', value)] }],
    });
    assert.deepEqual(
      [...Attributes, ...(Events[0]?.Attributes ?? [])].map(({ Value }) => Value.Value),
      [expected, ['a', expected], expected],
    );
  });
}

test('values keep their types', () => {
  const { Attributes } = sanitized({
    Attributes: [
      attribute('INT64', 12_345_678_901),
      attribute('FLOAT64', 1.5),
      attribute('FLOAT64SLICE', [0.5]),
      attribute('BOOL', true),
      attribute('NEWER', { a: [1, 'token=x'] }),
    ],
  });
  assert.deepEqual(
    Attributes.map(({ Value }) => Value.Value),
    [12_345_678_901, 1.5, [0.5], true, { a: [1, 'token=xxxxx'] }],
  );
});

for (const [name, more] of [
  ['trace id', { SpanContext: { ...context, TraceID: 'A'.repeat(32) } }],
  ['span id', { Parent: { ...context, SpanID: 'b' } }],
  ['start', { StartTime: 'now' }],
] as const) {
  test(`a wrong ${name} is refused`, () => {
    assert.throws(() => sanitized(more), { code: 'PROTOCOL', message: /^error decoding JSON: unable to decode / });
  });
}
