import { systemCallText } from './system-call-text.ts';

/** Stable codes of everything that this project throws; callers test `code`, never the text. */
export type ErrorCode =
  | 'USAGE' // the command line is wrong
  | 'INVALID_ARGUMENT' // a value given by the caller is wrong
  | 'DOCKERFILE' // the Dockerfile cannot be parsed or converted
  | 'NOT_FOUND'
  | 'UNSUPPORTED' // the daemon or this program cannot do it
  | 'CANCELED'
  | 'IO' // local files and processes
  | 'TRANSPORT' // a connection could not be made or was lost
  | 'PROTOCOL' // the peer broke the protocol
  | 'RPC_FAILED' // the daemon answered with an error
  | 'ENGINE_FAILED' // the Docker Engine API answered with an error
  | 'KUBE_FAILED' // the Kubernetes API answered with an error
  | 'AUTH'; // registry credentials or tokens

/** Base of all errors of this project: a stable code, a message for people, the cause kept. */
export class TsbuildxError extends Error {
  override readonly name: string = 'TsbuildxError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The text of anything that was thrown; of a failed system call in Go's words. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'syscall' in error ? (systemCallText(error.message) ?? error.message) : error.message;
}

/** Prefixes the cause's message in Go's way (`what: why`) and keeps the cause. */
export function wrap(code: ErrorCode, what: string, cause: unknown): TsbuildxError {
  return new TsbuildxError(code, `${what}: ${messageOf(cause)}`, { cause });
}

/** The first error in the chain of causes for which `test` holds. */
export function findCause<T extends Error>(error: unknown, test: (e: Error) => e is T): T | undefined {
  for (let e = error; e instanceof Error; e = e.cause) if (test(e)) return e;
  return undefined;
}

/** The end of a switch over a union: a case that is missing does not compile. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${JSON.stringify(value)}`);
}
