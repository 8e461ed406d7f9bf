import { messageOf } from '../base/errors.ts';
import { redactAddresses } from '../base/redact-url.ts';
import { newSpanId } from './ids.ts';
import type { SpanContext } from './span-context.ts';
import type { Trace } from './trace.ts';

/** Of a span or its events; lists are of texts. */
export type AttributeValue = string | number | boolean | readonly string[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** `server` and `client`: the two sides of a call. */
export type SpanKind = 'internal' | 'server' | 'client';

export interface SpanEvent {
  readonly name: string;
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  readonly attributes: Attributes;
}

/** A span that has ended. Times are nanoseconds since the epoch, ids are hexadecimal. */
export interface FinishedSpan {
  readonly context: SpanContext;
  /** Undefined for the first of a trace. */
  readonly parent: Pick<SpanContext, 'spanId'> | undefined;
  /** Whether the parent is of another program. */
  readonly isParentRemote: boolean;
  readonly name: string;
  readonly kind: SpanKind;
  /** What made it: empty for the program itself. */
  readonly scope: string;
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  /** Why it failed; undefined when it did not, or when nobody said so. */
  readonly error: string | undefined;
}

export interface SpanOptions {
  readonly kind?: SpanKind | undefined;
  readonly attributes?: Attributes | undefined;
  readonly scope?: string | undefined;
}

/** Something that takes time, and what belongs to it. Belongs to a trace, which gets it when it ends. */
export class Span {
  readonly trace: Trace;
  readonly context: SpanContext;
  readonly kind: SpanKind;
  readonly #parent: SpanContext | undefined;
  readonly #isParentRemote: boolean;
  readonly #name: string;
  readonly #options: SpanOptions;
  readonly #start: bigint;
  readonly #attributes: Record<string, AttributeValue>;
  readonly #events: SpanEvent[] = [];
  #error: string | undefined;
  #hasEnded = false;

  /** Made by {@link Trace} and by {@link child}. */
  constructor(
    trace: Trace,
    name: string,
    place: {
      readonly context: SpanContext;
      readonly parent: SpanContext | undefined;
      readonly isParentRemote: boolean;
    },
    options: SpanOptions,
  ) {
    this.trace = trace;
    this.context = place.context;
    this.kind = options.kind ?? 'internal';
    this.#parent = place.parent;
    this.#isParentRemote = place.isParentRemote;
    this.#name = name;
    this.#options = options;
    this.#attributes = { ...options.attributes };
    this.#start = trace.now();
  }

  /** A span within this one, which begins now. */
  child(name: string, options: SpanOptions = {}): Span {
    const context = { ...this.context, spanId: newSpanId() };
    return new Span(this.trace, name, { context, parent: this.context, isParentRemote: false }, options);
  }

  /** Adds attributes, as long as the span goes on. */
  set(attributes: Attributes): void {
    if (this.#hasEnded) return;
    Object.assign(this.#attributes, attributes);
  }

  /** Notes that something was thrown. Credentials of addresses in its text are left out. */
  record(error: unknown): void {
    const attributes = {
      'exception.type': error instanceof Error ? error.name : typeof error,
      'exception.message': redactAddresses(messageOf(error)),
    };
    this.#events.push({ name: 'exception', time: this.trace.now(), attributes });
  }

  /** Says that what the span stands for failed, and why. */
  fail(message: string): void {
    if (this.#hasEnded) return;
    this.#error = redactAddresses(message);
  }

  /** Only the first call counts. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (!this.context.sampled) return;
    this.trace.add({
      context: this.context,
      parent: this.#parent,
      isParentRemote: this.#isParentRemote,
      name: this.#name,
      kind: this.kind,
      scope: this.#options.scope ?? '',
      start: this.#start,
      end: this.trace.now(),
      attributes: this.#attributes,
      events: this.#events,
      error: this.#error,
    });
  }
}
