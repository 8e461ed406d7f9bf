// Matches buildx store/util.go: which names builders and nodes may have.
import { TsbuildxError } from '../../base/errors.ts';

const NAME = /^[a-zA-Z][a-zA-Z0-9._-]*$/;

/** The name in the form in which it is stored, lower case; undefined for what can be no name. */
export function storedName(name: string): string | undefined {
  return NAME.test(name) ? name.toLowerCase() : undefined;
}

/** As `storedName`. Throws INVALID_ARGUMENT for what can be no name. */
export function validName(name: string): string {
  const stored = storedName(name);
  if (stored !== undefined) return stored;
  throw new TsbuildxError(
    'INVALID_ARGUMENT',
    `invalid name ${name}, name needs to start with a letter and may not contain symbols, except ._-`,
  );
}
