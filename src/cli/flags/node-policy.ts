import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import type { NodePolicy } from '../../index.ts';

const policies: readonly NodePolicy[] = ['first', 'least-busy', 'cache-affinity', 'round-robin'];

/** `--node-policy`. Undefined: as buildx chooses. Throws INVALID_ARGUMENT. */
export function parseNodePolicy(text: string | undefined): NodePolicy | undefined {
  if (!text) return undefined;
  const found = policies.find((policy) => policy === text);
  if (found !== undefined) return found;
  throw new TsbuildxError('INVALID_ARGUMENT', `invalid node policy ${goQuote(text)}: use ${policies.join(', ')}`);
}
