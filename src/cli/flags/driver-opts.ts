// Matches buildx builder/builder.go csvToMap and parseBuildkitdFlags.
import { csvFields } from '../../base/csv-fields.ts';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { shellWords } from '../../base/shell-words.ts';
import { cut } from '../../values/index.ts';

/** `--driver-opt` values, each of which may hold several as CSV; undefined when there are none. Throws INVALID_ARGUMENT. */
export function parseDriverOpts(values: readonly string[]): Readonly<Record<string, string>> | undefined {
  if (values.length === 0) return undefined;
  const entries = values
    .flatMap((value) => csvFields(value))
    .map((field): [string, string] => {
      const [key, value] = cut(field);
      if (value === undefined) {
        throw new TsbuildxError('INVALID_ARGUMENT', `invalid value ${goQuote(field)}, expecting k=v`);
      }
      return [key, value];
    });
  return Object.fromEntries(entries);
}

/** `--buildkitd-flags`, as a shell would split it; undefined when there are none. Throws INVALID_ARGUMENT. */
export function parseBuildkitdFlags(text: string | undefined): readonly string[] | undefined {
  if (!text) return undefined;
  try {
    return shellWords(text);
  } catch (error) {
    throw wrap('INVALID_ARGUMENT', 'failed to parse buildkit flags', error);
  }
}
