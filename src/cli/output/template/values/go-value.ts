// What templates work on: values that know their Go types.
import { assertNever } from '../../../../base/errors.ts';
import type { GoJsonValue } from '../../../../base/go-json.ts';
import type { Complex } from '../syntax/number.ts';
import {
  anyType,
  type BasicType,
  boolType,
  type FunctionType,
  type GoType,
  intType,
  type ListType,
  type MapType,
  type PointerType,
  stringType,
  type StructType,
} from './go-type.ts';

/** What Go's `String`, `Error` and `MarshalJSON` do, and other methods. */
export interface Behaviour {
  /** How it is printed, and what its method `String` answers. */
  readonly text?: (() => string) | undefined;
  readonly json?: (() => GoJsonValue) | undefined;
  readonly methods?: ReadonlyMap<string, BoundFunction> | undefined;
}

interface Data {
  readonly bool: { readonly type: BasicType; readonly value: boolean };
  readonly int: { readonly type: BasicType; readonly value: bigint };
  readonly uint: { readonly type: BasicType; readonly value: bigint };
  readonly float: { readonly type: BasicType; readonly value: number };
  readonly complex: { readonly type: BasicType; readonly value: Complex };
  readonly string: { readonly type: BasicType; readonly value: string };
  /** Undefined for a nil slice. */
  readonly slice: { readonly type: ListType; readonly items: readonly GoValue[] | undefined };
  /** Sorted by key; undefined for a nil map. */
  readonly map: { readonly type: MapType; readonly entries: ReadonlyMap<string, GoValue> | undefined };
  readonly struct: { readonly type: StructType; readonly fields: readonly StructField[] };
  readonly pointer: { readonly type: PointerType; readonly target: GoValue | undefined };
  readonly interface: { readonly type: typeof anyType; readonly inner: GoValue | undefined };
  readonly func: BoundFunction;
}

export type GoKind = keyof Data;
export type GoValueOf<K extends GoKind> = { readonly kind: K } & Data[K] & Behaviour;
export type GoValue = { [K in GoKind]: GoValueOf<K> }[GoKind];

export interface StructField {
  readonly name: string;
  readonly isEmbedded: boolean;
  /** The name in JSON; undefined when it is not written. */
  readonly json: string | undefined;
  readonly omitEmpty: boolean;
  get(): GoValue;
}

/** Something that can be called. Arguments have been checked against the type. */
export interface BoundFunction {
  readonly type: FunctionType;
  /**
   * Throws Error with the text that Go's function returns as its error.
   * @param written how the template has the first argument
   */
  call(args: readonly (GoValue | undefined)[], written: string): GoValue | undefined;
}

export function boolValue(value: boolean): GoValue {
  return { kind: 'bool', type: boolType, value };
}

export function stringValue(value: string): GoValue {
  return { kind: 'string', type: stringType, value };
}

export function intValue(value: bigint | number): GoValue {
  return { kind: 'int', type: intType, value: BigInt(value) };
}

export function zeroValue(type: GoType): GoValue {
  switch (type.kind) {
    case 'bool':
      return { kind: 'bool', type, value: false };
    case 'int':
    case 'uint':
      return { kind: type.kind, type, value: 0n };
    case 'float':
      return { kind: 'float', type, value: 0 };
    case 'complex':
      return { kind: 'complex', type, value: { real: 0, imaginary: 0 } };
    case 'string':
      return { kind: 'string', type, value: '' };
    case 'slice':
      return { kind: 'slice', type, items: undefined };
    case 'map':
      return { kind: 'map', type, entries: undefined };
    case 'struct':
      return type.zero();
    case 'pointer':
      return { kind: 'pointer', type, target: undefined };
    case 'func':
    case 'interface':
      return { kind: 'interface', type: anyType, inner: undefined };
    default:
      return assertNever(type);
  }
}

/** Through pointers and interfaces to what they hold; nil ones stay. */
export function indirect(value: GoValue): GoValue {
  const next = innerOf(value);
  return next === undefined ? value : indirect(next);
}

function innerOf(value: GoValue): GoValue | undefined {
  if (value.kind === 'pointer') return value.target;
  return value.kind === 'interface' ? value.inner : undefined;
}

/** What an interface holds; undefined for a nil one. */
export function withoutInterface(value: GoValue | undefined): GoValue | undefined {
  return value?.kind === 'interface' ? value.inner : value;
}

export function isNil(value: GoValue | undefined): boolean {
  switch (value?.kind) {
    case undefined:
      return true;
    case 'slice':
      return value.items === undefined;
    case 'map':
      return value.entries === undefined;
    case 'pointer':
      return value.target === undefined;
    case 'interface':
      return value.inner === undefined;
    default:
      return false;
  }
}

/** What `if` goes by: neither zero, nor nil, nor empty. */
export function isTrue(value: GoValue | undefined): boolean {
  switch (value?.kind) {
    case undefined:
      return false;
    case 'bool':
      return value.value;
    case 'int':
    case 'uint':
      return value.value !== 0n;
    case 'float':
      return value.value !== 0;
    case 'complex':
      return value.value.real !== 0 || value.value.imaginary !== 0;
    case 'string':
      return value.value !== '';
    case 'slice':
      return (value.items?.length ?? 0) > 0;
    case 'map':
      return (value.entries?.size ?? 0) > 0;
    case 'struct':
    case 'func':
      return true;
    case 'pointer':
    case 'interface':
      return !isNil(value);
    default:
      return assertNever(value);
  }
}

/** A method of the value, of what it points at, or of what is embedded in it. */
export function findMethod(value: GoValue, name: string): BoundFunction | undefined {
  const own = value.methods?.get(name) ?? textMethod(value, name);
  if (own !== undefined) return own;
  if (value.kind === 'pointer' && value.target !== undefined) return findMethod(value.target, name);
  if (value.kind !== 'struct') return undefined;
  for (const field of value.fields) {
    const found = field.isEmbedded ? findMethod(field.get(), name) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function textMethod({ text }: GoValue, name: string): BoundFunction | undefined {
  if (text === undefined || name !== 'String') return undefined;
  const type: FunctionType = { kind: 'func', name: 'func() string', parameters: [], isVariadic: false };
  return { type, call: () => stringValue(text()) };
}

/** A field of the struct, or of those embedded in it. */
export function findField(value: GoValueOf<'struct'>, name: string): StructField | undefined {
  const own = value.fields.find((field) => field.name === name);
  if (own !== undefined) return own;
  for (const field of value.fields) {
    const embedded = field.isEmbedded ? indirect(field.get()) : undefined;
    const found = embedded?.kind === 'struct' ? findField(embedded, name) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
