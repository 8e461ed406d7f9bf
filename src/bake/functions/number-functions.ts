// Matches function/stdlib/number.go of go-cty.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import {
  addNumbers,
  ArgumentError,
  BigFloat,
  boolType,
  boolValue,
  compareNumbers,
  divideNumbers,
  friendlyName,
  type FunctionSpec,
  forArgument,
  integerValue,
  multiplyNumbers,
  numberType,
  numberValue,
  remainderOf,
  subtractNumbers,
  type Value,
} from '../cty/index.ts';
import { define } from './define.ts';
import { parseInteger } from './parse-integer.ts';
import { power } from './power.ts';
import { number, parameter } from './parameter.ts';
import { int64Of, wholeNumber } from './whole-number.ts';

function ofOne(name: string, run: (x: BigFloat) => BigFloat): FunctionSpec {
  const parameters = [parameter(name, numberType, { allowsDynamic: true })];
  return define({ parameters, returns: numberType, run: (x: Value) => numberValue(run(x.asNumber())) });
}

function ofTwo(run: (a: BigFloat, b: BigFloat) => BigFloat): FunctionSpec {
  return define({
    parameters: ['a', 'b'].map((name) => parameter(name, numberType, { allowsDynamic: true })),
    returns: numberType,
    run: (a: Value, b: Value) => numberValue(run(a.asNumber(), b.asNumber())),
  });
}

function comparison(test: (order: number) => boolean): FunctionSpec {
  return define({
    parameters: ['a', 'b'].map((name) => parameter(name, numberType, { allowsDynamic: true })),
    returns: boolType,
    run: (a: Value, b: Value) => boolValue(test(compareNumbers(a.asNumber(), b.asNumber()))),
  });
}

function extreme(isBetter: (order: number) => boolean): FunctionSpec {
  return define({
    variadic: parameter('numbers', numberType, { allowsDynamic: true }),
    returns: numberType,
    run: (...numbers: Value[]) => {
      const [first, ...rest] = numbers;
      if (first === undefined) throw new TsbuildxError('INVALID_ARGUMENT', 'must pass at least one number');
      return rest.reduce((best, x) => (isBetter(compareNumbers(x.asNumber(), best.asNumber())) ? x : best), first);
    },
  });
}

/** Through float64, as Go's math package computes. */
function ofFloats(names: readonly [string, string], run: (a: number, b: number) => number): FunctionSpec {
  return define({
    parameters: names.map(number),
    returns: numberType,
    run: (a: Value, b: Value) => numberValue(BigFloat.fromNumber(run(floatOf(a), floatOf(b)))),
  });
}

function floatOf(value: Value): number {
  const exact = value.asNumber();
  const float = exact.toNumber();
  if (Number.isFinite(float) || exact.isInfinite) return float;
  const most = `${BigInt(Number.MAX_VALUE)}.000000`;
  throw new TsbuildxError('INVALID_ARGUMENT', `value must be between -${most} and ${most} inclusive`);
}

/** Without the fraction, towards zero; with the precision that Go gives a new number. */
function truncate(x: BigFloat): BigFloat {
  if (x.isInteger) return x;
  const integer = x.toBigInt();
  if (integer === undefined) throw new TsbuildxError('INVALID_ARGUMENT', "can't truncate infinity to an integer");
  return BigFloat.fromInteger(integer);
}

/** To the next whole number: `step` is 1 upwards, -1 downwards. The precision stays. */
function roundTo(step: 1n | -1n): (x: BigFloat) => BigFloat {
  return (x) => {
    const integer = x.toBigInt();
    if (integer === undefined) return x;
    const isTowardsZero = x.isInteger || x.isNegative === step > 0n;
    return BigFloat.fromInteger(isTowardsZero ? integer : integer + step).withPrecision(x.precision);
  };
}

const parseInt: FunctionSpec = define({
  parameters: [parameter('number'), number('base')],
  returns: numberType,
  run: (value: Value, baseValue: Value) => {
    if (value.type.kind !== 'string') {
      throw new ArgumentError(0, `first argument must be a string, not ${friendlyName(value.type)}`);
    }
    const base = forArgument(1, () => wholeNumber(baseValue));
    if (base < 2 || base > 62) throw new ArgumentError(1, 'base must be a whole number between 2 and 62 inclusive');
    const text = value.asString();
    const parsed = parseInteger(text, base);
    if (parsed === undefined) throw new ArgumentError(0, `cannot parse ${goQuote(text)} as a base ${base} integer`);
    return integerValue(parsed);
  },
});

const signum: FunctionSpec = define({
  parameters: [number('num')],
  returns: numberType,
  run: (x: Value) => {
    const integer = int64Of(x);
    return integerValue(integer === 0n ? 0 : integer < 0n ? -1 : 1);
  },
});

export const numberFunctions: Readonly<Record<string, FunctionSpec>> = {
  absolute: ofOne('num', (x) => x.absolute()),
  add: ofTwo(addNumbers),
  ceil: ofOne('num', roundTo(1n)),
  divide: ofTwo(divideNumbers),
  floor: ofOne('num', roundTo(-1n)),
  greaterthan: comparison((order) => order > 0),
  greaterthanorequalto: comparison((order) => order >= 0),
  int: ofOne('num', truncate),
  lessthan: comparison((order) => order < 0),
  lessthanorequalto: comparison((order) => order <= 0),
  log: ofFloats(['num', 'base'], (x, base) => Math.log(x) / Math.log(base)),
  max: extreme((order) => order > 0),
  min: extreme((order) => order < 0),
  modulo: ofTwo(remainderOf),
  multiply: ofTwo(multiplyNumbers),
  negate: ofOne('num', (x) => x.negate()),
  parseint: parseInt,
  pow: ofFloats(['num', 'power'], power),
  signum,
  subtract: ofTwo(subtractNumbers),
};
