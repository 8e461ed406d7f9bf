// Matches buildx util/buildflags/policy.go.
import { csvFields } from '../base/csv-fields.ts';
import { TsbuildxError } from '../base/errors.ts';
import { parseGoBool } from '../base/go-bool.ts';
import { goQuote } from '../base/go-quote.ts';
import { cut } from './key-value.ts';

/** One `--policy`. */
export interface PolicyConfig {
  /** Rego files to evaluate. */
  readonly files: readonly string[];
  /** Forget the policies named before, the one beside the Dockerfile too. */
  readonly reset?: boolean | undefined;
  /** Evaluate no policy at all; stands alone. */
  readonly disabled?: boolean | undefined;
  /** Refuse daemons that do not ask for a verdict. */
  readonly strict?: boolean | undefined;
  readonly logLevel?: string | undefined;
}

const logLevels: ReadonlySet<string> = new Set('panic fatal error warn warning info debug trace'.split(' '));

/** `--policy filename=PATH,reset=BOOL,disabled=BOOL,strict=BOOL,log-level=LEVEL`. Throws INVALID_ARGUMENT. */
export function parsePolicy(text: string): PolicyConfig {
  const files: string[] = [];
  let config: Omit<PolicyConfig, 'files'> = {};
  for (const field of csvFields(text)) {
    const [name, value] = cut(field);
    if (value === undefined) throw invalid(field);
    const key = name.toLowerCase().trim();
    switch (key) {
      case 'filename':
        if (value === '') throw invalid(field);
        files.push(value);
        break;
      case 'reset':
      case 'disabled':
      case 'strict':
        config = { ...config, [key]: parseBool(field, value) };
        break;
      case 'log-level':
        config = { ...config, logLevel: parseLevel(field, value) };
        break;
      default:
        throw invalid(field);
    }
  }
  return { files, ...config };
}

function parseBool(field: string, value: string): boolean {
  const parsed = parseGoBool(value);
  if (parsed !== undefined) return parsed;
  throw invalid(`${field}: strconv.ParseBool: parsing ${goQuote(value)}: invalid syntax`);
}

function parseLevel(field: string, value: string): string {
  const level = value.toLowerCase();
  if (logLevels.has(level)) return level;
  throw invalid(`${field}: not a valid logrus Level: ${goQuote(value)}`);
}

function invalid(what: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `invalid value ${what}`);
}
