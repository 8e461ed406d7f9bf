import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueToJson } from '../../../../src/bake/cty/index.ts';
import {
  type BodySchema,
  type Diagnostic,
  diagnosticText,
  diagnosticsText,
  type Expression,
  parseHclJson,
} from '../../../../src/bake/hcl/index.ts';
import { numbers } from './functions.ts';

function attribute(json: string): Expression {
  const { value, diagnostics } = parseHclJson(`{"x":${json}}`, 'f');
  assert.deepEqual(diagnostics, []);
  const found = value.justAttributes().value.get('x');
  assert.ok(found);
  return found.expression;
}

function evaluated(json: string): string {
  const { value, diagnostics } = attribute(json).evaluate({ variables: new Map([['n', numbers([1, 2])]]) });
  return diagnostics.length > 0 ? diagnosticsText(diagnostics) : valueToJson(value);
}

test('texts are templates, of values and of names', () => {
  assert.equal(evaluated('"a ${n[0] + 1} $${b}"'), '"a 2 ${b}"');
  assert.equal(evaluated('"${n}"'), '[1,2]');
  assert.equal(
    evaluated('{"k${n[1]}": [null, true, -1.50, "\\u00e9\\ud83d\\ude00\\ud800"]}'),
    '{"k2":[null,true,-1.5,"é😀\ufffd"]}',
  );
  assert.equal(valueToJson(attribute('"${n}"').evaluate().value), '"${n}"');
});

test('what is wrong in a text is told from the place of its quote', () => {
  assert.equal(evaluated('"é ${nope}"'), 'f:1,11-15: Unknown variable; There is no variable named "nope".');
  assert.match(evaluated('"${n"'), /^f:1,7-9: Unclosed template interpolation sequence; /);
  assert.equal(
    evaluated('{"a":1,"${"a"}":2}'.replace('"a"}', '\\"a\\"}')),
    'f:1,13-23: Duplicate object attribute; An attribute named "a" was already defined at f:1,7-10.',
  );
  assert.equal(
    evaluated('{"${n}":1}'),
    'f:1,7-13: Invalid object key expression; Cannot use this expression as an object key: string required, but have tuple.',
  );
});

test('a text can stand for a reference, a call and variables', () => {
  assert.equal(attribute('"a.b[0]"').asTraversal()?.steps.length, 2);
  assert.equal(attribute('"a + b"').asTraversal(), undefined);
  assert.equal(attribute('"list(string)"').asCall()?.name, 'list');
  assert.deepEqual(
    attribute('{"${a}":["${b.c}", "d"]}')
      .variables()
      .map(({ root }) => root),
    ['a', 'b'],
  );
  assert.deepEqual(attribute('["f(g(1))", "${h()}"]').functionCalls(), ['f', 'g']);
});

