// Matches hclsyntax/parser.go.
import type { Node, ObjectItem } from '../node.ts';
import { rangeBetween } from '../range.ts';
import type { Token } from '../scan/token.ts';
import { parseFor } from './parse-for.ts';
import { isFor } from './parse-tuple.ts';
import type { Parser } from './parser.ts';

const SEPARATOR = 'Expected an equals sign ("=") to mark the beginning of the attribute value.';

/** `{ a = b }`, or `{for …}`. */
export function parseObject(parser: Parser): Node {
  const open = parser.read();
  // Newlines separate items, but mean nothing in a `for`.
  parser.pushNewlines(false);
  const isForObject = isFor(parser.peek());
  parser.popNewlines();
  if (isForObject) return parseFor(parser, open);
  parser.pushNewlines(true);
  const items: ObjectItem[] = [];
  const close = readItems(parser, open, items);
  parser.popNewlines();
  return { kind: 'object', items, openRange: open.range, range: rangeBetween(open.range, close.range) };
}

/** Reads up to and with the closing brace, or whatever is taken for it. */
function readItems(parser: Parser, open: Token, items: ObjectItem[]): Token {
  for (;;) {
    const next = parser.peek();
    if (next.type === 'newline') {
      parser.read();
      continue;
    }
    if (next.type === '}') return parser.read();
    if (!readItem(parser, open, items)) return parser.recover('}');
    const after = parser.peek();
    if (after.type === '}') return parser.read();
    if (after.type !== ',' && after.type !== 'newline') {
      if (!parser.isRecovering) reportEnd(parser, open, after);
      return parser.recover('}');
    }
    parser.read();
  }
}

/** Whether an item could be read. */
function readItem(parser: Parser, open: Token, items: ObjectItem[]): boolean {
  const before = parser.diagnostics.length;
  const isParenthesized = parser.peek().type === '(';
  const expression = parser.expression();
  if (parser.isRecovering && parser.hasErrorsSince(before)) return false;
  const separator = parser.peek();
  if (separator.type !== '=' && separator.type !== ':') {
    if (!parser.isRecovering) reportSeparator(parser, open, separator);
    return false;
  }
  parser.read();
  const beforeValue = parser.diagnostics.length;
  const value = parser.expression();
  const isBroken = parser.isRecovering && parser.hasErrorsSince(beforeValue);
  if (isBroken && value.kind !== 'faulty') return false;
  items.push({ key: { kind: 'object key', expression, isParenthesized, range: expression.range }, value });
  return !isBroken;
}

function reportSeparator(parser: Parser, open: Token, { type, range }: Token): void {
  const context = rangeBetween(open.range, range);
  if (type === 'newline' || type === ',') {
    const detail = 'Expected an attribute value, introduced by an equals sign ("=").';
    parser.report('Missing attribute value', detail, range, context);
  } else if (type === 'identifier') {
    const hint =
      'If you intended to given an attribute name containing periods or spaces, write the name in quotes to create a string literal.';
    parser.report('Missing key/value separator', `${SEPARATOR} ${hint}`, range, context);
  } else if (type === 'end of file') reportUnterminated(parser, open);
  else parser.report('Missing key/value separator', SEPARATOR, range, context);
}

function reportEnd(parser: Parser, open: Token, { type, range }: Token): void {
  if (type === 'end of file') reportUnterminated(parser, open);
  else {
    const detail = 'Expected a newline or comma to mark the beginning of the next attribute.';
    parser.report('Missing attribute separator', detail, range, rangeBetween(open.range, range));
  }
}

function reportUnterminated(parser: Parser, open: Token): void {
  const detail =
    'There is no corresponding closing brace before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.';
  parser.report('Unterminated object constructor expression', detail, open.range);
}
