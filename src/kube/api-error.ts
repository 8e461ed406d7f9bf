import { type ErrorCode, TsbuildxError } from '../base/errors.ts';
import { textMember } from '../base/json-object.ts';

/** The API server's answer to a call that failed. */
export class KubeError extends TsbuildxError {
  override readonly name: string = 'KubeError';
  /** HTTP status. */
  readonly status: number;
  /** As metav1.Status has it: `NotFound`, `AlreadyExists`, `Forbidden`. */
  readonly reason: string;

  constructor(code: ErrorCode, message: string, answer: { readonly status: number; readonly reason: string }) {
    super(code, message);
    this.status = answer.status;
    this.reason = answer.reason;
  }
}

export function isKubeError(error: unknown, reason: string): boolean {
  return error instanceof KubeError && error.reason === reason;
}

/** The error that an answer tells of; its body is a metav1.Status, unless a proxy wrote it. */
export function kubeError(status: number, body: string): KubeError {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // a text for people
  }
  const isStatus = textMember(parsed, 'kind') === 'Status';
  const reason = isStatus ? textMember(parsed, 'reason') : '';
  const text = isStatus ? textMember(parsed, 'message') : body.trim().slice(0, 500);
  const why = text === '' ? `the API server answered with status ${status}` : text;
  return new KubeError(codeOf(status), why, { status, reason });
}

function codeOf(status: number): ErrorCode {
  if (status === 404) return 'NOT_FOUND';
  return status === 401 || status === 403 ? 'AUTH' : 'KUBE_FAILED';
}
