// Matches hclsyntax/parser_traversal.go. Faults of a traversal are never shown: the caller only asks whether it is one.
import { stringValue, type Value } from '../../cty/index.ts';
import type { Step, Traversal } from '../node.ts';
import { rangeBetween } from '../range.ts';
import { parseLabel } from './parse-label.ts';
import { parseNumber } from './parse-number.ts';
import type { Parser } from './parser.ts';

/** All of a source as a traversal; undefined when it is none. */
export function parseTraversal(parser: Parser): Traversal | undefined {
  const root = parser.read();
  if (root.type !== 'identifier') return undefined;
  const steps: Step[] = [];
  for (;;) {
    const next = parser.read();
    if (next.type === 'end of file') return { root: root.text, rootRange: root.range, steps };
    if (next.type === '.') {
      const name = parser.read();
      if (name.type !== 'identifier') return undefined;
      steps.push({ kind: 'attribute', name: name.text, range: rangeBetween(next.range, name.range) });
    } else if (next.type === '[') {
      const key = parseKey(parser);
      const close = parser.read();
      if (key === undefined || close.type !== ']') return undefined;
      steps.push({ kind: 'index', key, range: rangeBetween(next.range, close.range) });
    } else return undefined;
  }
}

function parseKey(parser: Parser): Value | undefined {
  const { type } = parser.peek();
  if (type === 'number') return parseNumber(parser, parser.read());
  return type === 'open quote' ? stringValue(parseLabel(parser).text) : undefined;
}
