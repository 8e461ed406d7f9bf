// Matches compose-go loader/reset.go: `!reset` and `!override`, keys that stand twice, aliases without end.
import { TsbuildxError } from '../../../base/errors.ts';
import { goQuote } from '../../../base/go-quote.ts';
import { pathText, type TreePath } from '../tree-path.ts';
import { AliasPaths } from './alias-paths.ts';
import {
  type AliasNode,
  type MappingNode,
  nodeText,
  type SequenceNode,
  type TargetNode,
  type YamlNode,
} from './node.ts';

/** Values of a document that are looked at; what an alias stands for counts once. */
const visitLimit = 100_000;

/** Levels: an alias may stand for what is around it. */
const depthLimit = 500;

/** A list or a map that was seen: where in it something is reset. */
interface Seen {
  readonly resets: readonly TreePath[];
}

export class ResetResolver {
  readonly #resets: TreePath[] = [];
  readonly #seen = new Map<TargetNode, Seen>();
  readonly #aliasPaths = new Map<TargetNode, AliasPaths>();
  #visits = 0;

  get resets(): readonly TreePath[] {
    return this.#resets;
  }

  /** The node without what is reset; undefined when nothing stays of it. Changes lists and maps. */
  resolve(node: YamlNode, at: TreePath): YamlNode | undefined {
    if (++this.#visits > visitLimit) throw invalid(`compose file exceeds maximum node visit limit (${visitLimit})`);
    if (at.length > depthLimit) throw invalid('yaml: nested too deeply');
    const path = withoutMergeKey(at);
    const target = node.kind === 'alias' ? this.#followed(node, path) : node;
    if (target.tag === '!reset' || target.tag === '!override') {
      this.#resets.push(path);
      return target.tag === '!reset' ? undefined : target;
    }
    if (target.kind === 'scalar') return target;
    return this.#container(target, path);
  }

  #followed({ target }: AliasNode, path: TreePath): TargetNode {
    // what is merged may stand in itself
    if (path.includes('<<')) return target;
    const paths = this.#aliasPaths.get(target) ?? new AliasPaths();
    this.#aliasPaths.set(target, paths);
    const other = paths.add(path);
    if (other === undefined) return target;
    throw invalid(`cycle detected: node at path ${pathText(path)} references node at path ${pathText(other)}`);
  }

  #container(node: SequenceNode | MappingNode, path: TreePath): YamlNode {
    const seen = this.#seen.get(node);
    if (seen !== undefined) {
      for (const reset of seen.resets) this.#resets.push([...path, ...reset]);
      return node;
    }
    const start = this.#resets.length;
    if (node.kind === 'sequence') this.#sequence(node, path);
    else this.#mapping(node, path);
    this.#seen.set(node, { resets: this.#resets.slice(start).map((reset) => reset.slice(path.length)) });
    return node;
  }

  #sequence(node: SequenceNode, path: TreePath): void {
    node.items = node.items.flatMap((item, at) => {
      const resolved = this.resolve(item, [...path, String(at)]);
      if (resolved === undefined) return [];
      return item.kind === 'alias' ? item : resolved;
    });
  }

  #mapping(node: MappingNode, path: TreePath): void {
    const lines = new Map<string, number>();
    node.items = node.items.flatMap(({ key, value }) => {
      const name = nodeText(key);
      const before = lines.get(name);
      if (before !== undefined)
        throw invalid(`line ${key.line}: mapping key ${goQuote(name)} already defined at line ${before}`);
      lines.set(name, key.line);
      const resolved = this.resolve(value, [...path, name]);
      if (resolved === undefined) return [];
      return { key, value: value.kind === 'alias' && name !== '<<' ? value : resolved };
    });
  }
}

function withoutMergeKey(path: TreePath): TreePath {
  const at = path.indexOf('<<', 1);
  return at < 0 ? path : path.toSpliced(at, 1);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
