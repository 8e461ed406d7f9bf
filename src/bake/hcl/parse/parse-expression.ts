// Matches hclsyntax/parser.go: conditionals and binary operators.
import type { BinaryOperator, Node } from '../node.ts';
import { rangeBetween } from '../range.ts';
import { parseOperand } from './parse-operand.ts';
import type { Parser } from './parser.ts';

const precedences = new Map<string, number>(
  [['||'], ['&&'], ['==', '!='], ['>', '>=', '<', '<='], ['+', '-'], ['*', '/', '%']].flatMap((level, precedence) =>
    level.map((operator) => [operator, precedence] as const),
  ),
);

function precedenceOf(type: string): number {
  return precedences.get(type) ?? -1;
}

function isBinaryOperator(type: string): type is BinaryOperator {
  return precedences.has(type);
}

/** What `Parser.expression` does. */
export function parseExpression(parser: Parser): Node {
  const start = parser.peek().range;
  const before = parser.diagnostics.length;
  const failed = (): boolean => parser.isRecovering && parser.hasErrorsSince(before);
  const condition = parseBinary(parser, 0);
  if (parser.peek().type !== '?' || failed()) return condition;
  parser.read();
  const whenTrue = parser.expression();
  if (failed()) return condition;
  const colon = parser.peek();
  if (colon.type !== ':') {
    parser.report(
      'Missing false expression in conditional',
      'The conditional operator (...?...:...) requires a false expression, delimited by a colon.',
      colon.range,
      rangeBetween(start, colon.range),
    );
    return condition;
  }
  parser.read();
  const whenFalse = parser.expression();
  if (failed()) return condition;
  return { kind: 'conditional', condition, whenTrue, whenFalse, range: rangeBetween(start, whenFalse.range) };
}

/** Operators of the precedence and above, from left to right. */
function parseBinary(parser: Parser, precedence: number): Node {
  const before = parser.diagnostics.length;
  let left = parseOperand(parser);
  while (!(parser.isRecovering && parser.hasErrorsSince(before))) {
    const { type } = parser.peek();
    const own = precedenceOf(type);
    if (own < precedence || !isBinaryOperator(type)) break;
    parser.read();
    const right = parseBinary(parser, own + 1);
    if (parser.isRecovering && parser.hasErrorsSince(before)) break;
    left = { kind: 'binary', operator: type, left, right, range: rangeBetween(left.range, right.range) };
  }
  return left;
}