/** A text, and what is wrong with it. */
const faults: readonly (readonly [json: string, ...texts: string[]])[] = [
  ['', 'f:1,1-1: Missing value; The JSON data ends prematurely.'],
  ['{} x', 'f:1,4-5: Extraneous data after value; Extra characters appear after the JSON value.'],
  [
    '{"a" = 1}',
    'f:1,6-7: Missing property value colon; JSON uses a colon as its name/value delimiter, not an equals sign.',
  ],
  ['{"a"}', 'f:1,5-6: Missing object value; A JSON object attribute must have a value, introduced by a colon.'],
  [
    '{"a":1,}',
    'f:1,7-8: Trailing comma in object; JSON does not permit a trailing comma after the final property in an object.',
  ],
  [
    '{"a":[1,]}',
    'f:1,8-9: Trailing comma in array; JSON does not permit a trailing comma after the final value in an array.',
    'f:1,10-11: Mismatched braces; A JSON object must be closed with a brace, not a bracket.',
  ],
  [
    '{"a":1 "b":2}',
    'f:1,14-14: Missing attribute seperator comma; A comma must appear between each property definition in an object.',
  ],
  ['{"a":1', 'f:1,1-2: Unclosed object; No closing brace was found for this JSON object.'],
  [
    '{"a":[1',
    'f:1,6-7: Unclosed object; No closing bracket was found for this JSON array.',
    'f:1,1-2: Unclosed object; No closing brace was found for this JSON object.',
  ],
  ['{"a":tru}', 'f:1,6-9: Invalid JSON keyword; "tru" is not a valid JSON keyword. Did you mean "true"?'],
  ['{"a":NaN}', 'f:1,6-9: Invalid JSON keyword; The JavaScript identifier "NaN" cannot be used in JSON.'],
  ['{"a":01}', 'f:1,6-8: Invalid JSON number; There is a syntax error in the given JSON number.'],
  ['{"a":"é\\x"}', 'f:1,11-12: Invalid JSON string; There is a syntax error in the given JSON string.'],
  ['{1:2}', 'f:1,2-3: Invalid object property name; A JSON object property name must be a string'],
  [
    '\t[\n{\r\n\t"a":\'',
    'f:3,7-8: Invalid start of value; A JSON value must start with a brace, a bracket, a number, a string, or a keyword.',
    'f:3,8-8: Missing attribute seperator comma; A comma must appear between each property definition in an object.',
    'f:1,3-4: Unclosed object; No closing bracket was found for this JSON array.',
  ],
];

test('what is wrong with a file is told in the words of HCL', () => {
  for (const [json, ...expected] of faults) {
    const found = texts(parseHclJson(json, 'f').diagnostics);
    // What is no object after all is told last.
    assert.deepEqual(
      found.filter((text) => !text.includes('Root value must be object')),
      expected,
      json,
    );
  }
  assert.deepEqual(texts(parseHclJson('5', 'f').diagnostics), [
    'f:1,1-2: Root value must be object; The root value in a JSON-based configuration must be either a JSON object or a JSON array of objects.',
  ]);
});

const schema: BodySchema = {
  attributes: [{ name: 'a' }],
  blocks: [
    { type: 't', labelNames: ['name'] },
    { type: 'u', labelNames: [] },
  ],
};

function texts(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(diagnosticText);
}

test('blocks are properties for their labels, and objects or arrays of them', () => {
  const json = '{"a":1, "t":{"x":{"p":1},"y":[{"q":1},{"q":2}]}, "t":[{"z":{}}], "u":[{},{}], "v":2, "//":3}';
  const { value, diagnostics, remain } = parseHclJson(json, 'f').value.partialContent(schema);
  assert.deepEqual(texts(diagnostics), []);
  assert.deepEqual([...value.attributes.keys()], ['a']);
  assert.deepEqual(
    value.blocks.map(({ type, labels }) => [type, ...labels].join(' ')),
    ['t x', 't y', 't y', 't z', 'u', 'u'],
  );
  assert.deepEqual([...remain.justAttributes().value.keys()], ['v']);
});

test('what does not fit a schema is told', () => {
  const json = '[{"a":1,"a":2,"t":{"x":5},"b":3},{"t":[],"u":null}, 7]';
  const body = parseHclJson(json, 'f').value;
  assert.deepEqual(texts(body.content(schema).diagnostics), [
    'f:1,53-54: Incorrect JSON value type; A JSON object is required here, to define arguments and child blocks.',
    'f:1,9-12: Duplicate argument; The argument "a" was already set at f:1,3-8.',
    'f:1,24-25: Incorrect JSON value type; Either a JSON object or a JSON array is required, representing the contents of one or more "t" blocks.',
    "f:1,39-40: Missing block label; At least one object property is required, whose name represents the t block's name.",
    'f:1,53-54: Incorrect JSON value type; A JSON object is required here, to define arguments and child blocks.',
    'f:1,27-30: Extraneous JSON object property; No argument or block type is named "b". Did you mean "t"?',
  ]);
  assert.deepEqual(texts(body.justAttributes().diagnostics), [
    'f:1,1-2: Incorrect JSON value type; A JSON object is required here, setting the arguments for this block.',
  ]);
});
