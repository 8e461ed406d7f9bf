// Matches hclsyntax/parser.go.
import type { Node } from '../node.ts';
import { rangeBetween } from '../range.ts';
import type { Token } from '../scan/token.ts';
import { type Parser, placeholder } from './parser.ts';
import { closerOf } from './token-reader.ts';

/** Tells what a `for` lacks. */
export interface ForTexts {
  readonly summary: string;
  readonly noName: string;
  readonly noValueName: string;
  readonly noIn: string;
}

const texts: ForTexts = {
  summary: "Invalid 'for' expression",
  noName: "For expression requires variable name after 'for'.",
  noValueName: 'For expression requires value variable name after comma.',
  noIn: "For expression requires the 'in' keyword after its name declarations.",
};

/** `for k, v in c: k => v if x`, in brackets of which the opening one was read. */
export function parseFor(parser: Parser, open: Token): Node {
  parser.pushNewlines(false);
  parser.read();
  const node = parseForIn(parser, open);
  if (node !== undefined) {
    parser.popNewlines();
    return node;
  }
  const close = parser.recover(closerOf(open.type) ?? 'end of file');
  parser.popNewlines();
  return placeholder(rangeBetween(open.range, close.range));
}

/** The names and the word `in`; undefined when something is missing, which was reported. */
export function parseForNames(
  parser: Parser,
  { summary, noName, noValueName, noIn }: ForTexts,
  open?: Token,
): { readonly keyName?: string; readonly valueName: string } | undefined {
  const missing = (detail: string): undefined => {
    const { range } = parser.peek();
    const context = open === undefined ? undefined : rangeBetween(open.range, range);
    if (!parser.isRecovering) parser.report(summary, detail, range, context);
  };
  if (parser.peek().type !== 'identifier') return missing(noName);
  const first = parser.read().text;
  let second: string | undefined;
  if (parser.peek().type === ',') {
    parser.read();
    if (parser.peek().type !== 'identifier') return missing(noValueName);
    second = parser.read().text;
  }
  const word = parser.peek();
  if (word.type !== 'identifier' || word.text !== 'in') return missing(noIn);
  parser.read();
  return second === undefined ? { valueName: first } : { keyName: first, valueName: second };
}

/** What follows the word `for`; undefined when it makes no sense, which was reported. */
function parseForIn(parser: Parser, open: Token): Node | undefined {
  const names = parseForNames(parser, texts, open);
  if (names === undefined) return undefined;
  const before = parser.diagnostics.length;
  const isBroken = (): boolean => parser.isRecovering && parser.hasErrorsSince(before);
  const collection = parser.expression();
  if (isBroken()) return undefined;
  if (parser.peek().type !== ':') {
    reportHere(parser, open, 'For expression requires a colon after the collection expression.');
    return undefined;
  }
  parser.read();
  const first = parser.expression();
  let second: Node | undefined;
  if (parser.peek().type === '=>') {
    parser.read();
    second = parser.expression();
  }
  if (isBroken()) return undefined;
  const ellipsis = parser.peek().type === '...' ? parser.read() : undefined;
  const word = parser.peek();
  let condition: Node | undefined;
  if (word.type === 'identifier' && word.text === 'if') {
    parser.read();
    condition = parser.expression();
    if (isBroken()) return undefined;
  }
  const closer = closerOf(open.type) ?? 'end of file';
  const hasMore = parser.peek().type !== closer;
  if (hasMore) reportHere(parser, open, "Extra characters after the end of the 'for' expression.");
  const close = hasMore ? parser.recover(closer) : parser.read();
  const range = rangeBetween(open.range, close.range);
  const key = second === undefined ? undefined : first;
  const value = second ?? first;
  checkKind(parser, { open, range, key, value, ellipsis });
  return {
    kind: 'for',
    ...names,
    collection,
    ...(key === undefined ? {} : { key }),
    value,
    ...(condition === undefined ? {} : { condition }),
    isGrouped: ellipsis !== undefined,
    openRange: open.range,
    range,
  };
}

function reportHere(parser: Parser, open: Token, detail: string): void {
  const { range } = parser.peek();
  if (!parser.isRecovering) parser.report(texts.summary, detail, range, rangeBetween(open.range, range));
}

interface ForParts {
  readonly open: Token;
  readonly range: Node['range'];
  readonly key: Node | undefined;
  readonly value: Node;
  readonly ellipsis: Token | undefined;
}

/** An object has keys, a tuple none. */
function checkKind(parser: Parser, { open, range, key, value, ellipsis }: ForParts): void {
  if (open.type === '{') {
    if (key !== undefined) return;
    parser.report(texts.summary, 'Key expression is required when building an object.', value.range, range);
    return;
  }
  if (key !== undefined)
    parser.report(texts.summary, 'Key expression is not valid when building a tuple.', key.range, range);
  if (ellipsis !== undefined) {
    const detail = 'Grouping ellipsis (...) cannot be used when building a tuple.';
    parser.report(texts.summary, detail, ellipsis.range, range);
  }
}
