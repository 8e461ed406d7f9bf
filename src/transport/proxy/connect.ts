import { TsbuildxError } from '../../base/errors.ts';
import { joinHostPort } from '../address.ts';
import type { ProxyLogin, ProxyStep } from './talk.ts';

const MAX_HEAD = 16 * 1024;

/** The request that makes an HTTP proxy open a stream. */
export function formatConnect(host: string, port: number, { user, password }: ProxyLogin): Uint8Array {
  const target = joinHostPort(host, port);
  if (/[^\x21-\x7e]/.test(target)) throw new TsbuildxError('INVALID_ARGUMENT', `invalid host ${JSON.stringify(host)}`);
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  const login = user === '' && password === '' ? '' : `Proxy-Authorization: Basic ${basic}\r\n`;
  return Buffer.from(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${login}\r\n`, 'latin1');
}

/** Throws when the proxy answers anything but 2xx. */
export function parseConnectAnswer(bytes: Buffer): ProxyStep {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) {
    if (bytes.length > MAX_HEAD) throw new Error('the head of its answer is too long');
    return { kind: 'wait' };
  }
  const [first = ''] = bytes.toString('latin1', 0, end).split('\r\n');
  const match = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(first);
  if (match === null) throw new Error('its answer is not HTTP');
  if (!match[1]?.startsWith('2')) throw new Error(`it answered ${match[1]} ${match[2] ?? ''}`.trim());
  return { kind: 'open', used: end + 4 };
}
