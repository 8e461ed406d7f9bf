import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { textMember } from '../../base/json-object.ts';

/** An answer of the engine with an error status. */
export class EngineError extends TsbuildxError {
  override readonly name: string = 'EngineError';
  /** Of HTTP. */
  readonly status: number;

  constructor(status: number, message: string, options: ErrorOptions) {
    super(status === 404 ? 'NOT_FOUND' : 'ENGINE_FAILED', message, options);
    this.status = status;
  }
}

/** What the engine's answer with an error status means. `body` is its JSON. */
export function answerError(status: number, body: unknown, fallback: string, cause?: unknown): TsbuildxError {
  const text = textMember(body, 'message');
  const message = text === '' ? fallback : `Error response from daemon: ${text}`;
  return new EngineError(status, message, { cause });
}

/** What a call that got no answer means. */
export function connectionError(error: unknown, signal: AbortSignal): TsbuildxError {
  if (signal.aborted) return canceled(signal);
  if (error instanceof TsbuildxError) return error;
  return new TsbuildxError('TRANSPORT', messageOf(error), { cause: error });
}

export function canceled(signal: AbortSignal): TsbuildxError {
  return new TsbuildxError('CANCELED', 'the request to the Docker daemon was canceled', { cause: signal.reason });
}
