// Matches containerd/platforms: same grammar, same normal forms, same error texts.
import { TsbuildxError } from '../base/errors.ts';
import { windowsRuns } from './windows-version.ts';

/** An image platform. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
  readonly osVersion?: string | undefined;
  readonly osFeatures?: readonly string[] | undefined;
}

const KNOWN_OS = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos'.split(
    ' ',
  ),
);
const KNOWN_ARCHITECTURE = new Set(
  (
    '386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 ' +
    'mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm'
  ).split(' '),
);
const COMPONENT = /^[A-Za-z0-9_.-]+$/;
const OS_COMPONENT = /^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$/;

/** What stands for a part that a specifier leaves out. */
const LINUX_AMD64: Platform = { os: 'linux', architecture: 'amd64' };

/**
 * Parses `os[(version+feature)][/arch[/variant]]` or a lone architecture.
 * @param host stands for what is left out; default linux/amd64.
 * Throws INVALID_ARGUMENT.
 */
export function parsePlatform(specifier: string, host: Platform = LINUX_AMD64): Platform {
  const quoted = JSON.stringify(specifier);
  if (specifier.includes('*')) throw invalid(`${quoted}: wildcards not yet supported`);
  const [first = '', ...rest] = splitAtMost(specifier, '/', 4);
  const osMatch = OS_COMPONENT.exec(first);
  if (osMatch === null) {
    throw invalid(
      `${JSON.stringify(first)} is an invalid OS component of ${quoted}: OSAndVersion specifier component must match ${goQuoted(OS_COMPONENT)}`,
    );
  }
  for (const part of rest) {
    if (!COMPONENT.test(part)) {
      throw invalid(
        `${JSON.stringify(part)} is an invalid component of ${quoted}: platform specifier component must match ${goQuoted(COMPONENT)}`,
      );
    }
  }
  const [, osName = '', version = '', features = ''] = osMatch;
  const os: Platform = {
    os: normalizeOs(osName, host),
    architecture: '',
    osVersion: decodeOption(version, `${quoted} has an invalid OS version ${JSON.stringify(version)}`) || undefined,
    osFeatures: features === '' ? undefined : parseFeatures(features.slice(1), quoted),
  };
  const [architecture, variant] = rest;
  if (rest.length > 2) throw invalid(`${quoted}: cannot parse platform specifier`);
  if (architecture === undefined) return loneSpecifier(first, os, quoted, host);
  const normal = normalizeArchitecture(architecture, variant ?? '');
  if (variant === undefined) return { ...os, ...(isPlainArm(normal) ? { architecture: 'arm' } : normal) };
  return { ...os, ...(normal.architecture === 'arm64' && !normal.variant ? { ...normal, variant: 'v8' } : normal) };
}

function loneSpecifier(text: string, os: Platform, quoted: string, host: Platform): Platform {
  if (KNOWN_OS.has(os.os)) {
    const variant = host.architecture === 'arm' && host.variant !== 'v7' ? host.variant : undefined;
    return { ...os, architecture: host.architecture, variant };
  }
  const normal = normalizeArchitecture(text, '');
  if (!KNOWN_ARCHITECTURE.has(normal.architecture))
    throw invalid(`${quoted}: unknown operating system or architecture`);
  return { os: host.os, ...(isPlainArm(normal) ? { architecture: 'arm' } : normal) };
}

// Without a variant "arm" is written bare, though it means v7.
function isPlainArm({ architecture, variant }: { architecture: string; variant?: string | undefined }): boolean {
  return architecture === 'arm' && variant === 'v7';
}

/** The platform in the words that comparisons use: lower case, one name an architecture, default variants dropped or set. */
export function normalizePlatform(platform: Platform): Platform {
  const { osFeatures } = platform;
  return {
    ...platform,
    os: normalizeOs(platform.os, LINUX_AMD64),
    ...normalizeArchitecture(platform.architecture, platform.variant ?? ''),
    osFeatures: osFeatures && [...new Set(osFeatures)].sort(),
  };
}

/** `os/arch[/variant]`; `unknown` without an OS. */
export function formatPlatform(platform: Platform): string {
  if (platform.os === '') return 'unknown';
  return joinPath(platform.os, platform.architecture, platform.variant);
}

/** `os[(version+feature…)]/arch[/variant]`; `unknown` without an OS. */
export function formatPlatformFully(platform: Platform): string {
  if (platform.os === '') return 'unknown';
  const features = [...new Set(platform.osFeatures ?? [])].filter((feature) => feature !== '').sort();
  const options = [platform.osVersion ?? '', ...features].map(encodeOption).join('+');
  const os = options === '' ? platform.os : `${platform.os}(${options})`;
  return joinPath(os, platform.architecture, platform.variant);
}

/**
 * True when an image for `image` is one for `machine`, exactly: no compatible older variants. The image may ask for
 * features that the machine has; versions count for Windows only.
 */
