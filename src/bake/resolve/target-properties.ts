// Matches the fields of Target in buildx bake/bake.go: how attributes of blocks become properties, and values again.
import type { AttestSpec, CacheSpec, OutputEntry, PolicyConfig, SecretEntry, SshEntry } from '../../values/index.ts';
import {
  boolType,
  boolValue,
  integerValue,
  listType,
  listValue,
  mapType,
  mapValue,
  nullValue,
  objectValue,
  stringType,
  stringValue,
  type Type,
  type Value,
} from '../cty/index.ts';
import type { NamedValues, Target, TargetResources } from '../model/target.ts';
import { type Decoder, nullableTextMap, optionalBool, optionalText, requiredText, textMap, texts } from './decode.ts';
import {
  attests,
  caches,
  entryType,
  outputs,
  policies,
  resources,
  resourcesType,
  secrets,
  secretType,
  sshKeys,
  sshType,
} from './entries.ts';

/** Properties that blocks give, without the name. */
export type TargetProperties = Partial<Omit<Target, 'name'>>;

interface Property {
  /** The property that an attribute gives. Throws INVALID_ARGUMENT. */
  readonly decode: (value: Value) => TargetProperties;
  /** The property as other blocks see it. */
  readonly value: (target: TargetProperties) => Value;
}

function property<K extends keyof TargetProperties>(
  key: K,
  decode: Decoder<TargetProperties[K]>,
  toValue: (property: TargetProperties[K]) => Value,
): Property {
  return { decode: (value) => ({ [key]: decode(value) }), value: (target) => toValue(target[key]) };
}

function textValue(text: string | undefined): Value {
  return text === undefined ? nullValue(stringType) : stringValue(text);
}

function boolOrNull(flag: boolean | undefined): Value {
  return flag === undefined ? nullValue(boolType) : boolValue(flag);
}

function textsValue(list: readonly string[] | undefined): Value {
  return list === undefined ? nullValue(listType(stringType)) : listValue(list.map(stringValue), stringType);
}

function mapOrNull(map: NamedValues | undefined): Value {
  if (map === undefined) return nullValue(mapType(stringType));
  return mapValue(
    Array.from(map, ([key, text]) => [key, textValue(text)] as const),
    stringType,
  );
}

function entriesValue<T>(element: Type, convert: (entry: T) => Value): (list: readonly T[] | undefined) => Value {
  return (list = []) => listValue(list.map(convert), element);
}

function attributesValue(attributes: Readonly<Record<string, string>>): Value {
  return mapValue(
    Object.entries(attributes).map(([key, text]) => [key, stringValue(text)] as const),
    stringType,
  );
}

const attestsValue = entriesValue(entryType, ({ type, disabled, attrs }: AttestSpec) =>
  attributesValue({ ...attrs, type, ...(disabled && { disabled: 'true' }) }),
);
const cachesValue = entriesValue(entryType, ({ type, attrs }: CacheSpec) => attributesValue({ ...attrs, type }));
const outputsValue = entriesValue(entryType, ({ type, dest = '', attrs }: OutputEntry) =>
  attributesValue({ ...attrs, type, dest }),
);
const secretsValue = entriesValue(secretType, ({ id, src, env }: SecretEntry) =>
  objectValue([
    ['id', stringValue(id)],
    ['src', stringValue(src)],
    ['env', stringValue(env)],
  ]),
);
const sshValue = entriesValue(sshType, ({ id, paths }: SshEntry) =>
  objectValue([
    ['id', stringValue(id)],
    ['paths', textsValue(paths)],
  ]),
);
const policiesValue = entriesValue(entryType, ({ files, reset, disabled, strict, logLevel }: PolicyConfig) =>
  attributesValue({
    ...(files[0] !== undefined && { filename: files[0] }),
    ...(reset && { reset: 'true' }),
    ...(disabled && { disabled: 'true' }),
    ...(strict !== undefined && { strict: String(strict) }),
    ...(logLevel !== undefined && { 'log-level': logLevel }),
  }),
);

function resourcesValue(found: TargetResources | undefined): Value {
  if (found === undefined || resourcesType.kind !== 'object') return nullValue(resourcesType);
  const given: Readonly<Record<string, string | bigint | undefined>> = { ...found };
  return objectValue(
    Array.from(resourcesType.attributes, ([name, type]) => {
      const value = given[name];
      if (value === undefined) return [name, nullValue(type)] as const;
      return [name, typeof value === 'bigint' ? integerValue(value) : stringValue(value)] as const;
    }),
  );
}

/** By the names of attributes. What is not here is ignored, as the reference does. */
export const targetProperties: ReadonlyMap<string, Property> = new Map([
  ['description', property('description', requiredText, textValue)],
  ['inherits', property('inherits', texts, textsValue)],
  ['annotations', property('annotations', texts, textsValue)],
  ['attest', property('attest', attests, attestsValue)],
  ['context', property('context', optionalText, textValue)],
  ['contexts', property('contexts', textMap, mapOrNull)],
  ['dockerfile', property('dockerfile', optionalText, textValue)],
  ['dockerfile-inline', property('dockerfileInline', optionalText, textValue)],
  ['args', property('args', nullableTextMap, mapOrNull)],
  ['labels', property('labels', nullableTextMap, mapOrNull)],
  ['tags', property('tags', texts, textsValue)],
  ['cache-from', property('cacheFrom', caches, cachesValue)],
  ['cache-to', property('cacheTo', caches, cachesValue)],
  ['target', property('target', optionalText, textValue)],
  ['secret', property('secrets', secrets, secretsValue)],
  ['ssh', property('ssh', sshKeys, sshValue)],
  ['platforms', property('platforms', texts, textsValue)],
  ['output', property('outputs', outputs, outputsValue)],
  ['pull', property('pull', optionalBool, boolOrNull)],
  ['no-cache', property('noCache', optionalBool, boolOrNull)],
  ['network', property('network', optionalText, textValue)],
  ['no-cache-filter', property('noCacheFilter', texts, textsValue)],
  ['shm-size', property('shmSize', optionalText, textValue)],
  ['ulimits', property('ulimits', texts, textsValue)],
  ['resources', property('resources', resources, resourcesValue)],
  ['call', property('call', optionalText, textValue)],
  ['entitlements', property('entitlements', texts, textsValue)],
  ['extra-hosts', property('extraHosts', nullableTextMap, mapOrNull)],
  ['policy', property('policy', policies, policiesValue)],
  // beyond the reference
  ['ignore', property('ignore', texts, textsValue)],
  ['ignore-file', property('ignoreFile', optionalText, textValue)],
]);

/** A target as other blocks see it. */
export function targetValue(name: string, properties: TargetProperties): Value {
  const own = Array.from(targetProperties, ([key, { value }]) => [key, value(properties)] as const);
  return objectValue([['name', stringValue(name)], ...own]);
}
