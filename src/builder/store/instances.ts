import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform } from '../../oci/index.ts';
import { storedName } from './builder-name.ts';
import { type InstanceDocument, parseInstance } from './instance-document.ts';
import { readIfThere, type StateDir } from './state-dir.ts';

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

/** The builder `name`, in any case of letters; undefined when there is none. Throws IO and INVALID_ARGUMENT (a broken file). */
export function readInstance(dir: StateDir, name: string): Instance | undefined {
  const document = readDocument(dir, name);
  return document === undefined ? undefined : instanceOf(document);
}

/** As `readInstance`, all that stands in the file. */
export function readDocument(dir: StateDir, name: string): InstanceDocument | undefined {
  if (storedName(name) === undefined) return undefined;
  const path = instancePath(dir, name);
  const text = readIfThere(path);
  return text === undefined ? undefined : parseInstance(text, path);
}

/** Where the builder is, or would be. */
export function instancePath(dir: StateDir, name: string): string {
  return join(dir.path, 'instances', name.toLowerCase());
}

/** All builders, by name. Throws IO and INVALID_ARGUMENT. */
export function listInstances(dir: StateDir): readonly Instance[] {
  const path = join(dir.path, 'instances');
  const names = existsSync(path) ? readdirSync(path) : [];
  const instances = names.map((name) => readInstance(dir, name)).filter((instance) => instance !== undefined);
  return instances.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a builder is, without how its file writes it. */
export function instanceOf({ name, driver, nodes }: InstanceDocument): Instance {
  return {
    name,
    driver,
    nodes: nodes.map((node) => ({
      name: node.name,
      endpoint: node.endpoint,
      driverOpts: node.driverOpts ?? {},
      buildkitdFlags: node.flags ?? [],
      platforms: node.platforms ?? [],
      files: Object.fromEntries(
        Object.entries(node.files ?? {}).map(([file, data]) => [file, Buffer.from(data, 'base64')]),
      ),
    })),
  };
}
