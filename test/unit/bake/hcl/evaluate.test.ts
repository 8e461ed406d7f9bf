import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueToJson } from '../../../../src/bake/cty/index.ts';
import { diagnosticsText, type HclFunction, lazyFunctions, parseHcl } from '../../../../src/bake/hcl/index.ts';
import { numbers, textFunction } from './functions.ts';

/** The value of the attribute `x` of a body as JSON, or what is wrong with it; other attributes are variables. */
function evaluated(source: string): string {
  const { value: body, diagnostics } = parseHcl(source, 'f');
  assert.deepEqual(diagnostics, []);
  const variables = new Map([['n', numbers([1, 2, 3])]]);
  const functions = new Map<string, HclFunction>([...lazyFunctions, ['text', textFunction]]);
  let last = '';
  for (const { name, expression } of body.justAttributes().value.values()) {
    const { value, diagnostics } = expression.evaluate({ variables, functions });
    variables.set(name, value);
    last = diagnostics.length > 0 ? diagnosticsText(diagnostics) : value.isKnown ? valueToJson(value) : '?';
  }
  return last;
}

/** An expression in a line, and its value as JSON. */
const values: readonly (readonly [expression: string, json: string])[] = [
  ['1 + 2 * 3 - -4', '11'],
  ['10 / 4', '2.5'],
  ['7 % 4', '3'],
  ['1 < 2 && 2 <= 2 || false', 'true'],
  ['!(1 == 2) && "a" != "b"', 'true'],
  ['0.1 + 0.2', '0.3'],
  ['1 == "1"', 'false'],
  ['null == null', 'true'],
  ['true ? 1 : "a"', '"1"'],
  ['true ? null : 5', 'null'],
  ['[1, "a", [true]]', '[1,"a",[true]]'],
  ['{ a = 1, "b c" : 2, (1 == 1) = 3, null = 4 }', '{"a":1,"b c":2,"null":4,"true":3}'],
  ['[for v in n : v * 2 if v != 2]', '[2,6]'],
  ['{ for i, v in n : "k${i}" => v }', '{"k0":1,"k1":2,"k2":3}'],
  ['{ for v in ["a", "b", "a"] : v => v... }', '{"a":["a","a"],"b":["b"]}'],
  ['[for k, v in { b = 1, a = 2 } : "${k}${v}"]', '["a2","b1"]'],
  ['n[0] + n[2]', '4'],
  ['{ a = [{ b = 7 }] }.a[0].b', '7'],
  ['{ a = [{ b = 7 }] }["a"].0.b', '7'],
  ['[{ a = 1 }, { a = 2 }][*].a', '[1,2]'],
  ['[{ a = 1 }, { a = 2 }].*.a', '[1,2]'],
  ['5[*]', '[5]'],
  ['null[*]', '[]'],
  ['[[1], [2, 3]][*][0]', '[1,2]'],
  ['"a${1 + 1}b"', '"a2b"'],
  ['"${[1]}"', '[1]'],
  ['"$${a} %%{b} $5 100% \\u00e9\\U0001F600\\t"', '"${a} %{b} $5 100% é😀\\t"'],
  ['"%{ if n[0] == 1 }one%{ else }other%{ endif }!"', '"one!"'],
  ['"%{ for i, v in n }${i}=${v},%{ endfor }"', '"0=1,1=2,2=3,"'],
  ['"a  ${~ 1 ~}  b"', '"a1b"'],
  ['"x %{~ if true ~} y %{~ endif ~} z"', '"xyz"'],
  ['try(nope, n[9], "last")', '"last"'],
  ['[can(n[0]), can(n[9])]', '[true,false]'],
  ['convert("5", number) + 1', '6'],
  ['convert({ a = 1 }, object({ a = string, b = optional(bool) }))', '{"a":"1","b":null}'],
  ['text(1, 2...)', 'error'],
  ['text([1, 2]...)', '"1/2"'],
  ['text(1, [2, 3]...)', '"1/2/3"'],
  ['-n[0]', '-1'],
  ['1e3', '1000'],
  ['"e\\u0301"', '"é"'],
];

test('expressions have values', () => {
  for (const [expression, json] of values) {
    const found = evaluated(`x = ${expression}\n`);
    if (json === 'error') assert.match(found, /^f:1,/, expression);
    else assert.equal(found, json, expression);
  }
});

test('heredocs keep their lines; flush ones lose the indent of the least indented line', () => {
  assert.equal(evaluated('x = <<E\n  a\n ${n[0]}\nE\n'), '"  a\\n 1\\n"');
  assert.equal(evaluated('x = <<-E\n    a\n\n      b ${1}\n  c\n  E\n'), '"  a\\n\\n    b 1\\nc\\n"');
  assert.equal(evaluated('x = <<-E\n  ${1}\n  E\n'), '"1\\n"');
  assert.equal(evaluated('x = <<E\r\n$\r\nE\r\n'), '"$\\r\\n"');
});

