import type { Node } from '../node.ts';
import type { SourceRange } from '../range.ts';
import type { Token } from '../scan/token.ts';
import { dynamicValue } from '../../cty/index.ts';
import { TokenReader } from './token-reader.ts';

/** Levels of nesting that a source may have: far more than anyone writes, and what the stack bears. */
export const MAX_DEPTH = 400;

/** The reader with what the parts of the grammar share: they are in files of their own and call each other through it. */
export class Parser extends TokenReader {
  readonly #parseExpression: (parser: Parser) => Node;
  #depth = 0;

  constructor(tokens: readonly Token[], parseExpression: (parser: Parser) => Node) {
    super(tokens);
    this.#parseExpression = parseExpression;
  }

  /** An expression of any kind. */
  expression(): Node {
    if (!this.descend()) return this.tooDeep(this.peek().range);
    const node = this.#parseExpression(this);
    this.ascend();
    return node;
  }

  /** Goes one level down; false when there are too many. */
  descend(): boolean {
    if (this.#depth === MAX_DEPTH) return false;
    this.#depth++;
    return true;
  }

  ascend(): void {
    this.#depth--;
  }

  /** Says that the nesting is too deep, gives up on the source, and stands for what is there. */
  tooDeep(range: SourceRange): Node {
    this.report('Too many levels', `More than ${MAX_DEPTH} levels are nested here. Simplify the configuration.`, range);
    this.skipAll();
    return placeholder(range);
  }
}

/** Stands for an expression that could not be understood. */
export function placeholder(range: SourceRange): Node {
  return { kind: 'literal', value: dynamicValue, range };
}
