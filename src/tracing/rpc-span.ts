// Matches go.opentelemetry.io/contrib otelgrpc: names and attributes of the spans of calls, and which calls have none
// (buildkit util/tracing/grpcstats.go).
import { currentSpan } from './current-span.ts';
import type { Span } from './span.ts';
import { parseTraceParent } from './span-context.ts';

const SCOPE = 'tsbuildx/grpc';
const UNTRACED = /(?:opentelemetry\.proto\.collector\.trace\.v1\.TraceService\/Export|Health\/Check)$/;

/** By status: how semantic conventions spell them. */
const STATUS_NAMES: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** A server is at fault for these; of others the client is. */
const FAULTS: ReadonlySet<number> = new Set([2, 4, 12, 13, 14, 15]);

/** The span of a call that this program makes, within the current one. `address`: of the daemon. */
export function startClientSpan(path: string, address: string): Span | undefined {
  const parent = currentSpan();
  if (parent === undefined || parent.trace.hasEnded || UNTRACED.test(path)) return undefined;
  const attributes = { ...methodAttributes(path), ...addressAttributes(address) };
  return parent.child(path.slice(1), { kind: 'client', scope: SCOPE, attributes });
}

/**
 * The span of a call that the daemon makes. `session`: the span within which the session was opened, and the parent of calls
 * of which the daemon tells none: engines do not.
 */
export function startServerSpan(
  path: string,
  metadata: readonly (readonly [name: string, value: string])[],
  session: Span | undefined,
): Span | undefined {
  if (session === undefined || session.trace.hasEnded || UNTRACED.test(path)) return undefined;
  const value = (name: string): string | undefined => metadata.find(([key]) => key === name)?.[1];
  const parent = parseTraceParent(value('traceparent'), value('tracestate'));
  const options = { kind: 'server', scope: SCOPE, attributes: methodAttributes(path) } as const;
  return parent === undefined
    ? session.child(path.slice(1), options)
    : session.trace.span(path.slice(1), parent, options);
}

/** Ends the span of a call. `status`: a gRPC status; `message`: that of an error. */
export function endRpcSpan(span: Span, status: number, message: string): void {
  span.set({ 'rpc.response.status_code': STATUS_NAMES[status] ?? `CODE(${status})` });
  if (status !== 0 && (span.kind === 'client' || FAULTS.has(status))) span.fail(message);
  span.end();
}

function methodAttributes(path: string): Record<string, string> {
  return { 'rpc.method': path.slice(1), 'rpc.system.name': 'grpc' };
}

function addressAttributes(address: string): Record<string, string | number> {
  const [, scheme = '', rest = address] = /^([a-z-]+):\/\/(.*)$/.exec(address) ?? [];
  const [, host = rest, port] = (scheme === 'unix' ? null : /^(?:[^@/]*@)?(.*?):(\d+)$/.exec(rest)) ?? [];
  const name = host.replace(/^\[|\]$/g, '');
  return port === undefined ? { 'server.address': name } : { 'server.address': name, 'server.port': Number(port) };
}
