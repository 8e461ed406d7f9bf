// Matches go.yaml.in/yaml/v4 internal/libyaml/parser.go and composer.go: tokens to the nodes of documents.
import { type Mark, markedFault, yamlFault } from './mark.ts';
import {
  type MappingEntry,
  type MappingNode,
  type SequenceNode,
  shortTag,
  type TargetNode,
  type YamlNode,
} from './node.ts';
import { resolvePlain } from './scalar.ts';
import { Scanner } from './scanner.ts';
import type { ScalarStyle, Token, TokenType } from './token.ts';

/** Levels of lists and maps; each is one of calls here. */
const maxDepth = 500;

/** Nodes of one document; a compose file may have a tenth of it. */
const maxNodes = 1_000_000;

/** Where a node stands, for what may follow it. */
type Place = 'block' | 'block-value' | 'flow';

/** Properties before a node. */
interface Properties {
  readonly mark: Mark;
  readonly anchor: string;
  readonly tag: string;
}

export class Composer {
  readonly #scanner: Scanner;
  /** Of all documents so far. */
  readonly #anchors = new Map<string, TargetNode>();
  readonly #tagPrefixes = new Map<string, string>();
  #isFirst = true;
  #depth = 0;
  #nodes = 0;

  constructor(data: Uint8Array) {
    this.#scanner = new Scanner(data);
  }

  /** The content of the next document; undefined behind the last. Throws what is wrong with the text. */
  next(): YamlNode | undefined {
    if (this.#isFirst) {
      const { type, mark } = this.#peek();
      if (type !== 'stream-start') throw markedFault('did not find expected <stream-start>', mark);
      this.#scanner.skip();
    }
    const isImplicit = this.#isFirst;
    this.#isFirst = false;
    this.#nodes = 0;
    if (!isImplicit) while (this.#peekType() === 'document-end') this.#scanner.skip();
    const type = this.#peekType();
    if (type === 'stream-end') return undefined;
    const isBare = isImplicit && !['version-directive', 'tag-directive', 'document-start'].includes(type);
    const node = isBare ? this.#bareDocument() : this.#markedDocument();
    if (this.#peekType() === 'document-end') this.#scanner.skip();
    this.#tagPrefixes.clear();
    return node;
  }

  #peek(): Token {
    return this.#scanner.peek();
  }

  #peekType(): TokenType {
    return this.#scanner.peek().type;
  }

