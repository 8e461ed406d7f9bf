// How commands describe what their templates see: a shape for each of their own types.
import type { GoJsonValue } from '../../../../base/go-json.ts';
import { compareUtf8 } from '../../../../base/go-json.ts';
import { jsonOf } from './json.ts';
import {
  anyType,
  type BasicType,
  boolType,
  float64Type,
  type FunctionType,
  type GoType,
  int32Type,
  int64Type,
  intType,
  listType,
  mapType,
  pointerType,
  stringType,
  type StructType,
  uint8Type,
} from './go-type.ts';
import {
  type BoundFunction,
  type GoValue,
  type GoValueOf,
  stringValue,
  type StructField,
  zeroValue,
} from './go-value.ts';

/** A Go type, and how a value of it is made from ours. */
export interface Shape<in T> {
  readonly type: GoType;
  of(data: T): GoValue;
}

export const text: Shape<string> = { type: stringType, of: stringValue };
export const bool: Shape<boolean> = { type: boolType, of: (value) => ({ kind: 'bool', type: boolType, value }) };
export const int: Shape<number | bigint> = integer(intType);
export const int32: Shape<number | bigint> = integer(int32Type);
export const int64: Shape<number | bigint> = integer(int64Type);
export const float64: Shape<number> = {
  type: float64Type,
  of: (value) => ({ kind: 'float', type: float64Type, value }),
};

/** What was read from JSON without knowing its types, as Go's `any` holds it. */
export const any: Shape<unknown> = {
  type: anyType,
  of: (data) => ({ kind: 'interface', type: anyType, inner: loose(data) }),
};

function integer(type: BasicType): Shape<number | bigint> {
  return { type, of: (value) => ({ kind: 'int', type, value: BigInt(value) }) };
}

function loose(data: unknown): GoValue | undefined {
  if (typeof data === 'string') return text.of(data);
  if (typeof data === 'number') return float64.of(data);
  if (typeof data === 'bigint') return int64.of(data);
  if (typeof data === 'boolean') return bool.of(data);
  if (Array.isArray(data)) return list(any).of(data);
  if (typeof data === 'object' && data !== null) return dictionary(any).of(Object.entries(data));
  return undefined;
}

/** A type of its own over strings, with what its methods are. */
export function namedText(name: string, methods: Methods<string> = {}): Shape<string> {
  const type: BasicType = { kind: 'string', name, basic: 'string' };
  return { type, of: (value) => ({ kind: 'string', type, value, methods: bind(methods, value) }) };
}

const byte: Shape<number> = {
  type: uint8Type,
  of: (value) => ({ kind: 'uint', type: uint8Type, value: BigInt(value) }),
};

/** Bytes; undefined is nil. */
export const bytes: Shape<Uint8Array | undefined> = {
  type: listType(uint8Type),
  of: (data) => list(byte).of(data && [...data]),
};

/** A slice; undefined is nil. */
export function list<T>(element: Shape<T>): Shape<readonly T[] | undefined> {
  const type = listType(element.type);
  return { type, of: (items) => ({ kind: 'slice', type, items: items?.map((item) => element.of(item)) }) };
}

/** A map by strings; undefined is nil. `name` is that of a type of its own. */
export function dictionary<T>(
  element: Shape<T>,
  name?: string,
  methods: Methods<Iterable<readonly [string, T]> | undefined> = {},
): Shape<Iterable<readonly [string, T]> | undefined> {
  const type = mapType(element.type, name);
  return {
    type,
    of(data) {
      const sorted = data && [...data].toSorted(([a], [b]) => compareUtf8(a, b));
      const entries = sorted && new Map(sorted.map(([key, item]): [string, GoValue] => [key, element.of(item)]));
      return { kind: 'map', type, entries, methods: bind(methods, data) };
    },
  };
}

/** A pointer; undefined is nil. */
export function pointer<T>(target: Shape<T>): Shape<T | undefined> {
  const type = pointerType(target.type);
  return { type, of: (data) => ({ kind: 'pointer', type, target: data === undefined ? undefined : target.of(data) }) };
}

