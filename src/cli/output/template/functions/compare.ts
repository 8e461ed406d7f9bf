// Matches eq, ne, lt, le, gt and ge of Go's text/template/funcs.go.
import { compareUtf8 } from '../../../../base/go-json.ts';
import { PLAIN } from '../format/flags.ts';
import { printed } from '../format/print.ts';
import { formatArgument } from '../format/verb.ts';
import type { Functions } from '../run/functions.ts';
import { templateFunction } from '../run/functions.ts';
import { valueType } from '../values/go-type.ts';
import { boolValue, type GoValue, isNil, withoutInterface } from '../values/go-value.ts';

type Maybe = GoValue | undefined;

const BASIC: ReadonlySet<string> = new Set(['bool', 'int', 'uint', 'float', 'complex', 'string']);

export const comparisons: Functions = new Map([
  [
    'eq',
    templateFunction([valueType, valueType], ([first, ...others]) => boolValue(equalsAny(first, others)), {
      isVariadic: true,
    }),
  ],
  ['ne', pairwise((a, b) => !equalsAny(a, [b]))],
  ['lt', pairwise(isLess)],
  ['le', pairwise(isLessOrEqual)],
  ['gt', pairwise((a, b) => !isLessOrEqual(a, b))],
  ['ge', pairwise((a, b) => !isLess(a, b))],
]);

function pairwise(compare: (a: Maybe, b: Maybe) => boolean): ReturnType<typeof templateFunction> {
  return templateFunction([valueType, valueType], ([a, b]) => boolValue(compare(a, b)));
}

function equalsAny(first: Maybe, others: readonly Maybe[]): boolean {
  const value = withoutInterface(first);
  if (others.length === 0) throw new Error('missing argument for comparison');
  return others.some((other) => equals(value, withoutInterface(other)));
}

function equals(a: Maybe, b: Maybe): boolean {
  if (a === undefined || b === undefined) return isNil(a) === isNil(b) && basicKind(a) === basicKind(b);
  if ((a.kind === 'int' || a.kind === 'uint') && (b.kind === 'int' || b.kind === 'uint')) return a.value === b.value;
  if (basicKind(a) !== basicKind(b)) throw incompatible(a, b);
  if (a.kind === 'complex' && b.kind === 'complex') {
    return a.value.real === b.value.real && a.value.imaginary === b.value.imaginary;
  }
  if (a.kind === 'bool' && b.kind === 'bool') return a.value === b.value;
  if (a.kind === 'string' && b.kind === 'string') return a.value === b.value;
  if (a.kind === 'float' && b.kind === 'float') return a.value === b.value;
  if (a.kind !== b.kind) {
    throw new Error(`non-comparable types ${asText(a)}: ${a.type.name}, ${b.type.name}: ${printed(b)}`);
  }
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b);
  if (!isComparable(b)) throw new Error(`non-comparable type ${asText(b)}: ${b.type.name}`);
  return a.type.name === b.type.name && samePlace(a, b);
}

function incompatible(a: GoValue, b: GoValue): Error {
  return new Error(`incompatible types for comparison: ${a.type.name} and ${b.type.name}`);
}

function asText(value: GoValue): string {
  return formatArgument(value, 's', PLAIN);
}

/** Can Go compare values of this type with `==`? */
function isComparable(value: GoValue): boolean {
  if (value.kind === 'struct') return value.fields.every((field) => isComparable(field.get()));
  return value.kind !== 'slice' && value.kind !== 'map' && value.kind !== 'func';
}

/** Structs are equal when their fields are, pointers when they point at the same. */
function samePlace(a: GoValue, b: GoValue): boolean {
  if (a.kind === 'pointer' && b.kind === 'pointer') return a.target === b.target;
  if (a.kind !== 'struct' || b.kind !== 'struct') return a === b;
  return a.fields.every((field, at) => {
    const other = b.fields[at];
    return other !== undefined && equals(withoutInterface(field.get()), withoutInterface(other.get()));
  });
}

function basicKind(value: Maybe): string {
  return value !== undefined && BASIC.has(value.kind) ? value.kind : '';
}

function isLess(first: Maybe, second: Maybe): boolean {
  const a = withoutInterface(first);
  const b = withoutInterface(second);
  if (basicKind(a) === '' || basicKind(b) === '' || a === undefined || b === undefined) {
    throw new Error('invalid type for comparison');
  }
  if ((a.kind === 'int' || a.kind === 'uint') && (b.kind === 'int' || b.kind === 'uint')) return a.value < b.value;
  if (a.kind !== b.kind) throw incompatible(a, b);
  if (a.kind === 'float' && b.kind === 'float') return a.value < b.value;
  if (a.kind === 'string' && b.kind === 'string') return compareUtf8(a.value, b.value) < 0;
  throw new Error('invalid type for comparison');
}

function isLessOrEqual(a: Maybe, b: Maybe): boolean {
  return isLess(a, b) || equalsAny(a, [b]);
}