  #bareDocument(): YamlNode {
    this.#readDirectives();
    return this.#node('block');
  }

  #markedDocument(): YamlNode {
    this.#readDirectives();
    const token = this.#peek();
    if (token.type !== 'document-start') throw markedFault('did not find expected <document start>', token.mark);
    this.#scanner.skip();
    const { type, mark } = this.#peek();
    const ends: readonly TokenType[] = [
      'version-directive',
      'tag-directive',
      'document-start',
      'document-end',
      'stream-end',
    ];
    return ends.includes(type) ? this.#empty(mark) : this.#node('block');
  }

  #readDirectives(): void {
    let hasVersion = false;
    for (;;) {
      const { type, mark, value, suffix } = this.#peek();
      if (type === 'version-directive') {
        if (hasVersion) throw markedFault('found duplicate %YAML directive', mark);
        if (value !== '1.1') throw markedFault('found incompatible YAML document', mark);
        hasVersion = true;
      } else if (type === 'tag-directive') {
        if (this.#tagPrefixes.has(value)) throw markedFault('found duplicate %TAG directive', mark);
        this.#tagPrefixes.set(value, suffix);
      } else break;
      this.#scanner.skip();
    }
    if (!this.#tagPrefixes.has('!')) this.#tagPrefixes.set('!', '!');
    if (!this.#tagPrefixes.has('!!')) this.#tagPrefixes.set('!!', 'tag:yaml.org,2002:');
  }

  #node(place: Place): YamlNode {
    if (++this.#nodes > maxNodes) throw yamlFault('too many values');
    if (++this.#depth > maxDepth) throw yamlFault('nested too deeply');
    try {
      return this.#peekType() === 'alias' ? this.#alias() : this.#target(place);
    } finally {
      this.#depth--;
    }
  }

  #alias(): YamlNode {
    const { mark, value } = this.#peek();
    this.#scanner.skip();
    const target = this.#anchors.get(value);
    if (target === undefined) {
      // the library counts from one here, and once more when it tells the column
      const place = { line: mark.line + 1, column: mark.column + 1 };
      throw markedFault(`unknown anchor '${value}' referenced`, place);
    }
    return { kind: 'alias', line: mark.line + 1, tag: '', value, target };
  }

  #target(place: Place): TargetNode {
    const isBlock = place !== 'flow';
    const properties = this.#properties();
    const token = this.#peek();
    const { type } = token;
    if (place === 'block-value' && type === 'block-entry') return this.#sequence(properties, () => this.#indentless());
    if (type === 'scalar') {
      const node = this.#scalar(properties, token.value, token.style);
      this.#scanner.skip();
      return node;
    }
    if (type === 'flow-sequence-start') return this.#sequence(properties, () => this.#flowSequence());
    if (type === 'flow-mapping-start') return this.#mapping(properties, () => this.#flowMapping());
    if (isBlock && type === 'block-sequence-start') return this.#sequence(properties, () => this.#blockSequence());
    if (isBlock && type === 'block-mapping-start') return this.#mapping(properties, () => this.#blockMapping());
    if (properties.anchor !== '' || properties.tag !== '') return this.#scalar(properties, '', 'plain');
    const context = { what: `while parsing a ${isBlock ? 'block' : 'flow'} node`, mark: properties.mark };
    throw markedFault('did not find expected node content', token.mark, context);
  }

  /** A tag and an anchor, in any order. */
  #properties(): Properties {
    const first = this.#peek();
    if (first.type !== 'anchor' && first.type !== 'tag') return { mark: first.mark, anchor: '', tag: '' };
    this.#scanner.skip();
    const second = this.#peek();
    const isPair = (second.type === 'anchor' || second.type === 'tag') && second.type !== first.type;
    if (isPair) {
      this.#scanner.skip();
      this.#peek();
    }
    const both = isPair ? [first, second] : [first];
    const anchor = both.find(({ type }) => type === 'anchor')?.value ?? '';
    const tagToken = both.find(({ type }) => type === 'tag');
    return { mark: first.mark, anchor, tag: tagToken === undefined ? '' : this.#tag(tagToken, first.mark) };
  }

  #tag({ value: handle, suffix, mark }: Token, start: Mark): string {
    if (handle === '') return suffix;
    const tag = this.#tagPrefixes.has(handle) ? `${this.#tagPrefixes.get(handle)}${suffix}` : '';
    if (tag === '')
      throw markedFault('found undefined tag handle', mark, { what: 'while parsing a node', mark: start });
    return tag;
  }

  #scalar({ mark, anchor, tag }: Properties, value: string, style: ScalarStyle): TargetNode {
    const found = tag !== '' && tag !== '!' ? shortTag(tag) : style === 'plain' ? resolvePlain(value).tag : '!!str';
    return this.#anchored({ kind: 'scalar', line: mark.line + 1, tag: found, value, style }, anchor);
  }

  #empty(mark: Mark): YamlNode {
    return { kind: 'scalar', line: mark.line + 1, tag: '!!null', value: '', style: 'plain' };
  }

  #anchored<T extends TargetNode>(node: T, anchor: string): T {
    if (anchor !== '') this.#anchors.set(anchor, node);
    return node;
  }

  #sequence({ mark, anchor, tag }: Properties, read: () => Iterable<YamlNode>): SequenceNode {
    const found = tag !== '' && tag !== '!' ? shortTag(tag) : '!!seq';
    const node: SequenceNode = { kind: 'sequence', line: mark.line + 1, tag: found, items: [] };
    this.#anchored(node, anchor);
    for (const item of read()) node.items.push(item);
    return node;
  }

  #mapping({ mark, anchor, tag }: Properties, read: () => Iterable<MappingEntry>): MappingNode {
    const found = tag !== '' && tag !== '!' ? shortTag(tag) : '!!map';
    const node: MappingNode = { kind: 'mapping', line: mark.line + 1, tag: found, items: [] };
    this.#anchored(node, anchor);
    for (const item of read()) node.items.push(item);
    return node;
  }

  /** A node unless one of these tokens follows. */
  #nodeUnless(ends: readonly TokenType[], place: Place): YamlNode {
    const { type, mark } = this.#peek();
    return ends.includes(type) ? this.#empty(mark) : this.#node(place);
  }

  *#blockSequence(): Generator<YamlNode> {
    const { mark } = this.#peek();
    this.#scanner.skip();
    for (;;) {
      const token = this.#peek();
      if (token.type !== 'block-entry' && token.type !== 'block-end') {
        const context = { what: 'while parsing a block collection', mark };
        throw markedFault("did not find expected '-' indicator", token.mark, context);
      }
      this.#scanner.skip();
      if (token.type === 'block-end') return;
      yield this.#nodeUnless(['block-entry', 'block-end'], 'block');
    }
  }

  /** Entries at the column of the key around them. */
  *#indentless(): Generator<YamlNode> {
    while (this.#peekType() === 'block-entry') {
      this.#scanner.skip();
      yield this.#nodeUnless(['block-entry', 'key', 'value', 'block-end'], 'block');
    }
  }

  *#blockMapping(): Generator<MappingEntry> {
    const { mark } = this.#peek();
    this.#scanner.skip();
    const ends: readonly TokenType[] = ['key', 'value', 'block-end'];
    for (;;) {
      const token = this.#peek();
      if (token.type !== 'key' && token.type !== 'block-end') {
        const context = { what: 'while parsing a block mapping', mark };
        throw markedFault('did not find expected key', token.mark, context);
      }
      this.#scanner.skip();
      if (token.type === 'block-end') return;
      const key = this.#nodeUnless(ends, 'block-value');
      const { type, mark: valueMark } = this.#peek();
      if (type === 'value') this.#scanner.skip();
      yield { key, value: type === 'value' ? this.#nodeUnless(ends, 'block-value') : this.#empty(valueMark) };
    }
  }

  /** Goes over the comma between entries; false: there are no more. */
  #hasFlowEntry(what: 'sequence' | 'mapping', mark: Mark, isFirst: boolean): boolean {
    const end: TokenType = `flow-${what}-end`;
    if (this.#peekType() === end) return false;
    if (isFirst) return true;
    const token = this.#peek();
    if (token.type !== 'flow-entry') {
      const context = { what: `while parsing a flow ${what}`, mark };
      throw markedFault(`did not find expected ',' or '${what === 'sequence' ? ']' : '}'}'`, token.mark, context);
    }
    this.#scanner.skip();
    return this.#peekType() !== end;
  }

  *#flowSequence(): Generator<YamlNode> {
    const { mark } = this.#peek();
    this.#scanner.skip();
    for (let isFirst = true; this.#hasFlowEntry('sequence', mark, isFirst); isFirst = false) {
      if (this.#peekType() === 'key') yield this.#pairInSequence();
      else yield this.#node('flow');
    }
    this.#scanner.skip();
  }

  /** `[a: b]` is a list with a map. */
  #pairInSequence(): YamlNode {
    const { mark } = this.#peek();
    this.#scanner.skip();
    const token = this.#peek();
    let key: YamlNode;
    if (['value', 'flow-entry', 'flow-sequence-end'].includes(token.type)) {
      // as the library, which goes over what ends an empty key
      this.#scanner.skip();
      key = this.#empty(token.mark);
    } else key = this.#node('flow');
    const { type, mark: valueMark } = this.#peek();
    if (type === 'value') this.#scanner.skip();
    const value =
      type === 'value' ? this.#nodeUnless(['flow-entry', 'flow-sequence-end'], 'flow') : this.#empty(valueMark);
    this.#peek();
    return { kind: 'mapping', line: mark.line + 1, tag: '!!map', items: [{ key, value }] };
  }

  *#flowMapping(): Generator<MappingEntry> {
    const { mark } = this.#peek();
    this.#scanner.skip();
    for (let isFirst = true; this.#hasFlowEntry('mapping', mark, isFirst); isFirst = false) {
      const isKey = this.#peekType() === 'key';
      if (isKey) this.#scanner.skip();
      const key = isKey ? this.#nodeUnless(['value', 'flow-entry', 'flow-mapping-end'], 'flow') : this.#node('flow');
      const { type, mark: valueMark } = this.#peek();
      const hasValue = isKey && type === 'value';
      if (hasValue) this.#scanner.skip();
      const value = hasValue ? this.#nodeUnless(['flow-entry', 'flow-mapping-end'], 'flow') : this.#empty(valueMark);
      yield { key, value };
    }
    this.#scanner.skip();
  }
}
