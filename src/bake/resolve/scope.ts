// Matches the evaluation of variables and functions in buildx bake/hclparser/hclparser.go: each when it is first needed.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import {
  convertValue,
  dynamicType,
  friendlyName,
  type FunctionSpec,
  isPrimitive,
  nullValue,
  stringValue,
  type Type,
  type Value,
} from '../cty/index.ts';
import {
  type Attribute,
  type Diagnostic,
  type EvalContext,
  type Expression,
  keywordOf,
  type LazyFunction,
  makeUserFunction,
  readTypeConstraint,
} from '../hcl/index.ts';
import type { FunctionDefinition, VariableDefinition } from './definitions.ts';
import { asHclError, HclError, sound } from './hcl-error.ts';
import { primitiveFromText, readsCsv, valueFromCsv, valueFromJsonText } from './variable-value.ts';

/** A name that nothing defines. */
export class UndefinedName extends TsbuildxError {
  override readonly name: string = 'UndefinedName';
}

export interface ScopeSources {
  readonly variables: ReadonlyMap<string, VariableDefinition>;
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly builtins: ReadonlyMap<string, string>;
  /** What the user or the environment says about a variable. */
  readonly lookup: (name: string) => string | undefined;
  readonly standardFunctions: ReadonlyMap<string, FunctionSpec | LazyFunction>;
}

/** Evaluates what else an expression refers to: blocks. Throws HclError, UndefinedName and others. */
export type ResolveOther = (
  root: string,
  steps: ReturnType<Expression['variables']>[number]['steps'],
  expression: Expression,
) => boolean;

/** Text of the suffix of variables that hold a value as JSON. */
const jsonSuffix = '_JSON';

/** Everything that expressions may name, evaluated when it is needed. */
export class Scope {
  /** The variables and functions that are evaluated so far. */
  readonly context: EvalContext & {
    readonly variables: Map<string, Value>;
    readonly functions: Map<string, FunctionSpec | LazyFunction>;
  };
  /** Blocks, once there are any. */
  resolveOther: ResolveOther = () => false;
  readonly #sources: ScopeSources;
  readonly #constraints = new Map<string, Type>();
  readonly #openFunctions = new Set<string>();
  readonly #openVariables = new Map<EvalContext, Set<string>>();

  constructor(sources: ScopeSources) {
    this.#sources = sources;
    this.context = { variables: new Map(), functions: new Map(sources.standardFunctions) };
  }

  /** The type that a variable was given; undefined: none. */
  constraintOf(name: string): Type | undefined {
    return this.#constraints.get(name);
  }

