export { BigFloat } from './big-float.ts';
export {
  addNumbers,
  compareNumbers,
  divideNumbers,
  multiplyNumbers,
  remainderOf,
  subtractNumbers,
} from './big-float-math.ts';
export { ConversionError, convertUnified, convertValue, type Path } from './convert-value.ts';
export { type Safety, type Unification, unifyTypes } from './convertible.ts';
export { areEqual, SetMembers } from './equal-values.ts';
export { formatNumber } from './format-number.ts';
export {
  ArgumentError,
  defineFunction,
  type FunctionDefinition,
  type FunctionParameter,
  type FunctionSpec,
  forArgument,
} from './function.ts';
export { typedValueFromJson, valueFromJson } from './json-value.ts';
export { valueToJson } from './json-write.ts';
export { mismatchMessage } from './mismatch.ts';
export { parseNumber } from './parse-number.ts';
export {
  at,
  boolType,
  type CapsuleType,
  type CollectionType,
  dynamicType,
  isCollection,
  isPrimitive,
  listType,
  mapType,
  numberType,
  type ObjectType,
  objectType,
  type PrimitiveType,
  setType,
  stringType,
  type TupleType,
  tupleType,
  type Type,
  typesEqual,
} from './type.ts';
export { constraintName, friendlyName } from './type-name.ts';
export {
  boolValue,
  commonElementType,
  dynamicValue,
  elementEntries,
  falseValue,
  integerValue,
  lengthOf,
  listValue,
  mapValue,
  nullValue,
  numberValue,
  objectValue,
  setValue,
  stringValue,
  trueValue,
  tupleValue,
  unknownValue,
  Value,
} from './value.ts';
