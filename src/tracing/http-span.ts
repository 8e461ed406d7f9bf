// Matches go.opentelemetry.io/contrib otelhttp: names and attributes of the spans of requests.
import { messageOf } from '../base/errors.ts';
import { currentSpan } from './current-span.ts';
import type { Span } from './span.ts';

const SCOPE = 'tsbuildx/http';

/** The span of a request that this program sends, within the current one. `shown`: its address without secrets. */
export function startHttpSpan(method: string, { hostname, port }: URL, shown: string): Span | undefined {
  const parent = currentSpan();
  if (parent === undefined || parent.trace.hasEnded) return undefined;
  const attributes = {
    'http.request.method': method,
    'url.full': shown,
    'server.address': hostname.replace(/^\[|\]$/g, ''),
    ...(port !== '' && { 'server.port': Number(port) }),
  };
  return parent.child(`HTTP ${method}`, { kind: 'client', scope: SCOPE, attributes });
}

/** Ends it: with the status of the answer, or with what kept one from coming. */
export function endHttpSpan(span: Span, outcome: { readonly status: number } | { readonly error: unknown }): void {
  if ('error' in outcome) {
    span.fail(messageOf(outcome.error));
  } else {
    span.set({ 'http.response.status_code': outcome.status });
    if (outcome.status >= 400) span.fail('');
  }
  span.end();
}
