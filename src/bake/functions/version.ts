// Matches version.go of Masterminds/semver v3: versions with missing parts and a leading `v` are accepted.
import { TsbuildxError } from '../../base/errors.ts';

export interface Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
}

const loose =
  /^v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?(-([0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?(\+([0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?$/;

/** Throws INVALID_ARGUMENT. */
export function parseVersion(text: string): Version {
  const match = loose.exec(text);
  if (match === null) throw new TsbuildxError('INVALID_ARGUMENT', 'invalid semantic version');
  const [, major = '', minor = '', patch = '', , prerelease = ''] = match;
  const version = { major: segment(major), minor: segment(minor.slice(1)), patch: segment(patch.slice(1)), prerelease };
  if (prerelease.split('.').some((part) => /^0[0-9]+$/.test(part))) {
    throw new TsbuildxError('INVALID_ARGUMENT', 'version segment starts with 0');
  }
  return version;
}

function segment(digits: string): bigint {
  const value = BigInt(digits);
  if (value < 2n ** 64n) return value;
  const why = `strconv.ParseUint: parsing "${digits}": value out of range`;
  throw new TsbuildxError('INVALID_ARGUMENT', `error parsing version segment: ${why}`);
}

/** Negative, zero or positive; a prerelease comes before its release. */
export function compareVersions(a: Version, b: Version): number {
  for (const part of ['major', 'minor', 'patch'] as const) if (a[part] !== b[part]) return a[part] < b[part] ? -1 : 1;
  return comparePrereleases(a.prerelease, b.prerelease);
}

export function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = compareParts(left[i], right[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareParts(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  const isNumber = [a, b].map((part) => /^[0-9]+$/.test(part));
  if (isNumber[0] === true && isNumber[1] === true) return BigInt(a) < BigInt(b) ? -1 : Number(BigInt(a) > BigInt(b));
  if (isNumber[0] !== isNumber[1]) return isNumber[0] === true ? -1 : 1;
  return a < b ? -1 : 1;
}
