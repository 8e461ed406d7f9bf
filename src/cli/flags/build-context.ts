import { TsbuildxError } from '../../base/errors.ts';
import { cut } from './key-value.ts';

/** `--build-context NAME=VALUE`; names are image names, `:latest` falls away. Throws INVALID_ARGUMENT. */
export function parseBuildContexts(values: readonly string[]): Record<string, string> {
  const entries = values
    .filter((value) => value !== '')
    .map((text): [string, string] => {
      const [name, value] = cut(text);
      if (value === undefined)
        throw new TsbuildxError('INVALID_ARGUMENT', `invalid context value: ${text}, expected key=value`);
      if (!/^[a-z0-9]([a-z0-9._/:@-]*[a-z0-9])?$/i.test(name)) {
        throw new TsbuildxError('INVALID_ARGUMENT', `invalid context name ${name}: invalid reference format`);
      }
      return [familiarName(name), value];
    });
  return Object.fromEntries(entries);
}

function familiarName(name: string): string {
  return name
    .replace(/^(index\.)?docker\.io\//, '')
    .replace(/^library\//, '')
    .replace(/:latest$/, '');
}
