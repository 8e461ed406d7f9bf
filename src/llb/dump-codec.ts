// A definition in protojson's form (field names in camel case, 64-bit integers as text, bytes as base64).
import { fromLong, type Long, pb } from '../proto/index.ts';
import type { Definition } from './definition.ts';
import type { SourceRange } from './source-map.ts';

/** Any JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** One op for reading and comparing. */
export interface OpDump {
  readonly digest: string;
  readonly op: Json;
  readonly metadata: Json;
  /** The lines it comes from. */
  readonly locations: readonly (readonly SourceRange[])[];
}

/** All ops of a definition, in its order. */
export function dumpDefinition(definition: Definition): OpDump[] {
  return definition.ops.map((bytes, i) => {
    const digest = definition.digests[i] ?? '';
    return {
      digest,
      op: dumpOp(bytes),
      metadata: dumpMetadata(definition, digest),
      locations: (definition.source?.locations.get(digest) ?? []).map(({ ranges }) => ranges),
    };
  });
}

/** One encoded op as protojson has it. */
export function dumpOp(bytes: Uint8Array): Json {
  return message(pb.Op.decode(bytes), '');
}

function dumpMetadata(definition: Definition, digest: string): Json {
  const metadata = definition.metadata.get(digest);
  if (metadata === undefined) return {};
  const out: Record<string, Json> = {};
  if (metadata.description.size > 0) out['description'] = Object.fromEntries(metadata.description);
  if (metadata.caps.size > 0) out['caps'] = [...metadata.caps].sort();
  if (metadata.ignoreCache) out['ignoreCache'] = true;
  const { progressGroup, linuxResources } = metadata;
  if (progressGroup !== undefined) out['progressGroup'] = { ...progressGroup };
  if (linuxResources !== undefined) {
    const limits = Object.entries(linuxResources).filter(([, value]) => value !== 0n && value !== '');
    out['linuxResources'] = Object.fromEntries(limits.map(([key, value]) => [key, String(value)]));
  }
  return out;
}

/** Fields that hold an enum, by the message's field that leads there and their own name. */
const enums: Readonly<Record<string, ReadonlyMap<number, string>>> = {
  'exec.network': namesOf(pb.NetMode),
  'exec.security': namesOf(pb.SecurityMode),
  'mounts.mountType': namesOf(pb.MountType),
  'mounts.contentCache': namesOf(pb.MountContentCache),
  'cacheOpt.sharing': namesOf(pb.CacheSharingOpt),
};

function namesOf(values: Readonly<Record<string, number | string>>): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const [name, value] of Object.entries(values)) if (typeof value === 'number') names.set(value, name);
  return names;
}

/** Fields that protobufjs adds to name the member of a oneof that is set. */
const discriminators = new Set(['op', 'action']);

/** @param parent the field that holds the message. */
function message(value: object, parent: string): Json {
  const out: Record<string, Json> = {};
  const isUser = Object.hasOwn(value, 'byName') || Object.hasOwn(value, 'byID');
  for (const { key, name } of fieldsOf(value)) {
    if (!Object.hasOwn(value, key)) continue;
    const field: unknown = Reflect.get(value, key);
    if (typeof field === 'string' && (discriminators.has(key) || (isUser && key === 'user'))) continue;
    const json = convert(field, parent, key);
    if (json !== undefined) out[name] = json;
  }
  return out;
}

interface Field {
  readonly key: string;
  /** In camel case. */
  readonly name: string;
}

const knownFields = new WeakMap<object, readonly Field[]>();

/** The fields of a message in the order in which it declares them (members of a oneof come later over the wire), or of a map. */
function fieldsOf(value: object): readonly Field[] {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== 'object' || prototype === null || prototype === Object.prototype) {
    return Object.keys(value).map((key) => ({ key, name: key }));
  }
  const known = knownFields.get(prototype);
  if (known !== undefined) return known;
  const fields = Object.keys(prototype).map((key) => ({ key, name: camelCase(key) }));
  knownFields.set(prototype, fields);
  return fields;
}

function convert(value: unknown, parent: string, key: string): Json | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'boolean') return value || undefined;
  if (typeof value === 'number') return number(value, parent, key);
  if (value instanceof Uint8Array) return value.length === 0 ? undefined : Buffer.from(value).toString('base64');
  if (Array.isArray(value)) {
    return value.length === 0 ? undefined : value.map((item) => element(item, parent, key));
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (isLong(value)) {
    const integer = fromLong(value);
    return integer === 0n ? undefined : String(integer);
  }
  if (key === 'attrs') return Object.keys(value).length === 0 ? undefined : (value as Record<string, string>);
  return message(value, key);
}

function isLong(value: object): value is Long {
  return 'low' in value && 'high' in value;
}

/** A list keeps its empty elements. */
function element(value: unknown, parent: string, key: string): Json {
  return convert(value, parent, key) ?? (typeof value === 'string' ? '' : String(value));
}

function number(value: number, parent: string, key: string): Json | undefined {
  if (key === 'byID') return value;
  if (value === 0) return undefined;
  return enums[`${parent}.${key}`]?.get(value) ?? value;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
