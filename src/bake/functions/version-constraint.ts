// Matches constraints.go of Masterminds/semver v3: `>=1.2, <2 || ^3.1.x`.
import { TsbuildxError } from '../../base/errors.ts';
import { comparePrereleases, compareVersions, parseVersion, type Version } from './version.ts';

const part = '[0-9|xX*]+';
const suffix = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const version = `v?(?:${part})(?:\\.${part})?(?:\\.${part})?(?:-${suffix})?(?:\\+${suffix})?`;
const versionParts = `v?(${part})(\\.${part})?(\\.${part})?(-${suffix})?(?:\\+${suffix})?`;
const operator = '=||!=|>|<|>=|=>|<=|=<|~|~>|\\^';

const single = new RegExp(`^ ?(${operator}) ?${versionParts} ?$`);
const range = new RegExp(` ?(${version}) - (${version}) ?`, 'g');
const each = new RegExp(`(?:${operator}) ?(?:${version})`, 'g');
const valid = new RegExp(`^ ?(?:${operator}) ?(?:${version}) ?(?:(?: |, ?)(?:${operator}) ?(?:${version}) ?)*$`);

/** Which parts of the version are left open: none, all, all behind the major, all behind the minor. */
type Open = 'none' | 'all' | 'minor' | 'patch';

interface Constraint {
  readonly operator: string;
  readonly version: Version;
  readonly open: Open;
}

/** Alternatives, of each of which all constraints must hold. */
export type Constraints = readonly (readonly Constraint[])[];

/** Characters that are looked at: the time grows with their square. */
const MAX_LENGTH = 1000;

/** Throws INVALID_ARGUMENT. */
export function parseConstraints(text: string): Constraints {
  if (text.length > MAX_LENGTH) throw improper(`${text.slice(0, 40)}…`);
  // Runs of blanks mean no more than one, which keeps the patterns from trying all ways to share them out.
  const rewritten = text.replaceAll(/[\t\n\f\r ]+/g, ' ').replaceAll(range, '>= $1, <= $2 ');
  return rewritten.split('||').map((alternative) => {
    if (!valid.test(alternative)) throw improper(alternative);
    return (alternative.match(each) ?? [alternative]).map(parseConstraint);
  });
}

function improper(text: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `improper constraint: ${text}`);
}

function parseConstraint(text: string): Constraint {
  const match = single.exec(text);
  if (match === null) throw improper(text);
  const [, op = '', major = '', minor = '', patch = '', prerelease = ''] = match;
  const open = openParts(major, minor.slice(1), patch.slice(1));
  return { operator: op, version: constraintVersion(open, [major, minor, patch], prerelease), open };
}

function openParts(major: string, minor: string, patch: string): Open {
  if (isOpen(major)) return 'all';
  if (isOpen(minor)) return 'minor';
  return isOpen(patch) ? 'patch' : 'none';
}

function isOpen(part: string): boolean {
  return part === '' || part === 'x' || part === 'X' || part === '*';
}

function constraintVersion(open: Open, [major, minor, patch]: readonly [string, string, string], pre: string): Version {
  const core = { all: '0.0.0', minor: `${major}.0.0`, patch: `${major}${minor}.0`, none: major + minor + patch }[open];
  try {
    return parseVersion(core + pre);
  } catch (cause) {
    throw new TsbuildxError('INVALID_ARGUMENT', 'constraint parser error', { cause });
  }
}

/** Prereleases satisfy an alternative only when one of its constraints names a prerelease. */
export function satisfies(version: Version, constraints: Constraints): boolean {
  return constraints.some((alternative) => {
    const takesPrereleases = alternative.some((constraint) => constraint.version.prerelease !== '');
    if (version.prerelease !== '' && !takesPrereleases) return false;
    return alternative.every((constraint) => holds(version, constraint));
  });
}

function holds(v: Version, { operator: op, version: c, open }: Constraint): boolean {
  switch (op) {
    case '!=':
      return isDifferent(v, c, open);
    case '>':
      return isGreater(v, c, open);
    case '<':
      return compareVersions(v, c) < 0;
    case '>=':
    case '=>':
      return compareVersions(v, c) >= 0;
    case '<=':
    case '=<':
      return isAtMost(v, c, open);
    case '~':
    case '~>':
      return isNear(v, c, open);
    case '^':
      return isCompatible(v, c, open);
    default:
      return open === 'none' ? compareVersions(v, c) === 0 : isNear(v, c, open);
  }
}

function isDifferent(v: Version, c: Version, open: Open): boolean {
  if (open === 'none') return compareVersions(v, c) !== 0;
  if (v.major !== c.major) return true;
  if (open === 'minor') return false;
  if (v.minor !== c.minor) return true;
  if (open === 'all') return v.patch !== c.patch || compareVersions(v, c) !== 0;
  return comparePrereleases(v.prerelease, c.prerelease) !== 0;
}

function isGreater(v: Version, c: Version, open: Open): boolean {
  if (open === 'none') return compareVersions(v, c) > 0;
  if (v.major !== c.major) return v.major > c.major;
  if (open === 'minor') return false;
  return open === 'patch' ? v.minor > c.minor : compareVersions(v, c) > 0;
}

function isAtMost(v: Version, c: Version, open: Open): boolean {
  if (open === 'none') return compareVersions(v, c) <= 0;
  if (v.major !== c.major) return v.major < c.major;
  return open === 'minor' || v.minor <= c.minor;
}

/** `~1.2.3` is 1.2.3 or above in 1.2; `~1` all of 1. */
function isNear(v: Version, c: Version, open: Open): boolean {
  if (compareVersions(v, c) < 0) return false;
  const isZero = c.major === 0n && c.minor === 0n && c.patch === 0n;
  if (isZero && (open === 'none' || open === 'all')) return true;
  return v.major === c.major && (open === 'minor' || v.minor === c.minor);
}

/** `^1.2.3` is 1.2.3 or above in 1; below 1 the first part that is not zero stays. */
function isCompatible(v: Version, c: Version, open: Open): boolean {
  if (compareVersions(v, c) < 0) return false;
  if (c.major > 0n || open === 'minor') return v.major === c.major;
  if (v.major > 0n) return false;
  if (c.minor > 0n || open === 'patch') return v.minor === c.minor;
  return v.minor === 0n && v.patch === c.patch;
}
