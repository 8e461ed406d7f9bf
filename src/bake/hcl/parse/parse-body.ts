// Matches hclsyntax/parser.go: bodies, attributes and blocks, and what it does after a fault.
import { goQuote } from '../../../base/go-quote.ts';
import { addDiagnostics } from '../diagnostic.ts';
import { formatRange, rangeBetween, type SourceRange } from '../range.ts';
import type { Token } from '../scan/token.ts';
import type { SyntaxAttribute, SyntaxBlock, SyntaxBody } from '../syntax-body.ts';
import type { Parser } from './parser.ts';
import { parseLabel } from './parse-label.ts';

const REQUIRED = 'Argument or block definition required';
const REQUIRED_HERE = 'An argument or block definition is required here.';
const NEEDS_EQUALS = `${REQUIRED_HERE} To set an argument, use the equals sign "=" to introduce the argument value.`;
const UNCLOSED =
  'There is no closing brace for this block before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.';
const SINGLE = 'Invalid single-argument block definition';

/** Reads a body up to and with its end. */
export function parseBody(parser: Parser, end: 'end of file' | '}'): SyntaxBody {
  const start = parser.previousRange;
  const attributes = new Map<string, SyntaxAttribute>();
  const blocks: SyntaxBlock[] = [];
  for (;;) {
    const next = parser.peek();
    if (next.type === end) return { attributes, blocks, range: rangeBetween(start, parser.read().range) };
    if (next.type === 'newline') parser.read();
    else if (next.type === 'identifier') parseItem(parser, attributes, blocks);
    else {
      const bad = parser.read();
      if (!parser.isRecovering) reportBad(parser, bad, start);
      const range = rangeBetween(start, parser.previousRange);
      parser.recover(end);
      return { attributes, blocks, range };
    }
  }
}

function reportBad(parser: Parser, { type, range }: Token, start: SourceRange): void {
  if (type === 'open quote') parser.report('Invalid argument name', 'Argument names must not be quoted.', range);
  else if (type === 'end of file') parser.report('Unclosed configuration block', UNCLOSED, start);
  else parser.report(REQUIRED, REQUIRED_HERE, range);
}

function parseItem(parser: Parser, attributes: Map<string, SyntaxAttribute>, blocks: SyntaxBlock[]): void {
  const name = parser.read();
  const { type } = parser.peek();
  if (type === '=') addAttribute(parser, attributes, parseAttribute(parser, name, false));
  else if (beginsBlock(type)) blocks.push(parseBlock(parser, name));
  else {
    parser.recoverAfterItem();
    parser.report(REQUIRED, NEEDS_EQUALS, name.range);
  }
}

function beginsBlock(type: Token['type']): boolean {
  return type === 'open quote' || type === '{' || type === 'identifier';
}

function addAttribute(parser: Parser, attributes: Map<string, SyntaxAttribute>, attribute: SyntaxAttribute): void {
  const { name, nameRange } = attribute;
  const existing = attributes.get(name);
  if (existing === undefined) attributes.set(name, attribute);
  else {
    const where = formatRange(existing.nameRange);
    const detail = `The argument ${goQuote(name)} was already set at ${where}. Each argument may be set only once.`;
    parser.report('Attribute redefined', detail, nameRange);
  }
}

/** An attribute whose name was read; it ends with the line, unless it is alone in a block on one line. */
function parseAttribute(parser: Parser, name: Token, isSingleLine: boolean): SyntaxAttribute {
  const before = parser.diagnostics.length;
  parser.read();
  const value = parser.expression();
  const range = rangeBetween(name.range, parser.previousRange);
  if (parser.isRecovering && parser.hasErrorsSince(before)) parser.recoverAfterItem();
  else if (!isSingleLine) {
    const next = parser.peek();
    if (next.type === 'newline' || next.type === 'end of file') parser.read();
    else {
      if (!parser.isRecovering) reportAfterAttribute(parser, name, next);
      parser.recoverAfterItem();
    }
  }
  return { name: name.text, value, nameRange: name.range, range };
}

function reportAfterAttribute(parser: Parser, name: Token, { type, range }: Token): void {
  const detail = 'An argument definition must end with a newline.';
  const context = rangeBetween(name.range, range);
  if (type === ',') {
    const commas = `Argument definitions must be separated by newlines, not commas. ${detail}`;
    parser.report('Unexpected comma after argument', commas, range, context);
  } else parser.report('Missing newline after argument', detail, range, context);
}

