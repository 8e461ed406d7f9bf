// Matches hclsyntax/parser.go.
import type { Node } from '../node.ts';
import { rangeBetween } from '../range.ts';
import type { Token } from '../scan/token.ts';
import { parseFor } from './parse-for.ts';
import type { Parser } from './parser.ts';

/** `[a, b]`, or `[for …]`. */
export function parseTuple(parser: Parser): Node {
  const open = parser.read();
  parser.pushNewlines(false);
  const node = isFor(parser.peek()) ? parseFor(parser, open) : parseElements(parser, open);
  parser.popNewlines();
  return node;
}

export function isFor({ type, text }: Token): boolean {
  return type === 'identifier' && text === 'for';
}

function parseElements(parser: Parser, open: Token): Node {
  const elements: Node[] = [];
  const close = readElements(parser, open, elements);
  return { kind: 'tuple', elements, openRange: open.range, range: rangeBetween(open.range, close.range) };
}

/** Reads up to and with the closing bracket, or whatever is taken for it. */
function readElements(parser: Parser, open: Token, elements: Node[]): Token {
  while (parser.peek().type !== ']') {
    const before = parser.diagnostics.length;
    elements.push(parser.expression());
    if (parser.isRecovering && parser.hasErrorsSince(before)) return parser.recover(']');
    const next = parser.peek();
    if (next.type === ']') break;
    if (next.type !== ',') {
      if (!parser.isRecovering) reportEnd(parser, open, next);
      return parser.recover(']');
    }
    parser.read();
  }
  return parser.read();
}

function reportEnd(parser: Parser, open: Token, next: Token): void {
  if (next.type === 'end of file') {
    const detail =
      'There is no corresponding closing bracket before the end of the file. This may be caused by incorrect bracket nesting elsewhere in this file.';
    parser.report('Unterminated tuple constructor expression', detail, open.range);
  } else {
    const detail = 'Expected a comma to mark the beginning of the next item.';
    parser.report('Missing item separator', detail, next.range, rangeBetween(open.range, next.range));
  }
}