export function samePlatform(machine: Platform, image: Platform): boolean {
  const [host, other] = [normalizePlatform(machine), normalizePlatform(image)];
  if (host.os !== other.os || host.architecture !== other.architecture) return false;
  if ((host.variant ?? '') !== (other.variant ?? '')) return false;
  const isWindows = host.os === 'windows';
  if (isWindows && !windowsRuns(host.osVersion ?? '', other.osVersion ?? '')) return false;
  const offered = new Set(host.osFeatures ?? []);
  return (other.osFeatures ?? []).every((feature) => offered.has(feature) || (isWindows && feature === 'win32k'));
}

/** Platforms whose images run on `platform`, the best first. */
export function compatiblePlatforms(platform: Platform): Platform[] {
  const base = normalizePlatform(platform);
  const as = (architecture: string, variant?: string): Platform => ({ ...base, architecture, variant });
  switch (base.architecture) {
    case 'amd64':
      return [base, ...variantsBelow(base.variant, 1).map((v) => as('amd64', v)), as('386')];
    case 'arm':
      return [base, ...variantsBelow(base.variant, 5).map((v) => as('arm', v))];
    case 'arm64': {
      const versions = arm64Versions(base.variant ?? 'v8');
      const arm = as('arm', 'v8');
      return [...versions.map((v) => as('arm64', v)), arm, ...variantsBelow('v8', 5).map((v) => as('arm', v))];
    }
    default:
      return [base];
  }
}

/** True when an image for `image` runs on `machine`, there may be a better one. */
export function platformRunsOn(image: Platform, machine: Platform): boolean {
  return compatiblePlatforms(machine).some((candidate) => samePlatform(candidate, image));
}

function variantsBelow(variant: string | undefined, lowest: number): string[] {
  const match = /^v?(\d+)$/.exec(variant ?? '');
  const variants: string[] = [];
  for (let v = Number(match?.[1] ?? 0) - 1; v >= lowest; v -= 1) variants.push(`v${v}`);
  return variants;
}

// An arm64 v9.n machine runs v9.n…v9.0, then v8.(n+5)…v8.0 (at most 8.9); the .0 is not written.
function arm64Versions(variant: string): (string | undefined)[] {
  const match = /^v([89])(?:\.(\d+))?$/.exec(variant);
  if (match === null) return [];
  const [major, minor] = [Number(match[1]), Number(match[2] ?? 0)];
  const down = (from: number, of: number): string[] =>
    Array.from({ length: of + 1 }, (_, i) => (i === of ? `v${from}` : `v${from}.${of - i}`));
  return major === 8 ? down(8, minor) : [...down(9, minor), ...down(8, Math.min(minor + 5, 9))];
}

function normalizeOs(os: string, host: Platform): string {
  if (os === '') return host.os;
  const lower = os.toLowerCase();
  return lower === 'macos' ? 'darwin' : lower;
}

function normalizeArchitecture(
  architecture: string,
  variant: string,
): { architecture: string; variant?: string | undefined } {
  const [arch, v] = [architecture.toLowerCase(), variant.toLowerCase()];
  switch (arch) {
    case 'i386':
      return { architecture: '386', variant: undefined };
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return { architecture: 'amd64', variant: v === 'v1' || v === '' ? undefined : v };
    case 'aarch64':
    case 'arm64':
      if (['', '8', 'v8', 'v8.0'].includes(v)) return { architecture: 'arm64', variant: undefined };
      return { architecture: 'arm64', variant: ['9', '9.0', 'v9.0'].includes(v) ? 'v9' : v };
    case 'armhf':
      return { architecture: 'arm', variant: 'v7' };
    case 'armel':
      return { architecture: 'arm', variant: 'v6' };
    case 'arm':
      if (v === '' || v === '7') return { architecture: 'arm', variant: 'v7' };
      return { architecture: 'arm', variant: ['5', '6', '8'].includes(v) ? `v${v}` : v };
    default:
      return { architecture: arch, variant: v || undefined };
  }
}

const OPTION_ESCAPES: Readonly<Record<string, string>> = { '%': '%25', '+': '%2B', '(': '%28', ')': '%29', '/': '%2F' };

function encodeOption(value: string): string {
  return value.replace(/[%+()/]/g, (c) => OPTION_ESCAPES[c] ?? c);
}

function parseFeatures(text: string, quoted: string): string[] | undefined {
  const decode = (raw: string): string =>
    decodeOption(raw, `${quoted} has invalid OS features: invalid os feature ${JSON.stringify(raw)}`);
  const features = text.split('+').map(decode);
  const named = features.filter((feature) => feature !== '');
  return named.length === 0 ? undefined : named;
}

function decodeOption(value: string, what: string): string {
  const bad = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(value);
  if (bad !== null)
    throw new TsbuildxError('INVALID_ARGUMENT', `${what}: invalid URL escape ${JSON.stringify(bad[0])}`);
  return value.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
}

function joinPath(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('/');
}

function splitAtMost(text: string, separator: string, count: number): string[] {
  const parts = text.split(separator);
  return parts.length <= count ? parts : [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}

/** A regular expression as Go's %q prints it. */
function goQuoted(pattern: RegExp): string {
  return JSON.stringify(pattern.source);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `${message}: invalid argument`);
}
