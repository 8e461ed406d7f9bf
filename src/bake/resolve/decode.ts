// Matches buildx bake/hclparser/gohcl and go-cty's gocty: values of expressions as plain data.
import { TsbuildxError } from '../../base/errors.ts';
import {
  boolType,
  convertValue,
  listType,
  mapType,
  mismatchMessage,
  stringType,
  type Type,
  type Value,
} from '../cty/index.ts';
import type { NamedValues } from '../model/target.ts';

/** Reads a value that may be of another type. Throws INVALID_ARGUMENT with what is unsuitable. */
export type Decoder<T> = (value: Value) => T;

function unsuitable(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

function known(value: Value): Value {
  if (value.isKnown) return value;
  throw unsuitable('value must be known');
}

function present(value: Value): Value {
  if (value.isNull) throw unsuitable('null value is not allowed');
  return known(value);
}

/** A text; undefined for null. */
export const optionalText: Decoder<string | undefined> = (value) => {
  const text = convertValue(value, stringType);
  return text.isNull ? undefined : known(text).asString();
};

export const requiredText: Decoder<string> = (value) => present(convertValue(value, stringType)).asString();

export const optionalBool: Decoder<boolean | undefined> = (value) => {
  const flag = convertValue(value, boolType);
  return flag.isNull ? undefined : known(flag).asBool();
};

/** Texts; undefined for null. */
export const texts: Decoder<readonly string[] | undefined> = (value) => {
  const list = convertValue(value, listType(stringType));
  return list.isNull
    ? undefined
    : known(list)
        .asElements()
        .map((element) => present(element).asString());
};

export const textMap: Decoder<ReadonlyMap<string, string> | undefined> = (value) => {
  const map = convertValue(value, mapType(stringType));
  if (map.isNull) return undefined;
  return new Map(Array.from(known(map).asMembers(), ([key, member]) => [key, present(member).asString()]));
};

/** Nulls in it are kept. */
export const nullableTextMap: Decoder<NamedValues | undefined> = (value) => {
  const map = convertValue(value, mapType(stringType));
  if (map.isNull) return undefined;
  const members = known(map).asMembers();
  return new Map(Array.from(members, ([key, member]) => [key, member.isNull ? undefined : known(member).asString()]));
};

/** A list of entries, each in one of several forms; empty texts are left out. */
export function entriesOf<T>(element: Type, read: (value: Value) => readonly T[]): Decoder<readonly T[]> {
  return (value) => {
    if (value.isNull) throw unsuitable('null value is not allowed');
    const { kind } = known(value).type;
    if (kind !== 'tuple' && kind !== 'list') throw unsuitable(mismatchMessage(value.type, listType(element)));
    return value
      .asElements()
      .filter((entry) => entry.isKnown && !isEmptyText(entry))
      .flatMap(read);
  };
}

function isEmptyText(value: Value): boolean {
  if (value.type.kind !== 'string') return false;
  return present(value).asString() === '';
}

export function isText(value: Value): boolean {
  return value.type.kind === 'string';
}

/** Attributes of an entry that is an object or a map. */
export function attributesOf(value: Value): Record<string, string> {
  const members = present(convertValue(value, mapType(stringType))).asMembers();
  const entries = Array.from(members, ([key, member]): [string, string] => [key, present(member).asString()]);
  return Object.fromEntries(entries);
}
