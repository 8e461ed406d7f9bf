// Matches Value.Equals of go-cty's value_ops.go.
import type { BigFloat } from './big-float.ts';
import { MAX_WRITTEN_BITS } from './big-float.ts';
import { compareNumbers } from './big-float-math.ts';
import { formatNumber } from './format-number.ts';
import { setHash } from './set-hash.ts';
import { at, hasDynamicTypes, isPrimitive, typesEqual } from './type.ts';
import { conformanceProblem } from './type-conformance.ts';
import type { Value } from './value.ts';

/** Whether two values are equal, which asks for equal types unless both are null; undefined when it is not known. */
export function areEqual(a: Value, b: Value): boolean | undefined {
  if (!a.isKnown || !b.isKnown) return withUnknown(a, b);
  if (a.isNull || b.isNull) return a.isNull && b.isNull;
  if (!isTypeKnown(a) || !isTypeKnown(b)) {
    const canBe = conformanceProblem(a.type, b.type) === undefined || conformanceProblem(b.type, a.type) === undefined;
    return canBe ? undefined : false;
  }
  return typesEqual(a.type, b.type) && contentsEqual(a, b);
}

/** Whether nothing inside is of a type that is not known; nulls are. */
function isTypeKnown(value: Value): boolean {
  if (value.isNull) return true;
  if (!value.isKnown) return !hasDynamicTypes(value.type);
  return isPrimitive(value.type) || value.type.kind === 'capsule' || value.asElements().every(isTypeKnown);
}

function withUnknown(a: Value, b: Value): false | undefined {
  if (!a.isKnown && !b.isKnown) return undefined;
  const [known, unknown] = a.isKnown ? [a, b] : [b, a];
  if (known.isNull || hasDynamicTypes(unknown.type)) return undefined;
  return typesEqual(known.type, unknown.type) ? undefined : false;
}

function contentsEqual(a: Value, b: Value): boolean | undefined {
  switch (a.type.kind) {
    case 'string':
      return a.asString() === b.asString();
    case 'bool':
      return a.asBool() === b.asBool();
    case 'number':
      return numbersEqual(a.asNumber(), b.asNumber());
    case 'list':
    case 'tuple':
      return listsEqual(a.asElements(), b.asElements());
    case 'map':
    case 'object':
      return membersEqual(a.asMembers(), b.asMembers());
    case 'set':
      return setsEqual(a.asElements(), b.asElements());
    default:
      return a === b;
  }
}

/** Numbers are equal when they are written alike: 1.1 of 53 bits is 1.1 of 512 bits. */
function numbersEqual(a: BigFloat, b: BigFloat): boolean {
  if (compareNumbers(a, b) === 0) return true;
  if (a.isInteger || b.isInteger || a.isInfinite || b.isInfinite) return false;
  if (Math.min(a.exponent, b.exponent) < -MAX_WRITTEN_BITS) return false;
  return formatNumber(a) === formatNumber(b);
}

function listsEqual(a: readonly Value[], b: readonly Value[]): boolean | undefined {
  if (a.length !== b.length) return false;
  for (const [i, element] of a.entries()) {
    const isEqual = areEqual(element, at(b, i));
    if (isEqual !== true) return isEqual;
  }
  return true;
}

function membersEqual(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): boolean | undefined {
  if (a.size !== b.size) return false;
  for (const [key, member] of a) {
    const other = b.get(key);
    const isEqual = other === undefined ? false : areEqual(member, other);
    if (isEqual !== true) return isEqual;
  }
  return true;
}

function setsEqual(a: readonly Value[], b: readonly Value[]): boolean | undefined {
  if ([...a, ...b].some((element) => !element.isKnown)) return undefined;
  if (a.length !== b.length) return false;
  const others = new SetMembers(b);
  return a.every((element) => others.has(element));
}

/** Values by their hash: tells quickly whether an equal one is among them. */
export class SetMembers {
  readonly #buckets = new Map<string, Value[]>();

  constructor(values: Iterable<Value> = []) {
    for (const value of values) this.add(value);
  }

  has(value: Value): boolean {
    return this.#buckets.get(setHash(value))?.some((other) => areEqual(value, other) === true) ?? false;
  }

  /** False when an equal one was there already. */
  add(value: Value): boolean {
    const hash = setHash(value);
    const bucket = this.#buckets.get(hash);
    if (bucket === undefined) this.#buckets.set(hash, [value]);
    else if (bucket.some((other) => areEqual(value, other) === true)) return false;
    else bucket.push(value);
    return true;
  }
}
