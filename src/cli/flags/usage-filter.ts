import type { FlagDefinition } from './definition.ts';
import { TsbuildxError } from '../../base/errors.ts';

/** `--filter` of the commands that look at build cache. */
export const usageFilterFlag: FlagDefinition & { readonly kind: 'array' } = {
  kind: 'array',
  type: 'filter',
  usage: 'Provide filter values',
  check(text) {
    if (text === '' || text.includes('=')) return;
    throw new TsbuildxError('INVALID_ARGUMENT', 'bad format of filter (expected name=value)');
  },
};
