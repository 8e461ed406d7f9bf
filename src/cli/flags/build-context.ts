// Matches buildx util/buildflags/context.go.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { familiarReference, parseNormalizedReference } from '../../oci/index.ts';
import { cut } from '../../values/index.ts';

/** `--build-context NAME=VALUE`; names are image names, `:latest` falls away. Throws INVALID_ARGUMENT. */
export function parseBuildContexts(values: readonly string[]): Record<string, string> {
  const entries = values
    .filter((value) => value !== '')
    .map((text): [string, string] => {
      const [name, value] = cut(text);
      if (value === undefined)
        throw new TsbuildxError('INVALID_ARGUMENT', `invalid context value: ${text}, expected key=value`);
      return [familiarName(name), value];
    });
  return Object.fromEntries(entries);
}

function familiarName(name: string): string {
  try {
    return familiarReference(parseNormalizedReference(name)).replace(/:latest$/, '');
  } catch (cause) {
    throw new TsbuildxError('INVALID_ARGUMENT', `invalid context name ${name}: ${messageOf(cause)}`, { cause });
  }
}
