import { TsbuildxError } from '../base/errors.ts';
import { parseInt64 } from './int64.ts';
import { cut } from './key-value.ts';

export interface Ulimit {
  readonly name: string;
  readonly soft: bigint;
  readonly hard: bigint;
}

const names: ReadonlySet<string> = new Set(
  'core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack'.split(' '),
);

/** `name=soft[:hard]`; -1 is unlimited. Matches go-units ParseUlimit. Throws INVALID_ARGUMENT. */
export function parseUlimit(text: string): Ulimit {
  const [name, limits] = cut(text);
  if (limits === undefined) throw invalid(`invalid ulimit argument: ${text}`);
  if (!names.has(name)) throw invalid(`invalid ulimit type: ${name}`);
  const parts = limits.split(':');
  if (parts.length > 2) {
    throw invalid(`too many limit value arguments - ${limits}, can only have up to two, \`soft[:hard]\``);
  }
  const hardText = parts[1];
  const givenHard = hardText === undefined ? undefined : parseInt64(hardText);
  const soft = parseInt64(parts[0] ?? '');
  const hard = givenHard ?? soft;
  if (hard !== -1n && soft === -1n) {
    throw invalid(`ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: ${hard}`);
  }
  if (hard !== -1n && soft > hard) {
    throw invalid(`ulimit soft limit must be less than or equal to hard limit: ${soft} > ${hard}`);
  }
  return { name, soft, hard };
}

/** The ulimits in the form that a build takes, one per name, the last one wins, sorted by name. */
export function formatUlimits(texts: readonly string[]): string[] {
  const byName = new Map(texts.map((text) => [text.slice(0, text.indexOf('=')), parseUlimit(text)]));
  const sorted = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.map(({ name, soft, hard }) => `${name}=${soft}:${hard}`);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
