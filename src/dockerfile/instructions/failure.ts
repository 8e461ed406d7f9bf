import { TsbuildxError } from '../../base/errors.ts';

/** A fault of one instruction; where it stands is added by who parses the file. */
export function failure(message: string): TsbuildxError {
  return new TsbuildxError('DOCKERFILE', message);
}

export function atLeastOneArgument(keyword: string): TsbuildxError {
  return failure(`${keyword} requires at least one argument`);
}

export function exactlyOneArgument(keyword: string): TsbuildxError {
  return failure(`${keyword} requires exactly one argument`);
}
