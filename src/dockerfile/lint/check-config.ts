// Matches ParseLintOptions of frontend/dockerfile/linter/linter.go: same grammar, same error texts.
import { TsbuildxError } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { goQuote } from '../../base/go-quote.ts';
import { trimSpace } from '../../base/go-unicode.ts';

/** What `# check=` or the build argument BUILDKIT_DOCKERFILE_CHECK asks for. */
export interface CheckConfig {
  readonly skipAll: boolean;
  readonly skipRules: readonly string[];
  readonly experimentalAll: boolean;
  readonly experimentalRules: readonly string[];
  /** Any finding fails the build. */
  readonly returnAsError: boolean;
}

export const defaultCheckConfig: CheckConfig = {
  skipAll: false,
  skipRules: [],
  experimentalAll: false,
  experimentalRules: [],
  returnAsError: false,
};

/** Parses `skip=A,B;experimental=all;error=true`. Throws DOCKERFILE on an option that does not exist. */
export function parseCheckOptions(text: string): CheckConfig {
  const options = trimSpace(text);
  let config = defaultCheckConfig;
  if (options === '') return config;
  for (const part of splitOptions(options)) config = { ...config, ...parseOption(part) };
  return config;
}

/** At most three options: what follows the second `;` belongs to the third. */
function splitOptions(options: string): string[] {
  const parts = options.split(';');
  return parts.length <= 3 ? parts : [...parts.slice(0, 2), parts.slice(2).join(';')];
}

function parseOption(part: string): Partial<CheckConfig> {
  const eq = part.indexOf('=');
  if (eq < 0) throw new TsbuildxError('DOCKERFILE', `invalid check option ${goQuote(part)}`);
  const key = trimSpace(part.slice(0, eq));
  const value = trimSpace(part.slice(eq + 1));
  switch (key) {
    case 'skip':
      return value === 'all' ? { skipAll: true } : { skipRules: value.split(',').map(trimSpace) };
    case 'experimental':
      return value === 'all' ? { experimentalAll: true } : { experimentalRules: value.split(',').map(trimSpace) };
    case 'error':
      return { returnAsError: parseError(value, part) };
    default:
      throw new TsbuildxError('DOCKERFILE', `invalid check option ${goQuote(key)}`);
  }
}

function parseError(value: string, part: string): boolean {
  const parsed = parseGoBool(value);
  if (parsed !== undefined) return parsed;
  const reason = `strconv.ParseBool: parsing ${goQuote(value)}: invalid syntax`;
  throw new TsbuildxError('DOCKERFILE', `failed to parse check option ${goQuote(part)}: ${reason}`);
}
