// Matches EntitlementConf.check of buildx bake/entitlements.go; of several targets all that is missing counts.
import { compareUtf8 } from '../../base/go-json.ts';
import { cut } from '../../values/index.ts';
import { addDevice, type Entitlements, noEntitlements } from './entitlements.ts';

/** What one build does that not everyone may; paths are absolute and without links. */
export interface BuildNeeds {
  /** `network.host` and the like. */
  readonly entitlements: readonly string[];
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** The user's SSH agent. */
  readonly ssh: boolean;
  /** Deletes what is not in its result from a directory. */
  readonly localDelete: boolean;
}

/** What builds need and nobody allowed. Throws INVALID_ARGUMENT. */
export function missingEntitlements(allowed: Entitlements, builds: readonly BuildNeeds[]): Entitlements {
  const asked = builds.flatMap(({ entitlements }) => entitlements);
  const needs = (name: string): boolean => asked.includes(name);
  return {
    networkHost: needs('network.host') && !allowed.networkHost,
    securityInsecure: needs('security.insecure') && !allowed.securityInsecure,
    ssh: builds.some(({ ssh }) => ssh) && !allowed.ssh,
    localDelete: builds.some((build) => build.localDelete) && !allowed.localDelete,
    devices: missingDevices(allowed.devices, asked),
    read: missingPaths(
      allowed.read,
      builds.flatMap(({ read }) => read),
    ),
    write: missingPaths(
      allowed.write,
      builds.flatMap(({ write }) => write),
    ),
  };
}

function missingDevices(allowed: Entitlements['devices'], asked: readonly string[]): Entitlements['devices'] {
  if (allowed.all) return noEntitlements.devices;
  let missing = noEntitlements.devices;
  for (const text of asked) {
    const [key, value = ''] = cut(text);
    if (key === 'device') missing = addDevice(missing, value);
  }
  const names = [...missing.names].filter((name) => !allowed.names.has(name));
  return { all: missing.all, names: new Set(names) };
}

function missingPaths(allowed: readonly string[], paths: readonly string[]): string[] {
  if (allowed.includes('*')) return [];
  return topmost(paths)
    .filter((path) => !allowed.some((parent) => isBelow(path, parent)))
    .sort(compareUtf8);
}

/** Without those that lie below others. */
function topmost(paths: readonly string[]): string[] {
  const kept: string[] = [];
  for (const path of [...new Set(paths)].sort((a, b) => a.length - b.length)) {
    if (!kept.some((parent) => path.startsWith(`${parent}/`))) kept.push(path);
  }
  return kept;
}

function isBelow(path: string, parent: string): boolean {
  return path === parent || parent === '/' || path.startsWith(`${parent}/`);
}
