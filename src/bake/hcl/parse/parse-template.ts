// Matches hclsyntax/parser_template.go: heredocs without indentation, literals in one piece, directives with their ends.
import { trimSpaceStart } from '../../../base/go-unicode.ts';
import type { Node } from '../node.ts';
import { rangeBetween, type SourceRange } from '../range.ts';
import { clusterCount, clustersLength } from '../scan/columns.ts';
import type { TokenType } from '../scan/token.ts';
import type { Parser } from './parser.ts';
import { buildTemplate } from './template-tree.ts';
import type { LiteralPart, TemplatePart, TemplateParts } from './template-part.ts';
import { readTemplateParts } from './template-parts.ts';
import { closerOf } from './token-reader.ts';

/** A template in quotes or in a heredoc. */
export function parseTemplate(parser: Parser): Node {
  const open = parser.read();
  const end = closerOf(open.type) ?? 'end of file';
  const { nodes, isWrap } = parseInner(parser, end, open.text.startsWith('<<-'));
  return templateNode(nodes, isWrap, rangeBetween(open.range, parser.previousRange));
}

/** A template that is all of the source. */
export function parseBareTemplate(parser: Parser): Node {
  const { nodes, isWrap, range } = parseInner(parser, 'end of file', false);
  return templateNode(nodes, isWrap, range);
}

function templateNode(nodes: readonly Node[], isWrap: boolean, range: SourceRange): Node {
  const [first] = nodes;
  if (isWrap && first !== undefined) return { kind: 'wrap', expression: first, range };
  return { kind: 'template', parts: nodes, range };
}

interface Inner {
  readonly nodes: readonly Node[];
  /** Nothing but one interpolation. */
  readonly isWrap: boolean;
  readonly range: SourceRange;
}

function parseInner(parser: Parser, end: TokenType, isFlush: boolean): Inner {
  const read = readTemplateParts(parser, end);
  if (isFlush) removeIndent(read.parts);
  const template: TemplateParts = { ...read, parts: joinLiterals(read.parts) };
  const nodes = buildTemplate(parser, template);
  const isWrap = template.parts.length === 1 && template.parts[0]?.kind === 'interpolation';
  return { nodes, isWrap, range: template.range };
}

/** Takes from each line as much space as the least indented one begins with. */
function removeIndent(parts: readonly TemplatePart[]): void {
  let least = Number.POSITIVE_INFINITY;
  let isLineStart = true;
  const lines: LiteralPart[] = [];
  for (const part of parts) {
    if (isLineStart) {
      isLineStart = false;
      if (part.kind !== 'literal') least = 0;
      else {
        const rest = trimSpaceStart(part.text);
        // Blank lines do not count.
        if (rest !== '' || !part.text.endsWith('\n')) {
          least = Math.min(least, clusterCount(part.text.slice(0, part.text.length - rest.length)));
          lines.push(part);
        }
      }
    }
    if (part.kind === 'literal' && part.text.endsWith('\n')) isLineStart = true;
  }
  for (const line of lines) {
    const length = clustersLength(line.text, least);
    const { filename, start, end } = line.range;
    line.text = line.text.slice(length);
    const from = { line: start.line, column: start.column + least, offset: start.offset + length };
    line.range = { filename, start: from, end };
  }
}

function joinLiterals(parts: readonly TemplatePart[]): TemplatePart[] {
  const joined: TemplatePart[] = [];
  for (const part of parts) {
    const previous = joined.at(-1);
    if (part.kind === 'literal' && previous?.kind === 'literal') {
      previous.text += part.text;
      previous.range = rangeBetween(previous.range, part.range);
    } else joined.push(part);
  }
  return joined;
}
