// Matches convertPrimitive and valueFromCSV of buildx bake/hclparser: values of variables that come from outside as text.
import { csvFields } from '../../base/csv-fields.ts';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { goQuote } from '../../base/go-quote.ts';
import {
  BigFloat,
  boolValue,
  friendlyName,
  isPrimitive,
  listValue,
  mapValue,
  numberValue,
  setValue,
  stringValue,
  tupleValue,
  type Type,
  typedValueFromJson,
  type Value,
} from '../cty/index.ts';

/** Throws INVALID_ARGUMENT. */
export function valueFromJsonText(name: string, text: string, type: Type): Value {
  return describe(`failed to convert variable ${name} from JSON`, () => typedValueFromJson(text, type));
}

/** Types that a CSV record can stand for. */
export function readsCsv(type: Type): boolean {
  return type.kind === 'list' || type.kind === 'set' || type.kind === 'tuple' || type.kind === 'map';
}

/** A text, a bool or a number. Throws INVALID_ARGUMENT. */
export function primitiveFromText(name: string, text: string, type: Type): Value {
  switch (type.kind) {
    case 'string':
      return stringValue(text);
    case 'bool': {
      const flag = parseGoBool(text);
      if (flag !== undefined) return boolValue(flag);
      throw cannotParse(name, 'bool', `strconv.ParseBool: parsing ${goQuote(text)}: invalid syntax`);
    }
    case 'number':
      return numberValue(BigFloat.fromNumber(parseFloat64(name, text)));
    default:
      throw new TsbuildxError('INVALID_ARGUMENT', `${name} of type ${friendlyName(type)} is not a primitive`);
  }
}

function cannotParse(name: string, kind: string, why: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `failed to parse ${name} as ${kind}: ${why}`);
}

const decimal =
  /^[+-]?(?:[0-9]+(?:_[0-9]+)*\.?(?:[0-9]+(?:_[0-9]+)*)?|\.[0-9]+(?:_[0-9]+)*)(?:[eE][+-]?[0-9]+(?:_[0-9]+)*)?$/;
const hexadecimal =
  /^([+-]?)0[xX](_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)?(?:\.([0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)?)?[pP]([+-]?[0-9]+(?:_[0-9]+)*)$/;

/** As Go's strconv.ParseFloat, of numbers. */
function parseFloat64(name: string, text: string): number {
  if (/^[+-]?(?:inf|infinity|nan)$/i.test(text)) throw cannotParse(name, 'number', 'invalid number value');
  const value = decimal.test(text) ? Number(text.replaceAll('_', '')) : hexNumber(text);
  if (value === undefined) {
    throw cannotParse(name, 'number', `strconv.ParseFloat: parsing ${goQuote(text)}: invalid syntax`);
  }
  if (Number.isFinite(value)) return value;
  throw cannotParse(name, 'number', `strconv.ParseFloat: parsing ${goQuote(text)}: value out of range`);
}

function hexNumber(text: string): number | undefined {
  const match = hexadecimal.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match.map((part) => part?.replaceAll('_', ''));
  const digits = `${whole}${fraction}`;
  if (digits === '') return undefined;
  const size = Number(BigInt(`0x${digits}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -size : size;
}

/** A list, set, tuple or map of primitives from one CSV record. Throws INVALID_ARGUMENT. */
export function valueFromCsv(name: string, text: string, type: Type): Value {
  return describe(`failed to convert variable ${name} from CSV`, () => readCsv(name, text, type));
}

function readCsv(name: string, text: string, type: Type): Value {
  const fields = describe(`failed to parse ${text} as CSV`, () => csvFields(text));
  switch (type.kind) {
    case 'list':
      return listValue(elements(name, fields, type, type.element), type.element);
    case 'set':
      return setValue(elements(name, fields, type, type.element), type.element);
    case 'tuple': {
      const { elements: types } = type;
      if (types.length !== fields.length) {
        const what = `${friendlyName(type)} expects ${types.length} elements but only ${fields.length} provided`;
        throw new TsbuildxError('INVALID_ARGUMENT', what);
      }
      return tupleValue(fields.map((field, at) => element(name, field, type, types[at] ?? type)));
    }
    case 'map':
      checkElement(type, type.element);
      return mapValue(
        fields.map((field) => member(name, field, type, type.element)),
        type.element,
      );
    default:
      throw unsupported(type);
  }
}

function elements(name: string, fields: readonly string[], type: Type, elementType: Type): Value[] {
  return fields.map((field) => element(name, field, type, elementType));
}

function element(name: string, field: string, type: Type, elementType: Type): Value {
  checkElement(type, elementType);
  const what = `failed to parse element of type ${friendlyName(type)}`;
  return describe(what, () => primitiveFromText(name, field, elementType));
}

function member(name: string, field: string, type: Type, elementType: Type): readonly [string, Value] {
  const pair = describe(`failed to parse ${field} as k/v for variable ${name}`, () => csvFields(field, ':'));
  const [key, text] = pair;
  if (key === undefined || text === undefined || pair.length !== 2) {
    throw new TsbuildxError('INVALID_ARGUMENT', `expected one k/v pair but got ${pair.length} pieces from ${field}`);
  }
  const what = `failed to parse element from type ${friendlyName(type)}`;
  return [key, describe(what, () => primitiveFromText(name, text, elementType))];
}

function checkElement(type: Type, elementType: Type): void {
  if (!isPrimitive(elementType)) throw unsupported(type);
}

function unsupported(type: Type): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `unsupported type ${friendlyName(type)} for CSV specification`);
}

function describe<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TsbuildxError)) throw error;
    throw wrap('INVALID_ARGUMENT', what, error);
  }
}
