// Matches buildx util/platformutil/parse.go.
import { formatPlatformFully, normalizePlatform, parsePlatform, type Platform } from '../oci/index.ts';

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };
const systems: Readonly<Record<string, string>> = { win32: 'windows' };

/** What the word `local` stands for, and what a specifier leaves out. */
export interface Machine {
  /** As `process.platform` has it. */
  readonly platform: string;
  /** As `process.arch` has it. */
  readonly arch: string;
}

/** `--platform` values: each may hold several, separated by commas; `local` is this machine's. Throws INVALID_ARGUMENT. */
export function parsePlatforms(values: readonly string[], machine: Machine): string[] {
  const host: Platform = {
    os: systems[machine.platform] ?? machine.platform,
    architecture: architectures[machine.arch] ?? machine.arch,
  };
  return values
    .flatMap((value) => value.split(','))
    .map((text) => (text.toLowerCase() === 'local' ? host : parsePlatform(text, host)))
    .map((platform) => formatPlatformFully(normalizePlatform(platform)));
}
