import { type ErrorCode, messageOf, TsbuildxError } from '../../base/errors.ts';
import { textMember } from '../../base/json-object.ts';

/** What the engine's answer with an error status means. `body` is its JSON. */
export function answerError(status: number, body: unknown, fallback: string, cause?: unknown): TsbuildxError {
  const text = textMember(body, 'message');
  const code: ErrorCode = status === 404 ? 'NOT_FOUND' : 'ENGINE_FAILED';
  const message = text === '' ? fallback : `Error response from daemon: ${text}`;
  return new TsbuildxError(code, message, { cause });
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
