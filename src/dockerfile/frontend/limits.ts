// Resource limits as the attributes carry them.
import { csvFields } from '../../base/csv-fields.ts';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import type { LinuxResources, Ulimit } from '../../llb/index.ts';

const maxInt64 = (1n << 63n) - 1n;
const maxUint64 = (1n << 64n) - 1n;
/** The largest number of a CPU or memory node. */
const maxCpu = 8192;

const ulimitNames = new Set(
  `core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack`.split(' '),
);

/** Bytes; 0 for the empty text. */
export function parseSize(text: string): bigint {
  return text === '' ? 0n : parseInt64(text);
}

/** `name=soft[:hard]`, comma-separated. */
export function parseUlimits(text: string): Ulimit[] {
  return text === '' ? [] : csvFields(text).map(parseUlimit);
}

function parseUlimit(text: string): Ulimit {
  const eq = text.indexOf('=');
  if (eq < 0) throw invalid(`invalid ulimit argument: ${text}`);
  const name = text.slice(0, eq);
  if (!ulimitNames.has(name)) throw invalid(`invalid ulimit type: ${name}`);
  const [softText = '', hardText, ...more] = text.slice(eq + 1).split(':');
  if (more.length > 0) {
    throw invalid(`too many limit value arguments - ${text.slice(eq + 1)}, can only have up to two, \`soft[:hard]\``);
  }
  const given = hardText === undefined ? undefined : parseInt64(hardText);
  const soft = parseInt64(softText);
  const hard = given ?? soft;
  const rule = 'ulimit soft limit must be less than or equal to hard limit';
  if (hard !== -1n && soft === -1n) throw invalid(`${rule}: soft: -1 (unlimited), hard: ${hard}`);
  if (hard !== -1n && soft > hard) throw invalid(`${rule}: ${soft} > ${hard}`);
  return { name, soft, hard };
}

/** `memory`, `cpushares` and so on; undefined when none is set. */
export function parseLinuxResources(get: (key: string) => string): LinuxResources | undefined {
  const positive = (key: string, parse: (text: string) => bigint): bigint => {
    const text = get(key);
    if (text === '') return 0n;
    const value = prefixed(`invalid ${key} value: ${text}`, () => parse(text));
    if (value <= 0n) throw invalid(`invalid ${key} value: ${text}: must be > 0`);
    return value;
  };
  const limits: LinuxResources = {
    memory: positive('memory', parseInt64),
    memorySwap: parseSwap(get('memswap')),
    cpuShares: positive('cpushares', parseUint64),
    cpuPeriod: positive('cpuperiod', parseUint64),
    cpuQuota: positive('cpuquota', parseInt64),
    cpusetCpus: parseCpuset('cpusetcpus', get('cpusetcpus')),
    cpusetMems: parseCpuset('cpusetmems', get('cpusetmems')),
  };
  return Object.values(limits).some((limit) => limit !== 0n && limit !== '') ? limits : undefined;
}

function parseSwap(text: string): bigint {
  if (text === '') return 0n;
  const value = prefixed(`invalid memswap value: ${text}`, () => parseInt64(text));
  if (value < -1n || value === 0n) throw invalid(`invalid memswap value: ${text}: must be -1 (unlimited) or > 0`);
  return value;
}

/** Checks numbers and ranges such as `0-3,5`. */
function parseCpuset(key: string, text: string): string {
  for (const part of text.split(',').map((piece) => piece.trim())) {
    if (part === '') continue;
    const problem = cpusetProblem(part);
    if (problem !== undefined) throw invalid(`invalid ${key} value: ${text}: ${problem}`);
  }
  return text;
}

function cpusetProblem(part: string): string | undefined {
  const dash = part.indexOf('-');
  if (dash < 0) {
    const cpu = index(part);
    if (cpu === undefined) return `invalid cpuset element ${goQuote(part)}`;
    return cpu > maxCpu ? `cpuset element ${goQuote(part)} exceeds maximum ${maxCpu}` : undefined;
  }
  const low = index(part.slice(0, dash).trim());
  const high = index(part.slice(dash + 1).trim());
  if (low === undefined || high === undefined || high < low) return `invalid cpuset range ${goQuote(part)}`;
  return high > maxCpu ? `cpuset range ${goQuote(part)} exceeds maximum ${maxCpu}` : undefined;
}

function index(text: string): number | undefined {
  return /^\+?\d+$/.test(text) && BigInt(text.replace('+', '')) <= maxInt64 ? Number(text) : undefined;
}

function parseInt64(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text)) throw invalid(`strconv.ParseInt: parsing ${goQuote(text)}: invalid syntax`);
  const value = BigInt(text.replace(/^\+/, ''));
  if (value > maxInt64 || value < -maxInt64 - 1n) {
    throw invalid(`strconv.ParseInt: parsing ${goQuote(text)}: value out of range`);
  }
  return value;
}

function parseUint64(text: string): bigint {
  if (!/^\d+$/.test(text)) throw invalid(`strconv.ParseUint: parsing ${goQuote(text)}: invalid syntax`);
  const value = BigInt(text);
  if (value > maxUint64) throw invalid(`strconv.ParseUint: parsing ${goQuote(text)}: value out of range`);
  return value;
}

function prefixed<T>(what: string, body: () => T): T {
  try {
    return body();
  } catch (cause) {
    throw new TsbuildxError('INVALID_ARGUMENT', `${what}: ${messageOf(cause)}`, { cause });
  }
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
