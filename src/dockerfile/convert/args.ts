// Variables outside of stages: predefined ones and the ARGs before the first FROM.
import { EnvList, type ProxyEnv } from '../../llb/index.ts';
import { formatPlatform, formatPlatformFully, type Platform } from '../../oci/index.ts';
import type { ArgInstruction } from '../instructions/index.ts';
import { expandWord, type LexOptions } from '../shell/index.ts';
import { withLocation } from '../syntax/index.ts';
import type { DeclaredArg } from './parameters.ts';

export type BuildArgs = Readonly<Record<string, string>>;

/** The value of a build argument, undefined when it is not given. */
export function buildArg(args: BuildArgs, key: string): string | undefined {
  return Object.hasOwn(args, key) ? args[key] : undefined;
}

/** BUILDPLATFORM, TARGETARCH and so on; a build argument of the same name wins. */
export function platformArgs(build: Platform, target: Platform, stageName: string, overrides: BuildArgs): EnvList {
  const values: readonly (readonly [string, string])[] = [
    ['BUILDPLATFORM', formatPlatform(build)],
    ['BUILDOS', build.os],
    ['BUILDOSVERSION', build.osVersion ?? ''],
    ['BUILDARCH', build.architecture],
    ['BUILDVARIANT', build.variant ?? ''],
    ['TARGETPLATFORM', formatPlatformFully(target)],
    ['TARGETOS', target.os],
    ['TARGETOSVERSION', target.osVersion ?? ''],
    ['TARGETARCH', target.architecture],
    ['TARGETVARIANT', target.variant ?? ''],
    ['TARGETSTAGE', stageName || 'default'],
  ];
  return values.reduce((env, [key, value]) => env.set(key, buildArg(overrides, key) ?? value), EnvList.empty);
}

/** The variables after the ARGs before the first FROM, and what these declare, by name. */
export function metaArgs(
  base: EnvList,
  instructions: readonly ArgInstruction[],
  buildArgs: BuildArgs,
  lex: LexOptions,
): { readonly env: EnvList; readonly declared: ReadonlyMap<string, DeclaredArg> } {
  const declared = new Map<string, DeclaredArg>();
  let env = base;
  for (const instruction of instructions) {
    for (const { key, value: definition, docComment: description } of instruction.args) {
      let value = buildArg(buildArgs, key);
      let uses: ReadonlySet<string> = new Set();
      if (value === undefined && definition !== undefined) {
        try {
          const { result, matched } = expandWord(definition, env, lex);
          value = result;
          uses = usesOf(key, matched, declared);
        } catch (error) {
          throw withLocation(error, instruction.lines);
        }
      }
      if (value !== undefined) env = env.set(key, value);
      declared.set(key, { name: key, description, value, lines: instruction.lines, uses });
    }
  }
  return { env, declared };
}

/** A value that adds to an earlier one of the same name uses what that did. */
function usesOf(key: string, matched: ReadonlySet<string>, declared: ReadonlyMap<string, DeclaredArg>): Set<string> {
  const uses = new Set(matched);
  if (uses.delete(key)) for (const name of declared.get(key)?.uses ?? []) uses.add(name);
  return uses;
}

/** The proxy build arguments, in any case; undefined when there are none. */
export function proxyFromArgs(args: BuildArgs): ProxyEnv | undefined {
  const proxy = { http: '', https: '', ftp: '', no: '', all: '' };
  let isSet = false;
  for (const key of Object.keys(args).sort()) {
    const kind = /^(http|https|ftp|no|all)_proxy$/i.exec(key)?.[1]?.toLowerCase();
    if (kind === undefined || !isProxyKind(kind)) continue;
    proxy[kind] = args[key] ?? '';
    isSet = true;
  }
  return isSet ? proxy : undefined;
}

function isProxyKind(kind: string): kind is keyof ProxyEnv {
  return ['http', 'https', 'ftp', 'no', 'all'].includes(kind);
}
