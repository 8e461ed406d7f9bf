import { AsyncLocalStorage } from 'node:async_hooks';
import { messageOf } from '../base/errors.ts';
import type { Span, SpanOptions } from './span.ts';

const storage = new AsyncLocalStorage<Span>();

/** The span within which this code runs; undefined where nothing is traced. */
export function currentSpan(): Span | undefined {
  return storage.getStore();
}

/** Runs `work`, and all that it starts, within a span. */
export function inSpan<T>(span: Span, work: () => T): T {
  return storage.run(span, work);
}

/**
 * Runs `work` within a new span, a child of the current one, and ends it. Where nothing is traced, only runs it.
 * `work` may end the span before.
 */
export async function withSpan<T>(
  name: string,
  work: (span: Span | undefined) => Promise<T>,
  options?: SpanOptions,
): Promise<T> {
  const span = currentSpan()?.child(name, options);
  if (span === undefined) return await work(undefined);
  try {
    return await inSpan(span, () => work(span));
  } catch (error) {
    span.record(error);
    span.fail(messageOf(error));
    throw error;
  } finally {
    span.end();
  }
}
