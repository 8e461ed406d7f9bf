// Matches the nodes of go.yaml.in/yaml/v4.
import type { ScalarStyle } from './token.ts';

interface Placed {
  /** Counts from one. */
  readonly line: number;
  readonly tag: string;
}

export interface ScalarNode extends Placed {
  readonly kind: 'scalar';
  readonly value: string;
  readonly style: ScalarStyle;
}

export interface SequenceNode extends Placed {
  readonly kind: 'sequence';
  items: YamlNode[];
}

export interface MappingNode extends Placed {
  readonly kind: 'mapping';
  /** In the order of the text; a key may stand twice. */
  items: MappingEntry[];
}

export interface MappingEntry {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

export interface AliasNode extends Placed {
  readonly kind: 'alias';
  readonly value: string;
  readonly target: TargetNode;
}

/** What may have an anchor. */
export type TargetNode = ScalarNode | SequenceNode | MappingNode;

export type YamlNode = TargetNode | AliasNode;

const longPrefix = 'tag:yaml.org,2002:';

/** `!!str` for `tag:yaml.org,2002:str`. */
export function shortTag(tag: string): string {
  return tag.startsWith(longPrefix) ? `!!${tag.slice(longPrefix.length)}` : tag;
}

/** What stands for a node where keys are compared. */
export function nodeText(node: YamlNode): string {
  return node.kind === 'scalar' || node.kind === 'alias' ? node.value : '';
}
