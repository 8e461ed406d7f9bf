// Matches buildx util/buildflags/cache.go: `--cache-from` and `--cache-to`.
import { csvFields } from '../base/csv-fields.ts';
import { TsbuildxError } from '../base/errors.ts';
import { goQuote } from '../base/go-quote.ts';
import { cut } from './key-value.ts';

/**
 * One `--cache-from` or `--cache-to`: `registry`, `inline`, `local`, `gha`, `s3`, `azblob` or whatever backend the daemon
 * has, with its attributes. They may hold secrets.
 */
export interface CacheSpec {
  readonly type: string;
  readonly attrs: Readonly<Record<string, string>>;
}

/** `REF[,REF…]`, images of registries, or `type=TYPE,key=value…`. Throws INVALID_ARGUMENT. */
export function parseCaches(values: readonly string[]): CacheSpec[] {
  return values
    .filter((text) => text !== '')
    .flatMap((text) => (text.includes('=') ? [parseCache(text)] : csvFields(text).map(parseCache)));
}

function parseCache(text: string): CacheSpec {
  const fields = csvFields(text);
  const [first = ''] = fields;
  if (fields.length === 1 && !first.includes('=')) return { type: 'registry', attrs: { ref: first } };
  const entries = fields.map((field): [string, string] => {
    const [key, value] = cut(field);
    if (value === undefined) throw new TsbuildxError('INVALID_ARGUMENT', `invalid value ${field}`);
    return [key.toLowerCase(), value];
  });
  const { type = '', ...attrs } = Object.fromEntries(entries);
  if (type === '') throw new TsbuildxError('INVALID_ARGUMENT', `type required for ${goQuote(withoutSecrets(text))}`);
  return { type, attrs };
}

/** Without the values that nobody shall read in a log; one in quotes goes on behind its commas. */
function withoutSecrets(text: string): string {
  return text.replace(
    /("?)([^",=]*(?:secret_access_key|session_token|token)=)(.*)/gi,
    (_, quote: string, key: string, rest: string) => {
      const end = quote === '' ? rest.search(/,|$/) : rest.search(/"(?:,|$)|$/);
      return `${quote}${key}***${withoutSecrets(rest.slice(end))}`;
    },
  );
}
