import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSpanRef, readSpans, serviceOf } from '../../../src/history/spans.ts';

const context = (spanId: string): object => ({
  TraceID: '86a2d57469ff90c72747f3a3c19914ff',
  SpanID: spanId,
  TraceFlags: '01',
  TraceState: '',
  Remote: false,
});

const span = (changes: object = {}): object => ({
  Name: 'exporting to image',
  SpanContext: context('6546a0882376d30b'),
  Parent: context('0000000000000000'),
  SpanKind: 2,
  StartTime: '2026-11-26T17:11:39.765781123Z',
  EndTime: '2026-11-26T17:11:40.627439Z',
  Attributes: null,
  Events: null,
  Links: null,
  Status: { Code: 0, Description: '' },
  Resource: [{ Key: 'service.name', Value: { Type: 'STRING', Value: 'dockerd' } }],
  InstrumentationLibrary: { Name: 'lib', Version: '0.1', SchemaURL: '', Attributes: null },
  ...changes,
});

const read = (changes: object) => {
  const [first] = readSpans(JSON.stringify(span(changes)));
  assert.ok(first);
  return first;
};

test('a daemon writes spans one after the other, spread over lines or not', () => {
  const texts = [JSON.stringify(span()), JSON.stringify(span({ Name: 'a "}{" b\\' }), null, 2)];
  assert.deepEqual(
    readSpans(`\n${texts.join('')}\n\n${texts.join('\n')}\n`).map(({ name }) => name),
    ['exporting to image', 'a "}{" b\\', 'exporting to image', 'a "}{" b\\'],
  );
  assert.deepEqual(readSpans(''), []);
});

test('times are read to the nanosecond', () => {
  const { start, end } = read({});
  assert.equal(start % 1_000_000_000n, 765_781_123n);
  assert.equal(end - start, 861_657_877n);
});

test('who did it, and whose child it is', () => {
  const root = read({});
  assert.equal(serviceOf(root), 'dockerd');
  assert.equal(root.kind, 'server');
  assert.equal(isSpanRef(root.parent), false);
  assert.equal(isSpanRef(read({ Parent: context('00000000000000a1') }).parent), true);
});

test('attributes keep their types; what is of no type that is known becomes a text', () => {
  const attribute = (key: string, type: string, value: unknown): object => ({
    Key: key,
    Value: { Type: type, Value: value },
  });
  const { attributes } = read({
    Attributes: [
      attribute('s', 'STRING', 'x'),
      attribute('b', 'BOOL', true),
      attribute('i', 'INT64', 7),
      attribute('f', 'FLOAT64', 0.5),
      attribute('l', 'STRINGSLICE', ['a', 'b']),
      attribute('n', 'BOOLSLICE', [true]),
      attribute('u', 'MAP', { a: 1 }),
      attribute('e', 'EMPTY', null),
    ],
  });
  assert.deepEqual(
    attributes.map(({ key, value }) => [key, value.type, value.value]),
    [
      ['s', 'string', 'x'],
      ['b', 'bool', true],
      ['i', 'int64', 7],
      ['f', 'float64', 0.5],
      ['l', 'list', ['a', 'b']],
      ['n', 'list', [true]],
      ['u', 'string', '{"a":1}'],
      ['e', 'string', 'null'],
    ],
  );
});

test('a status is a number of Go, or its name', () => {
  const codes = [0, 1, 2, 'Unset', 'Error', 'Ok', 9].map(
    (Code) => read({ Status: { Code, Description: '' } }).status.code,
  );
  assert.deepEqual(codes, ['unset', 'error', 'ok', 'unset', 'error', 'ok', 'unset']);
});

for (const [what, text, message] of [
  ['is cut off', JSON.stringify(span()).slice(0, -1), 'unexpected EOF'],
  ['is cut off within a text', '{"Name": "a', 'unexpected EOF'],
  ['is no JSON', '{Name}', 'error decoding JSON: '],
  ['is a list', '[]', 'invalid character "["'],
  ['has text between spans', `${JSON.stringify(span())}, {}`, 'invalid character ","'],
  ['has no id', '{}', 'unable to decode spanCtx: unable to parse trace id'],
  ['has an id that is none', JSON.stringify(span({ SpanContext: { ...context('XY') } })), 'unable to parse span id'],
  ['has a time that is none', JSON.stringify(span({ EndTime: 'soon' })), 'unable to decode EndTime'],
] as const) {
  test(`a trace that ${what} is refused`, () => {
    assert.throws(() => readSpans(text), { code: 'PROTOCOL', message: new RegExp(message.replaceAll('[', '\\[')) });
  });
}
