import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import type { Platform } from '../../oci/index.ts';
import type { StateDir } from './state-dir.ts';

/** A builder as `buildx create` writes it, `instances/<name>`. */
export interface Instance {
  readonly name: string;
  readonly driver: string;
  readonly nodes: readonly InstanceNode[];
}

export interface InstanceNode {
  readonly name: string;
  /** A docker context, an address of an engine, or for the remote driver one of a buildkitd. */
  readonly endpoint: string;
  readonly driverOpts: Readonly<Record<string, string>>;
  /** What the daemon is started with. */
  readonly buildkitdFlags: readonly string[];
  /** Platforms that the user gave this node. */
  readonly platforms: readonly Platform[];
  /** Configuration of the daemon by name below `/etc/buildkit`, `buildkitd.toml`. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

const NAME = /^[a-zA-Z][a-zA-Z0-9._-]*$/;

/** The builder `name`, in any case of letters; undefined when there is none. Throws IO and INVALID_ARGUMENT (a broken file). */
export function readInstance(dir: StateDir, name: string): Instance | undefined {
  if (!NAME.test(name)) return undefined;
  const path = join(dir.path, 'instances', name.toLowerCase());
  const text = readIfThere(path);
  return text === undefined ? undefined : parseInstance(text, path);
}

/** All builders, by name. Throws IO and INVALID_ARGUMENT. */
export function listInstances(dir: StateDir): readonly Instance[] {
  const path = join(dir.path, 'instances');
  const names = existsSync(path) ? readdirSync(path) : [];
  const instances = names.map((name) => readInstance(dir, name)).filter((instance) => instance !== undefined);
  return instances.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The name of the builder that `buildx use` chose for the engine `key`; undefined when none was. */
export function currentBuilder(dir: StateDir, key: string): string | undefined {
  const path = join(dir.path, 'current');
  const text = readIfThere(path);
  const current = text === undefined ? undefined : parseJson(text, path);
  const name = stringOf(current, 'Name');
  if (name !== '' && (booleanOf(current, 'Global') || stringOf(current, 'Key') === key)) return name;
  const defaults = join(dir.path, 'defaults');
  if (!existsSync(defaults)) return undefined; // the usual case, and a digest takes milliseconds to load
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 20);
  return readIfThere(join(defaults, hash)) || undefined;
}

export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw new TsbuildxError('IO', `failed to read ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function parseInstance(text: string, path: string): Instance {
  const value = parseJson(text, path);
  return {
    name: stringOf(value, 'Name'),
    driver: stringOf(value, 'Driver'),
    nodes: listOf(value, 'Nodes').map((node) => ({
      name: stringOf(node, 'Name'),
      endpoint: stringOf(node, 'Endpoint'),
      driverOpts: stringsOf(field(node, 'DriverOpts')),
      buildkitdFlags: textsOf(node, 'Flags'),
      platforms: listOf(node, 'Platforms').map(platformOf),
      files: Object.fromEntries(
        Object.entries(stringsOf(field(node, 'Files'))).map(([file, data]) => [file, Buffer.from(data, 'base64')]),
      ),
    })),
  };
}

function platformOf(value: unknown): Platform {
  return {
    os: stringOf(value, 'os'),
    architecture: stringOf(value, 'architecture'),
    variant: stringOf(value, 'variant') || undefined,
    osVersion: stringOf(value, 'os.version') || undefined,
    osFeatures: textsOf(value, 'os.features'),
  };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TsbuildxError('INVALID_ARGUMENT', `${path} is not valid JSON: ${messageOf(error)}`, { cause: error });
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
}

function textsOf(value: unknown, name: string): readonly string[] {
  return listOf(value, name).filter((item) => typeof item === 'string');
}

function stringOf(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === 'string' ? found : '';
}

function booleanOf(value: unknown, name: string): boolean {
  return field(value, name) === true;
}

function stringsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
