import { TsbuildxError } from '../../../../base/errors.ts';
import { byteLength } from '../../../../base/go-bytes.ts';
import { goQuote } from '../../../../base/go-quote.ts';
import { type AnyNode, nodeText } from '../syntax/nodes.ts';
import type { GoValue } from '../values/go-value.ts';

/** Undefined stands for no value at all, as of a key that a map does not have. */
export type Maybe = GoValue | undefined;

/** Where a template stands while it runs: its variables, and what an error points at. */
export class Scope {
  /** What is being evaluated. */
  node: AnyNode | undefined;
  readonly #name: string;
  readonly #text: string;
  readonly #variables: { readonly name: string; value: Maybe }[];

  /** `text` is the source of all templates, `name` that of the one that runs. */
  constructor(name: string, text: string, data: Maybe) {
    this.#name = name;
    this.#text = text;
    this.#variables = [{ name: '$', value: data }];
  }

  mark(): number {
    return this.#variables.length;
  }

  release(mark: number): void {
    this.#variables.length = mark;
  }

  declare(name: string, value: Maybe): void {
    this.#variables.push({ name, value });
  }

  get(name: string): Maybe {
    return this.#find(name).value;
  }

  set(name: string, value: Maybe): void {
    this.#find(name).value = value;
  }

  #find(name: string): { value: Maybe } {
    const found = this.#variables.findLast((variable) => variable.name === name);
    if (found === undefined) throw this.fail(`undefined variable: ${name}`);
    return found;
  }

  fail(why: string, options?: ErrorOptions): TsbuildxError {
    if (this.node === undefined) {
      return new TsbuildxError('INVALID_ARGUMENT', `template: ${this.#name}: ${why}`, options);
    }
    const before = this.#text.slice(0, this.node.at);
    const line = before.split('\n').length;
    const column = byteLength(before.slice(before.lastIndexOf('\n') + 1));
    const what = `executing ${goQuote(this.#name)} at <${nodeText(this.node)}>`;
    return new TsbuildxError('INVALID_ARGUMENT', `template: :${line}:${column}: ${what}: ${why}`, options);
  }
}