/** A field of a struct: its value, and how JSON has it. */
export interface FieldShape<in T> {
  readonly type: GoType;
  /** `name`, `name,omitempty`, or `-` as in Go's tags; the name of the field when undefined. */
  readonly json?: string | undefined;
  readonly isEmbedded?: boolean | undefined;
  of(data: T): GoValue;
}

export function field<T, F>(shape: Shape<F>, get: (data: T) => F, json?: string): FieldShape<T> {
  return { type: shape.type, json, of: (data) => shape.of(get(data)) };
}

/** A field whose own fields and methods count as those of the struct. */
export function embedded<T, F>(shape: Shape<F>, get: (data: T) => F): FieldShape<T> {
  return { ...field(shape, get), isEmbedded: true };
}

/** Methods by name. */
export type Methods<T> = Readonly<Record<string, MethodShape<T>>>;

export interface MethodShape<in T> {
  readonly type: FunctionType;
  call(data: T, args: readonly (GoValue | undefined)[]): GoValue | undefined;
}

export function method<T, R>(result: Shape<R>, call: (data: T) => R): MethodShape<T> {
  const type: FunctionType = { kind: 'func', name: `func() ${result.type.name}`, parameters: [], isVariadic: false };
  return { type, call: (data) => result.of(call(data)) };
}

export interface StructShape<T> {
  /** As Go prints it: `client.UsageInfo`. */
  readonly name: string;
  readonly fields?: Readonly<Record<string, FieldShape<T>>>;
  readonly methods?: Methods<T>;
  /** Its method `String`. */
  readonly text?: (data: T) => string;
  /** Its method `MarshalJSON`; `methods`: what all of its methods give, by their names. */
  readonly json?: ((data: T) => GoJsonValue) | 'methods';
}

/** A struct. Names in lower case are fields that templates may not read. */
export function struct<T>({ name, fields = {}, methods = {}, text: print, json }: StructShape<T>): Shape<T> {
  const entries = Object.entries(fields);
  const type: StructType = {
    kind: 'struct',
    name,
    fieldNames: entries.map(([fieldName]) => fieldName),
    zero: () => build(({ type: of }) => zeroValue(of), undefined, {}),
  };
  const build = (
    value: (shape: FieldShape<T>) => GoValue,
    bound: ReadonlyMap<string, BoundFunction> | undefined,
    behaviour: Pick<GoValue, 'text' | 'json'>,
  ): GoValueOf<'struct'> => ({
    kind: 'struct',
    type,
    fields: entries.map(([fieldName, shape]) => structField(fieldName, shape, value)),
    methods: bound,
    ...behaviour,
  });
  return {
    type,
    of(data) {
      const bound = bind(methods, data);
      return build((shape) => shape.of(data), bound, {
        text: print && ((): string => print(data)),
        json: json && ((): GoJsonValue => (json === 'methods' ? methodsJson(bound) : json(data))),
      });
    },
  };
}

/** Matches docker/cli cli/command/formatter/reflect.go. */
function methodsJson(methods: ReadonlyMap<string, BoundFunction>): GoJsonValue {
  return new Map(
    [...methods].map(([name, bound]): [string, GoJsonValue] => {
      const value = bound.call([], '');
      return [name, value === undefined ? null : jsonOf(value)];
    }),
  );
}

function structField<T>(name: string, shape: FieldShape<T>, value: (shape: FieldShape<T>) => GoValue): StructField {
  const [tag = '', ...options] = (shape.json ?? '').split(',');
  const isHidden = shape.json === '-' || !/^\p{Lu}/u.test(name);
  return {
    name,
    isEmbedded: shape.isEmbedded ?? false,
    json: isHidden ? undefined : tag || name,
    omitEmpty: options.includes('omitempty'),
    get: () => value(shape),
  };
}

/** Methods of one value. */
export function bind<T>(methods: Methods<T>, data: T): ReadonlyMap<string, BoundFunction> {
  return new Map(
    Object.entries(methods).map(([name, shape]): [string, BoundFunction] => [
      name,
      { type: shape.type, call: (args) => shape.call(data, args) },
    ]),
  );
}
