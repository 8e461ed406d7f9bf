// Matches collectLocalPaths and the path rules of buildx bake/entitlements.go: what builds touch of this machine.
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import {
  type BuildNeeds,
  type EntitlementRequest,
  entitlementRequest,
  type Entitlements,
  missingEntitlements,
} from '../../bake/entitlements/index.ts';
import { deletes } from '../local-delete.ts';
import type { BuildOptions } from '../options.ts';
import { isRemoteUrl } from '../remote-url.ts';
import type { BakeDefinition } from './bake.ts';

/**
 * What the builds of a definition need and nobody allowed, in words and flags; undefined: nothing. The working directory may
 * be read and written, and what overrides name. Throws INVALID_ARGUMENT.
 */
export function missingPrivileges(
  { builds, grants }: BakeDefinition,
  allowed: Entitlements,
  cwd: string = process.cwd(),
): EntitlementRequest | undefined {
  const inFull = (path: string): string => (path === '*' ? path : fullPath(path, cwd));
  const granted: Entitlements = {
    ...allowed,
    networkHost: allowed.networkHost || grants.networkHost,
    securityInsecure: allowed.securityInsecure || grants.securityInsecure,
    read: [...allowed.read, ...grants.read, cwd].map(inFull),
    write: [...allowed.write, ...grants.write, cwd].map(inFull),
  };
  const needs = Array.from(builds.values(), (options) => buildNeeds(options, cwd));
  return entitlementRequest(missingEntitlements(granted, needs), realpathSync(cwd));
}

function buildNeeds(options: BuildOptions, cwd: string): BuildNeeds {
  const {
    context,
    dockerfile,
    namedContexts = {},
    outputs = [],
    cacheFrom = [],
    cacheTo = [],
    secrets = [],
    ssh = [],
  } = options;
  const read = [
    ...(context.kind === 'local' ? [context.path] : []),
    ...(dockerfile?.kind === 'path' && (context.kind === 'local' || isAbsolute(dockerfile.path))
      ? [dockerfile.path]
      : []),
    ...(options.ignore?.file === undefined ? [] : [options.ignore.file]),
    ...Object.values(namedContexts).flatMap(localPath),
    ...cacheFrom.flatMap(({ type, attrs }) => (type === 'local' ? (attrs['src'] ?? []) : [])),
    ...secrets.flatMap(({ src }) => src || []),
    ...ssh.flatMap(({ paths = [] }) => paths),
  ];
  const write = [
    ...outputs.flatMap(({ dest }) => (dest === undefined || dest.kind === 'stream' ? [] : [dest.path])),
    ...cacheTo.flatMap(({ type, attrs }) => (type === 'local' ? (attrs['dest'] ?? []) : [])),
  ];
  const existing = (paths: readonly string[]): string[] => paths.map((path) => existingPath(resolve(cwd, path)).path);
  return {
    entitlements: options.allow ?? [],
    read: existing(read),
    write: existing(write),
    ssh: ssh.some(({ paths = [] }) => paths.length === 0),
    localDelete: outputs.some(deletes),
  };
}

function localPath(value: string): string[] {
  const isElsewhere = /^(?:target:|docker-image:)/.test(value) || isRemoteUrl(value);
  return isElsewhere ? [] : [value.replace(/^oci-layout:\/\/([^:@]*).*$/, '$1')];
}

/** Without links; what does not exist yet stands behind what does. */
function fullPath(path: string, cwd: string): string {
  const { path: existing, rest } = existingPath(resolve(cwd, path));
  return join(existing, ...rest);
}

/** The part of an absolute path that exists, without links. */
function existingPath(path: string): { readonly path: string; readonly rest: readonly string[] } {
  const rest: string[] = [];
  for (let existing = path; ; existing = dirname(existing)) {
    try {
      return { path: realpathSync(existing), rest };
    } catch (error) {
      if (dirname(existing) === existing) throw error;
      rest.unshift(basename(existing));
    }
  }
}
