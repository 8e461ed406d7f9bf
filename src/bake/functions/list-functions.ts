// Matches the functions of function/stdlib/collection.go and sequence.go of go-cty that make lists.
import { TsbuildxError } from '../../base/errors.ts';
import {
  addNumbers,
  ArgumentError,
  BigFloat,
  compareNumbers,
  convertUnified,
  dynamicType,
  friendlyName,
  type FunctionSpec,
  forArgument,
  listType,
  listValue,
  numberType,
  numberValue,
  SetMembers,
  stringType,
  tupleValue,
  type Type,
  unifyTypes,
  unknownValue,
  type Value,
} from '../cty/index.ts';
import { define } from './define.ts';
import { withPrefix } from './collection-functions.ts';
import { checkElementCount } from './limits.ts';
import { anything, number, parameter, texts } from './parameter.ts';
import { wholeNumber } from './whole-number.ts';

const listOfAny = parameter('list', listType(dynamicType));

function failure(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

function elementType(list: Value): Type {
  return 'element' in list.type ? list.type.element : dynamicType;
}

function coalesceList(lists: readonly Value[]): Value {
  if (lists.length === 0) throw failure('at least one argument is required');
  for (const list of lists) {
    if (!list.isKnown) return unknownValue(dynamicType);
    if (list.type.kind !== 'list' && list.type.kind !== 'tuple') {
      throw failure('coalescelist arguments must be lists or tuples');
    }
  }
  const found = lists.find((list) => !list.isNull && list.asElements().length > 0);
  if (found === undefined) throw failure('no non-null arguments');
  return found;
}

function compact(list: Value): Value {
  return listValue(
    list.asElements().filter((element) => !element.isNull && element.asString() !== ''),
    stringType,
  );
}

/** Lists stay a list where a common type allows it; all else becomes a tuple. */
function concat(sequences: readonly Value[]): Value {
  if (sequences.length === 0) throw failure('at least one argument is required');
  const isLists = sequences.every((sequence) => sequence.type.kind === 'list');
  const unification = isLists ? unifyTypes(sequences.map((sequence) => sequence.type)) : undefined;
  if (unification !== undefined) {
    const lists = sequences.map((list, i) => forArgument(i, () => convertUnified(list, unification)));
    const { type } = unification;
    return listValue(
      lists.flatMap((list) => list.asElements()),
      'element' in type ? type.element : dynamicType,
    );
  }
  for (const [i, { type }] of sequences.entries()) {
    if (type.kind === 'list' || type.kind === 'tuple') continue;
    throw new ArgumentError(i, `all arguments must be lists or tuples; got ${friendlyName(type)}`);
  }
  return tupleValue(sequences.flatMap((sequence) => sequence.asElements()));
}

function distinct(list: Value): Value {
  const seen = new SetMembers();
  return listValue(
    list.asElements().filter((element) => seen.add(element)),
    elementType(list),
  );
}

function chunkList(list: Value, sizeValue: Value): Value {
  const size = withPrefix('invalid size', () => wholeNumber(sizeValue));
  if (size < 0) throw failure('the size argument must be positive');
  const elements = list.asElements();
  const chunks: Value[] = [];
  const step = size === 0 ? elements.length : size;
  for (let at = 0; at < elements.length; at += step) chunks.push(listValue(elements.slice(at, at + step)));
  return listValue(chunks, list.type);
}

function flatten(list: Value): Value {
  if (!isFlattened(list)) throw failure('can only flatten lists, sets and tuples');
  const out: Value[] = [];
  return collectInto(out, list) ? tupleValue(out) : unknownValue(dynamicType);
}

function isFlattened({ type }: Value): boolean {
  return type.kind === 'list' || type.kind === 'set' || type.kind === 'tuple';
}

/** False when an unknown value may stand for any number of elements. */
function collectInto(out: Value[], list: Value): boolean {
  return list.asElements().every((element) => {
    if (!element.isKnown && (isFlattened(element) || element.type.kind === 'dynamic')) return false;
    if (isFlattened(element) && !element.isNull) return collectInto(out, element);
    out.push(element);
    return true;
  });
}

function reverseList(list: Value): Value {
  if (!isFlattened(list)) {
    throw new ArgumentError(0, `can only reverse list or tuple values, not ${friendlyName(list.type)}`);
  }
  const reversed = list.asElements().toReversed();
  return list.type.kind === 'tuple' ? tupleValue(reversed) : listValue(reversed, elementType(list));
}

const notSliceable =
  'cannot slice a set, because its elements do not have indices; ' +
  'explicitly convert to a list if the ordering of the result is not important';

function slice(list: Value, startValue: Value, endValue: Value): Value {
  if (list.type.kind === 'set') throw new ArgumentError(0, notSliceable);
  if (!isFlattened(list)) throw new ArgumentError(0, 'must be a list or tuple value');
  const elements = list.asElements();
  const start = boundOf('start', 1, startValue, elements.length);
  const end = boundOf('end', 2, endValue, elements.length);
  if (start > end) throw new ArgumentError(1, 'start index must not be greater than end index');
  const part = elements.slice(start, end);
  return list.type.kind === 'tuple' ? tupleValue(part) : listValue(part, elementType(list));
}

function boundOf(name: string, argument: number, value: Value, length: number): number {
  const index = forArgument(argument, () => withPrefix(`invalid ${name} index`, () => wholeNumber(value)));
  if (index < 0) throw new ArgumentError(argument, `${name} index must not be less than zero`);
  if (index <= length) return index;
  throw new ArgumentError(argument, `${name} index must not be greater than the length of the list`);
}

const MAX_RANGE = 1024;

/** Numbers from a start (included) to an end (excluded), by steps. */
function range(parameters: readonly Value[]): Value {
  const [a, b, c, ...more] = parameters.map((value) => value.asNumber());
  if (a === undefined || more.length > 0) throw failure('must have one, two, or three arguments');
  const [start, end] = b === undefined ? [BigFloat.fromInteger(0), a] : [a, b];
  const order = compareNumbers(end, start);
  const step = c ?? BigFloat.fromInteger(order < 0 ? -1 : 1);
  const isDown = step.sign < 0;
  if (isDown && order > 0) throw new ArgumentError(1, 'end must be less than start when step is negative');
  if (!isDown && order < 0) throw new ArgumentError(1, 'end must be greater than start when step is positive');
  const numbers: Value[] = [];
  for (let x = start; isDown ? compareNumbers(x, end) > 0 : compareNumbers(x, end) < 0; x = addNumbers(x, step)) {
    if (numbers.length >= MAX_RANGE) {
      const advice = 'either decrease the difference between start and end or use a smaller step';
      throw failure(`more than ${MAX_RANGE} values were generated; ${advice}`);
    }
    numbers.push(numberValue(x));
  }
  return listValue(numbers, numberType);
}

export const listFunctions: Readonly<Record<string, FunctionSpec>> = {
  chunklist: define({ parameters: [listOfAny, number('size')], run: chunkList }),
  coalescelist: define({
    variadic: parameter('vals', undefined, anything),
    run: (...lists: Value[]) => coalesceList(lists),
  }),
  compact: define({ parameters: [texts('list')], returns: listType(stringType), looksInside: true, run: compact }),
  concat: define({
    variadic: parameter('seqs'),
    run: (...sequences: Value[]) => {
      checkElementCount(
        sequences.reduce((count, { type }) => count + (type.kind === 'tuple' ? type.elements.length : 0), 0),
      );
      return concat(sequences);
    },
  }),
  distinct: define({ parameters: [listOfAny], looksInside: true, run: distinct }),
  flatten: define({ parameters: [parameter('list')], run: flatten }),
  range: define({
    variadic: number('params'),
    returns: listType(numberType),
    run: (...parameters: Value[]) => range(parameters),
  }),
  reverselist: define({ parameters: [parameter('list')], run: reverseList }),
  slice: define({
    parameters: [parameter('list'), number('start_index'), number('end_index')],
    run: slice,
  }),
};
