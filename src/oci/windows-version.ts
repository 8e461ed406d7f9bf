// Matches containerd/platforms platform_windows_compat.go: which builds of Windows run which images.

interface WindowsVersion {
  /** `10.0` */
  readonly release: string;
  readonly build: number;
}

const SERVER_2022 = 20348;
/** Long term releases whose interface is stable, the newest first: a later one runs images since the one before it. */
const STABLE_RELEASES: readonly number[] = [26100, SERVER_2022];

/** True when Windows of version `host` runs images of version `image`; versions that are not known fit. */
export function windowsRuns(host: string, image: string): boolean {
  const machine = parseVersion(host);
  if (machine === undefined || image === '') return true;
  const wanted = parseVersion(image);
  if (wanted === undefined || machine.release !== wanted.release) return false;
  if (machine.build < SERVER_2022) return machine.build === wanted.build;
  const oldest = STABLE_RELEASES.find((build) => machine.build > build) ?? SERVER_2022;
  return oldest <= wanted.build && wanted.build <= machine.build;
}

function parseVersion(text: string): WindowsVersion | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,5})(?:\.|$)/.exec(text);
  if (match === null) return undefined;
  const [major, minor, build] = match.slice(1).map(Number);
  if (major === undefined || minor === undefined || build === undefined) return undefined;
  if (major > 255 || minor > 255 || build > 65535) return undefined;
  return { release: `${major}.${minor}`, build };
}
