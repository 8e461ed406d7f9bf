// Matches buildx build/resolver/driver.go: which node builds for which platform.
import { compatiblePlatforms, normalizePlatform, type Platform, samePlatform } from '../oci/index.ts';

/** `strict`: the platform itself. `compatible`: also a machine that runs it, as arm64 does arm/v7. */
export type PlatformMatch = 'strict' | 'compatible';

/** The nodes that are right for one platform, by their position. */
export interface MatchedNodes {
  /** The one that buildx chooses. */
  readonly best: number;
  /** All that are as right as that, in order. */
  readonly alike: readonly number[];
}

/** @param nodes the platforms of each. Undefined: no node has the platform. */
export function matchNodes(
  wanted: Platform,
  nodes: readonly (readonly Platform[])[],
  match: PlatformMatch,
): MatchedNodes | undefined {
  let best: { readonly index: number; readonly platform: Platform } | undefined;
  for (const [index, platforms] of nodes.entries()) {
    for (const platform of platforms) {
      const runs = runnable(platform, match);
      if (rankOf(wanted, runs) === Number.POSITIVE_INFINITY) continue;
      if (best === undefined || isBefore(wanted, best.platform, runs)) best = { index, platform };
    }
  }
  if (best === undefined) return undefined;
  const rank = rankOf(wanted, runnable(best.platform, match));
  const isAlike = (platforms: readonly Platform[]): boolean =>
    platforms.some((platform) => rankOf(wanted, runnable(platform, match)) <= rank);
  const alike = nodes.flatMap((platforms, index) => (isAlike(platforms) ? [index] : []));
  return { best: best.index, alike };
}

/** What a machine runs, the best first. */
function runnable(machine: Platform, match: PlatformMatch): readonly Platform[] {
  return match === 'strict' ? [normalizePlatform(machine)] : compatiblePlatforms(machine);
}

/** How far down the platform is; infinity when it is not there. */
function rankOf(platform: Platform, runs: readonly Platform[]): number {
  const at = runs.findIndex((candidate) => samePlatform(candidate, platform));
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}

/** Whether a machine that runs these is nearer to `wanted` than to `other`. */
function isBefore(wanted: Platform, other: Platform, runs: readonly Platform[]): boolean {
  const [a, b] = [rankOf(wanted, runs), rankOf(other, runs)];
  // Of two that are the same the one with more features counts.
  return a === b ? (wanted.osFeatures?.length ?? 0) > (other.osFeatures?.length ?? 0) : a < b;
}

/**
 * The platforms that a daemon runs without emulation. BuildKit lists its machine first, then variants and the other
 * architectures of that machine among those that need an emulator.
 */
export function nativePlatforms(platforms: readonly Platform[]): readonly Platform[] {
  const [machine] = platforms;
  if (machine === undefined) return [];
  const runs = compatiblePlatforms(machine);
  const { os, architecture } = normalizePlatform(machine);
  return platforms.filter((platform) => {
    const normal = normalizePlatform(platform);
    if (normal.os === os && normal.architecture === architecture) return true;
    return runs.some((candidate) => samePlatform(candidate, normal));
  });
}
