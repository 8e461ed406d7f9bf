import assert from 'node:assert/strict';
import { test } from 'node:test';
import { friendlyName, type Type } from '../../../../src/bake/cty/index.ts';
import {
  diagnosticText,
  type Expression,
  parseHcl,
  parseHclJson,
  readTypeConstraint,
} from '../../../../src/bake/hcl/index.ts';

function expression(source: string): Expression {
  const found = parseHcl(`x = ${source}\n`, 'f').value.justAttributes().value.get('x');
  assert.ok(found);
  return found.expression;
}

test('types are read as they are written', () => {
  const types: readonly (readonly [source: string, name: string])[] = [
    ['string', 'string'],
    ['any', 'dynamic'],
    ['list(number)', 'list of number'],
    ['set(bool)', 'set of bool'],
    ['map(list(any))', 'map of list of dynamic'],
    ['tuple([string, number])', 'tuple'],
    ['object({ a = string, b = optional(list(string)) })', 'object'],
  ];
  for (const [source, name] of types) {
    const { value, diagnostics } = readTypeConstraint(expression(source));
    assert.deepEqual([friendlyName(value), diagnostics], [name, []], source);
  }
  const { value }: { readonly value: Type } = readTypeConstraint(
    expression('object({ a = string, b = optional(bool) })'),
  );
  assert.ok(value.kind === 'object');
  assert.deepEqual([[...value.attributes.keys()], [...value.optional]], [['a', 'b'], ['b']]);
});

test('in JSON a type is a text', () => {
  const found = parseHclJson('{"x":"map(string)"}', 'f').value.justAttributes().value.get('x');
  assert.equal(found && friendlyName(readTypeConstraint(found.expression).value), 'map of string');
});

test('what is no type is told', () => {
  const faults: readonly (readonly [source: string, ...texts: string[]])[] = [
    ['foo', 'f:1,5-8: Invalid type specification; The keyword "foo" is not a valid type specification.'],
    [
      'list',
      'f:1,5-9: Invalid type specification; The list type constructor requires one argument specifying the element type.',
    ],
    [
      '"string"',
      'f:1,5-13: Invalid type specification; A type specification is either a primitive type keyword (bool, number, string) or a complex type constructor call, like list(string).',
    ],
    ['string()', 'f:1,11-13: Invalid type specification; Primitive type keyword "string" does not expect arguments.'],
    ['any(1)', 'f:1,8-11: Invalid type specification; Type constraint keyword "any" does not expect arguments.'],
    ['foo(1)', 'f:1,5-11: Invalid type specification; Keyword "foo" is not a valid type constructor.'],
    [
      'optional(string)',
      'f:1,5-13: Invalid type specification; Keyword "optional" is valid only as a modifier for object type attributes.',
    ],
    [
      'map()',
      'f:1,8-10: Invalid type specification; The map type constructor requires one argument specifying the element type.',
    ],
    [
      'set(string, 1, 2)',
      'f:1,17-21: Invalid type specification; The set type constructor requires one argument specifying the element type.',
    ],
    [
      'tuple(string)',
      'f:1,11-17: Invalid type specification; Tuple type constructor requires a list of element types.',
    ],
    [
      'object([])',
      'f:1,12-14: Invalid type specification; Object type constructor requires a map whose keys are attribute names and whose values are the corresponding attribute types.',
    ],
    [
      'object({ "a" = string, b = c, b = string, d = optional(), e = optional(string, "x") })',
      'f:1,14-17: Invalid type specification; Object constructor map keys must be attribute names.',
      'f:1,32-33: Invalid type specification; The keyword "c" is not a valid type specification.',
      'f:1,35-36: Invalid type specification; Object constructor map keys must be unique.',
      'f:1,59-61: Invalid type specification; Optional attribute modifier requires the attribute type as its argument.',
      'f:1,75-88: Invalid type specification; Optional attribute modifier expects only one argument: the attribute type.',
    ],
  ];
  for (const [source, ...texts] of faults) {
    assert.deepEqual(readTypeConstraint(expression(source)).diagnostics.map(diagnosticText), texts, source);
  }
});
