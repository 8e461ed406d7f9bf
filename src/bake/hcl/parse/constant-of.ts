import { type Value } from '../../cty/index.ts';
import type { Node } from '../node.ts';

/** The value of a literal, or of a text without anything to evaluate; undefined for everything else. */
export function constantOf(node: Node): Value | undefined {
  if (node.kind === 'literal') return node.value;
  if (node.kind !== 'template' || node.parts.length !== 1) return undefined;
  const [part] = node.parts;
  return part?.kind === 'literal' ? part.value : undefined;
}
