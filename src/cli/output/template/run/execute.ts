// Matches the walk of Go's text/template/exec.go.
import { assertNever, TsbuildxError } from '../../../../base/errors.ts';
import { goQuote } from '../../../../base/go-quote.ts';
import { printed } from '../format/print.ts';
import type { Branch, Node } from '../syntax/nodes.ts';
import { nodeText } from '../syntax/nodes.ts';
import type { ParsedTemplate } from '../syntax/parse.ts';
import { indirect, intValue, isTrue, stringValue, withoutInterface } from '../values/go-value.ts';
import { Evaluator } from './evaluate.ts';
import type { Functions } from './functions.ts';
import { type Maybe, Scope } from './scope.ts';

/** Steps after which a template counts as endless: nothing can interrupt it. */
const MAX_STEPS = 3_000_000;
/** Characters of output at most. */
const MAX_OUTPUT = 1 << 27;

/** What a template shows; `partial` is what it had shown when it failed. */
export interface Execution {
  readonly output: string;
  readonly error: TsbuildxError | undefined;
}

export function executeTemplate(template: ParsedTemplate, functions: Functions, data: Maybe): Execution {
  const output = new Output();
  try {
    new Walker(template, functions, output, '', data).walkRoot(data);
    return { output: output.text, error: undefined };
  } catch (error) {
    if (error instanceof TsbuildxError) return { output: output.text, error };
    // the stack is used up, or a text has become longer than texts can be
    if (error instanceof RangeError) return { output: output.text, error: tooLarge(error) };
    throw error;
  }
}

export function tooLarge(cause?: unknown): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', 'template: it nests too deeply or shows too much', { cause });
}

class Output {
  text = '';
  #steps = 0;

  write(text: string): void {
    this.text += text;
    if (this.text.length > MAX_OUTPUT) throw tooLarge();
  }

  step(): void {
    if (++this.#steps > MAX_STEPS) throw new TsbuildxError('INVALID_ARGUMENT', 'template: it takes too many steps');
  }
}

type Leaving = 'break' | 'continue' | undefined;

class Walker {
  readonly #template: ParsedTemplate;
  readonly #functions: Functions;
  readonly #output: Output;
  readonly #name: string;
  readonly #scope: Scope;
  readonly #evaluator: Evaluator;

  constructor(template: ParsedTemplate, functions: Functions, output: Output, name: string, data: Maybe) {
    this.#template = template;
    this.#functions = functions;
    this.#output = output;
    this.#name = name;
    this.#scope = new Scope(name, template.text, data);
    this.#evaluator = new Evaluator(this.#scope, functions);
  }

  walkRoot(dot: Maybe): void {
    this.#walkAll(dot, this.#template.trees.get(this.#name) ?? []);
  }

  #walkAll(dot: Maybe, nodes: readonly Node[]): Leaving {
    for (const node of nodes) {
      this.#output.step();
      const leaving = this.#walk(dot, node);
      if (leaving !== undefined) return leaving;
    }
    return undefined;
  }

  #walk(dot: Maybe, node: Node): Leaving {
    this.#scope.node = node;
    switch (node.kind) {
      case 'text':
        this.#output.write(node.text);
        return undefined;
      case 'action': {
        const value = this.#evaluator.pipeline(dot, node.pipeline);
        this.#scope.node = node;
        if (node.pipeline.variables.length === 0) this.#print(node, value);
        return undefined;
      }
      case 'break':
      case 'continue':
        return node.kind;
      case 'template':
        this.#walkTemplate(dot, node);
        return undefined;
      case 'range':
        return this.#walkRange(dot, node);
      case 'if':
      case 'with':
        return this.#walkChoice(dot, node);
      default:
        return assertNever(node);
    }
  }

  #print(node: Node, value: Maybe): void {
    if (value?.kind === 'func') throw this.#scope.fail(`can't print ${nodeText(node)} of type ${value.type.name}`);
    this.#output.write(
      value === undefined ? '<no value>' : printed(value.kind === 'pointer' ? indirect(value) : value),
    );
  }

  #walkChoice(dot: Maybe, { kind, pipeline, body, otherwise }: Branch): Leaving {
    const mark = this.#scope.mark();
    const value = this.#evaluator.pipeline(dot, pipeline);
    const isChosen = isTrue(withoutInterface(value));
    const leaving = this.#walkAll(isChosen && kind === 'with' ? value : dot, isChosen ? body : (otherwise ?? []));
    this.#scope.release(mark);
    return leaving;
  }

  #walkRange(dot: Maybe, branch: Branch): Leaving {
    const mark = this.#scope.mark();
    const value = this.#evaluator.pipeline(dot, branch.pipeline);
    const inner = this.#scope.mark();
    let isEmpty = true;
    let leaving: Leaving;
    for (const [key, item] of this.#itemsOf(value, branch)) {
      isEmpty = false;
      this.#setLoopVariables(branch, inner, key, item);
      const left = this.#walkAll(item, branch.body);
      this.#scope.release(inner);
      if (left === 'break') break;
    }
    if (isEmpty && branch.otherwise !== undefined) leaving = this.#walkAll(dot, branch.otherwise);
    this.#scope.release(mark);
    return leaving;
  }

  #setLoopVariables({ pipeline }: Branch, inner: number, key: Maybe, item: Maybe): void {
    const { variables, assigns } = pipeline;
    const values = variables.length > 1 ? [key, item] : [item];
    if (!assigns) this.#scope.release(inner - variables.length);
    for (const [at, name] of variables.entries()) {
      if (assigns) this.#scope.set(name, values[at]);
      else this.#scope.declare(name, values[at]);
    }
  }

  *#itemsOf(value: Maybe, { pipeline }: Branch): Generator<readonly [Maybe, Maybe]> {
    const held = value === undefined ? undefined : indirect(value);
    switch (held?.kind) {
      case undefined:
        return;
      case 'int':
      case 'uint':
        if (pipeline.variables.length > 1) {
          throw this.#scope.fail(`can't use ${held.value} to iterate over more than one variable`);
        }
        for (let at = 0n; at < held.value; at++) {
          this.#output.step();
          yield [undefined, { ...held, value: at }];
        }
        return;
      case 'slice':
        for (const [at, item] of (held.items ?? []).entries()) yield [intValue(at), item];
        return;
      case 'map':
        for (const [key, item] of held.entries ?? []) yield [stringValue(key), item];
        return;
      default:
        throw this.#scope.fail(`range can't iterate over ${printed(held)}`);
    }
  }

  #walkTemplate(dot: Maybe, node: Node & { readonly kind: 'template' }): void {
    const tree = this.#template.trees.get(node.name);
    if (tree === undefined) throw this.#scope.fail(`template ${goQuote(node.name)} not defined`);
    const data = node.pipeline === undefined ? undefined : this.#evaluator.pipeline(dot, node.pipeline);
    new Walker(this.#template, this.#functions, this.#output, node.name, data).walkRoot(data);
  }
}
