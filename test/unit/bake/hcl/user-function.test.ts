import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FunctionSpec, integerValue, type Value, valueToJson } from '../../../../src/bake/cty/index.ts';
import { diagnosticsText, makeUserFunction, parseHcl } from '../../../../src/bake/hcl/index.ts';

/** The functions of a source whose attributes come in threes: parameters, further parameters or null, result. */
function made(source: string, functions: Map<string, FunctionSpec> = new Map()): FunctionSpec | string {
  const attributes = parseHcl(source, 'f').value.justAttributes().value;
  const [params, result, variadic] = ['params', 'result', 'variadic'].map((name) => attributes.get(name)?.expression);
  assert.ok(params && result);
  const context = { variables: new Map([['outer', integerValue(10)]]), functions };
  const done = makeUserFunction({ params, result, ...(variadic && { variadic }), context: () => context });
  return 'made' in done ? done.made : diagnosticsText(done.diagnostics);
}

function call(made: FunctionSpec | string, ...args: readonly Value[]): string {
  assert.ok(typeof made !== 'string');
  return valueToJson(made.call(args));
}

test('a function computes its result from its arguments and what is around it', () => {
  const add = made('params = [a, b]\nresult = a + b + outer\n');
  assert.equal(call(add, integerValue(1), integerValue(2)), '13');
  const list = made('params = [a]\nvariadic = rest\nresult = [a, rest]\n');
  assert.equal(call(list, integerValue(1), integerValue(2), integerValue(3)), '[1,[2,3]]');
});

test('an error of a call has the text of its diagnostics', () => {
  assert.throws(() => call(made('params = []\nresult = [nope, nope]\n')), {
    code: 'INVALID_ARGUMENT',
    message: 'f:2,11-15: Unknown variable; There is no variable named "nope"., and 1 other diagnostic(s)',
  });
});

test('parameters are names in a list', () => {
  assert.equal(
    made('params = a\nresult = 1\n'),
    'f:1,10-11: Invalid expression; A static list expression is required.',
  );
  assert.equal(
    made('params = [a.b]\nresult = 1\n'),
    'f:1,11-14: Invalid param element; Each parameter name must be an identifier.',
  );
  assert.equal(
    made('params = []\nresult = 1\nvariadic = [a]\n'),
    'f:3,12-15: Invalid variadic_params; The variadic parameter name must be an identifier.',
  );
});

test('functions that call functions take no longer for being nested', () => {
  const functions = new Map<string, FunctionSpec>();
  for (let i = 0; i < 60; i++) {
    const spec = made(`params = [a]\nresult = ${i === 0 ? 'a + 1' : `f${i - 1}(a) + 1`}\n`, functions);
    assert.ok(typeof spec !== 'string');
    functions.set(`f${i}`, spec);
  }
  assert.equal(call(functions.get('f59') ?? '', integerValue(0)), '60');
});
