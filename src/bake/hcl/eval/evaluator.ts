import { dynamicValue, type Value } from '../../cty/index.ts';
import { addDiagnostics, type Diagnostic } from '../diagnostic.ts';
import type { EvalContext } from '../eval-context.ts';
import type { Expression } from '../expression.ts';
import type { ItemNode, Node } from '../node.ts';
import type { SourceRange } from '../range.ts';

/** Levels of an expression together with those of the functions that it calls: what the stack bears. */
const MAX_LEVEL = 1000;

/** A function of the file counts as so many levels, as it takes more of the stack. */
const FUNCTION_LEVELS = 5;

/** Where evaluations are at the moment: functions of a file begin one within another. */
let level = 0;

/** Does an evaluation, which may be part of one that called a function. */
export function atOwnLevel<T>(evaluate: () => T): T {
  const before = level;
  level += FUNCTION_LEVELS;
  try {
    return evaluate();
  } finally {
    level = before;
  }
}

/** What an evaluation needs of the rest of the language. */
export interface Language {
  evaluateNode(node: Node, evaluator: Evaluator): Value;
  /** The node for those who look at it as it stands. */
  expressionOf(node: Node): Expression;
}

/** An evaluation: the kinds of nodes have files of their own and come to each other through it. */
export class Evaluator {
  readonly context: EvalContext | undefined;
  readonly diagnostics: Diagnostic[];
  readonly #language: Language;
  readonly #items: Map<ItemNode, Value>;

  constructor(
    language: Language,
    context: EvalContext | undefined,
    diagnostics: Diagnostic[] = [],
    items: Map<ItemNode, Value> = new Map(),
  ) {
    this.#language = language;
    this.context = context;
    this.diagnostics = diagnostics;
    this.#items = items;
  }

  expressionOf(node: Node): Expression {
    return this.#language.expressionOf(node);
  }

  evaluate(node: Node): Value {
    if (level >= MAX_LEVEL) {
      this.report(
        'Too many levels',
        'The expression, or the functions that it calls, are nested too deep.',
        node.range,
      );
      return dynamicValue;
    }
    level++;
    const value = this.#language.evaluateNode(node, this);
    level--;
    return value;
  }

  /** The same with further variables, which hide others of their names. */
  withVariables(variables: ReadonlyMap<string, Value>): Evaluator {
    const context = { variables, ...(this.context !== undefined && { parent: this.context }) };
    return new Evaluator(this.#language, context, this.diagnostics, this.#items);
  }

  /** The same with diagnostics of its own, which may turn out not to matter. */
  apart(): Evaluator {
    return new Evaluator(this.#language, this.context, [], this.#items);
  }

  addAll(diagnostics: readonly Diagnostic[]): void {
    addDiagnostics(this.diagnostics, diagnostics);
  }

  report(summary: string, detail: string, subject: SourceRange, context?: SourceRange): void {
    this.diagnostics.push({ summary, detail, subject, ...(context !== undefined && { context }) });
  }

  hasErrorsSince(before: number): boolean {
    return this.diagnostics.length > before;
  }

  /** The element that a splat is at; a dynamic value outside of one. */
  itemAt(item: ItemNode): Value {
    return this.#items.get(item) ?? dynamicValue;
  }

  /** Evaluates what a splat does to one element. */
  evaluateItem(each: Node, item: ItemNode, element: Value): Value {
    const before = this.#items.get(item);
    this.#items.set(item, element);
    const value = this.evaluate(each);
    if (before === undefined) this.#items.delete(item);
    else this.#items.set(item, before);
    return value;
  }
}
