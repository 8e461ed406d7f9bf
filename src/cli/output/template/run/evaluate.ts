// Matches the evaluation of Go's text/template/exec.go: the same values, the same error texts.
import { messageOf } from '../../../../base/errors.ts';
import { goQuote } from '../../../../base/go-quote.ts';
import type { AnyNode, Command, Operand, Pipeline } from '../syntax/nodes.ts';
import {
  anyType,
  canBeNil,
  complexType,
  float64Type,
  isAssignable,
  type ParameterType,
  valueType,
} from '../values/go-type.ts';
import {
  type BoundFunction,
  boolValue,
  findField,
  findMethod,
  indirect,
  intValue,
  isNil,
  isTrue,
  stringValue,
  withoutInterface,
  zeroValue,
} from '../values/go-value.ts';
import type { Functions } from './functions.ts';
import type { Maybe, Scope } from './scope.ts';
import { nodeText } from '../syntax/nodes.ts';

/** What a pipe hands to the command behind it. */
type Piped = { readonly value: Maybe } | undefined;

interface Call {
  readonly name: string;
  readonly callee: BoundFunction;
  readonly node: AnyNode;
  /** What stands behind the name. */
  readonly args: readonly Operand[];
  readonly piped: Piped;
}

export class Evaluator {
  readonly #scope: Scope;
  readonly #functions: Functions;

  constructor(scope: Scope, functions: Functions) {
    this.#scope = scope;
    this.#functions = functions;
  }

  /** Also declares or sets its variables. */
  pipeline(dot: Maybe, pipeline: Pipeline): Maybe {
    this.#scope.node = pipeline;
    let piped: Piped;
    for (const command of pipeline.commands) {
      piped = { value: withoutInterface(this.#command(dot, command, piped)) };
    }
    const value = piped?.value;
    for (const name of pipeline.variables) {
      if (pipeline.assigns) this.#scope.set(name, value);
      else this.#scope.declare(name, value);
    }
    return value;
  }

  #command(dot: Maybe, command: Command, piped: Piped): Maybe {
    const [first, ...args] = command.words;
    switch (first.kind) {
      case 'field':
      case 'chain':
        return this.#fieldsOf(dot, first, args, piped);
      case 'variable':
        if (first.fields.length > 0) return this.#fieldsOf(dot, first, args, piped);
        this.#scope.node = first;
        this.#refuseArguments(first, args, piped);
        return this.#scope.get(first.name);
      case 'function':
        return this.#function(dot, first.name, first, { node: command, args, piped });
      case 'pipeline':
        this.#refuseArguments(first, args, piped);
        return this.pipeline(dot, first);
      case 'nil':
        this.#scope.node = first;
        this.#refuseArguments(first, args, piped);
        throw this.#scope.fail('nil is not a command');
      default:
        this.#scope.node = first;
        this.#refuseArguments(first, args, piped);
        return first.kind === 'dot' ? dot : this.#constant(first);
    }
  }

  #refuseArguments(word: Operand, args: readonly Operand[], piped: Piped): void {
    if (args.length === 0 && piped === undefined) return;
    throw this.#scope.fail(`can't give argument to non-function ${nodeText(word)}`);
  }

