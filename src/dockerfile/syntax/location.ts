import { findCause, TsbuildxError } from '../../base/errors.ts';

/** A run of whole source lines, 1-based and inclusive; all that the reference ever records of a location. */
export interface LineSpan {
  readonly start: number;
  readonly end: number;
}

/** A point in the source: 1-based line, 0-based character. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** The place of what no line of the Dockerfile names, such as an image of `RUN --mount`. */
export const noLines: LineSpan = { start: 0, end: 0 };

/** One range a line, none for `noLines`: the form in which locations go over the wire (pb.Location, errdefs.Source, warnings). */
export function lineRanges(span: LineSpan): Range[] {
  const ranges: Range[] = [];
  if (span === noLines) return ranges;
  for (let line = span.start; line <= Math.max(span.start, span.end); line++) {
    ranges.push({ start: { line, character: 0 }, end: { line, character: 0 } });
  }
  return ranges;
}

/**
 * A Dockerfile that cannot be parsed or converted. `locations` are the places concerned, innermost first;
 * the first one is what a source excerpt marks.
 */
export class DockerfileError extends TsbuildxError {
  override readonly name: string = 'DockerfileError';
  readonly locations: readonly LineSpan[];

  constructor(message: string, locations: readonly LineSpan[], options?: ErrorOptions) {
    super('DOCKERFILE', message, options);
    this.locations = locations;
  }
}

export function isDockerfileError(error: unknown): error is DockerfileError {
  return error instanceof DockerfileError;
}

/** The error with `span` added as its outermost location; the message stays as it is. */
export function withLocation(error: unknown, span: LineSpan): DockerfileError {
  return located(error, [...locationsOf(error), span]);
}

/** The error with `span` as its only location, as for triggers, whose own line numbers mean nothing here. */
export function withOnlyLocation(error: unknown, span: LineSpan): DockerfileError {
  return located(error, [span]);
}

/** The locations of the nearest DockerfileError in the chain of causes. */
export function locationsOf(error: unknown): readonly LineSpan[] {
  return findCause(error, isDockerfileError)?.locations ?? [];
}

function located(error: unknown, locations: readonly LineSpan[]): DockerfileError {
  const message = error instanceof Error ? error.message : String(error);
  return new DockerfileError(message, locations, { cause: error });
}
