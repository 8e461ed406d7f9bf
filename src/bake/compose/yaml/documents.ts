// Reads YAML with the tags of compose. Matches the loop over the documents of a file in compose-go loader/loader.go.
import { messageOf, TsbuildxError } from '../../../base/errors.ts';
import type { TreePath } from '../tree-path.ts';
import { type ComposeMap, type ComposeValue, isMap } from '../value.ts';
import { Composer } from './composer.ts';
import { Constructor, goSyntax } from './construct.ts';
import type { YamlNode } from './node.ts';
import { ResetResolver } from './resolve-resets.ts';

/** One document of a file. */
export interface ComposeDocument {
  readonly value: ComposeValue;
  /** Where `!reset` and `!override` stand: what earlier files say there is dropped. */
  readonly resets: readonly TreePath[];
}

/** Bytes; nobody writes such a file by hand, and one that a remote repository brings shall not exhaust the memory. */
const sizeLimit = 10 << 20;

/**
 * The documents of a file, each read when it is asked for: what is wrong with one comes after what is wrong with what
 * the one before says. Throws INVALID_ARGUMENT with the file's name and the words of buildx's library.
 */
export function* parseYaml(data: Uint8Array, filename: string): Generator<ComposeDocument, void> {
  if (data.length > sizeLimit) throw failure(filename, `larger than ${sizeLimit} bytes`);
  const composer = new Composer(data);
  for (;;) {
    const node = quoting(filename, () => composer.next());
    if (node === undefined) return;
    const { document, odd } = quoting(filename, () => readDocument(node));
    checkKeys(document.value, '', odd);
    yield document;
  }
}

type OddKeys = ReadonlyMap<ComposeMap, ComposeValue>;

function readDocument(node: YamlNode): { readonly document: ComposeDocument; readonly odd: OddKeys } {
  if (node.kind === 'scalar' && node.tag === '!!null') return { document: { value: null, resets: [] }, odd: new Map() };
  const resolver = new ResetResolver();
  const constructor = new Constructor();
  let value: ComposeValue | undefined;
  try {
    const resolved = resolver.resolve(node, []);
    if (resolved !== undefined) value = constructor.construct(resolved);
  } catch (error) {
    throw constructErrors([{ line: node.line, problem: messageOf(error) }]);
  }
  if (constructor.faults.length > 0) throw constructErrors(constructor.faults);
  return { document: { value: value ?? null, resets: resolver.resets }, odd: constructor.oddKeys };
}

function constructErrors(faults: readonly { readonly line: number; readonly problem: string }[]): TsbuildxError {
  const lines = faults.map(({ line, problem }) => `\n  line ${line}: ${problem}`);
  return new TsbuildxError('INVALID_ARGUMENT', `yaml: construct errors:${lines.join('')}`);
}

/** Throws INVALID_ARGUMENT for a key that is not a text, with the way to it. */
function checkKeys(value: ComposeValue, path: string, odd: OddKeys): void {
  if (odd.size === 0) return;
  if (Array.isArray(value)) for (const [at, item] of value.entries()) checkKeys(item, `${path}[${at}]`, odd);
  if (!isMap(value)) return;
  const key = odd.get(value);
  if (key !== undefined) {
    const where = path === '' ? 'at top level' : `in ${path}`;
    throw new TsbuildxError('INVALID_ARGUMENT', `non-string key ${where}: ${key === null ? '<nil>' : goSyntax(key)}`);
  }
  for (const [name, item] of value) checkKeys(item, path === '' ? name : `${path}.${name}`, odd);
}

function quoting<T>(filename: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw failure(filename, messageOf(error));
  }
}

function failure(filename: string, what: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `failed to parse ${filename}: ${what}`);
}
