// Matches hclsyntax/public.go.
import type { Diagnosed, Diagnostic } from '../diagnostic.ts';
import type { Node, Traversal } from '../node.ts';
import { firstPosition, type Position } from '../range.ts';
import { checkTokens } from '../scan/check-tokens.ts';
import { scanTokens } from '../scan/scan-tokens.ts';
import type { SyntaxBody } from '../syntax-body.ts';
import { parseBody } from './parse-body.ts';
import { parseExpression } from './parse-expression.ts';
import { parseBareTemplate } from './parse-template.ts';
import { parseTraversal } from './parse-traversal.ts';
import { Parser } from './parser.ts';

/** A whole file. */
export function parseFileText(text: string, filename: string): Diagnosed<SyntaxBody> {
  return parseWith(text, { filename, start: firstPosition }, (parser) => parseBody(parser, 'end of file'));
}

/** Where a text stands in its file. */
export interface Place {
  readonly filename: string;
  readonly start: Position;
}

/** A text that is one expression. */
export function parseExpressionText(text: string, place: Place): Diagnosed<Node> {
  return parseWith(text, place, (parser) => {
    parser.pushNewlines(false);
    const node = parser.expression();
    const next = parser.peek();
    if (next.type !== 'end of file' && !parser.isRecovering) {
      const detail = 'An expression was successfully parsed, but extra characters were found after it.';
      parser.report('Extra characters after expression', detail, next.range);
    }
    return node;
  });
}

/** A text that is a template, without quotes around it. */
export function parseTemplateText(text: string, place: Place): Diagnosed<Node> {
  return parseWith(text, { ...place, isTemplate: true }, parseBareTemplate);
}

/** A text that is a reference to a variable or to something in it; undefined when it is something else. */
export function parseTraversalText(text: string, place: Place): Traversal | undefined {
  const { value, diagnostics } = parseWith(text, place, (parser) => {
    parser.pushNewlines(false);
    return parseTraversal(parser);
  });
  return diagnostics.length === 0 ? value : undefined;
}

function parseWith<T>(
  text: string,
  place: Place & { readonly isTemplate?: boolean },
  parse: (parser: Parser) => T,
): Diagnosed<T> {
  const tokens = scanTokens(text, place);
  const parser = new Parser(tokens, parseExpression);
  const value = parse(parser);
  const diagnostics: Diagnostic[] = [...checkTokens(tokens), ...parser.diagnostics];
  return { value, diagnostics };
}
