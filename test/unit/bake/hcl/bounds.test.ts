// Sources that someone makes on purpose: deep, long, or with more faults than text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FunctionSpec, integerValue } from '../../../../src/bake/cty/index.ts';
import { type Diagnostic, makeUserFunction, parseHcl, parseHclJson } from '../../../../src/bake/hcl/index.ts';

const MANY = 20_000;

function evaluated(source: string): readonly Diagnostic[] {
  const { value, diagnostics } = parseHcl(`x = ${source}\n`, 'f');
  const found = value.justAttributes().value.get('x');
  const variables = new Map([['a', integerValue(1)]]);
  return [...diagnostics, ...(found?.expression.evaluate({ variables }).diagnostics ?? [])];
}

test('what is nested too deep is told', () => {
  const sources = [
    '['.repeat(MANY),
    '{a='.repeat(MANY),
    '('.repeat(MANY),
    '-'.repeat(MANY),
    'f('.repeat(MANY),
    'a ? '.repeat(MANY),
    'a ? 1 : '.repeat(MANY),
    '"${'.repeat(MANY),
    '[for a in '.repeat(MANY),
    `a${'[a'.repeat(MANY)}`,
    `a${'[*]'.repeat(MANY)}`,
    `a${'[a]'.repeat(MANY)}`,
    `"${'%{ if a }'.repeat(MANY)}"`,
  ];
  for (const source of sources) {
    const told = evaluated(source).map(({ summary }) => summary);
    assert.ok(told.includes('Too many levels'), source.slice(0, 20));
    assert.ok(told.length < 2000, source.slice(0, 20));
  }
  assert.equal(parseHcl('a {\n'.repeat(MANY), 'f').diagnostics[0]?.summary, 'Too many levels');
  assert.equal(parseHclJson('{"a":['.repeat(MANY), 'f').diagnostics[0]?.summary, 'Too many levels');
});

test('what is nested as deep as anyone writes is understood', () => {
  const depth = 190;
  assert.deepEqual(evaluated(`${'['.repeat(depth)}1${']'.repeat(depth)}`), []);
  assert.deepEqual(evaluated(`${'"${'.repeat(depth)}1${'}"'.repeat(depth)}`), []);
  assert.deepEqual(evaluated(`${'(1 + '.repeat(depth)}1${')'.repeat(depth)}`), []);
  assert.deepEqual(parseHclJson(`${'['.repeat(depth)}1${']'.repeat(depth)}`, 'f').diagnostics, []);
});

test('what is long is understood', () => {
  assert.deepEqual(evaluated(`1${' + 1'.repeat(MANY)}`), []);
  assert.deepEqual(evaluated(`true${' && true'.repeat(MANY)}`), []);
  assert.deepEqual(evaluated(`"${'a${a}'.repeat(MANY)}"`), []);
  assert.deepEqual(evaluated(`[${'a, '.repeat(MANY)}]`), []);
  assert.equal(evaluated(`a${'.b'.repeat(MANY)}`).length, 1);
});

test('functions that call each other too deep fail as an expression does', () => {
  const functions = new Map<string, FunctionSpec>();
  for (let i = 0; i < 5000; i++) {
    const attributes = parseHcl(`p = [a]\nr = ${i === 0 ? 'a' : `f${i - 1}(a)`}\n`, 'f').value.justAttributes().value;
    const [params, result] = [attributes.get('p')?.expression, attributes.get('r')?.expression];
    assert.ok(params && result);
    const done = makeUserFunction({ params, result, context: () => ({ functions }) });
    assert.ok('made' in done);
    functions.set(`f${i}`, done.made);
  }
  const call = parseHcl('x = f4999(1)\n', 'f')
    .value.justAttributes()
    .value.get('x')
    ?.expression.evaluate({ functions });
  assert.match(call?.diagnostics[0]?.detail ?? '', /nested too deep/);
});

test('time grows with the size, whatever is wrong', () => {
  const sources = [
    '/*',
    '<<E',
    '"',
    '$',
    '`',
    '{ ',
    '[1 ',
    'a = [\n',
    'a "\n',
    '"\\q',
    '%{',
    '1....',
    "a = '\n",
    '\r',
    '\udc80',
    'é\u0301 ',
    'a { b = ',
    '# x',
  ];
  for (const source of sources) {
    const text = source.repeat(MANY);
    assert.ok(parseHcl(text, 'f').diagnostics.length > 0 || source === '# x', source);
    assert.ok(parseHcl(`x = "${text}`, 'f').diagnostics.length > 0, source);
    assert.ok(parseHclJson(`{"x": ${text}`, 'f').diagnostics.length > 0, source);
  }
});
