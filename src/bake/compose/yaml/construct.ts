// Matches go.yaml.in/yaml/v4 internal/libyaml/constructor.go: nodes to values of no type in particular.
import { goQuote } from '../../../base/go-quote.ts';
import { type ComposeMap, type ComposeValue, goTypeOf, goText, isMap } from '../value.ts';
import { yamlFault } from './mark.ts';
import { type AliasNode, type MappingNode, nodeText, type ScalarNode, type YamlNode } from './node.ts';
import { resolveTagged } from './scalar.ts';

/** Something is wrong with a value; the rest is read all the same. */
export interface ConstructFault {
  readonly line: number;
  readonly problem: string;
}

/** Faults of one document that are told. */
const maxFaults = 1000;

/** A list or a map that is being filled; maps whose keys are all texts turn others into texts. */
interface Target {
  readonly entries: ComposeMap;
  readonly isTextOnly: boolean;
}

export class Constructor {
  readonly faults: ConstructFault[] = [];
  /** Keys that are not texts, by the map that has them. */
  readonly oddKeys: Map<ComposeMap, ComposeValue> = new Map();
  readonly #open = new Set<AliasNode>();
  #constructed = 0;
  #fromAliases = 0;
  /** Keys that what is merged must not change; undefined outside of a merge. */
  #merged: Set<string> | undefined;

  /** The value of a node; undefined when it has a fault. Throws INVALID_ARGUMENT for what makes all of it worthless. */
  construct(node: YamlNode, into?: Target): ComposeValue | undefined {
    this.#count();
    switch (node.kind) {
      case 'alias':
        return this.#alias(node, into);
      case 'scalar':
        return scalarValue(node);
      case 'sequence':
        return node.items.map((item) => this.construct(item)).filter((item) => item !== undefined);
      case 'mapping':
        return this.#mapping(node, into ?? { entries: new Map(), isTextOnly: isTextMap(node) });
      default:
        return node satisfies never;
    }
  }

  #count(): void {
    this.#constructed++;
    if (this.#open.size > 0) this.#fromAliases++;
    const isMany = this.#fromAliases > 100 && this.#constructed > 1000;
    if (isMany && this.#fromAliases / this.#constructed > allowedAliasRatio(this.#constructed))
      throw yamlFault('document contains excessive aliasing');
  }

  #alias(node: AliasNode, into?: Target): ComposeValue | undefined {
    if (this.#open.has(node)) throw yamlFault(`anchor '${node.value}' value contains itself`);
    this.#open.add(node);
    const value = this.construct(node.target, into);
    this.#open.delete(node);
    return value;
  }

  #mapping(node: MappingNode, target: Target): ComposeMap | undefined {
    if (this.#hasEqualKeys(node)) return undefined;
    const merged = this.#merged;
    this.#merged = undefined;
    let source: YamlNode | undefined;
    for (const { key, value } of node.items) {
      if (isMergeKey(key)) {
        source = value;
        continue;
      }
      const name = this.#key(key, target);
      if (name === undefined) continue;
      const id = `${goTypeOf(name)} ${goText(name)}`;
      if (merged?.has(id)) continue;
      merged?.add(id);
      if (isMap(name) || Array.isArray(name))
        throw yamlFault(`cannot use '${goSyntax(name)}' as a map key; try decoding into yaml.Node`);
      const found = this.construct(value);
      if (found === undefined) continue;
      if (typeof name === 'string') target.entries.set(name, found);
      else this.oddKeys.set(target.entries, name);
    }
    this.#merged = merged;
    if (source !== undefined) this.#merge(node, source, target);
    return target.entries;
  }

  #hasEqualKeys(node: MappingNode): boolean {
    const first = new Map<string, YamlNode[]>();
    const before = this.faults.length;
    for (const { key } of node.items) {
      const id = `${key.kind} ${nodeText(key)}`;
      const others = first.get(id) ?? [];
      first.set(id, others);
      others.push(key);
    }
    for (const same of first.values()) {
      for (const [at, { line }] of same.entries()) {
        for (const later of same.slice(at + 1)) {
          if (this.faults.length >= maxFaults) return true;
          const problem = `mapping key ${goQuote(nodeText(later))} already defined at line ${line}`;
          this.faults.push({ line: later.line, problem });
        }
      }
    }
    return this.faults.length > before;
  }

  /** The value of a key; undefined when the map cannot have it. */
  #key(node: YamlNode, { isTextOnly }: Target): ComposeValue | undefined {
    const target = node.kind === 'alias' ? node.target : node;
    if (isTextOnly && target.kind !== 'scalar') {
      this.faults.push({ line: target.line, problem: `cannot construct ${target.tag} into string` });
      return undefined;
    }
    const value = this.construct(node);
    if (!isTextOnly || target.kind !== 'scalar' || typeof value === 'string') return value;
    return value === null || value === undefined ? undefined : target.value;
  }

  #merge(parent: MappingNode, source: YamlNode, target: Target): void {
    const before = this.#merged;
    if (before === undefined) {
      const keys = parent.items.map(({ key }) => this.construct(key)).filter((key) => key !== undefined);
      this.#merged = new Set(keys.map((key) => `${goTypeOf(key)} ${goText(key)}`));
    }
    const sources = source.kind === 'sequence' ? source.items : [source];
    for (const item of sources) {
      const { kind } = item.kind === 'alias' ? item.target : item;
      if (kind !== 'mapping') throw yamlFault('map merge requires map or sequence of maps as the value');
      this.construct(item, target);
    }
    this.#merged = before;
  }
}

function scalarValue({ tag, value, style }: ScalarNode): ComposeValue {
  const isText = tag === '!!str' || ((tag === '' || tag === '!') && style !== 'plain');
  return isText ? value : resolveTagged(tag, value).value;
}

function isMergeKey(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.tag === '!!merge';
}

function isTextMap(node: MappingNode): boolean {
  return node.items.every(({ key }) => {
    const { tag } = key.kind === 'alias' ? key.target : key;
    return tag === '!!str' || tag === '!!merge';
  });
}

const fewValues = 400_000;
const manyValues = 4_000_000;

/** How much of a document may come from aliases: nearly all of a small one, a tenth of a large one. */
function allowedAliasRatio(count: number): number {
  if (count <= fewValues) return 0.99;
  if (count >= manyValues) return 0.1;
  return 0.99 - 0.89 * ((count - fewValues) / (manyValues - fewValues));
}

/** As Go's `%#v`. */
export function goSyntax(value: ComposeValue): string {
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return goQuote(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (!isMap(value)) return goText(value);
  const entries = [...value.keys()].sort().map((key) => `${goQuote(key)}:${goSyntax(value.get(key) ?? null)}`);
  return `map[string]interface {}{${entries.join(', ')}}`;
}