  /** Evaluates everything that an expression refers to. Throws HclError. */
  load(context: EvalContext, expression: Expression, excluded: ReadonlySet<string>, allowsMissing: boolean): void {
    const attempt = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        if (allowsMissing && error instanceof UndefinedName) return;
        throw asHclError('Invalid expression', error, expression.range);
      }
    };
    for (const name of expression.functionCalls()) attempt(() => this.resolveFunction(context, name));
    for (const { root, steps } of expression.variables()) {
      if (excluded.has(root)) continue;
      attempt(() => {
        if (!this.resolveOther(root, steps, expression)) this.resolveVariable(context, root);
      });
    }
  }

  /** Throws UndefinedName, HclError, INVALID_ARGUMENT. */
  resolveFunction(context: EvalContext, name: string): void {
    if (this.context.functions.has(name) || context.functions?.has(name)) return;
    const definition = this.#sources.functions.get(name);
    if (definition === undefined) throw undefinedName(`function ${goQuote(name)} does not exist`);
    if (this.#openFunctions.has(name)) throw invalid(`function cycle not allowed for ${name}`);
    this.#openFunctions.add(name);
    const { params, variadic, result } = definition;
    if (result === undefined) throw invalid(`empty result not allowed for ${name}`);
    if (params === undefined) throw invalid(`empty params not allowed for ${name}`);
    this.load(this.context, result.expression, parameterNames(params, variadic), false);
    const found = makeUserFunction({
      params: params.expression,
      ...(variadic && { variadic: variadic.expression }),
      result: result.expression,
      context: () => this.context,
    });
    if (!('made' in found)) throw new HclError(found.diagnostics);
    this.context.functions.set(name, found.made);
  }

  /** Throws UndefinedName, HclError, INVALID_ARGUMENT. */
  resolveVariable(context: EvalContext, name: string): void {
    if (this.context.variables.has(name) || context.variables?.has(name)) return;
    const open = this.#openVariables.get(context) ?? new Set();
    if (open.has(name)) throw invalid(`variable cycle not allowed for ${name}`);
    this.#openVariables.set(context, open.add(name));
    this.context.variables.set(name, this.#evaluate(context, name));
  }

  #evaluate(context: EvalContext, name: string): Value {
    const { builtins, attributes, variables } = this.#sources;
    const builtin = builtins.get(name);
    if (builtin !== undefined) return stringValue(builtin);
    const attribute = attributes.get(name);
    const variable = variables.get(name);
    if (attribute !== undefined) {
      const value = this.#defaultValue(context, attribute, dynamicType, name);
      return variable === undefined ? value : this.#overridden(name, value, undefined, true);
    }
    if (variable === undefined) throw undefinedName(`variable ${goQuote(name)} does not exist`);
    const type = variable.type === undefined ? dynamicType : readType(variable.type);
    const isTyped = type.kind !== 'dynamic' || (variable.type !== undefined && keywordOf(variable.type) === 'any');
    if (isTyped) this.#constraints.set(name, type);
    const constraint = isTyped ? type : undefined;
    if (variable.default === undefined && this.#overrideOf(name, false) === undefined) {
      return isTyped ? nullValue(type) : stringValue('');
    }
    const value =
      variable.default === undefined ? undefined : this.#defaultValue(this.context, variable.default, type, name);
    return this.#overridden(name, value, constraint, variable.default !== undefined);
  }

  #defaultValue(context: EvalContext, { expression }: Attribute, type: Type, name: string): Value {
    this.load(context, expression, new Set(), true);
    const value = sound(expression.evaluate(context));
    try {
      return convertValue(value, type);
    } catch (error) {
      if (!(error instanceof TsbuildxError)) throw error;
      throw invalid(`invalid type ${friendlyName(type)} for variable ${name} default value: ${error.message}`);
    }
  }

  #overridden(name: string, value: Value | undefined, type: Type | undefined, hasDefault: boolean): Value {
    const override = this.#overrideOf(name, type !== undefined);
    if (override === undefined) return value ?? stringValue('');
    const { text, isJson } = override;
    if (type !== undefined) {
      if (isJson) return valueFromJsonText(name, text, type);
      if (readsCsv(type)) return valueFromCsv(name, text, type);
      if (isPrimitive(type)) return primitiveFromText(name, text, type);
      throw invalid(`unsupported type ${friendlyName(type)} for variable ${name}`);
    }
    if (!hasDefault || value === undefined || value.type.kind === 'dynamic') return stringValue(text);
    if (isPrimitive(value.type)) return primitiveFromText(name, text, value.type);
    throw invalid(`unsupported type ${friendlyName(value.type)} for variable ${name}`);
  }

  /** The JSON form counts where it is preferred, or where there is no other. */
  #overrideOf(name: string, prefersJson: boolean): { readonly text: string; readonly isJson: boolean } | undefined {
    const { lookup, variables, builtins } = this.#sources;
    const plain = lookup(name);
    const jsonName = `${name}${jsonSuffix}`;
    const isOwnVariable = variables.has(jsonName) || builtins.has(jsonName);
    const json = (plain === undefined || prefersJson) && !isOwnVariable ? lookup(jsonName) : undefined;
    if (json !== undefined) return { text: json, isJson: true };
    return plain === undefined ? undefined : { text: plain, isJson: false };
  }
}

/** Throws HclError for what is no name. */
function parameterNames(params: Attribute, variadic: Attribute | undefined): ReadonlySet<string> {
  const problems: Diagnostic[] = [];
  const read = (expression: Expression, subject = expression.range): string => {
    const name = keywordOf(expression);
    if (name !== undefined) return name;
    problems.push({ summary: 'Invalid param element', detail: 'Each parameter name must be an identifier.', subject });
    return '';
  };
  // a list that is none is told when the function is made
  const names = (params.expression.asList() ?? []).map((expression) => read(expression));
  if (variadic !== undefined) names.push(read(variadic.expression, variadic.range));
  if (problems.length > 0) throw new HclError(problems);
  return new Set(names);
}

/** A type that is null is none. */
function readType(expression: Expression): Type {
  const { value, diagnostics } = readTypeConstraint(expression);
  if (diagnostics.length === 0) return value;
  const constant = expression.evaluate();
  if (constant.diagnostics.length === 0 && constant.value.isNull) return dynamicType;
  throw new HclError(diagnostics);
}

function undefinedName(what: string): UndefinedName {
  return new UndefinedName('NOT_FOUND', `${what}: undefined`);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
