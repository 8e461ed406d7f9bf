// Matches buildx driver/docker/version.go: the BuildKit in engines that do not tell, which is those before 24.0.

/** First engine version of each BuildKit, the newest first, with the gaps that the reference has. */
const SINCE: readonly (readonly [engine: readonly [major: number, minor: number, patch: number], buildkit: string])[] =
  [
    [[23, 0, 7], 'v0.10+unknown'],
    [[23, 0, 4], 'v0.10.6+d52b2d5'],
    [[23, 0, 2], 'v0.10.6+70f2ad5'],
    [[23, 0, 1], 'v0.10.6+4f0ee09'],
    [[23, 0, 0], 'v0.10.6'],
    [[22, 6, 0], 'v0.10.3'],
    [[20, 10, 24], 'v0.8+unknown'],
    [[20, 10, 21], 'v0.8.2+eeb7b65'],
    [[20, 10, 20], 'v0.8.2+c0149372'],
    [[20, 10, 19], 'v0.8.2+3a1eeca5'],
    [[20, 10, 18], 'v0.8+unknown'],
    [[20, 10, 11], 'v0.8.2+bc07b2b8'],
    [[20, 10, 10], 'v0.8+unknown'],
    [[20, 10, 7], 'v0.8.2+244e8cde'],
    [[20, 10, 4], 'v0.8.2'],
    [[20, 10, 3], 'v0.8.1+68bb095'],
    [[20, 10, 2], 'v0.8+unknown'],
    [[20, 10, 0], 'v0.8.1'],
  ];

/** The version of the BuildKit in an engine of this version; where it is not known, the engine's own. */
export function engineBuildkit(version: string): string {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  const [major, minor, patch] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3] ?? 0)];
  const known = SINCE.find(([[a, b, c]]) => major === a && (minor > b || (minor === b && patch >= c)));
  return known?.[1] ?? version.replace(/-moby$/, '');
}
