import { type ErrorCode, TsbuildxError } from './errors.ts';

/** Text of a file and the places in it that an error is about. Lines count from 1, characters from 0. */
export interface ErrorPlace {
  readonly filename: string;
  readonly data: Uint8Array;
  readonly ranges: readonly { readonly start: ErrorPosition; readonly end: ErrorPosition }[];
}

interface ErrorPosition {
  readonly line: number;
  readonly character: number;
}

/** An error that is shown with an excerpt of the file it is about. */
export class SourcedError extends TsbuildxError {
  override readonly name: string = 'SourcedError';
  readonly source: ErrorPlace;

  constructor(code: ErrorCode, message: string, source: ErrorPlace, options?: ErrorOptions) {
    super(code, message, options);
    this.source = source;
  }
}

export function isSourcedError(error: unknown): error is SourcedError {
  return error instanceof SourcedError;
}

/** All places that the chain of causes is about, the innermost first. */
export function placesOf(error: unknown): ErrorPlace[] {
  const places: ErrorPlace[] = [];
  for (let e = error; e instanceof Error; e = e.cause) if (isSourcedError(e)) places.unshift(e.source);
  return places;
}
