// Matches function/stdlib/bool.go, bytes.go and general.go of go-cty.
import { TsbuildxError } from '../../base/errors.ts';
import {
  areEqual,
  boolType,
  boolValue,
  type CapsuleType,
  convertUnified,
  type FunctionSpec,
  numberType,
  unifyTypes,
  unknownValue,
  type Value,
} from '../cty/index.ts';
import { define } from './define.ts';
import { anything, parameter } from './parameter.ts';

function ofBools(names: readonly string[], run: (values: readonly boolean[]) => boolean): FunctionSpec {
  return define({
    parameters: names.map((name) => parameter(name, boolType, { allowsDynamic: true })),
    returns: boolType,
    run: (...values: Value[]) => boolValue(run(values.map((value) => value.asBool()))),
  });
}

function equality(wanted: boolean): FunctionSpec {
  return define({
    parameters: [parameter('a', undefined, anything), parameter('b', undefined, anything)],
    returns: boolType,
    run: (a: Value, b: Value) => {
      const isEqual = areEqual(a, b);
      return isEqual === undefined ? unknownValue(boolType) : boolValue(isEqual === wanted);
    },
  });
}

const coalesce: FunctionSpec = define({
  variadic: parameter('vals', undefined, anything),
  run: (...values: Value[]) => {
    const unification = unifyTypes(values.map((value) => value.type));
    if (unification === undefined) throw new TsbuildxError('INVALID_ARGUMENT', 'all arguments must have the same type');
    const found = values.find((value) => !value.isNull);
    if (found === undefined) throw new TsbuildxError('INVALID_ARGUMENT', 'no non-null arguments');
    return found.isKnown ? convertUnified(found, { ...unification, isErased: false }) : unknownValue(unification.type);
  },
});

/** Bake has no function that makes one: only null converts to it, which is refused. */
const bytesType: CapsuleType = { kind: 'capsule', name: 'bytes' };
const buffer = parameter('buf', bytesType, { allowsDynamic: true });

function noBytes(): never {
  throw new TsbuildxError('INVALID_ARGUMENT', 'there are no bytes in a bake file');
}

export const logicFunctions: Readonly<Record<string, FunctionSpec>> = {
  and: ofBools(['a', 'b'], (values) => values.every(Boolean)),
  byteslen: define({ parameters: [buffer], returns: numberType, run: noBytes }),
  bytesslice: define({
    parameters: [buffer, ...['offset', 'length'].map((name) => parameter(name, numberType, { allowsDynamic: true }))],
    returns: bytesType,
    run: noBytes,
  }),
  coalesce,
  equal: equality(true),
  not: ofBools(['val'], ([value]) => value === false),
  notequal: equality(false),
  or: ofBools(['a', 'b'], (values) => values.some(Boolean)),
};
