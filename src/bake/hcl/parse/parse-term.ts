// Matches hclsyntax/parser.go: the operands of expressions.
import { dynamicType, falseValue, nullValue, trueValue, type Value } from '../../cty/index.ts';
import type { Node } from '../node.ts';
import { rangeBetween } from '../range.ts';
import { parseCall } from './parse-call.ts';
import { parseNumber } from './parse-number.ts';
import { parseObject } from './parse-object.ts';
import { parseTemplate } from './parse-template.ts';
import { parseTuple } from './parse-tuple.ts';
import { type Parser, placeholder } from './parser.ts';

const constants = new Map<string, Value>([
  ['true', trueValue],
  ['false', falseValue],
  ['null', nullValue(dynamicType)],
]);

export function parseTerm(parser: Parser): Node {
  const { type, range } = parser.peek();
  switch (type) {
    case '(':
      return parseParentheses(parser);
    case 'number': {
      const value = parseNumber(parser, parser.read());
      return { kind: 'literal', value, range };
    }
    case 'identifier':
      return parseName(parser);
    case 'open quote':
    case 'open heredoc':
      return parseTemplate(parser);
    case '[':
      return parseTuple(parser);
    case '{':
      return parseObject(parser);
    default:
      if (!parser.isRecovering) {
        if (type === 'end of file') {
          const detail = 'Expected the start of an expression, but found the end of the file.';
          parser.report('Missing expression', detail, range);
        } else {
          const detail = 'Expected the start of an expression, but found an invalid expression token.';
          parser.report('Invalid expression', detail, range);
        }
      }
      parser.isRecovering = true;
      return placeholder(range);
  }
}

/** A variable, a constant or a function call. */
function parseName(parser: Parser): Node {
  const name = parser.read();
  const { type } = parser.peek();
  if (type === '(' || type === '::') return parseCall(parser, name);
  const { text, range } = name;
  const value = constants.get(text);
  if (value !== undefined) return { kind: 'literal', value, range };
  return { kind: 'traversal', root: text, rootRange: range, steps: [], range };
}

function parseParentheses(parser: Parser): Node {
  const before = parser.diagnostics.length;
  const open = parser.read();
  parser.pushNewlines(false);
  const expression = parser.expression();
  if (parser.hasErrorsSince(before)) {
    parser.recover(')');
    parser.popNewlines();
    return expression;
  }
  const close = parser.peek();
  if (close.type !== ')') {
    const detail = 'Expected a closing parenthesis to terminate the expression.';
    parser.report('Unbalanced parentheses', detail, close.range, rangeBetween(open.range, close.range));
    parser.isRecovering = true;
  }
  parser.read();
  parser.popNewlines();
  return { kind: 'parentheses', expression, range: rangeBetween(open.range, close.range) };
}
