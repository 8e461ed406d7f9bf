import { newSpanId, newTraceId } from './ids.ts';
import type { Sampler } from './sampler.ts';
import { type Attributes, type FinishedSpan, Span, type SpanOptions } from './span.ts';
import type { SpanContext } from './span-context.ts';

/** Spans that are delivered together. */
export interface SpanBatch {
  readonly spans: readonly FinishedSpan[];
  /** As a collector gets them: an encoded ExportTraceServiceRequest. */
  encoded(): Promise<Uint8Array>;
}

/** Where the spans of a trace go. */
export interface SpanSink {
  /** Milliseconds that it may take. */
  readonly timeoutMs: number;
  /** A rejection is told to nobody but the trace. */
  send(batch: SpanBatch, options: { readonly signal: AbortSignal }): Promise<void>;
}

export interface TraceOptions {
  readonly sampler: Sampler;
  /** What the spans are of. */
  readonly resource: Attributes;
  /** Told why spans did not reach a sink. Default: nobody is. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/** A record of one build in a bake that goes on is kept by the daemon without the spans that come seconds later. */
const FLUSH_MS = 1_000;
/** Spans in one request. */
const BATCH = 512;
/** Spans that are kept for sinks that may still come. */
const KEPT = 2_048;

interface Delivery {
  /** The number of the first span that was not given to the sink yet. */
  next: number;
  /** The last delivery; never rejects. */
  running: Promise<void>;
}

/**
 * The spans of one command, and where they go: each sink gets all of them, also those that ended before it was there, in the
 * background while the command goes on and at its end. A sink that fails loses what it was given, one that does not answer
 * is given up.
 */
export class Trace {
  readonly #options: TraceOptions;
  readonly #clock = { epoch: BigInt(Date.now()) * 1_000_000n, start: process.hrtime.bigint() };
  readonly #sinks = new Map<SpanSink, Delivery>();
  readonly #atEnd: (() => PromiseLike<void>)[] = [];
  #spans: FinishedSpan[] = [];
  /** How many spans are kept no longer. */
  #forgotten = 0;
  #timer: NodeJS.Timeout | undefined;
  #hasEnded = false;

  constructor(options: TraceOptions) {
    this.#options = options;
  }

  /** Nanoseconds since the epoch, without jumps. */
  now(): bigint {
    return this.#clock.epoch + process.hrtime.bigint() - this.#clock.start;
  }

  /** A span whose parent, if any, is of another program. */
  span(name: string, parent: SpanContext | undefined, options: SpanOptions = {}): Span {
    const traceId = parent?.traceId ?? newTraceId();
    const sampled = this.#options.sampler(traceId, parent);
    const context = { traceId, spanId: newSpanId(), sampled, state: parent?.state ?? '' };
    return new Span(this, name, { context, parent, isParentRemote: parent !== undefined }, options);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Adds a sink; one that is known already stays as it is. */
  deliverTo(sink: SpanSink): void {
    if (this.#hasEnded || this.#sinks.has(sink)) return;
    this.#sinks.set(sink, { next: this.#forgotten, running: Promise.resolve() });
  }

  /** What a sink needs until the last spans were sent is closed here. It must not be waited for by what is traced. */
  closeAtEnd(close: () => PromiseLike<void>): void {
    this.#atEnd.push(close);
  }

  /** Loads what the delivery needs, and encodes for the first time, which takes longest: for a moment when nothing else is to do. */
  prepare(): void {
    if (this.#spans.length > 0 && this.#sinks.size > 0) void this.#batch(this.#forgotten).encoded();
  }

  /** Called by spans. */
  add(span: FinishedSpan): void {
    if (this.#hasEnded) return;
    this.#spans.push(span);
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS).unref();
  }

  /** Delivers what is left, then closes what was given to `closeAtEnd`. Never rejects. */
  async end(): Promise<void> {
    // streams that were closed just now say so, and end their spans, when the event loop comes round
    await new Promise(setImmediate);
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#flush();
    await Promise.all(Array.from(this.#sinks.values(), ({ running }) => running));
    await Promise.allSettled(this.#atEnd.map((close) => close()));
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const count = this.#forgotten + this.#spans.length;
    const batches = new Map<number, SpanBatch>();
    for (const [sink, delivery] of this.#sinks) {
      for (; delivery.next < count; delivery.next = Math.min(delivery.next + BATCH, count)) {
        const batch = batches.get(delivery.next) ?? this.#batch(delivery.next);
        batches.set(delivery.next, batch);
        delivery.running = delivery.running.then(() => this.#send(sink, batch));
      }
    }
    const surplus = Math.max(0, this.#spans.length - KEPT);
    this.#spans = this.#spans.slice(surplus);
    this.#forgotten += surplus;
  }

  /** The spans from that number on, encoded once for all sinks. */
  #batch(first: number): SpanBatch {
    const from = first - this.#forgotten;
    const spans = this.#spans.slice(from, from + BATCH);
    const { resource } = this.#options;
    let encoding: Promise<Uint8Array> | undefined;
    const encode = async (): Promise<Uint8Array> => (await import('./otlp-codec.ts')).encodeSpans(spans, resource);
    return { spans, encoded: () => (encoding ??= encode()) };
  }

  async #send(sink: SpanSink, batch: SpanBatch): Promise<void> {
    if (!this.#sinks.has(sink)) return;
    const { promise: late, resolve: giveUp } = Promise.withResolvers<'late'>();
    const aborting = new AbortController();
    const timer = setTimeout(() => giveUp('late'), sink.timeoutMs);
    try {
      const sent = sink.send(batch, { signal: aborting.signal });
      if ((await Promise.race([sent, late])) !== 'late') return;
      sent.catch(() => {});
      aborting.abort(new Error('the spans were not taken in time'));
      this.#sinks.delete(sink);
      throw aborting.signal.reason;
    } catch (error) {
      this.#options.onFailure?.(error);
    } finally {
      clearTimeout(timer);
    }
  }
}
