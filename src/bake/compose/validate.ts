// Matches compose-go schema/schema.go, with the texts of github.com/santhosh-tekuri/jsonschema.
import { TsbuildxError } from '../../base/errors.ts';
import { compareUtf8 } from '../../base/go-json.ts';
import { composeSchema, type Schema } from './schema.ts';
import type { TreePath } from './tree-path.ts';
import { type ComposeMap, type ComposeValue, isMap } from './value.ts';

interface Violation {
  readonly path: TreePath;
  readonly message: string;
  /** The one most specific is told; one about the names in a mapping goes a step further than its path. */
  readonly depth: number;
}

/** Throws INVALID_ARGUMENT with the violation that is deepest in the model. */
export function validateModel(model: ComposeMap): void {
  const [worst] = violations(model, composeSchema, []).toSorted((a, b) => b.depth - a.depth);
  if (worst !== undefined) throw new TsbuildxError('INVALID_ARGUMENT', `${worst.path.join('.')} ${worst.message}`);
}

function violations(value: ComposeValue, schema: Schema, path: TreePath): readonly Violation[] {
  if (schema.type !== undefined && !hasType(value, [schema.type].flat())) {
    return [{ path, message: `must be a ${readableTypes([schema.type].flat())}`, depth: path.length }];
  }
  const found: Violation[] = [];
  if (isMap(value)) found.push(...mapViolations(value, schema, path));
  if (Array.isArray(value)) found.push(...listViolations(value, schema, path));
  if (schema.oneOf !== undefined) found.push(...choiceViolations(value, schema.oneOf, path));
  return found;
}

function mapViolations(map: ComposeMap, schema: Schema, path: TreePath): readonly Violation[] {
  const found: Violation[] = [];
  const missing = (schema.required ?? []).filter((name) => !map.has(name));
  if (missing.length > 0) {
    const what = `missing propert${missing.length === 1 ? 'y' : 'ies'} ${quoted(missing)}`;
    found.push({ path, message: what, depth: path.length });
  }
  const unknown: string[] = [];
  for (const [name, entry] of map) {
    const own =
      schema.properties !== undefined && Object.hasOwn(schema.properties, name) ? [schema.properties[name]] : [];
    const matching = (schema.patternProperties ?? []).filter(([pattern]) => pattern.test(name));
    const schemas = [...own, ...matching.map(([, entrySchema]) => entrySchema)];
    for (const entrySchema of schemas) found.push(...violations(entry, entrySchema ?? {}, [...path, name]));
    if (schemas.length === 0 && schema.additionalProperties === false) unknown.push(name);
  }
  if (unknown.length > 0) {
    const message = `additional properties ${quoted(unknown.sort(compareUtf8))} not allowed`;
    found.push({ path, message, depth: path.length + 1 });
  }
  return found;
}

function listViolations(list: readonly ComposeValue[], schema: Schema, path: TreePath): readonly Violation[] {
  const found: Violation[] = [];
  if (schema.uniqueItems) {
    for (const [second, item] of list.entries()) {
      const first = list.indexOf(item);
      if (first === second) continue;
      found.push({ path, message: `items at ${first} and ${second} are equal`, depth: path.length });
      break;
    }
  }
  const { items } = schema;
  if (items === undefined) return found;
  return [...found, ...list.flatMap((item, at) => violations(item, items, [...path, String(at)]))];
}

function choiceViolations(value: ComposeValue, choices: readonly Schema[], path: TreePath): readonly Violation[] {
  const tried = choices.map((choice) => violations(value, choice, path));
  const matching = tried.flatMap((found, at) => (found.length === 0 ? [at] : []));
  if (matching.length === 1) return [];
  if (matching.length === 0) return tried.flat();
  const [first, second] = matching;
  return [{ path, message: `oneOf failed, subschemas ${first}, ${second} matched`, depth: path.length }];
}

function hasType(value: ComposeValue, wanted: readonly string[]): boolean {
  const type = jsonType(value);
  if (wanted.includes(type)) return true;
  return type === 'number' && wanted.includes('integer') && (typeof value === 'bigint' || Number.isInteger(value));
}

function jsonType(value: ComposeValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isMap(value)) return 'object';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

function readableTypes(types: readonly string[]): string {
  const readable = types.map((type) => (type === 'object' ? 'mapping' : type));
  if (readable.length === 1) return readable[0] ?? '';
  const sorted = readable.toSorted();
  return `${sorted.slice(0, -1).join(', ')} or ${sorted.at(-1)}`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`).join(', ');
}
