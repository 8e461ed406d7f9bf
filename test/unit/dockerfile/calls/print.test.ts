import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printCall } from '../../../../src/dockerfile/calls/index.ts';

const text = { format: '' };

function lint(result: unknown): Readonly<Record<string, string>> {
  return { 'result.json': JSON.stringify(result), 'result.txt': 'by the frontend', version: '1.0.0' };
}

test('the result of another frontend is read with care', () => {
  for (const json of ['null', '[]', '{"warnings":{},"sources":1}', '{"warnings":[null]}']) {
    const { error } = printCall('lint', { 'result.json': json }, text);
    assert.equal(error, undefined);
  }
  assert.throws(() => printCall('outline', { 'result.json': 'no JSON' }, text), SyntaxError);
});

test('a structure that is newer than ours is shown as its frontend shows it', () => {
  assert.equal(printCall('targets', { ...lint({}), version: '1.0.1' }, text).text, 'by the frontend');
  assert.equal(printCall('targets', { ...lint({}), version: '1' }, text).text, 'TARGET DESCRIPTION\n');
});

test('warnings come by line, those without a place first', () => {
  const at = (line: number): unknown => ({ ranges: [{ start: { line }, end: { line } }] });
  const warnings = [
    { ruleName: 'Late', detail: 'l', location: at(2) },
    { ruleName: 'Early', detail: 'e', url: 'u', location: at(1) },
    { ruleName: 'Nowhere', detail: 'n', location: {} },
  ];
  const sources = [{ filename: 'Dockerfile', data: Buffer.from('one\ntwo').toString('base64') }];
  const printed = printCall('lint', lint({ warnings, sources }), { format: '', filename: 'as/given' });
  assert.match(
    printed.text,
    /^Check complete, 3 warnings have been found!\n\nWARNING: Nowhere\nn\n\nWARNING: Early - u\n/,
  );
  assert.deepEqual(printed.text.match(/as\/given:\d/g), ['as/given:1', 'as/given:2']);
});

test('a check that could not be finished tells why', () => {
  const printed = printCall('lint', lint({ buildError: { message: 'broken', location: {} }, sources: [] }), text);
  assert.deepEqual(printed, { text: '', error: 'broken\n' });
});

test('a call that is not known here is shown as it comes', () => {
  assert.equal(printCall('other', lint({}), text).text, 'by the frontend');
  assert.equal(printCall('other', lint({ a: 1 }), { format: 'json' }).text, '{"a":1}\n');
});