/** A block whose type was read. */
function parseBlock(parser: Parser, type: Token): SyntaxBlock {
  const labels: string[] = [];
  const labelRanges: SourceRange[] = [];
  const header = { type: type.text, labels, typeRange: type.range, labelRanges };
  for (;;) {
    const token = parser.peek();
    if (token.type === '{') break;
    if (token.type === 'open quote' || token.type === 'identifier') {
      const { text, range } = token.type === 'open quote' ? parseLabel(parser) : parser.read();
      labels.push(text);
      labelRanges.push(range);
    } else {
      reportHeader(parser, type, token);
      parser.recoverAfterItem();
      return { ...header, body: emptyBody(type.range), openRange: type.range };
    }
  }
  const open = parser.read();
  const body = parseBlockBody(parser, type, open);
  const next = parser.peek();
  if (next.type === 'newline' || next.type === 'end of file') parser.read();
  else {
    if (!parser.isRecovering) {
      const detail = 'A block definition must end with a newline.';
      const context = rangeBetween(type.range, next.range);
      parser.report('Missing newline after block definition', detail, next.range, context);
    }
    parser.recoverAfterItem();
  }
  return { ...header, body, openRange: open.range };
}

function reportHeader(parser: Parser, block: Token, { type, range }: Token): void {
  const context = rangeBetween(block.range, range);
  const summary = 'Invalid block definition';
  if (type === '=') {
    const detail = 'The equals sign "=" indicates an argument definition, and must not be used when defining a block.';
    parser.report(summary, detail, range, context);
  } else if (type === 'newline') {
    const detail =
      'A block definition must have block content delimited by "{" and "}", starting on the same line as the block header.';
    parser.report(summary, detail, range, context);
  } else if (!parser.isRecovering) {
    const detail = 'Either a quoted string block label or an opening brace ("{") is expected here.';
    parser.report(summary, detail, range, context);
  }
}

function emptyBody(range: SourceRange): SyntaxBody {
  return { attributes: new Map(), blocks: [], range };
}

function parseBlockBody(parser: Parser, type: Token, open: Token): SyntaxBody {
  if (!parser.descend()) {
    parser.tooDeep(open.range);
    return emptyBody(open.range);
  }
  const next = parser.peek().type;
  const isMultiLine = next === 'newline' || next === 'end of file' || next === '}';
  const body = isMultiLine ? parseBody(parser, '}') : parseSingleLine(parser, type, open);
  parser.ascend();
  return body;
}

/** A body of one attribute on the line of its block. What is wrong behind it is told before what is wrong in it. */
function parseSingleLine(parser: Parser, type: Token, open: Token): SyntaxBody {
  const before = parser.diagnostics.length;
  const attribute = parseSingleAttribute(parser);
  const inside = parser.diagnostics.splice(before);
  if (parser.peek().type === '}') parser.read();
  else {
    reportSingleEnd(parser, type, open);
    parser.recover('}');
  }
  addDiagnostics(parser.diagnostics, inside);
  const range = attribute?.range ?? rangeBetween(open.range, parser.previousRange);
  return { attributes: new Map(attribute === undefined ? [] : [[attribute.name, attribute]]), blocks: [], range };
}

function parseSingleAttribute(parser: Parser): SyntaxAttribute | undefined {
  const name = parser.read();
  if (name.type !== 'identifier') {
    parser.recoverAfterItem();
    parser.report(REQUIRED, REQUIRED_HERE, name.range);
    return undefined;
  }
  const next = parser.peek();
  if (next.type === '=') return parseAttribute(parser, name, true);
  parser.recoverAfterItem();
  if (beginsBlock(next.type)) {
    const detail = `A single-line block definition can contain only a single argument. If you meant to define argument ${goQuote(name.text)}, use an equals sign to assign it a value. To define a nested block, place it on a line of its own within its parent block.`;
    parser.report('Argument definition required', detail, rangeBetween(name.range, next.range));
  } else parser.report(REQUIRED, NEEDS_EQUALS, name.range);
  return undefined;
}

function reportSingleEnd(parser: Parser, block: Token, open: Token): void {
  const { type, range } = parser.peek();
  if (type === ',') {
    const detail =
      'Single-line block syntax can include only one argument definition. To define multiple arguments, use the multi-line block syntax with one argument definition per line.';
    parser.report(SINGLE, detail, range);
  } else if (type === 'newline') {
    const detail =
      "An argument definition on the same line as its containing block creates a single-line block definition, which must also be closed on the same line. Place the block's closing brace immediately after the argument definition.";
    parser.report(SINGLE, detail, range);
  } else if (!parser.isRecovering) {
    if (type === 'end of file')
      parser.report('Unclosed configuration block', UNCLOSED, open.range, rangeBetween(block.range, open.range));
    else {
      const detail =
        'A single-line block definition must end with a closing brace immediately after its single argument definition.';
      parser.report(SINGLE, detail, range);
    }
  }
}
