// A token server's refusal in BuildKit's words. Matches containerd core/remotes/errors and BuildKit util/errutil.
import { TsbuildxError } from '../../base/errors.ts';
import { member, members, textMember } from '../../base/json-object.ts';
import type { HttpAnswer } from './http.ts';
import { redactUrl } from './redact.ts';

const MAX_SHOWN = 256;

/** The token server answered with an error. */
export class TokenStatusError extends TsbuildxError {
  override readonly name = 'TokenStatusError';
  /** HTTP status. */
  readonly status: number;

  constructor(message: string, status: number) {
    super('AUTH', message);
    this.status = status;
  }
}

/** @param secrets what was sent, in every form: a server that echoes it must not make us show it. */
export function statusError(answer: HttpAnswer, secrets: readonly string[]): TokenStatusError {
  const hide = (text: string): string =>
    secrets
      .filter((secret) => secret !== '')
      .reduce((t, secret) => t.replaceAll(secret, '***').replaceAll(encodeURIComponent(secret), '***'), text);
  return new TokenStatusError(hide(describeAnswer(answer)), answer.status);
}

/** What a registry or token server answered when it refused. */
export function describeAnswer(answer: HttpAnswer): string {
  const { method, url, status, statusText, body } = answer;
  const parsed = parseJson(body);
  const errors = member(parsed, 'errors');
  if (Array.isArray(errors) && errors.length > 0) {
    const texts = errors.map(describeError);
    return texts.length === 1 ? (texts[0] ?? '') : `errors:\n${texts.map((text) => `${text}\n`).join('')}`;
  }
  const what = `unexpected status from ${method} request to ${redactUrl(url)}: ${status} ${statusText}`.trimEnd();
  const details = textMember(parsed, 'details') || shorten(body);
  return details === '' ? what : `${what}: ${details}`;
}

function describeError(error: unknown): string {
  const code = (textMember(error, 'code') || 'UNKNOWN').replaceAll('_', ' ').toLowerCase();
  const message = textMember(error, 'message');
  const detail = textMember(error, 'detail');
  return `${message === '' ? code : `${code}: ${message}`}${detail === '' ? '' : ` - ${detail}`}`;
}

function shorten(body: string): string {
  if (body.length <= MAX_SHOWN) return body;
  return `${body.slice(0, MAX_SHOWN)}... (${body.length - MAX_SHOWN} bytes truncated)`;
}

/** The value of the text; undefined when it is no JSON object. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return members(value).length > 0 ? value : undefined;
  } catch {
    return undefined;
  }
}
