// Go's types, as far as templates can tell them apart.
import type { GoValueOf } from './go-value.ts';

export type GoType = BasicType | ListType | MapType | StructType | PointerType | InterfaceType | FunctionType;

export interface BasicType {
  readonly kind: 'bool' | 'int' | 'uint' | 'float' | 'complex' | 'string';
  /** As Go prints it: `int64`, `digest.Digest`. */
  readonly name: string;
  /** Of a type with a name of its own the one below: `string`. */
  readonly basic: string;
}

export interface ListType {
  readonly kind: 'slice';
  readonly name: string;
  readonly element: GoType;
}

export interface MapType {
  readonly kind: 'map';
  readonly name: string;
  readonly key: BasicType;
  readonly element: GoType;
}

export interface StructType {
  readonly kind: 'struct';
  readonly name: string;
  readonly fieldNames: readonly string[];
  /** Of all fields their zero values. */
  zero(): GoValueOf<'struct'>;
}

export interface PointerType {
  readonly kind: 'pointer';
  readonly name: string;
  readonly element: GoType;
}

/** `interface {}`: anything, or nil. */
export interface InterfaceType {
  readonly kind: 'interface';
  readonly name: 'interface {}';
}

export interface FunctionType {
  readonly kind: 'func';
  readonly name: string;
  readonly parameters: readonly ParameterType[];
  readonly isVariadic: boolean;
}

/** `value` stands for whatever comes, nil too: `reflect.Value`. */
export type ParameterType = GoType | { readonly kind: 'value'; readonly name: 'reflect.Value' };

function basic(kind: BasicType['kind'], name: string): BasicType {
  return { kind, name, basic: name };
}

export const boolType: BasicType = basic('bool', 'bool');
export const stringType: BasicType = basic('string', 'string');
export const intType: BasicType = basic('int', 'int');
export const int32Type: BasicType = basic('int', 'int32');
export const int64Type: BasicType = basic('int', 'int64');
export const uint8Type: BasicType = basic('uint', 'uint8');
export const float64Type: BasicType = basic('float', 'float64');
export const complexType: BasicType = basic('complex', 'complex128');
export const anyType: InterfaceType = { kind: 'interface', name: 'interface {}' };
export const valueType: ParameterType = { kind: 'value', name: 'reflect.Value' };

export function listType(element: GoType, name = `[]${element.name}`): ListType {
  return { kind: 'slice', name, element };
}

export function mapType(element: GoType, name = `map[string]${element.name}`): MapType {
  return { kind: 'map', name, key: stringType, element };
}

export function pointerType(element: GoType): PointerType {
  return { kind: 'pointer', name: `*${element.name}`, element };
}

/** Can a value of the one be passed for the other? */
export function isAssignable(from: GoType, to: GoType): boolean {
  return to.kind === 'interface' || from.name === to.name;
}

export function canBeNil(type: ParameterType): boolean {
  return ['func', 'interface', 'map', 'pointer', 'slice', 'value'].includes(type.kind);
}
