// Matches hclsyntax/parser.go: what may follow a dot.
import { dynamicValue } from '../../cty/index.ts';
import type { ItemNode, Node, Step } from '../node.ts';
import { rangeBetween, type SourceRange } from '../range.ts';
import type { Token } from '../scan/token.ts';
import type { Chain } from './chain.ts';
import { parseNumber } from './parse-number.ts';
import type { Parser } from './parser.ts';

const NAME_REQUIRED = 'An attribute name is required after a dot.';

/** `.name`, `.0` and `.*`. */
export function parseDot(parser: Parser, chain: Chain): void {
  const dot = parser.read();
  const next = parser.peek();
  if (next.type === 'identifier') chain.step(attributeStep(dot, parser.read()));
  else if (next.type === 'number') {
    parser.read();
    chain.step(indexStep(parser, dot, next, next.range, 'Use the proper index syntax instead, like'));
  } else if (next.type === '*') parseAttributeSplat(parser, chain, dot);
  else {
    const before = parser.diagnostics.length;
    parser.report('Invalid attribute name', NAME_REQUIRED, next.range);
    const diagnostics = parser.diagnostics.slice(before);
    chain.wrap({ kind: 'faulty', diagnostics, range: rangeBetween(chain.start, dot.range) });
    parser.isRecovering = true;
  }
}

function attributeStep(dot: Token, name: Token): Step {
  return { kind: 'attribute', name: name.text, range: rangeBetween(dot.range, name.range) };
}

/** A number in the place of a name, as languages before HCL wrote an index. */
function indexStep(parser: Parser, dot: Token, number: Token, subject: SourceRange, advice: string): Step {
  const range = rangeBetween(dot.range, number.range);
  const point = number.text.indexOf('.');
  if (point < 0) return { kind: 'index', key: parseNumber(parser, number), range };
  const [first, second] = [number.text.slice(0, point), number.text.slice(point + 1)];
  parser.report(
    'Invalid legacy index syntax',
    `When using the legacy index syntax, chaining two indexes together is not permitted. ${advice} [${first}][${second}].`,
    subject,
  );
  return { kind: 'index', key: dynamicValue, range };
}

/** `.*`, which takes the attributes that follow. */
function parseAttributeSplat(parser: Parser, chain: Chain, dot: Token): void {
  const star = parser.read();
  const first = parser.peek().range;
  const steps: Step[] = [];
  let last = star.range;
  while (parser.peek().type === '.') {
    const step = parseSplatStep(parser, star);
    if (step === undefined) return;
    steps.push(step);
    last = step.range;
  }
  const markerRange = rangeBetween(dot.range, star.range);
  const item: ItemNode = { kind: 'item', range: markerRange };
  const each: Node =
    steps.length === 0 ? item : { kind: 'relative', source: item, steps, range: rangeBetween(first, last) };
  chain.wrap({ kind: 'splat', source: chain.node, each, item, markerRange, range: rangeBetween(chain.start, last) });
}

/** An attribute or a number after `.*`; undefined when it is neither. */
function parseSplatStep(parser: Parser, star: Token): Step | undefined {
  const dot = parser.read();
  const next = parser.peek();
  if (next.type === 'identifier') return attributeStep(dot, parser.read());
  if (next.type === 'number') {
    const advice = 'Use the proper index syntax with a full splat expression [*] instead, like';
    return indexStep(parser, dot, parser.read(), star.range, advice);
  }
  if (!parser.isRecovering) {
    const isStar = next.type === '*';
    if (isStar) {
      const detail = 'A splat expression (*) cannot be used inside another attribute-only splat expression.';
      parser.report('Nested splat expression not allowed', detail, next.range);
    } else parser.report('Invalid attribute name', NAME_REQUIRED, star.range);
  }
  parser.isRecovering = true;
  return undefined;
}
