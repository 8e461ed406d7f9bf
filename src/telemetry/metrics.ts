import type { Attributes } from '../tracing/index.ts';

/** Something that is measured. A sum grows by what is added, a gauge has the last value. */
export interface Instrument {
  /** The program that measures. */
  readonly scope: string;
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly kind: 'sum' | 'gauge';
  readonly isInteger: boolean;
}

export interface MetricPoint {
  readonly attributes: Attributes;
  readonly value: number;
}

/** What was measured so far: of each instrument one value for each set of attributes. */
export class Metrics {
  readonly #points = new Map<Instrument, Map<string, MetricPoint>>();

  /** Adds to a sum, or sets a gauge. */
  record(instrument: Instrument, value: number, attributes: Attributes): void {
    const points = this.#points.get(instrument) ?? new Map<string, MetricPoint>();
    this.#points.set(instrument, points);
    const key = JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
    const known = instrument.kind === 'sum' ? (points.get(key)?.value ?? 0) : 0;
    points.set(key, { attributes, value: known + value });
  }

  all(): readonly (readonly [Instrument, readonly MetricPoint[]])[] {
    return Array.from(this.#points, ([instrument, points]) => [instrument, [...points.values()]] as const);
  }
}
