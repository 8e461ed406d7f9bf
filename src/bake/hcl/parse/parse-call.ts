// Matches hclsyntax/parser.go.
import type { Node } from '../node.ts';
import { rangeBetween } from '../range.ts';
import type { Token } from '../scan/token.ts';
import type { Parser } from './parser.ts';

/** A function call whose first name was read. */
export function parseCall(parser: Parser, first: Token): Node {
  let name = first.text;
  let last = first;
  let open = parser.read();
  while (open.type === '::') {
    last = parser.read();
    if (last.type !== 'identifier') {
      const detail = 'Function scope resolution symbol :: must be followed by a function name in this scope.';
      return faultyName(parser, first, last, 'Missing function name', detail);
    }
    name += `::${last.text}`;
    open = parser.read();
  }
  if (open.type !== '(') {
    const detail = 'Function selector must be followed by an open parenthesis to begin the function call.';
    return faultyName(parser, first, open, 'Missing open parenthesis', detail);
  }
  const args: Node[] = [];
  parser.pushNewlines(false);
  const { close, expandsLast } = readArguments(parser, first, open, args);
  parser.popNewlines();
  const nameRange = rangeBetween(first.range, last.range);
  return {
    kind: 'call',
    name,
    args,
    expandsLast,
    nameRange,
    openRange: open.range,
    closeRange: close.range,
    range: rangeBetween(nameRange, close.range),
  };
}

function faultyName(parser: Parser, first: Token, at: Token, summary: string, detail: string): Node {
  const before = parser.diagnostics.length;
  const range = rangeBetween(first.range, at.range);
  parser.report(summary, detail, at.range, range);
  const diagnostics = parser.diagnostics.slice(before);
  parser.recoverOver('(');
  return { kind: 'faulty', diagnostics, range };
}

/** Reads up to and with the closing parenthesis, or whatever is taken for it. */
function readArguments(
  parser: Parser,
  name: Token,
  open: Token,
  args: Node[],
): { readonly close: Token; readonly expandsLast: boolean } {
  while (parser.peek().type !== ')') {
    const before = parser.diagnostics.length;
    args.push(parser.expression());
    if (parser.isRecovering && parser.hasErrorsSince(before)) return { close: parser.recover(')'), expandsLast: false };
    const separator = parser.read();
    if (separator.type === ')') return { close: separator, expandsLast: false };
    if (separator.type === '...') return { close: closeExpanded(parser, name, separator), expandsLast: true };
    if (separator.type !== ',') {
      reportSeparator(parser, name, open, separator);
      return { close: parser.recover(')'), expandsLast: false };
    }
  }
  return { close: parser.read(), expandsLast: false };
}

function closeExpanded(parser: Parser, name: Token, ellipsis: Token): Token {
  if (parser.peek().type === ')') return parser.read();
  if (!parser.isRecovering) {
    const detail = 'An expanded function argument (with ...) must be immediately followed by closing parentheses.';
    const context = rangeBetween(name.range, ellipsis.range);
    parser.report('Missing closing parenthesis', detail, ellipsis.range, context);
  }
  return parser.recover(')');
}

function reportSeparator(parser: Parser, name: Token, open: Token, { type, range }: Token): void {
  if (type === 'end of file') {
    const detail =
      'There is no closing parenthesis for this function call before the end of the file. This may be caused by incorrect parenthesis nesting elsewhere in this file.';
    parser.report('Unterminated function call', detail, rangeBetween(name.range, open.range));
  } else {
    const detail = 'A comma is required to separate each function argument from the next.';
    parser.report('Missing argument separator', detail, range, rangeBetween(name.range, range));
  }
}