/** An expression, and what is wrong with it. */
const faults: readonly (readonly [expression: string, text: string])[] = [
  ['nope', 'f:1,5-9: Unknown variable; There is no variable named "nope".'],
  ['m', 'f:1,5-6: Unknown variable; There is no variable named "m". Did you mean "n"?'],
  ['texts(1)', 'f:1,5-10: Call to unknown function; There is no function named "texts". Did you mean "text"?'],
  ['a::b(1)', 'f:1,5-9: Call to unknown function; There are no functions in namespace "a::".'],
  [
    'text()',
    'f:1,10-11: Not enough function arguments; Function "text" expects at least 1 argument(s). Missing value for "first".',
  ],
  ['can(1, 2)', 'f:1,12-13: Too many function arguments; Function "can" expects only 1 argument(s).'],
  [
    'text([])',
    'f:1,10-11: Invalid function argument; Invalid value for "first" parameter: string required, but have tuple.',
  ],
  [
    'text(null)',
    'f:1,10-14: Invalid function argument; Invalid value for "first" parameter: argument must not be null.',
  ],
  ['text("fail")', 'f:1,5-10: Error in function call; Call to function "text" failed: it failed.'],
  ['text("bad")', 'f:1,11-14: Invalid function argument; Invalid value for "first" parameter: it is bad.'],
  [
    'text(5...)',
    'f:1,10-11: Invalid expanding argument value; The expanding argument (indicated by ...) must be of a tuple, list, or set type.',
  ],
  [
    'try(nope)',
    'f:1,5-9: Error in function call; Call to function "try" failed: no expression succeeded:\n- Unknown variable (at f:1,9-13)\n  There is no variable named "nope".\n\nAt least one expression must produce a successful result.',
  ],
  ['"a" + 1', 'f:1,5-8: Invalid operand; Unsuitable value for left operand: a number is required.'],
  ['1 && true', 'f:1,5-6: Invalid operand; Unsuitable value for left operand: bool required, but have number.'],
  ['-"a"', 'f:1,6-9: Invalid operand; Unsuitable value for unary operand: a number is required.'],
  ['null + 1', 'f:1,5-13: Operation failed; Error during operation: argument must not be null.'],
  ['0 / 0', "f:1,5-10: Operation failed; Error during operation: can't divide zero by zero or infinity by infinity."],
  ['null ? 1 : 2', 'f:1,5-9: Null condition; The condition value is null. Conditions must either be true or false.'],
  ['"a" ? 1 : 2', 'f:1,5-8: Incorrect condition type; The condition expression must be of type bool.'],
  [
    'true ? {} : []',
    "f:1,12-19: Inconsistent conditional result types; The true and false result expressions must have consistent types. The 'true' value is object, but the 'false' value is tuple.",
  ],
  [
    'true ? [1] : [1, {}]',
    "f:1,12-25: Inconsistent conditional result types; The true and false result expressions must have consistent types. The 'true' tuple has length 1, but the 'false' tuple has length 2.",
  ],
  [
    'true ? { a = 1 } : { b = {} }',
    "f:1,12-34: Inconsistent conditional result types; The true and false result expressions must have consistent types. The 'true' value includes object attribute \"a\", which is absent in the 'false' value.",
  ],
  [
    'n[3]',
    'f:1,6-9: Invalid index; The given key does not identify an element in this collection value: the given index is greater than or equal to the length of the collection.',
  ],
  ['n[4]', 'f:1,6-9: Invalid index; The given key does not identify an element in this collection value.'],
  [
    'n[-1]',
    'f:1,6-10: Invalid index; The given key does not identify an element in this collection value: a negative number is not a valid index for a sequence.',
  ],
  [
    'n[0.5]',
    'f:1,6-11: Invalid index; The given key does not identify an element in this collection value: indexing a sequence requires a whole number, but the given index has a fractional part.',
  ],
  [
    '{}[0]',
    'f:1,7-10: Invalid index; The given key does not identify an element in this collection value. An object only supports looking up attributes by name, not by numeric index.',
  ],
  ['n.a', 'f:1,6-8: Unsupported attribute; This value does not have any attributes.'],
  ['"a".b', "f:1,8-10: Unsupported attribute; Can't access attributes on a primitive-typed value (string)."],
  [
    '{ a.b = 1 }',
    "f:1,7-10: Ambiguous attribute key; If this expression is intended to be a reference, wrap it in parentheses. If it's instead intended as a literal name containing periods, wrap it in quotes to create a string literal.",
  ],
  ['{ (null) = 1 }', "f:1,16-17: Null value as key; Can't use a null value as a key."],
  [
    '[for v in 5 : v]',
    "f:1,15-16: Iteration over non-iterable value; A value of type number cannot be used as the collection in a 'for' expression.",
  ],
  [
    '{ for v in [1, 1] : v => v }',
    'f:1,25-26: Duplicate object key; Two different items produced the key "1" in this \'for\' expression. If duplicates are expected, use the ellipsis (...) after the value expression to enable grouping by key.',
  ],
  [
    '[for v in n : v if "x"]',
    "f:1,24-27: Invalid 'for' condition; The 'if' clause value is invalid: a bool is required.",
  ],
  [
    '"a${null}"',
    'f:1,9-13: Invalid template interpolation value; The expression result is null. Cannot include a null value in a string template.',
  ],
  [
    '"a${[]}"',
    'f:1,9-11: Invalid template interpolation value; Cannot include the given value in a string template: string required, but have tuple.',
  ],
  ['[nope, nope]', 'f:1,6-10: Unknown variable; There is no variable named "nope"., and 1 other diagnostic(s)'],
];

test('what is wrong with an expression is told in the words of HCL', () => {
  for (const [expression, text] of faults) assert.equal(evaluated(`x = ${expression}\n`), text, expression);
});

test('what is not taken does not matter', () => {
  assert.equal(evaluated('x = true ? 1 : nope\n'), '1');
  assert.equal(evaluated('x = true || nope\n'), 'true');
  assert.equal(evaluated('x = nope && false\n'), 'false');
});

test('without a context there are neither variables nor functions', () => {
  const { value } = parseHcl('a = n\nb = f()\nc = "${1}"\n', 'f');
  const texts = [...value.justAttributes().value.values()].map(({ expression }) => {
    const { diagnostics } = expression.evaluate();
    return diagnosticsText(diagnostics);
  });
  assert.deepEqual(texts, [
    'f:1,5-6: Variables not allowed; Variables may not be used here.',
    'f:2,5-8: Function calls not allowed; Functions may not be called here.',
    'no diagnostics',
  ]);
});
