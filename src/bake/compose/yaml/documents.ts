// Reads YAML with the tags of compose. Matches compose-go loader/reset.go and the decoding of go.yaml.in/yaml/v4.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';
import { TsbuildxError } from '../../../base/errors.ts';
import { goQuote } from '../../../base/go-quote.ts';
import type { TreePath } from '../tree-path.ts';
import { type ComposeMap, type ComposeValue, goText } from '../value.ts';
import { plainScalar } from './scalar.ts';

/** One document of a file. */
export interface ComposeDocument {
  readonly value: ComposeValue;
  /** Where `!reset` and `!override` stand: what earlier files say there is dropped. */
  readonly resets: readonly TreePath[];
}

/** Bytes; nobody writes such a file by hand, and one that a remote repository brings shall not exhaust the memory. */
const sizeLimit = 10 << 20;
/** Values that aliases and merge keys may unfold to. */
const valueLimit = 1_000_000;
const depthLimit = 500;

/** The documents of a file. Throws INVALID_ARGUMENT with the file's name. */
export function parseYaml(data: Uint8Array, filename: string): ComposeDocument[] {
  if (data.length > sizeLimit) throw failure(filename, `larger than ${sizeLimit} bytes`);
  const text = new TextDecoder().decode(data);
  const lines = new LineCounter();
  const documents = readDocuments(text, lines, filename);
  return documents
    .filter((document) => document.contents !== null || documents.length === 1)
    .filter((document) => document.contents !== null)
    .map((document) => new Reader(document, lines, filename).read());
}

function readDocuments(text: string, lineCounter: LineCounter, filename: string): readonly Document.Parsed[] {
  try {
    const found = parseAllDocuments(text, {
      schema: 'failsafe',
      uniqueKeys: false,
      logLevel: 'silent',
      prettyErrors: false,
      lineCounter,
    });
    if ('empty' in found) return [];
    for (const { errors } of found) {
      const [error] = errors;
      if (error === undefined) continue;
      const { line, col } = lineCounter.linePos(error.pos[0]);
      throw failure(filename, `yaml: line ${line}, column ${col}: ${error.message}`);
    }
    return found;
  } catch (error) {
    if (error instanceof RangeError) throw failure(filename, 'yaml: nested too deeply');
    throw error;
  }
}

class Reader {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #filename: string;
  readonly #resets: TreePath[] = [];
  /** Aliases that are being followed: one inside what it stands for has no end. */
  readonly #open = new Set<Node>();
  #values = 0;

  constructor(document: Document.Parsed, lines: LineCounter, filename: string) {
    this.#document = document;
    this.#lines = lines;
    this.#filename = filename;
  }

  read(): ComposeDocument {
    return { value: this.#value(this.#document.contents, []) ?? null, resets: this.#resets };
  }

  /** Undefined: there is nothing at this place. */
  #value(node: Node | null, path: TreePath): ComposeValue | undefined {
    if (++this.#values > valueLimit) throw this.#failure('yaml: document contains excessive aliasing');
    if (path.length > depthLimit) throw this.#failure('yaml: nested too deeply');
    if (node === null) return null;
    if (isAlias(node)) return this.#alias(node.source, node.resolve(this.#document), path);
    const { tag } = node;
    if (tag === '!reset' || tag === '!override') this.#resets.push(path);
    if (tag === '!reset') return undefined;
    if (isScalar(node)) return scalarValue(node);
    if (isSeq(node)) {
      return node.items
        .map((item, at) => this.#value(asNode(item), [...path, String(at)]))
        .filter((item) => item !== undefined);
    }
    return isMap(node) ? this.#map(node, path) : null;
  }

  #alias(name: string, target: Node | undefined, path: TreePath): ComposeValue | undefined {
    if (target === undefined) throw this.#failure(`yaml: unknown anchor '${name}' referenced`);
    if (this.#open.has(target)) throw this.#failure(`yaml: anchor '${name}' value contains itself`);
    this.#open.add(target);
    try {
      return this.#value(target, path);
    } finally {
      this.#open.delete(target);
    }
  }

  #map(node: YAMLMap, path: TreePath): ComposeMap {
    const own: ComposeMap = new Map();
    const merged: ComposeMap = new Map();
    const lines = new Map<string, number>();
    for (const pair of node.items) {
      const keyNode = asNode(pair.key);
      const key = this.#key(keyNode, path);
      const line = this.#lines.linePos(keyNode?.range?.[0] ?? 0).line;
      const before = lines.get(key);
      if (before !== undefined) {
        const start = this.#lines.linePos(this.#document.contents?.range?.[0] ?? 0).line;
        const what = `mapping key ${goQuote(key)} already defined at line ${before}`;
        throw this.#failure(`yaml: construct errors:\n  line ${start}: line ${line}: ${what}`);
      }
      lines.set(key, line);
      const isMerge = key === '<<' && isScalar(keyNode) && keyNode.type === 'PLAIN';
      const value = this.#value(asNode(pair.value), isMerge ? path : [...path, key]);
      if (value === undefined) continue;
      if (isMerge) this.#merge(value, merged);
      else own.set(key, value);
    }
    // in the order of the text, what was merged behind what stands here
    for (const [key, value] of merged) if (!own.has(key)) own.set(key, value);
    return own;
  }

  #merge(value: ComposeValue, merged: ComposeMap): void {
    for (const source of Array.isArray(value) ? value : [value]) {
      if (!(source instanceof Map))
        throw this.#failure('yaml: map merge requires map or sequence of maps as the value');
      for (const [key, item] of source) if (!merged.has(key)) merged.set(key, item);
    }
  }

  #key(node: Node | null, path: TreePath): string {
    const value = isAlias(node)
      ? this.#alias(node.source, node.resolve(this.#document), path)
      : node && isScalar(node)
        ? scalarValue(node)
        : null;
    if (typeof value === 'string') return value;
    const where = path.length === 0 ? 'at top level' : `in ${path.join('.')}`;
    const shown = value === null || value === undefined ? 'interface {}(nil)' : goText(value);
    throw new TsbuildxError('INVALID_ARGUMENT', `non-string key ${where}: ${shown}`);
  }

  #failure(what: string): TsbuildxError {
    return failure(this.#filename, what);
  }
}

function scalarValue(node: {
  readonly value: unknown;
  readonly source?: string;
  readonly type?: unknown;
  readonly tag?: string;
}): ComposeValue {
  const text = node.source ?? (typeof node.value === 'string' ? node.value : '');
  const isPlain = node.type === 'PLAIN' && (node.tag === undefined || !node.tag.endsWith(':str'));
  return isPlain ? plainScalar(text) : text;
}

function asNode(value: unknown): Node | null {
  return typeof value === 'object' && value !== null && 'range' in value ? (value as Node) : null;
}

function failure(filename: string, what: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `failed to parse ${filename}: ${what}`);
}
