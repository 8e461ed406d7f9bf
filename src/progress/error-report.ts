import { messageOf } from '../base/errors.ts';
import { sourceExcerpt } from '../base/source-excerpt.ts';
import { type ErrorPlace, isSourcedError } from '../base/sourced-error.ts';
import { isRpcError, type RpcError, type StackTrace } from '../buildkit/rpc/index.ts';

/**
 * What is printed of a failure: excerpts of the Dockerfile, then `ERROR: …` as the last line, where tools look for it.
 * For debugging, stack traces follow: the daemon's, then those of this program.
 */
export function errorReport(error: unknown, { debug }: { readonly debug: boolean }): string {
  const report = `${errorExcerpts(error)}ERROR: ${messageOf(error)}\n`;
  return debug ? report + chainOf(error).map(tracesOf).join('') : report;
}

/** The places in Dockerfiles that an error points to, as excerpts for the terminal; empty when it points to none. */
export function errorExcerpts(error: unknown): string {
  return chainOf(error).flatMap(sourcesOf).map(sourceExcerpt).join('');
}

/** An error and its causes, the innermost first. */
function chainOf(error: unknown): readonly Error[] {
  return error instanceof Error ? [...chainOf(error.cause), error] : [];
}

function sourcesOf(error: Error): readonly ErrorPlace[] {
  if (isSourcedError(error)) return [error.source];
  if (!isRpcError(error)) return [];
  return error.details.flatMap((detail) => (detail.kind === 'source' ? [detail.source] : []));
}

function tracesOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const own = `\n${error.name}: ${error.message}\n${frames.map((frame) => `${frame}\n`).join('')}`;
  return isRpcError(error) ? daemonTraces(error) + own : own;
}

function daemonTraces({ details }: RpcError): string {
  const traces = details.flatMap((detail) => (detail.kind === 'stack' ? [detail.stack] : []));
  return traces.map(daemonTrace).join('');
}

function daemonTrace({ version, revision, cmdline, frames }: StackTrace): string {
  const title = [version, revision, ...cmdline].filter((word) => word !== '').join(' ');
  return `\n${title}\n${frames.map(({ name, file, line }) => `${name}\n\t${file}:${line}\n`).join('')}`;
}
