// Matches buildx store/nodegroup.go: the JSON of `instances/<name>`, as Go writes it.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { goJson, type GoJsonValue } from '../../base/go-json.ts';
import { textField } from '../../base/go-json-fields.ts';
import {
  isJsonObject,
  type JsonObject,
  listMember,
  member,
  textList,
  textMember,
  textMembers,
} from '../../base/json-object.ts';
import type { Platform } from '../../oci/index.ts';

/** The whole of a builder's file: null where Go has nil, and what buildx of today does not know in `more`. */
export interface InstanceDocument {
  readonly name: string;
  readonly driver: string;
  readonly nodes: readonly NodeDocument[];
  readonly dynamic: boolean;
  readonly more: JsonObject;
}

export interface NodeDocument {
  readonly name: string;
  readonly endpoint: string;
  readonly platforms: readonly Platform[] | null;
  readonly driverOpts: Readonly<Record<string, string>> | null;
  readonly flags: readonly string[] | null;
  /** Contents in base64. */
  readonly files: Readonly<Record<string, string>> | null;
  readonly more: JsonObject;
}

/** @param path for messages. Throws INVALID_ARGUMENT. */
export function parseInstance(text: string, path: string): InstanceDocument {
  const value = parseJson(text, path);
  return {
    name: textMember(value, 'Name'),
    driver: textMember(value, 'Driver'),
    nodes: (listMember(value, 'Nodes') ?? []).map(nodeOf),
    dynamic: member(value, 'Dynamic') === true,
    more: without(value, ['Name', 'Driver', 'Nodes', 'Dynamic']),
  };
}

export function formatInstance({ name, driver, nodes, dynamic, more }: InstanceDocument): string {
  return goJson({ Name: name, Driver: driver, Nodes: nodes.map(nodeJson), Dynamic: dynamic, ...more });
}

/** Throws INVALID_ARGUMENT for what is no JSON object. */
export function parseJson(text: string, path: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
    throw new TypeError('expected an object');
  } catch (error) {
    throw new TsbuildxError('INVALID_ARGUMENT', `${path} is not valid JSON: ${messageOf(error)}`, { cause: error });
  }
}

function nodeOf(value: unknown): NodeDocument {
  return {
    name: textMember(value, 'Name'),
    endpoint: textMember(value, 'Endpoint'),
    platforms: listMember(value, 'Platforms')?.map(platformOf) ?? null,
    driverOpts: textsOrNull(member(value, 'DriverOpts')),
    flags: textList(value, 'Flags') ?? null,
    files: textsOrNull(member(value, 'Files')),
    more: without(value, ['Name', 'Endpoint', 'Platforms', 'DriverOpts', 'Flags', 'Files']),
  };
}

function nodeJson({ name, endpoint, platforms, driverOpts, flags, files, more }: NodeDocument): JsonObject {
  return {
    Name: name,
    Endpoint: endpoint,
    Platforms: platforms?.map(platformJson) ?? null,
    DriverOpts: driverOpts === null ? null : new Map(Object.entries(driverOpts)),
    Flags: flags,
    Files: files === null ? null : new Map(Object.entries(files)),
    ...more,
  };
}

function platformOf(value: unknown): Platform {
  return {
    os: textMember(value, 'os'),
    architecture: textMember(value, 'architecture'),
    variant: textField(textMember(value, 'variant')),
    osVersion: textField(textMember(value, 'os.version')),
    osFeatures: textList(value, 'os.features'),
  };
}

function platformJson({ os, architecture, variant, osVersion, osFeatures }: Platform): GoJsonValue {
  return {
    architecture,
    os,
    'os.version': textField(osVersion),
    'os.features': osFeatures?.length ? osFeatures : undefined,
    variant: textField(variant),
  };
}

function textsOrNull(value: unknown): Readonly<Record<string, string>> | null {
  return isJsonObject(value) ? textMembers(value) : null;
}

function without(value: unknown, known: readonly string[]): JsonObject {
  if (!isJsonObject(value)) return {};
  const names = new Set(known.map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.has(name.toLowerCase())));
}
