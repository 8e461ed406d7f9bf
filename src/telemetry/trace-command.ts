// Matches buildx util/tracing/trace.go: the first span of a command, and where its spans go.
import { messageOf } from '../base/errors.ts';
import {
  type Attributes,
  type FinishedSpan,
  inSpan,
  parseTraceParent,
  resourceOf,
  samplerOf,
  Trace,
} from '../tracing/index.ts';
import { type Env, exportsTraces } from './otlp-settings.ts';

export interface TraceOptions {
  /** Name of the first span: the command. */
  readonly name: string;
  readonly attributes?: Attributes | undefined;
  /**
   * Where OpenTelemetry's variables come from: the collector (`OTEL_EXPORTER_OTLP_*`, `OTEL_TRACES_EXPORTER`), what the spans
   * are of (`OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`), which traces are recorded (`OTEL_TRACES_SAMPLER`), and the
   * span that the command belongs to (`TRACEPARENT`, `TRACESTATE`). Default `process.env`.
   */
  readonly env?: Env | undefined;
  /** The span that the command belongs to, as in the header of W3C trace context. Default: that of `env`. */
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
  /** Attributes of what the spans are of. Default: `service.name` is `buildx`. */
  readonly resource?: Attributes | undefined;
  /** Gets the spans as they end, in groups. */
  readonly onSpans?: ((spans: readonly FinishedSpan[]) => void) | undefined;
  /** Told why spans reached a daemon or a collector not. Default: nobody is, as in buildx. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/**
 * Runs `work` within a span, the first of a trace or a child of the one that is given. Builds within it have spans of their own,
 * down to the calls to and from the daemon, and the daemon's are children of these. When `work` has ended, the spans are sent:
 * to the daemons, which add them to the records of the builds, and to the collector of the environment. A daemon is waited for
 * one second at most, a collector as long as `OTEL_EXPORTER_OTLP_TIMEOUT` says, default 10 s; that it fails changes nothing.
 * Rejects as `work` does.
 */
export async function traceCommand<T>(options: TraceOptions, work: () => Promise<T>): Promise<T> {
  const { env = process.env, onWarning = () => {}, onSpans } = options;
  const onFailure = (error: unknown): void => onWarning(`spans were not sent: ${messageOf(error)}`);
  const resource = resourceOf(withoutDockers(env), {
    defaults: { 'service.name': 'buildx' },
    fixed: { ...options.resource, 'telemetry.sdk.name': 'tsbuildx', 'telemetry.sdk.language': 'nodejs' },
  });
  const trace = new Trace({ sampler: samplerOf(env), resource, onFailure });
  if (onSpans !== undefined) trace.deliverTo({ timeoutMs: 0, send: async ({ spans }) => onSpans(spans) });
  const collecting = exportsTraces(env) ? collect(trace, env, onFailure) : undefined;
  const { traceparent = env['TRACEPARENT'], tracestate = env['TRACESTATE'] } = options;
  const parent = parseTraceParent(traceparent, tracestate);
  const span = trace.span(options.name, parent, { attributes: options.attributes });
  try {
    return await inSpan(span, work);
  } catch (error) {
    span.record(error);
    throw error;
  } finally {
    span.end();
    await collecting;
    await trace.end();
  }
}

async function collect(trace: Trace, env: Env, onFailure: (error: unknown) => void): Promise<void> {
  try {
    const { openCollector } = await import('./collector.ts');
    const collector = await openCollector(env);
    trace.deliverTo(collector.sink);
    trace.closeAtEnd(() => collector[Symbol.asyncDispose]());
  } catch (error) {
    onFailure(error);
  }
}

/** Without what the docker CLI says of itself: plugins do not hand that on. */
function withoutDockers({ OTEL_RESOURCE_ATTRIBUTES = '', OTEL_SERVICE_NAME }: Env): Env {
  const own = OTEL_RESOURCE_ATTRIBUTES.split(',').filter((pair) => !pair.startsWith('docker.cli.'));
  return { OTEL_RESOURCE_ATTRIBUTES: own.join(','), OTEL_SERVICE_NAME };
}
