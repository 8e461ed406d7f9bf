// Metrics as OpenTelemetry's protocol has them.
import { opentelemetry, toLong } from '../proto/index.ts';
import { type Attributes, keyValues } from '../tracing/index.ts';
import type { Instrument, MetricPoint } from './metrics.ts';

const { metrics, collector } = opentelemetry.proto;
const { AggregationTemporality } = metrics.v1;
const { ExportMetricsServiceRequest } = collector.metrics.v1;

type Metric = opentelemetry.proto.metrics.v1.Metric.$Properties;

/** When it was measured, in nanoseconds since the epoch. */
export interface MeasuredTime {
  readonly start: bigint;
  readonly end: bigint;
}

/** The request that hands metrics to a collector: sums are what was added since the start. */
export function encodeMetrics(
  measured: readonly (readonly [Instrument, readonly MetricPoint[]])[],
  resource: Attributes,
  time: MeasuredTime,
): Uint8Array {
  const byScope = Map.groupBy(measured, ([{ scope }]) => scope);
  const scope_metrics = Array.from(byScope, ([name, those]) => ({
    scope: { name },
    metrics: those.map(([instrument, points]) => metric(instrument, points, time)),
  }));
  const resource_metrics = [{ resource: { attributes: keyValues(resource) }, scope_metrics }];
  return ExportMetricsServiceRequest.encode({ resource_metrics }).finish();
}

function metric(instrument: Instrument, points: readonly MetricPoint[], { start, end }: MeasuredTime): Metric {
  const { name, description, unit, kind, isInteger } = instrument;
  const data_points = points.map(({ attributes, value }) => ({
    attributes: keyValues(attributes),
    start_time_unix_nano: toLong(start),
    time_unix_nano: toLong(end),
    ...(isInteger ? { as_int: toLong(value) } : { as_double: value }),
  }));
  if (kind === 'gauge') return { name, description, unit, gauge: { data_points } };
  const aggregation_temporality = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
  return { name, description, unit, sum: { data_points, aggregation_temporality, is_monotonic: true } };
}
