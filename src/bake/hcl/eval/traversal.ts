// Matches hcl/traversal.go and hcl/ops.go.
import { messageOf } from '../../../base/errors.ts';
import { goQuote } from '../../../base/go-quote.ts';
import {
  convertValue,
  dynamicValue,
  friendlyName,
  isPrimitive,
  lengthOf,
  numberType,
  stringType,
  unknownValue,
  type Value,
} from '../../cty/index.ts';
import type { EvalContext } from '../eval-context.ts';
import { nearestNameHint } from '../name-hint.ts';
import type { Step, TraversalNode } from '../node.ts';
import type { SourceRange } from '../range.ts';
import type { Evaluator } from './evaluator.ts';

const INVALID_INDEX = 'Invalid index';
const NO_ELEMENT = 'The given key does not identify an element in this collection value';
const UNSUPPORTED = 'Unsupported attribute';

/** The variable, or something in it. */
export function evaluateTraversal({ root, rootRange, steps }: TraversalNode, evaluator: Evaluator): Value {
  let hasVariables = false;
  for (let at = evaluator.context; at !== undefined; at = at.parent) {
    if (at.variables === undefined) continue;
    hasVariables = true;
    const value = at.variables.get(root);
    if (value !== undefined) return followSteps(value, steps, evaluator);
  }
  if (!hasVariables) evaluator.report('Variables not allowed', 'Variables may not be used here.', rootRange);
  else {
    const hint = nearestNameHint(root, variableNames(evaluator.context));
    evaluator.report('Unknown variable', `There is no variable named ${goQuote(root)}.${hint}`, rootRange);
  }
  return dynamicValue;
}

function* variableNames(context: EvalContext | undefined): Iterable<string> {
  for (let at = context; at !== undefined; at = at.parent) if (at.variables !== undefined) yield* at.variables.keys();
}

/** Goes into the value step by step, up to the first that fails. */
export function followSteps(from: Value, steps: readonly Step[], evaluator: Evaluator): Value {
  let value = from;
  for (const step of steps) {
    const before = evaluator.diagnostics.length;
    value =
      step.kind === 'attribute'
        ? attributeValue(value, step.name, step.range, evaluator)
        : indexValue(value, step.key, step.range, evaluator);
    if (evaluator.hasErrorsSince(before)) return dynamicValue;
  }
  return value;
}

/** `collection[key]`. */
export function indexValue(collection: Value, key: Value, subject: SourceRange, evaluator: Evaluator): Value {
  const fail = (detail: string, summary = INVALID_INDEX): Value => {
    evaluator.report(summary, detail, subject);
    return dynamicValue;
  };
  if (collection.isNull)
    return fail('This value is null, so it does not have any indices.', 'Attempt to index null value');
  if (key.isNull) return fail("Can't use a null value as an indexing key.");
  const { type } = collection;
  if (type.kind === 'dynamic' || key.type.kind === 'dynamic') return dynamicValue;
  switch (type.kind) {
    case 'list':
    case 'tuple':
    case 'map':
    case 'object':
      return elementValue(collection, key, fail);
    case 'set':
      return fail(
        "Elements of a set are identified only by their value and don't have any separate index or key to select with, so it's only possible to perform operations across all elements of the set.",
      );
    default:
      return fail('This value does not have any indices.');
  }
}

function elementValue(collection: Value, given: Value, fail: (detail: string) => Value): Value {
  const { type } = collection;
  const isSequence = type.kind === 'list' || type.kind === 'tuple';
  let key: Value;
  try {
    key = convertValue(given, isSequence ? numberType : stringType);
  } catch (error) {
    return fail(`${NO_ELEMENT}: ${messageOf(error)}.`);
  }
  if (isSequence) return sequenceElement(collection, key, fail);
  if (type.kind === 'object') {
    if (!key.isKnown) return dynamicValue;
    const name = key.asString();
    const attribute = type.attributes.get(name);
    if (attribute !== undefined) return memberValue(collection, name) ?? unknownValue(attribute);
    const hint = ' An object only supports looking up attributes by name, not by numeric index.';
    return fail(`${NO_ELEMENT}.${given.type.kind === 'number' ? hint : ''}`);
  }
  if (!collection.isKnown || !key.isKnown) return unknownValue('element' in type ? type.element : type);
  return memberValue(collection, key.asString()) ?? fail(`${NO_ELEMENT}.`);
}

function memberValue(value: Value, name: string): Value | undefined {
  return value.isKnown ? value.asMembers().get(name) : undefined;
}

function sequenceElement(collection: Value, key: Value, fail: (detail: string) => Value): Value {
  const { type } = collection;
  const length = lengthOf(collection);
  const element = type.kind === 'list' ? type.element : undefined;
  if (!key.isKnown || length === undefined) return element === undefined ? dynamicValue : unknownValue(element);
  const number = key.asNumber();
  const index = number.isInteger ? Number(number.toInt64() ?? Number.POSITIVE_INFINITY) : undefined;
  if (index !== undefined && index >= 0 && index < length) {
    if (collection.isKnown) return collection.asElements()[index] ?? dynamicValue;
    return unknownValue((type.kind === 'tuple' ? type.elements[index] : element) ?? type);
  }
  return fail(`${NO_ELEMENT}${indexFault(number.isInteger, number.isNegative, index === length, length)}.`);
}

function indexFault(isInteger: boolean, isNegative: boolean, isLength: boolean, length: number): string {
  if (!isInteger) return ': indexing a sequence requires a whole number, but the given index has a fractional part';
  if (isNegative) return ': a negative number is not a valid index for a sequence';
  // What is larger gets no reason.
  if (!isLength) return '';
  return length === 0
    ? ': the collection has no elements'
    : ': the given index is greater than or equal to the length of the collection';
}

/** `value.name`. */
function attributeValue(value: Value, name: string, subject: SourceRange, evaluator: Evaluator): Value {
  const fail = (detail: string, summary = UNSUPPORTED): Value => {
    evaluator.report(summary, detail, subject);
    return dynamicValue;
  };
  if (value.isNull)
    return fail('This value is null, so it does not have any attributes.', 'Attempt to get attribute from null value');
  const { type } = value;
  switch (type.kind) {
    case 'dynamic':
      return dynamicValue;
    case 'object': {
      const attribute = type.attributes.get(name);
      if (attribute === undefined) return fail(`This object does not have an attribute named ${goQuote(name)}.`);
      return memberValue(value, name) ?? unknownValue(attribute);
    }
    case 'map':
      if (!value.isKnown) return unknownValue(type.element);
      return (
        memberValue(value, name) ??
        fail(`This map does not have an element with the key ${goQuote(name)}.`, 'Missing map element')
      );
    case 'list':
    case 'set':
      if (type.element.kind !== 'object') break;
      if (type.kind === 'set')
        return fail(
          "Can't access attributes on a set of objects. Did you mean to access an attribute across all elements of the set?",
        );
      return fail(
        `Can't access attributes on a list of objects. Did you mean to access ${type.element.attributes.has(name) ? `attribute ${goQuote(name)}` : 'an attribute'} for a specific element of the list, or across all elements of the list?`,
      );
    default:
  }
  return fail(
    isPrimitive(type)
      ? `Can't access attributes on a primitive-typed value (${friendlyName(type)}).`
      : 'This value does not have any attributes.',
  );
}