  #constant(node: Operand): Maybe {
    this.#scope.node = node;
    if (node.kind === 'bool') return boolValue(node.value);
    if (node.kind === 'string') return stringValue(node.value);
    if (node.kind !== 'number') throw this.#scope.fail(`can't evaluate command ${goQuote(nodeText(node))}`);
    const { number, text } = node;
    if (number.complex !== undefined) return { kind: 'complex', type: complexType, value: number.complex };
    const isFloat = /[.eEpP]/.test(text) && !text.startsWith("'") && !/^0[xX][^pP]*$/.test(text);
    if (number.float !== undefined && isFloat) return { kind: 'float', type: float64Type, value: number.float };
    if (number.int !== undefined) return intValue(number.int);
    throw this.#scope.fail(`${text} overflows int`);
  }

  /** `.A.B`, `$a.B` and `(…).B`; the last name takes the arguments. */
  #fieldsOf(
    dot: Maybe,
    node: Operand & { readonly kind: 'field' | 'chain' | 'variable' },
    args: readonly Operand[],
    piped: Piped,
  ): Maybe {
    this.#scope.node = node;
    const names = node.kind === 'field' ? node.names : node.fields;
    let value = dot;
    if (node.kind === 'variable') value = this.#scope.get(node.name);
    else if (node.kind === 'chain') value = this.#value(dot, node.of);
    for (const [at, name] of names.entries()) {
      const isLast = at === names.length - 1;
      value = this.#field(dot, value, name, { node, args: isLast ? args : [], piped: isLast ? piped : undefined });
    }
    return value;
  }

  #field(dot: Maybe, receiver: Maybe, name: string, call: Omit<Call, 'callee' | 'name'>): Maybe {
    if (receiver === undefined) return undefined;
    const { name: typeName } = receiver.type;
    const value = indirect(receiver);
    if (value.kind === 'interface') throw this.#scope.fail(`nil pointer evaluating ${typeName}.${name}`);
    const callee = findMethod(receiver, name) ?? findMethod(value, name);
    if (callee !== undefined) return this.#call(dot, { ...call, name, callee });
    const hasArguments = call.args.length > 0 || call.piped !== undefined;
    if (value.kind === 'struct') {
      const field = findField(value, name);
      if (field !== undefined) {
        if (!/^\p{Lu}/u.test(name)) {
          throw this.#scope.fail(`${name} is an unexported field of struct type ${typeName}`);
        }
        if (hasArguments) throw this.#scope.fail(`${name} has arguments but cannot be invoked as function`);
        return field.get();
      }
    } else if (value.kind === 'map') {
      if (hasArguments) throw this.#scope.fail(`${name} is not a method but has arguments`);
      return value.entries?.get(name);
    } else if (value.kind === 'pointer') {
      const { element } = value.type;
      if (element.kind !== 'struct' || element.fieldNames.includes(name)) {
        throw this.#scope.fail(`nil pointer evaluating ${typeName}.${name}`);
      }
    }
    throw this.#scope.fail(`can't evaluate field ${name} in type ${typeName}`);
  }

  #function(dot: Maybe, name: string, node: Operand, call: Omit<Call, 'callee' | 'name'>): Maybe {
    this.#scope.node = node;
    const callee = this.#functions.get(name);
    if (callee === undefined) throw this.#scope.fail(`${goQuote(name)} is not a defined function`);
    return name === 'and' || name === 'or'
      ? this.#shortCircuit(dot, { ...call, name, callee })
      : this.#call(dot, { ...call, name, callee });
  }

  /** `and` and `or` leave the rest alone as soon as they know. */
  #shortCircuit(dot: Maybe, call: Call): Maybe {
    this.#checkCount(call);
    let value: Maybe;
    for (const arg of call.args) {
      value = this.#argument(dot, valueType, arg);
      if (isTrue(withoutInterface(value)) === (call.name === 'or')) return value;
    }
    return call.piped === undefined ? value : call.piped.value;
  }

  #call(dot: Maybe, call: Call): Maybe {
    const { callee, name, node, args, piped } = call;
    this.#checkCount(call);
    const values = args.map((arg, at) => this.#argument(dot, parameterOf(callee, at), arg));
    if (piped !== undefined) values.push(this.#checked(piped.value, parameterOf(callee, args.length)));
    try {
      return callee.call(values, args[0] === undefined ? shownValue(values[0]) : nodeText(args[0]));
    } catch (error) {
      this.#scope.node = node;
      throw this.#scope.fail(`error calling ${name}: ${messageOf(error)}`, { cause: error });
    }
  }

  #checkCount({ callee: { type }, name, args, piped }: Call): void {
    const given = args.length + (piped === undefined ? 0 : 1);
    const wanted = type.parameters.length;
    if (type.isVariadic && given < wanted - 1) {
      throw this.#scope.fail(`wrong number of args for ${name}: want at least ${wanted - 1} got ${args.length}`);
    }
    if (!type.isVariadic && given !== wanted) {
      throw this.#scope.fail(`wrong number of args for ${name}: want ${wanted} got ${given}`);
    }
  }

  #argument(dot: Maybe, type: ParameterType, node: Operand): Maybe {
    this.#scope.node = node;
    switch (node.kind) {
      case 'nil':
        if (!canBeNil(type)) throw this.#scope.fail(`cannot assign nil to ${type.name}`);
        return undefined;
      case 'bool':
      case 'number':
      case 'string':
        return this.#constantFor(type, node);
      default:
        return this.#checked(this.#value(dot, node), type);
    }
  }

  /** The value of a word that stands alone. */
  #value(dot: Maybe, node: Operand): Maybe {
    this.#scope.node = node;
    switch (node.kind) {
      case 'dot':
        return dot;
      case 'field':
      case 'chain':
        return this.#fieldsOf(dot, node, [], undefined);
      case 'variable':
        return node.fields.length > 0 ? this.#fieldsOf(dot, node, [], undefined) : this.#scope.get(node.name);
      case 'function':
        return this.#function(dot, node.name, node, { node, args: [], piped: undefined });
      case 'pipeline':
        return this.pipeline(dot, node);
      case 'nil':
        throw this.#scope.fail('nil is not a command');
      default:
        return this.#constant(node);
    }
  }

  #constantFor(type: ParameterType, node: Operand & { readonly kind: 'bool' | 'number' | 'string' }): Maybe {
    const expected = (what: string): Error => this.#scope.fail(`expected ${what}; found ${nodeText(node)}`);
    switch (type.kind) {
      case 'value':
      case 'interface':
        return this.#constant(node);
      case 'bool':
        if (node.kind !== 'bool') throw expected('bool');
        return { kind: 'bool', type, value: node.value };
      case 'string':
        if (node.kind !== 'string') throw expected('string');
        return { kind: 'string', type, value: node.value };
      case 'int': {
        const whole = node.kind === 'number' ? node.number.int : undefined;
        if (whole === undefined) throw expected('integer');
        return { kind: 'int', type, value: whole };
      }
      case 'float': {
        const float = node.kind === 'number' ? node.number.float : undefined;
        if (float === undefined) throw expected('float');
        return { kind: 'float', type, value: float };
      }
      default:
        throw this.#scope.fail(`can't handle ${nodeText(node)} for arg of type ${type.name}`);
    }
  }

  /** The value as the parameter takes it. */
  #checked(value: Maybe, type: ParameterType): Maybe {
    if (type.kind === 'value') return value;
    if (value === undefined) {
      if (!canBeNil(type)) throw this.#scope.fail(`invalid value; expected ${type.name}`);
      return type.kind === 'interface' ? undefined : zeroValue(type);
    }
    if (type.kind === anyType.kind) return withoutInterface(value);
    if (isAssignable(value.type, type)) return value;
    const held = value.kind === 'interface' && !isNil(value) ? withoutInterface(value) : value;
    if (held !== undefined && isAssignable(held.type, type)) return held;
    if (held?.kind === 'pointer' && isAssignable(held.type.element, type)) {
      if (held.target !== undefined) return held.target;
      throw this.#scope.fail(`dereference of nil pointer of type ${type.name}`);
    }
    throw this.#scope.fail(`wrong type for value; expected ${type.name}; got ${held?.type.name ?? 'nil'}`);
  }
}

/** As Go's reflect shows values that are no strings. */
function shownValue(value: Maybe): string {
  return value?.kind === 'string' ? value.value : `<${value?.type.name ?? 'invalid'} Value>`;
}

function parameterOf({ type }: BoundFunction, at: number): ParameterType {
  return type.parameters[Math.min(at, type.parameters.length - 1)] ?? anyType;
}
