import { TsbuildxError } from '../base/errors.ts';

/** A wrong command line, with what docker prints around the reason and the exit code that it then has. */
export class UsageError extends TsbuildxError {
  override readonly name: string = 'UsageError';
  readonly exitCode: number;
  /** False: the message is printed as it is, without `ERROR: `. */
  readonly prefixed: boolean;

  constructor(
    message: string,
    outcome: { readonly exitCode: number; readonly prefixed: boolean },
    options?: ErrorOptions,
  ) {
    super('USAGE', message, options);
    this.exitCode = outcome.exitCode;
    this.prefixed = outcome.prefixed;
  }
}
