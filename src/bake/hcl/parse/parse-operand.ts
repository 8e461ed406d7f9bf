// Matches hclsyntax/parser.go: unary operators, and what may follow a term: attributes, indices and splats.
import type { ItemNode, Node } from '../node.ts';
import { rangeBetween, type SourceRange } from '../range.ts';
import { constantOf } from './constant-of.ts';
import { Chain } from './chain.ts';
import { parseDot } from './parse-dot.ts';
import { parseTerm } from './parse-term.ts';
import type { Parser } from './parser.ts';

/** A term with the operators that bind to it closest. */
export function parseOperand(parser: Parser): Node {
  const { type } = parser.peek();
  if (type !== '-' && type !== '!') return parsePostfix(parser, parseTerm(parser));
  const symbol = parser.read();
  if (!parser.descend()) return parser.tooDeep(symbol.range);
  const operand = parseOperand(parser);
  parser.ascend();
  const range = rangeBetween(symbol.range, operand.range);
  return { kind: 'unary', operator: type, operand, symbolRange: symbol.range, range };
}

/** Whatever follows `from`. */
function parsePostfix(parser: Parser, from: Node): Node {
  const chain = new Chain(from);
  for (;;) {
    const { type } = parser.peek();
    if (type === '.') parseDot(parser, chain);
    else if (type === '[') parseBracket(parser, chain);
    else return chain.node;
  }
}

function parseBracket(parser: Parser, chain: Chain): void {
  const open = parser.read().range;
  if (parser.peek().type === '*') parseSplat(parser, chain, open);
  else parseIndex(parser, chain, open);
}

/** `[*]`, which takes everything that follows. */
function parseSplat(parser: Parser, chain: Chain, open: SourceRange): void {
  parser.read();
  const detail = 'The star for a full splat operator must be immediately followed by a closing bracket ("]").';
  const close = readBracket(parser, 'Missing close bracket on splat index', detail);
  const markerRange = rangeBetween(open, close);
  const item: ItemNode = { kind: 'item', range: markerRange };
  if (!parser.descend()) {
    chain.wrap(parser.tooDeep(markerRange));
    return;
  }
  const each = parsePostfix(parser, item);
  parser.ascend();
  const range = rangeBetween(chain.start, each.range);
  chain.wrap({ kind: 'splat', source: chain.node, each, item, markerRange, range });
}

function parseIndex(parser: Parser, chain: Chain, open: SourceRange): void {
  const before = parser.diagnostics.length;
  parser.pushNewlines(false);
  const key = parser.expression();
  const bracket = rangeBetween(open, closeIndex(parser, before));
  parser.popNewlines();
  const constant = constantOf(key);
  if (constant !== undefined) chain.step({ kind: 'index', key: constant, range: bracket });
  else {
    const range = rangeBetween(chain.start, bracket);
    chain.wrap({ kind: 'index', collection: chain.node, key, openRange: open, bracketRange: bracket, range });
  }
}

function closeIndex(parser: Parser, before: number): SourceRange {
  if (parser.isRecovering && parser.hasErrorsSince(before)) return parser.recover(']').range;
  const detail = 'The index operator must end with a closing bracket ("]").';
  return readBracket(parser, 'Missing close bracket on index', detail);
}

/** The closing bracket; where there is none, the next one is told instead of what is in its place. */
function readBracket(parser: Parser, summary: string, detail: string): SourceRange {
  const close = parser.read();
  if (close.type === ']' || parser.isRecovering) return close.range;
  const { range } = parser.recover(']');
  parser.report(summary, detail, range);
  return range;
}
