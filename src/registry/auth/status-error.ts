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
  return new TokenStatusError(hide(describe(answer)), answer.status);
}

function describe(answer: HttpAnswer): string {
  const texts = errorTexts(answer.body);
  if (texts.length === 1) return texts[0] ?? '';
  if (texts.length > 1) return `errors:\n${texts.map((text) => `${text}\n`).join('')}`;
  const details = textMember(parseJson(answer.body), 'details') || shorten(answer.body);
  return details === '' ? unexpectedStatus(answer) : `${unexpectedStatus(answer)}: ${details}`;
}

export function unexpectedStatus({ method, url, status, statusText }: Omit<HttpAnswer, 'body' | 'bytes'>): string {
  return `unexpected status from ${method} request to ${redactUrl(url)}: ${status} ${statusText}`.trimEnd();
}

/** What a registry or token server says in the form of the distribution API. */
export function errorTexts(body: string): string[] {
  const errors = member(parseJson(body), 'errors');
  return Array.isArray(errors) ? errors.map(describeError) : [];
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
