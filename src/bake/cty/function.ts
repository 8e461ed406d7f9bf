// Matches go-cty's function package: what a function of a bake file takes, and how nulls and unknowns are kept from it.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { dynamicType, type Type } from './type.ts';
import { conformanceProblem } from './type-conformance.ts';
import { unknownValue, type Value } from './value.ts';

export interface FunctionParameter {
  readonly name: string;
  /** The caller converts arguments to it. */
  readonly type: Type;
  /** False: null is refused. */
  readonly allowsNull?: boolean;
  /** False: an unknown argument makes the result unknown without a call. */
  readonly allowsUnknown?: boolean;
  /** False: an argument of unknown type makes the result unknown without a call. */
  readonly allowsDynamic?: boolean;
}

/** A function as the evaluator calls it. */
export interface FunctionSpec {
  readonly parameters: readonly FunctionParameter[];
  /** Takes all further arguments. */
  readonly variadic?: FunctionParameter;
  /** Arguments are converted already. Throws ArgumentError for a wrong argument, INVALID_ARGUMENT for all else. */
  call(args: readonly Value[]): Value;
}

/** An argument that the function cannot take. */
export class ArgumentError extends TsbuildxError {
  override readonly name: string = 'ArgumentError';
  /** Of the argument, from 0. */
  readonly index: number;

  constructor(index: number, message: string, options?: ErrorOptions) {
    super('INVALID_ARGUMENT', message, options);
    this.index = index;
  }
}

export interface FunctionDefinition {
  readonly parameters?: readonly FunctionParameter[];
  readonly variadic?: FunctionParameter;
  /** The type of results; of some functions it depends on the arguments, which may be unknown. */
  readonly returns: Type | ((args: readonly Value[]) => Type);
  /** Gets arguments that its parameters allow, and the type that its result must have. */
  readonly run: (args: readonly Value[], type: Type) => Value;
}

/** Puts the checks that all functions share in front of one. */
export function defineFunction({ parameters = [], variadic, returns, run }: FunctionDefinition): FunctionSpec {
  const parameterAt = (index: number): FunctionParameter | undefined => parameters[index] ?? variadic;
  return {
    parameters,
    ...(variadic !== undefined && { variadic }),
    call(args) {
      checkCount(args.length, parameters.length, variadic !== undefined);
      if (!checkArguments(args, parameterAt)) return unknownValue(dynamicType);
      const type = typeof returns === 'function' ? returns(args) : returns;
      const isUnknown = args.some((arg, i) => !arg.isKnown && parameterAt(i)?.allowsUnknown !== true);
      return isUnknown ? unknownValue(type) : run(args, type);
    },
  };
}

/** Lists that are spread over the parameters of a variadic function end somewhere. */
const MAX_ARGUMENTS = 10_000;

function checkCount(given: number, required: number, isVariadic: boolean): void {
  if (given > MAX_ARGUMENTS) {
    throw new TsbuildxError('INVALID_ARGUMENT', `a call takes at most ${MAX_ARGUMENTS} arguments; ${given} given`);
  }
  if (isVariadic ? given >= required : given === required) return;
  const least = isVariadic ? 'at least ' : '';
  throw new TsbuildxError(
    'INVALID_ARGUMENT',
    `wrong number of arguments (${least}${required} required; ${given} given)`,
  );
}

/** False when an argument is of unknown type where that is not allowed. */
function checkArguments(
  args: readonly Value[],
  parameterAt: (index: number) => FunctionParameter | undefined,
): boolean {
  for (const [i, arg] of args.entries()) {
    const parameter = parameterAt(i);
    if (parameter === undefined) continue;
    if (arg.isNull && parameter.allowsNull !== true) throw new ArgumentError(i, 'argument must not be null');
    if (arg.type.kind === 'dynamic') {
      if (parameter.allowsDynamic !== true) return false;
      continue;
    }
    const problem = conformanceProblem(arg.type, parameter.type);
    if (problem !== undefined) throw new ArgumentError(i, problem);
  }
  return true;
}

/** Runs what reads an argument; its errors become errors of that argument. */
export function forArgument<T>(index: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ArgumentError) throw error;
    throw new ArgumentError(index, messageOf(error), { cause: error });
  }
}
