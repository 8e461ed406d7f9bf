import { isRpcError } from '../buildkit/rpc/index.ts';
import { isSourcedError } from '../base/sourced-error.ts';
import { type ExcerptSource, sourceExcerpt } from './source-excerpt.ts';

/** The places in Dockerfiles that an error points to, as excerpts for the terminal; empty when it points to none. */
export function errorExcerpts(error: unknown): string {
  return sourcesOf(error).map(sourceExcerpt).join('');
}

/** Sources of the whole chain of causes, innermost first. */
function sourcesOf(error: unknown): readonly ExcerptSource[] {
  if (!(error instanceof Error)) return [];
  const inner = sourcesOf(error.cause);
  if (isSourcedError(error)) return [...inner, error.source];
  if (!isRpcError(error)) return inner;
  return [...inner, ...error.details.flatMap((detail) => (detail.kind === 'source' ? [detail.source] : []))];
}
