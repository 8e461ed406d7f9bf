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
  return message(pb.Op.decode(bytes), []);
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

/** Fields that hold an enum, by the end of their path. */
const enums: Readonly<Record<string, Readonly<Record<string, number | string>>>> = {
  'exec.network': pb.NetMode,
  'exec.security': pb.SecurityMode,
  'mounts.mountType': pb.MountType,
  'mounts.contentCache': pb.MountContentCache,
  'cacheOpt.sharing': pb.CacheSharingOpt,
};

/** Fields that protobufjs adds to name the member of a oneof that is set. */
const discriminators = new Set(['op', 'action']);
const userKinds = ['byName', 'byID'];

function message(value: object, path: readonly string[]): Json {
  const out: Record<string, Json> = {};
  const fields = declaredOrder(value);
  const isUser = userKinds.some((kind) => Object.hasOwn(value, kind));
  for (const [key, field] of fields) {
    if (typeof field === 'string' && (discriminators.has(key) || (isUser && key === 'user'))) continue;
    const json = convert(field, [...path, key]);
    if (json !== undefined) out[camelCase(key)] = json;
  }
  return out;
}

/** The fields that are set, as the message declares them: members of a oneof come later over the wire. */
function declaredOrder(value: object): [string, unknown][] {
  const set = new Map<string, unknown>(Object.entries(value));
  const declared = Object.keys(Object.getPrototypeOf(value) ?? {}).filter((key) => set.has(key));
  return [...new Set([...declared, ...set.keys()])].map((key) => [key, set.get(key)]);
}

function convert(value: unknown, path: readonly string[]): Json | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'boolean') return value || undefined;
  if (typeof value === 'number') return number(value, path);
  if (value instanceof Uint8Array) return value.length === 0 ? undefined : Buffer.from(value).toString('base64');
  if (Array.isArray(value)) {
    return value.length === 0 ? undefined : value.map((item) => element(item, path));
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (isLong(value)) {
    const integer = fromLong(value);
    return integer === 0n ? undefined : String(integer);
  }
  if (path.at(-1) === 'attrs') return Object.keys(value).length === 0 ? undefined : (value as Record<string, string>);
  return message(value, path);
}

function isLong(value: object): value is Long {
  return 'low' in value && 'high' in value;
}

/** A list keeps its empty elements. */
function element(value: unknown, path: readonly string[]): Json {
  return convert(value, path) ?? (typeof value === 'string' ? '' : String(value));
}

function number(value: number, path: readonly string[]): Json | undefined {
  const [parent = '', key = ''] = path.slice(-2);
  if (key === 'byID') return value;
  if (value === 0) return undefined;
  const names = enums[`${parent}.${key}`];
  const name = names && Object.keys(names).find((candidate) => names[candidate] === value);
  return name ?? value;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
