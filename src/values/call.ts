// Matches buildx util/buildflags/callfunc.go.
import { csvFields } from '../base/csv-fields.ts';
import { TsbuildxError } from '../base/errors.ts';
import { parseGoBool } from '../base/go-bool.ts';
import { goQuote } from '../base/go-quote.ts';

/** One `--call`. */
export interface CallFlag {
  /** `lint`, `outline`, `targets`, `subrequests.describe`. */
  readonly name: string;
  readonly format: string;
  /** The exit code does not tell what was found. */
  readonly ignoresStatus: boolean;
}

/** `NAME[,format=json][,ignorestatus=BOOL]`; undefined: build. Throws INVALID_ARGUMENT. */
export function parseCall(text: string): CallFlag | undefined {
  if (text === '') return undefined;
  let name = '';
  let format = '';
  let ignoresStatus = false;
  for (const field of csvFields(text)) {
    const equals = field.indexOf('=');
    const [key, value] = [field.slice(0, Math.max(equals, 0)), field.slice(equals + 1)];
    if (equals < 0) {
      if (name !== '') throw invalid(`invalid print value: ${text}`);
      name = field;
    } else if (key === 'format') format = value;
    else if (key === 'ignorestatus') ignoresStatus = parseStatus(value);
    else throw invalid(`invalid print field: ${field}`);
  }
  if (name === 'build') return undefined;
  return { name: name === 'check' ? 'lint' : name, format, ignoresStatus };
}

function parseStatus(value: string): boolean {
  const parsed = parseGoBool(value);
  if (parsed !== undefined) return parsed;
  throw invalid(
    `invalid ignorestatus print value: ${value}: strconv.ParseBool: parsing ${goQuote(value)}: invalid syntax`,
  );
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
