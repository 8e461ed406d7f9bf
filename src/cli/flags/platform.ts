import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };
const systems: Readonly<Record<string, string>> = { win32: 'windows' };

/** What the word `local` stands for. */
export interface Machine {
  /** As `process.platform` has it. */
  readonly platform: string;
  /** As `process.arch` has it. */
  readonly arch: string;
}

/** `--platform` values: each may hold several, separated by commas; `local` is this machine's. Throws INVALID_ARGUMENT. */
export function parsePlatforms(values: readonly string[], machine: Machine): string[] {
  return values.flatMap((value) => value.split(',')).map((text) => parseOne(text, machine));
}

function parseOne(text: string, machine: Machine): string {
  if (text.toLowerCase() === 'local') {
    return `${systems[machine.platform] ?? machine.platform}/${architectures[machine.arch] ?? machine.arch}`;
  }
  const parts = text.split('/');
  if (parts.length > 3) throw invalid(`${goQuote(text)}: cannot parse platform specifier: invalid argument`);
  const bad = parts.find((part) => !/^[A-Za-z0-9_.-]+(\([A-Za-z0-9_.%+-]*\))?$/.test(part));
  if (bad !== undefined) throw invalid(`${goQuote(bad)} is an invalid component of ${goQuote(text)}: invalid argument`);
  return text;
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
